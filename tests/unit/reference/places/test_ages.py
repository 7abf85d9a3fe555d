"""Single years of age drawn through the bands of a table."""

import numpy as np
import pytest

from simulator.reference.places.people import BANDS, LIMITS, by_year, year_shares

EVEN = np.array([13.0, 5.0, 7.0, 10.0, 10.0, 10.0, 10.0, 35.0])
"""One person a year of age."""


def test_an_even_population_stays_even() -> None:
    years = by_year(EVEN)
    assert years[:65] == pytest.approx(np.ones(65))
    assert years[65] == 35.0


@pytest.mark.parametrize(
    "bands",
    [
        [5.0, 40.0, 1.0, 90.0, 2.0, 60.0, 1.0, 3.0],
        [0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0],
        [570.0, 237.0, 334.0, 537.0, 571.0, 547.0, 580.0, 1058.0],
        [0.0] * 8,
    ],
)
def test_bands_keep_their_sums_and_nobody_is_negative(bands: list[float]) -> None:
    years = by_year(np.array(bands))
    assert np.add.reduceat(years, LIMITS) == pytest.approx(np.array(bands), abs=1e-9)
    assert years.min() >= 0.0


def test_years_are_smooth_across_the_limits_of_bands() -> None:
    years = by_year(np.array([130.0, 60.0, 100.0, 160.0, 170.0, 160.0, 140.0, 300.0]))
    steps = np.abs(np.diff(years[:65]))
    assert steps.max() < 1.5, "no jump as between flat bands (160/10 against 100/7)"


def test_every_group_is_a_distribution() -> None:
    for group, shares in year_shares().items():
        assert shares.shape == (2, 66), group
        assert shares.sum() == pytest.approx(1.0), group
        assert shares.min() > 0.0, f"{group}: an age of nobody"


def test_known_structures() -> None:
    shares = year_shares()
    bands = {group: np.add.reduceat(shares[group].sum(axis=0), LIMITS) for group in ("FR-64", "FR-976", "US")}
    old = BANDS.index("65+")
    assert bands["FR-64"][old] > 0.22
    assert bands["FR-976"][old] < 0.05, "Mayotte is young"
    assert 0.15 < bands["US"][old] < 0.22
