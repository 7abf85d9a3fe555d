"""Word of mouth as a branching process: theory, the exact law of Dwass, and a network simulated friend by friend."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from simulator.model import earned

LAWS = [(0.1, 0.08), (0.5, 0.5), (0.8, 2.0), (0.35, 0.05)]
"""Mean and shape of the further shares that a share brings."""


def network(ancestors: int, mean: float, shape: float, rng: np.random.Generator) -> int:
    """Return the shares in all, each friend that passes it on followed by itself; borrows nothing of the model."""
    waiting, total = ancestors, ancestors
    while waiting:
        waiting -= 1
        brought = rng.negative_binomial(shape, shape / (shape + mean))
        waiting += brought
        total += brought
    return total


@pytest.mark.parametrize(("mean", "shape"), LAWS)
def test_mean_and_variance_against_theory(mean: float, shape: float) -> None:
    ancestors = np.full(200_000, 3.0)
    total = earned.grown(ancestors, np.array(mean), np.array(shape), np.random.default_rng(5))
    expected, variance = earned.mean_and_variance(np.array(3.0), np.array(mean), np.array(shape))
    assert expected == pytest.approx(3.0 / (1.0 - mean))
    assert variance == pytest.approx(3.0 * (mean + mean**2 / shape) / (1.0 - mean) ** 3)
    assert abs(total.mean() - expected) < 3.0 * np.sqrt(variance / total.size)
    fourth = np.mean((total - total.mean()) ** 4)
    assert abs(total.var() - variance) < 4.0 * np.sqrt((fourth - variance**2) / total.size)


@pytest.mark.parametrize(("mean", "shape"), LAWS)
def test_a_network_simulated_friend_by_friend_agrees(mean: float, shape: float) -> None:
    runs, size = 6000, 10
    rng = np.random.default_rng(8)
    seen = np.array([network(2, mean, shape, rng) for _ in range(runs)])
    for most in (2, 5, size):
        chance = float(earned.chance_beyond(most, np.array(2.0), np.array(mean), np.array(shape)))
        assert abs(np.mean(seen > most) - chance) < 3.0 * np.sqrt(chance * (1.0 - chance) / runs), most
    expected, variance = earned.mean_and_variance(np.array(2.0), np.array(mean), np.array(shape))
    assert abs(seen.mean() - expected) < 3.0 * np.sqrt(variance / runs)


@pytest.mark.parametrize(("mean", "shape"), LAWS)
def test_the_exact_law_is_whole_and_has_its_mean(mean: float, shape: float) -> None:
    total = np.arange(1.0, 40_000.0)
    chance = np.exp(earned.log_chance(total, np.array(3.0), np.array(mean), np.array(shape)))
    assert chance.sum() == pytest.approx(1.0, abs=1e-6)
    assert (total * chance).sum() == pytest.approx(3.0 / (1.0 - mean), rel=1e-3)
    assert (chance[:2] == 0.0).all()


def test_no_further_share_is_the_first_term_of_the_offspring() -> None:
    mean, shape = np.array(0.3), np.array(0.2)
    expected = nbinom.pmf(0, 0.2, 0.2 / 0.5)
    assert earned.never_shared(mean, shape) == pytest.approx(expected)
    assert np.exp(earned.log_chance(np.array(1.0), np.array(1.0), mean, shape)) == pytest.approx(expected)


def test_extinction_is_certain_up_to_a_mean_of_one_and_a_root_above() -> None:
    for mean, shape in LAWS:
        assert earned.extinction(np.array(mean), np.array(shape)) == 1.0
    chance = float(earned.extinction(np.array(2.0), np.array(1.0)))
    assert chance == pytest.approx(0.5), "geometric offspring of mean 2: 1/2"
    rng = np.random.default_rng(2)
    ended = sum(_ends(2.0, 1.0, rng) for _ in range(3000)) / 3000
    assert abs(ended - chance) < 3.0 * np.sqrt(chance * (1.0 - chance) / 3000)


def _ends(mean: float, shape: float, rng: np.random.Generator) -> bool:
    living = 1
    while 0 < living < 200:
        living = int(rng.negative_binomial(shape, shape / (shape + mean), living).sum())
    return living == 0


def test_the_tail_comes_from_the_law_of_the_offspring() -> None:
    """Same mean, more unequal offspring: the middle falls and the far tail grows."""
    ancestors, mean = np.full(200_000, 5.0), np.array(0.4)
    even = earned.grown(ancestors, mean, np.array(20.0), np.random.default_rng(1))
    unequal = earned.grown(ancestors, mean, np.array(0.05), np.random.default_rng(1))
    assert even.mean() == pytest.approx(unequal.mean(), rel=0.05)
    assert np.median(unequal) < np.median(even)
    assert np.mean(unequal > 50) > 5.0 * np.mean(even > 50)


def test_nothing_shared_nothing_earned() -> None:
    none = earned.grown(np.zeros((3, 2)), np.full((3, 1), 0.5), np.full((3, 1), 0.1), np.random.default_rng(0))
    assert none.shape == (3, 2)
    assert (none == 0.0).all()
