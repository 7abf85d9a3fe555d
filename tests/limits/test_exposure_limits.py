"""Limits of the exposure model where the answer is known without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri, pdtrc

from simulator.model.expected import reach_from_impressions
from simulator.model.exposure import averaged_at_least, reach_shares

COUNTS = np.arange(1, 11)


@pytest.mark.parametrize("k_max", [1, 10])
@pytest.mark.parametrize("slots", [5.0, 50.0])
def test_people_equally_active_and_equally_dear_are_met_as_poisson_says(slots: float, k_max: int) -> None:
    """α → ∞, ρ = 0: P(Y ≥ k) of a Poisson count; R_1 = A(1 − e^−m)."""
    counts = np.arange(1, k_max + 1)
    found = reach_shares(np.inf, slots, 1e8, 0.0, k_max=k_max)
    np.testing.assert_allclose(found, pdtrc(counts - 1.0, slots), rtol=1e-4)


@pytest.mark.parametrize("won", [1e-6, 0.03, 0.5])
@pytest.mark.parametrize("alpha", [0.6, 1.4, 3.0])
def test_without_persistence_people_are_met_as_the_negative_binomial_says(won: float, alpha: float) -> None:
    """ρ = 0: one level, scipy's own negative binomial of mean λDw."""
    mean = 42.0 * won
    expected = stats.nbinom.sf(COUNTS - 1, alpha, alpha / (alpha + mean))
    np.testing.assert_allclose(reach_shares(ndtri(won), 42.0, alpha, 0.0), expected, rtol=1e-5)


def test_goerg_2014_is_the_one_level_model_of_shape_one() -> None:
    mean = 21.0 * 0.2
    np.testing.assert_allclose(reach_shares(ndtri(0.2), 21.0, 1.0, 0.0), (mean / (1.0 + mean)) ** COUNTS, rtol=1e-6)


@pytest.mark.parametrize("rho", [0.1, 0.4, 0.8])
def test_every_slot_won_leaves_the_activity_alone(rho: float) -> None:
    """B → ∞ at fixed D: R_1 → A(1 − P0(λD)), whatever the persistence."""
    expected = stats.nbinom.sf(COUNTS - 1, 0.9, 0.9 / (0.9 + 21.0))
    np.testing.assert_allclose(reach_shares(np.inf, 21.0, 0.9, rho), expected, rtol=1e-6)
    np.testing.assert_allclose(reach_shares(11.0, 21.0, 0.9, rho), expected, rtol=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.8])
def test_no_slot_won_reaches_nobody(rho: float) -> None:
    shares = reach_shares(np.array([-np.inf, -30.0]), 21.0, 0.9, rho)
    assert (shares < 1e-30).all()


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_in_the_end_everybody_is_reached(rho: float) -> None:
    """D → ∞ at a fixed share of slots: R_1 → A, slowly above ρ = 0.3."""
    shares = reach_shares(ndtri(0.05), 3.0 * 10.0 ** np.arange(1, 13, 2), 0.9, rho, nodes=64)
    assert (np.diff(shares[:, 0]) > 0.0).all()
    assert shares[-1, 0] == pytest.approx(1.0, abs=2e-3)
    assert shares[-1, 9] == pytest.approx(1.0, abs=5e-3)


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.3])
def test_the_first_showings_all_go_to_new_people(rho: float) -> None:
    """B → 0: R_1 / I → 1."""
    z = np.array([-3.0, -5.0, -7.0, -9.0])
    ratio = reach_shares(z, 21.0, 0.9, rho)[:, 0] / (21.0 * ndtr(z))
    assert (np.diff(ratio) > -1e-5).all()
    assert ratio[-1] == pytest.approx(1.0, abs=1e-3)


def test_persistence_repeats_on_the_same_people() -> None:
    """ρ acts at all: the same showings meet fewer people, each more often, the larger it is."""
    shares = reach_shares(ndtri(0.05), 21.0, 0.9, np.array([0.0, 0.2, 0.4, 0.6, 0.8]), k_max=400)
    assert (np.diff(shares[:, 0]) < -0.02).all()
    assert (np.diff(shares[:, 9]) > 0.003).all()
    np.testing.assert_allclose(shares.sum(axis=1), 0.05 * 21.0, rtol=1e-3)


def test_a_probability_of_1e_60_keeps_its_digits() -> None:
    """P(Y ≥ 10) of a mean of 1e-6 is its first term, to one part in a million."""
    expected = stats.nbinom.pmf(10, 0.9, 0.9 / (0.9 + 1e-6))
    found = averaged_at_least(np.ones((1, 1)), np.full((1, 1), 1e-6), np.array([0.9]), 10)
    assert 1e-63 < expected < 1e-59
    assert found[-1, 0] == pytest.approx(expected, rel=2e-6)


def test_impressions_beyond_all_slots_are_a_full_house_with_more_slots() -> None:
    """Above λ·A·D slots rise to fit (w = 1): the count alone, of mean I/A; continuous where it begins."""
    people, days = 1000.0, 2.0
    shown = np.array([0.999999, 1.0, 1.000001, 2.0, 10.0]) * 6.0 * people
    model = {"slots_per_day": 3.0, "activity_shape": 0.9, "persistence": 0.4}
    found = reach_from_impressions(shown, people, days, **model)
    mean = shown / people
    expected = people * stats.nbinom.sf(COUNTS - 1, 0.9, (0.9 / (0.9 + mean))[:, None])
    np.testing.assert_allclose(found[1:], expected[1:], rtol=1e-9)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-3)
    assert (np.diff(found[1:], axis=0) > 0.0).all()


def test_no_impressions_reach_nobody() -> None:
    assert (reach_from_impressions(0.0, 1e6, 7, slots_per_day=3.0, activity_shape=0.9, persistence=0.4) == 0.0).all()
    assert (reach_from_impressions([0.0], 1e6, 7, slots_per_day=3.0, activity_shape=0.9, persistence=0.0) == 0.0).all()
