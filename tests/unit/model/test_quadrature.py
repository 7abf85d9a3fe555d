"""Nodes over the trait: they cover what is alive and weigh like the normal density."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from simulator.model.quadrature import EDGE, nodes_needed, trait_grid, win_probability


def grid(won: float, slots: float, rho: float, nodes: int = 24, k_max: int = 1) -> tuple[np.ndarray, np.ndarray]:
    found = trait_grid(ndtri(np.array([won])), np.array([slots]), np.array([rho]), nodes, k_max)
    return found.trait[:, 0], found.weight[:, 0]


def test_a_trait_shifts_the_chance_to_win() -> None:
    """p(u) = Φ((z − √ρ·u)/√(1−ρ)): low traits are cheap and keen; without persistence all are alike."""
    trait = np.array([-2.0, 0.0, 2.0])
    np.testing.assert_allclose(win_probability(np.float64(0.5), trait, np.float64(0.0)), ndtr(0.5))
    expected = ndtr((0.5 - 0.6 * trait) / 0.8)
    np.testing.assert_allclose(win_probability(np.float64(0.5), trait, np.float64(0.36)), expected, rtol=1e-14)


def seen(won: float, slots: float, rho: float, trait: np.ndarray) -> np.ndarray:
    """Return the chance to be shown it at least once, of a geometric count."""
    mean = slots * win_probability(ndtri(won), trait, np.float64(rho))
    return mean / (1.0 + mean)


@pytest.mark.parametrize("k", [1, 4, 10])
@pytest.mark.parametrize("won", [1e-7, 1e-3, 0.3, 0.99])
@pytest.mark.parametrize("rho", [0.05, 0.4, 0.85])
@pytest.mark.parametrize("slots", [1.0, 21.0, 9000.0])
def test_nothing_alive_is_cut_off(won: float, rho: float, slots: float, k: int) -> None:
    """With many nodes only the ends of the interval can err: on the first showing as on the tenth."""
    trait, weight = grid(won, slots, rho, nodes=200, k_max=k)
    wide = np.linspace(-12.0, 12.0, 4001)
    density = np.exp(-0.5 * wide**2) / np.sqrt(2.0 * np.pi) * (wide[1] - wide[0])
    found, expected = weight @ seen(won, slots, rho, trait) ** k, density @ seen(won, slots, rho, wide) ** k
    assert found == pytest.approx(expected, rel=1e-4 if k == 1 else 1.5e-3)


def test_weights_are_the_normal_density_in_equal_steps() -> None:
    trait, weight = grid(0.999, 1000.0, 0.1, nodes=64)
    assert weight.sum() == pytest.approx(1.0, rel=1e-4)
    np.testing.assert_allclose(np.diff(trait), trait[1] - trait[0], rtol=1e-9)
    np.testing.assert_allclose(np.log(weight / weight[10]), 0.5 * (trait[10] ** 2 - trait**2), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("z", [-np.inf, -40.0, 40.0, np.inf])
def test_the_ends_of_the_axis_are_places_too(z: float) -> None:
    found = trait_grid(np.array([z]), np.array([21.0]), np.array([0.4]), 16, 10)
    assert np.isfinite(found.trait).all()
    assert np.isfinite(found.weight).all()
    assert (np.abs(found.trait) <= EDGE + 1e-9).all()
    assert (np.diff(found.trait, axis=0) > 0.0).all()


def test_more_persistence_asks_for_more_nodes() -> None:
    needed = [nodes_needed(np.array([rho])) for rho in (0.0, 0.4, 0.85)]
    assert needed == sorted(set(needed))
    assert nodes_needed(np.array([0.0, 0.85])) == needed[-1]
    assert nodes_needed(np.array([])) == needed[0]
