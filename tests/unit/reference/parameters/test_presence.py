"""Who is on Facebook and Instagram: consistent everywhere, surveyed where there is a survey."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from simulator.reference.parameters import Parameters, load_parameters, presence
from simulator.reference.parameters.presence import AGE_BANDS, joint_share
from simulator.reference.places import Place, people, people_between

CODES = ("FR", "CA", "CA-QC", "US", "BE", "ES", "IN", "BR", "CN", "XK")
ADULTS = slice(1, None)


@pytest.fixture(scope="module")
def shipped() -> Parameters:
    return load_parameters()


@pytest.mark.parametrize("code", CODES)
def test_shares_are_consistent(shipped: Parameters, code: str) -> None:
    use = presence(code, shipped)
    for share in (use.facebook, use.instagram, use.both):
        assert share.shape == (2, len(AGE_BANDS))
        assert np.all((share > 0.0) & (share < 1.0))
    assert np.all(use.both <= np.minimum(use.facebook, use.instagram))
    assert np.all(use.facebook + use.instagram - use.both <= 1.0)
    assert use.log_sd > 0.05
    assert use.sources


@pytest.mark.parametrize("code", ["FR", "CA", "CA-QC", "US"])
def test_a_survey_is_no_assumption_and_is_surer(shipped: Parameters, code: str) -> None:
    use = presence(code, shipped)
    assert not use.is_assumption
    assert use.log_sd < presence("BE", shipped).log_sd < presence("IN", shipped).log_sd


@pytest.mark.parametrize("code", ["BE", "IN", "CN", "XK"])
def test_a_country_without_a_survey_is_an_assumption(shipped: Parameters, code: str) -> None:
    assert presence(code, shipped).is_assumption


def test_wealth_decides_where_nothing_is_known(shipped: Parameters) -> None:
    oldest = -1
    assert presence("BE", shipped).facebook[0, oldest] > 5 * presence("IN", shipped).facebook[0, oldest]
    poorer = shipped.replace({"income.per_head.BE": 1_000.0})
    np.testing.assert_array_equal(presence("BE", poorer).facebook, presence("IN", shipped).facebook)


@pytest.mark.parametrize(
    ("code", "platform", "ages", "surveyed"),
    [
        ("FR", "facebook", (18, 65), 0.67),  # YouGov 2024
        ("FR", "instagram", (18, 65), 0.42),
        ("FR", "instagram", (16, 64), 0.55),  # Digital Report France 2026, of internet users
        ("CA-QC", "facebook", (18, 65), 0.76),  # NETendances 2024
        ("CA-QC", "facebook", (18, 34), 0.70),
        ("CA-QC", "instagram", (18, 65), 0.39),
        ("CA-QC", "instagram", (18, 34), 0.69),
        ("US", "facebook", (18, 65), 0.71),  # Pew 2025
        ("US", "instagram", (18, 65), 0.50),
        ("US", "instagram", (18, 29), 0.80),
    ],
)
def test_what_surveys_find_lies_within_the_doubt(
    shipped: Parameters, code: str, platform: str, ages: tuple[int, int], surveyed: float
) -> None:
    place = Place.region(code) if "-" in code else Place.country(code)
    living = people_between(people((place,)), *ages)[0]
    share = float(np.average(getattr(presence(code, shipped), platform), weights=living))
    entry = shipped[f"presence.{code}.{platform}.18-24"]
    assert abs(logit(share) - logit(surveyed)) < 1.2815515655446004 * entry.sd


def test_women_and_men(shipped: Parameters) -> None:
    """Pew 2024: 78 % of women and 61 % of men in the United States use Facebook."""
    women, men = presence("US", shipped).facebook[:, ADULTS].mean(axis=1)
    assert women == pytest.approx(0.78, abs=0.03)
    assert men == pytest.approx(0.61, abs=0.03)
    assert presence("IN", shipped).facebook[0, 2] < presence("IN", shipped).facebook[1, 2]


def test_most_instagram_users_are_on_facebook(shipped: Parameters) -> None:
    use = presence("FR", shipped)
    assert 0.7 < use.both[:, ADULTS].sum() / use.instagram[:, ADULTS].sum() < 0.93


@given(
    first=st.floats(0.001, 0.999),
    second=st.floats(0.001, 0.999),
    odds_ratio=st.floats(0.01, 1000.0),
)
def test_the_joint_share_has_its_odds_ratio_and_its_bounds(first: float, second: float, odds_ratio: float) -> None:
    """Plackett 1965."""
    both = float(joint_share(np.array(first), np.array(second), odds_ratio))
    assert max(0.0, first + second - 1.0) - 1e-12 <= both <= min(first, second) + 1e-12
    cross = odds_ratio * (first - both) * (second - both)
    assert both * (1.0 - first - second + both) == pytest.approx(cross, rel=1e-6, abs=1e-9 * max(1.0, odds_ratio))


def test_independent_platforms_multiply() -> None:
    shares = np.array([0.2, 0.9])
    np.testing.assert_allclose(joint_share(shares, shares, 1.0), shares**2)
    np.testing.assert_allclose(joint_share(shares, shares, 1.0 + 1e-8), shares**2, rtol=1e-6)
