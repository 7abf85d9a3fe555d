"""Answers against a dense reference: keenness and wear-out by person, on one platform and on two."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import ndtri

from simulator.model.engagement import CHUNK, exposure_and_response
from tests.referee import dense

WON = (1e-5, 1e-2, 0.2, 0.9)
SPREAD = 0.7
"""s = σe + δ of every group here."""


def both(
    won: float, days: int, slots: float, alpha: float, rho: float, delta: float, wear: float
) -> tuple[float, float]:
    """Return the answers a person by the package (24 nodes) and by the dense reference."""
    group = dense.Group(1.0, alpha, rho, np.sqrt((SPREAD - delta) * SPREAD), np.sqrt(delta * SPREAD), (slots,), (1.0,))
    each = np.ones(1)
    arrays = (alpha * each, rho * each, delta * each, wear * each)
    z = ndtri(np.array([won]))
    found = exposure_and_response(z[None], slots * days * each[None], each[None], *arrays, k_max=10, nodes=24)
    return float(found.answered[0]), dense.responses(group, z, days, wear)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("days", [1, 14])
def test_answers_are_within_one_in_a_thousand_of_a_dense_sum(days: int, rho: float) -> None:
    kinds = itertools.cycle(itertools.product((0.6, 1.4), (0.05, 0.6), (0.2, 0.43, 0.6)))
    for won, slots in itertools.product(WON, (3.0, 10.0)):
        alpha, delta, wear = next(kinds)
        found, expected = both(won, days, slots, alpha, rho, delta, wear)
        assert found == pytest.approx(expected, rel=1.2e-3), (won, slots, alpha, delta, wear)


@pytest.mark.parametrize(("slots", "days", "won"), [(3.0, 365, 0.5), (25.0, 90, 0.3)])
def test_long_campaigns(slots: float, days: int, won: float) -> None:
    found, expected = both(won, days, slots, 0.9, 0.4, 0.3, 0.43)
    assert found == pytest.approx(expected, rel=3e-3)


def test_the_extreme() -> None:
    """25 slots a day, a year, nearly every slot: thousands of showings to a person; within 1 %."""
    found, expected = both(0.99, 365, 25.0, 0.9, 0.4, 0.3, 0.43)
    assert found == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("rho", [0.1, 0.4, 0.8])
def test_people_on_two_platforms(rho: float) -> None:
    """Unequal slots, prices and appeal: one trait, one count, each platform's showings by its own value."""
    group = dense.Group(1.0, 0.9, rho, np.sqrt(0.4 * SPREAD), np.sqrt(0.3 * SPREAD), (2.5, 1.5), (0.9, 1.3), (1.3, 0.4))
    for log_multiplier in (-2.5, -1.0, 0.5):
        z = group.thresholds(log_multiplier)
        each = np.ones(1)
        arrays = (0.9 * each, rho * each, 0.3 * each, 0.43 * each)
        slots, appeal = np.array([[2.5], [1.5]]) * 14, np.array([[1.3], [0.4]])
        found = exposure_and_response(z[:, None], slots, appeal, *arrays, k_max=10, nodes=32)
        np.testing.assert_allclose(found.answered[0], dense.responses(group, z, 14, 0.43), rtol=1.5e-3)
        np.testing.assert_allclose(found.reached[0], dense.reach(group, group.mean_count(z, 14)), rtol=1e-3)


def test_no_curve_is_lost_between_chunks() -> None:
    count = CHUNK + 3
    z, each = np.linspace(-4.0, 3.0, count)[None], np.ones(count)
    arrays = (0.9 * each, 0.4 * each, 0.3 * each, 0.43 * each)
    whole = exposure_and_response(z, 21.0 * each[None], each[None], *arrays, k_max=2, nodes=16)
    last = exposure_and_response(
        z[:, -3:], 21.0 * each[None, -3:], each[None, -3:], *(a[-3:] for a in arrays), k_max=2, nodes=16
    )
    np.testing.assert_allclose(whole.answered[-3:], last.answered, rtol=1e-10)
    np.testing.assert_allclose(whole.reached[-3:], last.reached, rtol=1e-10)
    assert whole.reached.shape == (count, 2)
