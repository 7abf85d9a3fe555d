"""Limits of engagement where the answer is known without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from simulator.model.engagement import DECAYS, HEAD, TAIL_UNTIL, exposure_and_response, tail_weights
from simulator.model.exposure import reach_shares

WON = np.array([1e-6, 1e-3, 0.02, 0.1, 0.4, 0.9])
K = np.arange(1, 2001)


def answers(
    rho: float = 0.4, delta: float = 0.3, wear: float = 0.43, slots: float = 21.0, alpha: float = 0.9, nodes: int = 48
) -> np.ndarray:
    """Return answers a person at each of ``WON``, for a rate of one."""
    each = np.ones_like(WON)
    arrays = (each * alpha, each * rho, each * delta, each * wear)
    return exposure_and_response(
        ndtri(WON)[None], slots * each[None], each[None], *arrays, k_max=1, nodes=nodes
    ).answered


def lift(delta: float) -> np.ndarray:
    """Return V, the mean value of the slots won relative to all."""
    return ndtr(ndtri(WON) + delta) / ndtr(ndtri(WON))


def shortcut(rho: float, delta: float, wear: float, slots: float = 21.0) -> np.ndarray:
    """Return V · Σ R_k · k^−γ, as if everybody were as keen."""
    shares = reach_shares(ndtri(WON), slots, 0.9, rho, k_max=len(K), nodes=48)
    return lift(delta) * (shares * K**-wear).sum(axis=1)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("delta", [0.0, 0.3, 0.6])
def test_without_wear_every_showing_counts_by_its_value(rho: float, delta: float) -> None:
    """γ = 0: answers = V·I."""
    np.testing.assert_allclose(answers(rho, delta, 0.0), lift(delta) * WON * 21.0, rtol=1e-3)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.8])
def test_extreme_wear_leaves_the_first_showing(rho: float) -> None:
    """γ → ∞: one answer a person reached; without values it is the reach."""
    reach = reach_shares(ndtri(WON), 21.0, 0.9, rho, k_max=1, nodes=48)[:, 0]
    np.testing.assert_allclose(answers(rho, 0.0, 30.0), reach, rtol=2e-3)


@pytest.mark.parametrize(
    ("rho", "delta", "wear"), [(0.0, 0.3, 0.43), (0.4, 0.0, 0.43), (0.4, 0.3, 0.0), (0.8, 0.0, 0.43)]
)
def test_the_shortcut_is_exact_where_people_do_not_differ_or_nothing_wears_out(
    rho: float, delta: float, wear: float
) -> None:
    np.testing.assert_allclose(answers(rho, delta, wear), shortcut(rho, delta, wear), rtol=2e-3)


def test_the_shortcut_is_too_high_where_the_keenest_see_it_most() -> None:
    """A named fault: r₁·V·Σ R_k·k^−γ counts the repetitions of the keenest as if all were as keen."""
    excess = shortcut(0.6, 0.5, 0.43)[1:5] / answers(0.6, 0.5, 0.43)[1:5] - 1.0
    assert (excess > 0.005).all()
    assert 0.02 < excess.max() < 0.12


def test_the_keenest_are_won_first() -> None:
    """V ≥ 1, falls with the share won and → 1 as every slot is won; without wear it is the answer per showing."""
    value = answers(0.4, 0.3, 0.0) / (WON * 21.0)
    assert (np.diff(value) < 0.0).all()
    assert (value > 1.0).all()
    assert value[0] > 2.0
    assert value[-1] == pytest.approx(1.0, abs=0.06)
    each = np.ones(1)
    full = exposure_and_response(
        np.array([[np.inf]]), np.array([[21.0]]), each[None], each * 0.9, each * 0.4, each * 0.3, each * 0.0, 1, 24
    )
    assert full.answered[0] == pytest.approx(21.0, rel=1e-4)


def test_two_equal_platforms_are_one_with_all_slots() -> None:
    once = answers(0.4, 0.3, 0.43)
    half = np.full((2, len(WON)), 10.5)
    each = np.ones_like(WON)
    twice = exposure_and_response(
        np.stack((ndtri(WON),) * 2), half, np.ones_like(half), each * 0.9, each * 0.4, each * 0.3, each * 0.43, 1, 48
    )
    np.testing.assert_allclose(twice.answered, once, rtol=1e-6)


def test_a_platform_without_appeal_answers_nothing_but_wears_out() -> None:
    """Appeal weighs a platform's showings; those elsewhere still count as repetitions."""
    half = np.full((2, len(WON)), 10.5)
    each = np.ones_like(WON)
    shape = (each * 0.9, each * 0.4, each * 0.3, each * 0.43, 1, 48)
    z = np.stack((ndtri(WON),) * 2)
    only = exposure_and_response(z, half, np.stack((each, 0.0 * each)), *shape)
    np.testing.assert_allclose(only.answered, 0.5 * answers(0.4, 0.3, 0.43), rtol=1e-6)


@pytest.mark.parametrize("wear", [0.0, 0.2, 0.43, 0.6])
def test_the_mixture_of_exponentials_follows_the_power(wear: float) -> None:
    """Exact without wear; else within 0.5 % to the thousandth showing, 6 % to the last it is made for.

    Hardly any showing is a person's thousandth; the answers of whole campaigns are held to 1e-3 elsewhere.
    """
    k = np.unique(np.geomspace(HEAD + 1, TAIL_UNTIL, 500).round())
    found = np.exp(-np.outer(k - 1.0, DECAYS)) @ tail_weights(np.array([wear]), HEAD)[:, 0]
    np.testing.assert_allclose(found[k <= 1000], k[k <= 1000] ** -wear, rtol=5e-3 if wear else 1e-9)
    np.testing.assert_allclose(found, k**-wear, rtol=0.06 if wear else 1e-9)
