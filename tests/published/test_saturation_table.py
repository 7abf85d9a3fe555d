"""Figures from papers and pages, each with its source in the name of the test."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.model import expected_reach
from simulator.model.expected import reach_from_impressions
from simulator.reference.parameters import load_parameters

TWO_LEVELS = {"slots_per_day": 3.0, "activity_shape": 0.9, "persistence": 0.3}
"""One set for all four campaigns (model.md section 3): nothing is tuned per campaign."""
NORWAY, SWEDEN = (175_569.0, 80_000.0), (215_930.0, 69_000.0)
"""Impressions, audience: Comparative Migration Studies 2020, doi 10.1186/s40878-020-00177-2, table 2."""
ASSUMED_DAYS = 14
"""The paper gives no durations."""


def frequency_and_reach_share(impressions: float, people: float, days: float, **changes: float) -> tuple[float, float]:
    reach = reach_from_impressions(impressions, people, days, **{**TWO_LEVELS, **changes})[0]
    return impressions / reach, reach / people


@pytest.mark.parametrize(
    ("campaign", "frequency", "share"),
    [(NORWAY, 4.48, 0.49), (SWEDEN, 5.46, 0.57)],
    ids=["Norway, seen 4.05 and 0.54", "Sweden, seen 5.27 and 0.59"],
)
def test_saturated_migrant_campaigns_of_comparative_migration_studies_2020(
    campaign: tuple[float, float], frequency: float, share: float
) -> None:
    found = frequency_and_reach_share(*campaign, ASSUMED_DAYS)
    assert found[0] == pytest.approx(frequency, abs=0.01)
    assert found[1] == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("per_person", "days", "frequency"),
    [(0.0002, 1, 1.01), (0.007, 10, 1.15)],
    ids=["job ads 2020, seen 1.06", "leads 2021, seen 1.19"],
)
def test_small_campaigns_of_two_public_exports_2020_and_2021(per_person: float, days: int, frequency: float) -> None:
    found = frequency_and_reach_share(per_person, 1.0, days)
    assert found[0] == pytest.approx(frequency, abs=0.006)


@pytest.mark.parametrize(
    ("campaign", "frequency", "share"), [(NORWAY, 5.09, 0.43), (SWEDEN, 6.10, 0.51)], ids=["Norway", "Sweden"]
)
def test_the_starting_persistence_overstates_saturation_as_model_md_says(
    campaign: tuple[float, float], frequency: float, share: float
) -> None:
    """Section 3's remark at ρ = 0.40, the start that the fit to the public evidence has since replaced."""
    impressions, people = campaign
    start = load_parameters({"delivery.persistence.link_clicks": 0.40})
    reach = expected_reach(impressions, people, ASSUMED_DAYS, parameters=start)[0]
    assert impressions / reach == pytest.approx(frequency, abs=0.01)
    assert reach / people == pytest.approx(share, abs=0.005)


def test_persistence_matters_in_comparative_migration_studies_2020() -> None:
    """Without the person's part of price and value the same showings meet a third more people than were seen."""
    one_level = frequency_and_reach_share(*NORWAY, ASSUMED_DAYS, persistence=0.0)
    two_levels = frequency_and_reach_share(*NORWAY, ASSUMED_DAYS)
    assert one_level[1] > two_levels[1] * 1.25
    assert abs(two_levels[1] - 0.54) < abs(one_level[1] - 0.54)


def test_frequency_rises_along_the_platforms_own_curve_of_2017() -> None:
    """Goal impressions, 568,166,399 daily users: frequency from 2.78 at the first point to 4.84 at the last.

    The shape only (its duration is not published): a small campaign already repeats, and repeats more as it grows;
    with one level the frequency stays at one.
    """
    impressions = np.array([90_945.0, 1_122_025.0, 6_216_436.0])
    seen = impressions / np.array([32_769.0, 286_474.0, 1_284_687.0])
    two_levels = impressions / expected_reach(impressions, 568_166_399.0, 1, "impressions")[:, 0]
    one_level = (
        impressions
        / reach_from_impressions(
            impressions, 568_166_399.0, 1, slots_per_day=25.0, activity_shape=0.9, persistence=0.0
        )[:, 0]
    )
    assert (np.diff(two_levels) > 0.1).all()
    assert two_levels[0] > 2.0
    assert two_levels[-1] / two_levels[0] == pytest.approx(seen[-1] / seen[0], rel=0.2)
    assert (one_level < 1.05).all()


def test_one_point_reach_curve_of_goerg_2014() -> None:
    """A geometric count: R_k = A·(m/(1+m))^k, so reach is A·m/(1+m) with m impressions a person."""
    per_person = np.array([0.01, 0.4, 2.0, 15.0])
    found = reach_from_impressions(
        per_person * 1e6, 1e6, 30, slots_per_day=3.0, activity_shape=1.0, persistence=0.0, k_max=12
    )
    expected = 1e6 * (per_person / (1.0 + per_person))[:, None] ** np.arange(1, 13)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
