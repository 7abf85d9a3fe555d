"""Posts of a page: shares by size, the scatter's mean, the stable limit of the lead, distinct followers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from simulator.model import organic

SIZES = np.array([500.0, 3000.0, 70_000.0])
SHARES = np.array([0.2, 0.1, 0.05])


def test_the_share_falls_with_size_and_stays_beyond_the_ends() -> None:
    assert organic.share_by_size(3000.0, SIZES, SHARES) == pytest.approx(0.1)
    assert organic.share_by_size(1.0, SIZES, SHARES) == pytest.approx(0.2)
    assert organic.share_by_size(1e8, SIZES, SHARES) == pytest.approx(0.05)
    followers = np.geomspace(10, 1e6, 50)
    found = [organic.share_by_size(size, SIZES, SHARES) for size in followers]
    assert (np.diff(found) <= 1e-12).all()
    assert organic.share_by_size(np.sqrt(500.0 * 3000.0), SIZES, SHARES) == pytest.approx(np.sqrt(0.2 * 0.1))


@pytest.mark.parametrize("mean", [0.001, 0.02, 0.2, 0.6, 0.9])
@pytest.mark.parametrize("scatter", [0.0, 0.8, 1.14, 1.6])
def test_the_centre_gives_the_mean_back(mean: float, scatter: float) -> None:
    centre = organic.centre(np.array([mean]), np.array([scatter]))[0]
    z = np.linspace(-8.0, 8.0, 4001)
    average = np.trapezoid(expit(centre + scatter * z) * norm.pdf(z), z)
    assert average == pytest.approx(mean, rel=2e-4)


@pytest.mark.parametrize("appeal", [-1.0, 0.0, 2.0])
@pytest.mark.parametrize("carried", [0.0, 0.3, 0.9])
def test_the_lead_settles(appeal: float, carried: float) -> None:
    arrays = np.array([appeal]), np.array([carried]), np.array([0.52])
    found = organic.leads(*arrays, np.zeros((1, 300)))[0]
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(float(organic.steady_lead(*arrays)[0]), abs=1e-9)
    assert np.abs(found).max() <= abs(found[-1]) + 1e-12, "it never overshoots"


def test_one_lucky_post_lifts_the_next_and_is_forgotten() -> None:
    own = np.zeros((1, 40))
    own[0, 5] = 3.0
    found = organic.leads(np.zeros(1), np.array([0.5]), np.array([0.6]), own)[0]
    assert found[6] == pytest.approx(0.5 * 0.6 * 3.0)
    assert (np.diff(found[5:]) < 0.0).all()
    assert found[-1] < 1e-9


def test_the_scatter_in_the_long_run_is_the_one_asked_for() -> None:
    scatter, carried, kept = np.array([1.14]), np.array([0.8]), np.array([0.7])
    own = organic.own_scatter(scatter, carried, kept)[:, None] * np.random.default_rng(1).normal(size=(1, 60_000))
    found = organic.leads(np.zeros(1), carried, kept, own)[0, 100:]
    assert found.std() == pytest.approx(1.14, rel=0.03)


def test_distinct_followers() -> None:
    shape = np.array([0.9, 0.9])
    one = np.array([[0.2], [0.7]])
    assert organic.distinct_share(one, shape) == pytest.approx(one[:, 0])
    several = organic.distinct_share(np.full((2, 8), 0.2), shape)
    assert (several > 0.2).all()
    assert (several < 1.0).all()
    assert several[0] < 1.0 - 0.8**8, "the active ones are reached again: fewer than by independent luck"
    assert organic.distinct_share(np.zeros((2, 0)), shape) == pytest.approx(0.0)


def test_independent_luck_where_all_are_equally_active() -> None:
    alike = organic.distinct_share(np.full((1, 5), 0.3), np.array([1e7]))
    assert alike[0] == pytest.approx(1.0 - 0.7**5, rel=1e-5)
