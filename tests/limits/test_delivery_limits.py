"""Limits of delivery where the answer is known without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from simulator.model.auction import deliver, keen_value, mean_price, spending_threshold
from simulator.model.simulation import run
from tests.unit.model.examples import capacity, many, setting

SHARES = np.array([1e-6, 1e-3, 0.05, 0.5, 0.99])


def test_one_group_follows_the_lorenz_curve_of_prices() -> None:
    """z = Φ⁻¹(x) + σe, impressions O·Φ(z), the whole budget spent."""
    slots, price = 1e6, 0.004
    found = deliver(
        SHARES[None] * slots * price, np.array([[slots]]), np.array([[price]]), np.array([0.4]), np.array([0.3])
    )
    np.testing.assert_allclose(found.z[0, :, 0], ndtri(SHARES) + 0.4, atol=1e-9)
    np.testing.assert_allclose(found.impressions[0, :, 0], slots * ndtr(ndtri(SHARES) + 0.4), rtol=1e-9)
    np.testing.assert_allclose(found.spend[0, :, 0], SHARES * slots * price, rtol=1e-9)


def test_equal_prices_cost_the_same_however_many_are_bought() -> None:
    """σp = 0: constant CPM, that of every slot."""
    slots, price = np.array([[1e6]]), np.array([[0.004]])
    found = deliver(SHARES[None] * 4000.0, slots, price, np.array([0.0]), np.array([0.6]))
    np.testing.assert_allclose(1000.0 * found.spend / found.impressions, 4.0, rtol=1e-9)


def test_unequal_prices_cost_more_the_more_are_bought() -> None:
    """σp > 0: CPM rises to 1000·p̄ when every slot is bought."""
    found = deliver(SHARES[None] * 4000.0, np.array([[1e6]]), np.array([[0.004]]), np.array([0.4]), np.array([0.3]))
    cpm = (1000.0 * found.spend / found.impressions)[0, :, 0]
    assert (np.diff(cpm) > 0.0).all()
    assert cpm[0] < 1.0
    assert cpm[-1] == pytest.approx(4.0, rel=0.02)


def test_a_published_price_is_that_of_a_small_campaign() -> None:
    """Anchored: p̄ = CPM·w₀/(1000·Φ(Φ⁻¹(w₀) − σe)); more than twice the published one at w₀ = 0.02, σe = 0.4."""
    price = mean_price(np.array([5.0]), np.array([0.02]), np.array([0.4]))[0]
    assert price == pytest.approx(0.005 * 0.02 / ndtr(ndtri(0.02) - 0.4), rel=1e-12)
    assert 2.5 * 0.005 < price < 3.5 * 0.005
    assert mean_price(np.array([5.0]), np.array([0.02]), np.array([0.0]))[0] == pytest.approx(0.005, rel=1e-12)


@pytest.mark.parametrize("example", [setting(), many(), setting(cap=(2, 7)), many(cap=(3, 2))])
def test_no_money_buys_nothing(example: object) -> None:
    outcome = run(example, np.array([0.0, 1e-9]))
    for values in (outcome.spend, outcome.impressions, outcome.reach_kplus, outcome.answered):
        assert (values[:, 0] == 0.0).all()
        assert np.isfinite(values).all()


@pytest.mark.parametrize("example", [setting(), many()])
def test_endless_money_buys_every_slot_and_no_more(example: object) -> None:
    """B → ∞: I = O, spend = O·p̄, reach A(1 − P0)."""
    cost = capacity(example)
    outcome = run(example, np.array([cost * 1.000001, cost * 1e6]))
    np.testing.assert_allclose(outcome.spend, cost * 7, rtol=1e-9)
    slots = np.einsum("rj,drc,dj->drjc", example.presence, example.people, example.slots_per_day) * 7
    np.testing.assert_allclose(outcome.impressions[:, 1], slots, rtol=1e-9)
    mean = (example.presence * example.slots_per_day[:, None]).sum(axis=2) * 7
    alone = 1.0 - (1.0 + mean / 0.9) ** -0.9
    np.testing.assert_allclose(outcome.reach_kplus[:, 1, ..., 0], example.people * alone[..., None], rtol=1e-4)


def test_groups_under_one_multiplier_part_by_their_prices() -> None:
    """The same bid over value in all groups: z differs by the difference of log prices over s = σe + δ."""
    price = np.array([[0.003, 0.005, 0.009]])
    found = deliver(np.array([[100.0]]), np.full((1, 3), 1e5), price, np.array([0.4]), np.array([0.3]))
    np.testing.assert_allclose(np.diff(found.z[0, 0]), -np.diff(np.log(price[0])) / 0.7, rtol=1e-9)
    np.testing.assert_allclose(found.spend.sum(), 100.0, rtol=1e-9)
    average = ndtr(found.z[0, 0] - 0.4) * 1e5 * price[0]
    np.testing.assert_allclose(found.spend[0, 0], average, rtol=1e-9)


def test_two_groups_spend_what_bisection_finds() -> None:
    from scipy.optimize import brentq

    capacity_, offset = np.array([[3.0, 40.0]]), np.array([[-1.5, 2.0]])
    for budget in (1e-5, 0.5, 2.999, 3.001, 30.0, 42.99):
        found = spending_threshold(np.array([[budget]]), capacity_, offset)[0, 0]
        expected = brentq(lambda m, b=budget: float((capacity_ * ndtr(m - offset)).sum()) - b, -40.0, 40.0, xtol=1e-13)
        assert found == pytest.approx(expected, abs=1e-8)
    assert spending_threshold(np.array([[0.0, 43.0, 99.0]]), capacity_, offset)[0].tolist() == [-np.inf, np.inf, np.inf]


@pytest.mark.parametrize("shift", [0.3, -0.4])
@pytest.mark.parametrize("rho", [0.1, 0.4, 0.8])
def test_value_and_price_by_trait_average_to_those_of_all_slots(shift: float, rho: float) -> None:
    """E_u[V(u)·p(u)] = Φ(z + δ); with −σe for δ, mean price paid Φ(z − σe)."""
    trait = np.linspace(-12.0, 12.0, 2001)
    weight = np.exp(-0.5 * trait**2) / np.sqrt(2.0 * np.pi) * (trait[1] - trait[0])
    z = -1.3
    won = ndtr((z - np.sqrt(rho) * trait) / np.sqrt(1.0 - rho))
    value = keen_value(np.float64(z), trait, np.float64(rho), np.float64(shift), won)
    assert weight @ (value * won) == pytest.approx(ndtr(z + shift), rel=1e-9)


def test_without_persistence_value_is_the_same_for_everybody() -> None:
    trait = np.array([-2.0, 0.0, 2.0])
    value = keen_value(np.float64(-1.0), trait, np.float64(0.0), np.float64(0.3), np.full(3, ndtr(-1.0)))
    np.testing.assert_allclose(value, ndtr(-0.7) / ndtr(-1.0), rtol=1e-12)


def test_a_dear_platform_is_won_less() -> None:
    """Platform price is a price: win shares part by its logarithm over s, and money adds up over platforms."""
    example = replace(many(), cell_price=np.full((1, 3), 0.005))
    outcome = run(example, np.array([50.0]))
    won = outcome.impressions[0, 0, 2] / (example.people[0, 2] * example.slots_per_day[0][:, None] * 7)
    np.testing.assert_allclose(ndtri(won[0]) - ndtri(won[1]), np.log(1.3 / 0.9) / 0.7, rtol=1e-8)
    np.testing.assert_allclose(ndtri(won[0]), outcome.z[0, 0] - np.log(0.9) / 0.7, rtol=1e-8)
    paid = ndtr(ndtri(outcome.impressions.sum(axis=(0, 1, 2)) / _slots(example)) - 0.4) * _slots(example)
    price = example.platform_price[0][:, None] * example.cell_price[0]
    assert (paid * price).sum() == pytest.approx(350.0, rel=1e-8)


def _slots(example: object) -> np.ndarray:
    on = np.einsum("rj,rc->jc", example.presence.astype(float), example.people[0])
    return on * example.slots_per_day[0][:, None] * 7
