"""Exposure against a dense reference over the whole range, and the arithmetic of its arrays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from simulator.model.exposure import CHUNK, averaged_at_least, reach_shares
from tests.referee import dense

WON = (1e-7, 1e-5, 1e-3, 0.03, 0.3, 0.9, 0.99)
PERSISTENCE = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85)
DAYS = (1, 14, 365)


def by_dense(won: float, days: float, slots: float, alpha: float, rho: float, k_max: int = 10) -> np.ndarray:
    """Return the shares reached by 2,001 nodes and scipy's incomplete beta function."""
    group = dense.Group(1.0, alpha, rho, 0.5, 0.5, (slots,), (1.0,))
    return dense.reach(group, group.mean_count(ndtri(np.array([won])), days), k_max)


def grid() -> list[tuple[float, ...]]:
    """Return (λ, α) of every corner and middle, turn by turn, over all w, D and ρ: corners never all skipped."""
    kinds = itertools.cycle(itertools.product((1.4, 3.0, 25.0), (0.6, 0.9, 1.4)))
    return [(won, days, *next(kinds), rho) for rho in PERSISTENCE for days in DAYS for won in WON]


@pytest.mark.parametrize("rho", PERSISTENCE)
def test_every_share_is_within_one_in_a_thousand_of_a_dense_integral(rho: float) -> None:
    """ρ 0–0.85, win share 1e-7–0.99, 1–365 days, α 0.6–1.4, λ 1.4–25: R_1 … R_10."""
    for won, days, slots, alpha, _ in (point for point in grid() if point[-1] == rho):
        found = reach_shares(ndtri(won), slots * days, alpha, rho)
        expected = by_dense(won, days, slots, alpha, rho)
        np.testing.assert_allclose(found, expected, rtol=1e-3, err_msg=f"w={won} D={days} λ={slots} α={alpha}")


@pytest.mark.parametrize("won", [0.01, 0.1, 0.3])
@pytest.mark.parametrize(("slots", "error"), [(25.0, 1e-3), (90.0, 2e-3)])
def test_the_hardest_corner(won: float, slots: float, error: float) -> None:
    """ρ = 0.85, α = 1.4, a year: the sharpest passage from rarely to surely seen."""
    np.testing.assert_allclose(
        reach_shares(ndtri(won), slots * 365, 1.4, 0.85), by_dense(won, 365, slots, 1.4, 0.85), rtol=error
    )


@pytest.mark.parametrize("k_max", [1, 3, 10, 40])
def test_any_largest_k(k_max: int) -> None:
    found = reach_shares(ndtri(0.2), 42.0, 0.9, 0.4, k_max=k_max)
    assert found.shape == (k_max,)
    np.testing.assert_allclose(found, by_dense(0.2, 14, 3.0, 0.9, 0.4, k_max), rtol=1e-3)


def test_inputs_broadcast() -> None:
    z = ndtri(np.array([0.01, 0.2]))[:, None]
    rho = np.array([0.1, 0.4, 0.8])
    found = reach_shares(z, 21.0, 0.9, rho, k_max=4, nodes=24)
    assert found.shape == (2, 3, 4)
    for row, column in np.ndindex(2, 3):
        alone = reach_shares(z[row, 0], 21.0, 0.9, rho[column], k_max=4, nodes=24)
        np.testing.assert_allclose(found[row, column], alone, rtol=1e-12)


def test_no_curve_is_lost_between_chunks() -> None:
    z = np.linspace(-4.0, 3.0, 2 * CHUNK + 7)
    found = reach_shares(z, 21.0, 0.9, 0.4, k_max=3)
    backwards = reach_shares(z[::-1], 21.0, 0.9, 0.4, k_max=3)
    np.testing.assert_allclose(found, backwards[::-1], rtol=1e-12)
    assert (np.diff(found, axis=0) > 0.0).all()


def test_no_curves_at_all() -> None:
    assert reach_shares(np.empty((0, 3)), 21.0, 0.9, 0.4).shape == (0, 3, 10)


@pytest.mark.parametrize("alpha", [0.3, 0.9, 2.0, 50.0])
@pytest.mark.parametrize("mean", [1e-6, 0.05, 0.2, 1.0, 30.0, 5000.0])
def test_tails_are_those_of_scipys_negative_binomial(mean: float, alpha: float) -> None:
    """On both sides of the passage from the series to the complement."""
    found = averaged_at_least(np.ones((1, 1)), np.array([[mean]]), np.array([alpha]), 10)[:, 0]
    expected = stats.nbinom.sf(np.arange(10), alpha, alpha / (alpha + mean))
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-290)


def test_sets_of_weights_share_the_work() -> None:
    """A stack of weights gives what each gives alone; nodes are summed by weight."""
    rng = np.random.default_rng(3)
    weights, mean, alpha = rng.random((2, 5, 4)), rng.random((5, 4)) * 4, np.array([0.6, 0.9, 1.2, 3.0])
    together = averaged_at_least(weights, mean, alpha, 6)
    assert together.shape == (6, 2, 4)
    for row in range(2):
        np.testing.assert_allclose(together[:, row], averaged_at_least(weights[row], mean, alpha, 6), rtol=1e-12)
    by_hand = sum(weights[0, node] * stats.nbinom.sf(2, alpha, alpha / (alpha + mean[node])) for node in range(5))
    np.testing.assert_allclose(together[2, 0], by_hand, rtol=1e-9)
