"""Draws: points that fill their space, counts that scatter as counts do, widths that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.model.draws import (
    EDGE,
    EXACT_BELOW,
    FEW,
    ROOT_FROM,
    noisy_count,
    uniform_points,
    whole_count,
    width_by_cause,
)

POINTS = (np.arange(20_000) + 0.5) / 20_000


def test_points_are_balanced_in_every_dimension() -> None:
    """Scrambled Sobol points: of 256, one in each of 256 equal steps of every dimension."""
    points = uniform_points(256, 37, np.random.default_rng(1))
    assert points.shape == (256, 37)
    assert all(sorted((points[:, column] * 256).astype(int)) == list(range(256)) for column in range(37))
    correlation = np.corrcoef(points.T) - np.eye(37)
    assert np.abs(correlation).max() < 0.4


def test_points_follow_the_seed_and_stay_off_the_ends() -> None:
    first, same = (uniform_points(100, 5, np.random.default_rng(7)) for _ in range(2))
    assert (first == same).all()
    assert (uniform_points(100, 5, np.random.default_rng(8)) != first).any()
    assert (first >= EDGE).all()
    assert (first <= 1.0 - EDGE).all()


@pytest.mark.parametrize("mean", [0.01, 0.4, 2.0, 4.99, 5.01, 12.0, 400.0, 1e6])
def test_counts_keep_their_mean_and_scatter_like_counts(mean: float) -> None:
    """Mean and variance both equal the expectation, below and above the passage to the approximation."""
    counts = noisy_count(np.full_like(POINTS, mean), POINTS)
    assert counts.mean() == pytest.approx(mean, rel=2e-3)
    assert counts.var() == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize("mean", [0.1, 1.0, 4.9])
def test_small_counts_are_exactly_gamma(mean: float) -> None:
    expected = stats.gamma.ppf(POINTS[::500], mean)
    np.testing.assert_allclose(noisy_count(np.full(40, mean), POINTS[::500]), expected, rtol=1e-9)


@pytest.mark.parametrize("mean", [6.0, 50.0, 3000.0])
def test_large_counts_follow_wilson_and_hilferty_1931(mean: float) -> None:
    quantiles = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    expected = stats.gamma.ppf(quantiles, mean)
    np.testing.assert_allclose(noisy_count(np.full(5, mean), quantiles), expected, rtol=0.015)


@settings(max_examples=200)
@given(st.floats(0.0, 1e7), st.floats(1.0, 2.0), st.floats(1e-6, 1.0 - 1e-6))
def test_more_expected_is_never_fewer_counted(expected: float, more: float, point: float) -> None:
    """At one point, on either side of the passage from the exact form to the approximation."""
    low, high = noisy_count(np.array([expected, expected * more]), np.array([point, point]))
    assert low <= high * (1.0 + 1e-9)


def test_counts_do_not_fall_where_the_two_forms_meet() -> None:
    points = np.array([EDGE, 1e-4, 0.001, 0.01, 0.05, 0.1, 0.5, 0.9, 0.99, 1.0 - EDGE])
    means = np.linspace(EXACT_BELOW - 1.0, ROOT_FROM + 1.0, 2001)
    counts = noisy_count(means[:, None] * np.ones(len(points)), points[None, :] * np.ones((len(means), 1)))
    assert (np.diff(counts, axis=0) >= 0.0).all()


def test_the_luckiest_and_unluckiest_points_are_counts_too() -> None:
    """At the ends of the points, on both sides of the passage; small counts go down to nothing, not to one."""
    for mean in (0.5, 4.9, 5.1, 7.9, 8.1):
        low, high = noisy_count(np.full(2, mean), np.array([EDGE, 1.0 - EDGE]))
        assert low == pytest.approx(stats.gamma.ppf(EDGE, mean), abs=0.15)
        assert high == pytest.approx(stats.gamma.ppf(1.0 - EDGE, mean), rel=0.03)


def test_nothing_expected_is_nothing_counted() -> None:
    assert (noisy_count(np.zeros(3), np.array([1e-6, 0.5, 1.0 - 1e-6])) == 0.0).all()
    assert noisy_count(np.ones((4, 3)), np.full((4, 1), 0.3)).shape == (4, 3)


def test_whole_counts_are_the_quantiles_of_poisson() -> None:
    """On both sides of the passage from adding up to the expansion, and out to the points allowed."""
    rng = np.random.default_rng(1)
    mean = np.concatenate([np.exp(rng.uniform(-7.0, 9.0, 20_000)), rng.uniform(FEW - 1.0, FEW + 3.0, 20_000)])
    point = np.concatenate([rng.random(30_000), stats.norm.cdf(rng.uniform(-4.75, 4.75, 10_000))])
    np.testing.assert_array_equal(whole_count(mean, point), stats.poisson.ppf(point, mean))
    assert (whole_count(np.zeros(3), np.array([EDGE, 0.5, 1.0 - EDGE])) == 0.0).all()
    assert whole_count(np.ones((4, 3)), np.full((4, 1), 0.3)).shape == (4, 3)


@settings(max_examples=200)
@given(st.floats(0.0, 1e7), st.floats(1.0, 2.0), st.floats(1e-6, 1.0 - 1e-6))
def test_more_expected_is_never_fewer_whole_ones(expected: float, more: float, point: float) -> None:
    low, high = whole_count(np.array([expected, expected * more]), np.array([point, point]))
    assert low <= high


def test_width_is_shared_by_the_square_of_what_each_cause_does() -> None:
    scores = stats.norm.ppf(uniform_points(1024, 4, np.random.default_rng(2)))
    values = 3.0 * scores[:, 0] - 2.0 * scores[:, 1] + 1.0 * scores[:, 2]
    shares = width_by_cause(values, scores, ("price", "delivery", "price", "response"))
    assert shares == pytest.approx({"price": 10 / 14, "delivery": 4 / 14, "response": 0.0}, abs=0.02)
    assert sum(shares.values()) == pytest.approx(1.0)
    moved = width_by_cause(
        1e-3 * values, 5.0 + scores * np.array([2.0, 0.1, 7.0, 1.0]), ("price", "delivery", "price", "response")
    )
    assert moved == pytest.approx(shares, rel=1e-6), "neither the place nor the scale of a score is its effect"
    with pytest.raises(ValueError, match="zip"):
        width_by_cause(values, scores, ("price", "delivery"))
    assert sum(width_by_cause(np.ones(1024), scores, ("a", "b", "c", "d")).values()) == 0.0
