"""Invariants of model.md, section 8, on delivery alone: money, price and impressions."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model.auction import deliver, mean_price
from simulator.model.exposure import reach_shares
from tests.properties.random_settings import log_uniform, uniform

RANDOM = st.randoms(use_true_random=False)
FEW = settings(max_examples=80)


def market(random: Random, groups: int) -> tuple[np.ndarray, ...]:
    """Return slots a day (1, group), mean prices (1, group), σe (1,), δ (1,)."""
    slots = [log_uniform(random, 1.0, 1e6) for _ in range(groups)]
    price = [log_uniform(random, 1e-4, 1e-1) for _ in range(groups)]
    return (
        np.array([slots]),
        np.array([price]),
        np.array([log_uniform(random, 0.05, 1.6)]),
        np.array([log_uniform(random, 0.05, 0.6)]),
    )


def evenly(share: float, capacity: float, steps: int = 9) -> np.ndarray:
    """Return equally spaced budgets up to a share of the inventory's cost, shape (1, budget)."""
    return np.linspace(0.0, share * capacity, steps)[None]


@FEW
@given(RANDOM, st.integers(1, 6), st.floats(1e-7, 3.0))
def test_spend_is_the_budget_until_the_inventory_ends(random: Random, groups: int, share: float) -> None:
    """Invariant 5."""
    slots, price, *dispersion = market(random, groups)
    capacity = float((slots * price).sum())
    found = deliver(np.array([[share * capacity]]), slots, price, *dispersion)
    spent = float(found.spend.sum())
    np.testing.assert_allclose(spent, min(share, 1.0) * capacity, rtol=1e-9)
    assert (found.impressions <= slots * (1.0 + 1e-12)).all()


@FEW
@given(RANDOM, st.integers(1, 6), st.floats(1e-3, 1.0))
def test_impressions_are_concave_and_dearer_at_the_margin(random: Random, groups: int, share: float) -> None:
    """Invariant 3: values are equal on average, so every further showing costs at least the mean of those before."""
    slots, price, *dispersion = market(random, groups)
    budgets = evenly(share, float((slots * price).sum()))
    shown = deliver(budgets, slots, price, *dispersion).impressions.sum(axis=-1)
    gained = np.diff(shown, axis=1)
    assert (gained >= 0.0).all()
    assert (np.diff(gained, axis=1) <= 1e-7 * shown[:, 1:-1]).all()
    cpm = budgets[:, 1:] / shown[:, 1:]
    marginal = np.diff(budgets, axis=1) / np.maximum(gained, 1e-300)
    assert (np.diff(cpm, axis=1) >= -1e-7 * cpm[:, 1:]).all()
    assert (marginal >= cpm * (1.0 - 1e-7)).all()


@FEW
@given(RANDOM, st.integers(1, 365), st.floats(1e-3, 1.0))
def test_reach_of_one_group_is_concave_in_the_budget(random: Random, days: int, share: float) -> None:
    """Invariant 3; the slack is the quadrature's, 1e-4 of the people reached."""
    slots, price, *dispersion = market(random, 1)
    budgets = evenly(share, float((slots * price).sum()), 7)
    z = deliver(budgets, slots, price, *dispersion).z[0, 1:, 0]
    rho, alpha = uniform(random, 0.0, 0.85), log_uniform(random, 0.6, 1.4)
    reach = reach_shares(z, log_uniform(random, 1.4, 25.0) * days, alpha, rho, k_max=1)[:, 0]
    reach = np.concatenate(([0.0], reach))
    assert (np.diff(reach, 2) <= 1e-4 * reach[2:]).all()


@FEW
@given(RANDOM, st.integers(2, 6), st.floats(1e-4, 1.2))
def test_cheaper_groups_win_a_larger_share(random: Random, groups: int, share: float) -> None:
    """One multiplier: the win share falls with the price; equal groups get the same; order is of no account."""
    slots, price, *dispersion = market(random, groups)
    budget = np.array([[share * float((slots * price).sum())]])
    found = deliver(budget, slots, price, *dispersion)
    won = (found.impressions[0, 0] / slots[0])[np.argsort(price[0])]
    assert (np.diff(won) <= 1e-12).all()
    order = np.array(random.sample(range(groups), groups))
    again = deliver(budget, slots[:, order], price[:, order], *dispersion)
    np.testing.assert_allclose(again.impressions, found.impressions[:, :, order], rtol=1e-7, atol=1e-12)


@FEW
@given(RANDOM, st.integers(1, 5), st.floats(1e-4, 1.5), st.floats(1e-4, 1e4))
def test_money_has_no_unit(random: Random, groups: int, share: float, rate: float) -> None:
    """Invariant 6: prices and budget in another currency buy the same showings; people and budget scale together."""
    slots, price, *dispersion = market(random, groups)
    budget = np.array([[share * float((slots * price).sum())]])
    once = deliver(budget, slots, price, *dispersion)
    abroad = deliver(budget * rate, slots, price * rate, *dispersion)
    larger = deliver(budget * rate, slots * rate, price, *dispersion)
    np.testing.assert_allclose(abroad.impressions, once.impressions, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(larger.impressions, once.impressions * rate, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(larger.z, once.z, rtol=1e-7, atol=1e-8)


@FEW
@given(st.floats(0.1, 100.0), st.floats(1e-4, 0.9), st.floats(0.01, 1.6), st.floats(0.02, 0.6))
def test_an_anchored_price_gives_back_the_published_cpm(
    cpm: float, win_share: float, price_dispersion: float, value_dispersion: float
) -> None:
    """Section 2: a published CPM is what is paid at a small win share; whoever wins that share pays that CPM."""
    arrays = (np.array([price_dispersion]), np.array([value_dispersion]))
    price = mean_price(np.array([cpm]), np.array([win_share]), arrays[0])
    impressions = 1e6 * win_share
    bought = deliver(np.array([[cpm * impressions / 1000.0]]), np.array([[1e6]]), price[None], *arrays)
    np.testing.assert_allclose(bought.impressions.sum(), impressions, rtol=1e-7)
    assert price[0] >= cpm / 1000.0
