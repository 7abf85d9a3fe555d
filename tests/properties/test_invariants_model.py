"""Invariants of model.md, section 8, on the model's arrays: any people, prices, parameters and budgets."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model.simulation import Outcome, run
from tests.properties.random_settings import day_costs, random_budgets, random_setting

RANDOM = st.randoms(use_true_random=False)
FEW = settings(max_examples=60)
NOBODY = 1e-9
"""A share of the people so small that its digits mean nothing: less than one in a billion."""


def showings(outcome: Outcome) -> np.ndarray:
    """Return impressions over the platforms, shape (draw, budget, presence, cell)."""
    return outcome.impressions.sum(axis=3)


def never_falls(values: np.ndarray, axis: int, slack: float) -> bool:
    earlier = np.take(values, range(values.shape[axis] - 1), axis)
    later = np.take(values, range(1, values.shape[axis]), axis)
    return bool((earlier <= later * (1.0 + slack) + NOBODY).all())


@FEW
@given(RANDOM)
def test_reach_is_ordered_and_within_people_and_showings(random: Random) -> None:
    """Invariant 1."""
    setting = random_setting(random)
    outcome = run(setting, random_budgets(random, setting))
    reach, people = outcome.reach_kplus, setting.people[:, None]
    assert (reach >= 0.0).all()
    assert (np.diff(reach, axis=-1) <= 0.0).all()
    assert (reach[..., 0] <= people * (1.0 + 1e-12)).all()
    assert (reach[..., 0] <= showings(outcome) * (1.0 + 1e-12)).all()


@settings(max_examples=25)
@given(RANDOM, st.floats(1e-6, 1.0))
def test_the_sum_over_k_is_the_showings(random: Random, share: float) -> None:
    """Invariant 1: Σ R_k = I, with k far beyond what anybody sees."""
    setting = replace(random_setting(random, cells=1), duration_days=1)
    most = 60 * int(np.ceil(setting.slots_per_day.sum(axis=1).max()))
    outcome = run(setting, np.array([share * float(day_costs(setting).min())]), k_max=most)
    np.testing.assert_allclose(outcome.reach_kplus.sum(axis=-1), showings(outcome), rtol=2e-3)


@FEW
@given(RANDOM)
def test_nothing_falls_with_the_budget(random: Random) -> None:
    """Invariant 2. Answers are left out: near the last slots keenness falls faster than showings are added."""
    setting = random_setting(random)
    outcome = run(setting, random_budgets(random, setting))
    assert never_falls(showings(outcome), 1, 1e-12)
    assert never_falls(outcome.reach_kplus, 1, 1e-6)


@FEW
@given(RANDOM, st.floats(1.001, 1.05))
def test_nothing_falls_with_a_little_more_budget(random: Random, step: float) -> None:
    """Invariant 2 between the knots: steps far shorter than their distance."""
    setting = random_setting(random)
    first = random_budgets(random, setting, count=1)
    outcome = run(setting, first * step ** np.arange(8))
    assert never_falls(showings(outcome), 1, 1e-12)
    assert never_falls(outcome.reach_kplus, 1, 1e-6)


@FEW
@given(RANDOM, st.integers(1, 300))
def test_nothing_falls_with_the_days_at_a_fixed_daily_budget(random: Random, more: int) -> None:
    """Invariant 2; the slack is the quadrature's: 1e-3 on the first showing, 1e-2 on the tenth."""
    setting = replace(random_setting(random), duration_days=random.choice([1, 3, 14, 60]))
    budgets = random_budgets(random, setting)
    short, long = run(setting, budgets), run(replace(setting, duration_days=setting.duration_days + more), budgets)
    assert (showings(short) <= showings(long) * (1.0 + 1e-12)).all()
    slack = np.geomspace(1e-3, 1e-2, 10)
    assert (short.reach_kplus <= long.reach_kplus * (1.0 + slack) + NOBODY).all()


@FEW
@given(RANDOM, st.floats(1.0, 50.0))
def test_impressions_and_reach_never_fall_with_the_audience(random: Random, factor: float) -> None:
    """Invariant 2; R_2 and beyond may fall, and R_1 too where segments are unequally dear."""
    setting = random_setting(random)
    budgets = random_budgets(random, setting)
    some, more = run(setting, budgets), run(replace(setting, people=setting.people * factor), budgets)
    assert (showings(some).sum(axis=(2, 3)) <= showings(more).sum(axis=(2, 3)) * (1.0 + 1e-9)).all()
    one = random_setting(random, cells=1, platforms=1)
    budgets = random_budgets(random, one)
    some, more = run(one, budgets), run(replace(one, people=one.people * factor), budgets)
    assert (some.reach_kplus[..., 0] <= more.reach_kplus[..., 0] * (1.0 + 1e-6)).all()


@FEW
@given(RANDOM)
def test_the_budget_is_spent_until_the_inventory_ends(random: Random) -> None:
    """Invariant 5."""
    setting = random_setting(random)
    budgets = random_budgets(random, setting)
    most = np.minimum(budgets[None], day_costs(setting)[:, None])
    np.testing.assert_allclose(run(setting, budgets).spend, most * setting.duration_days, rtol=1e-9)


@FEW
@given(RANDOM, st.floats(1e-3, 1e3))
def test_people_and_money_scale_together(random: Random, factor: float) -> None:
    """Invariant 6."""
    setting = random_setting(random)
    budgets = random_budgets(random, setting)
    once = run(setting, budgets)
    scaled = run(replace(setting, people=setting.people * factor), budgets * factor)
    dearer = run(replace(setting, cell_price=setting.cell_price * factor), budgets * factor)
    for name in ("impressions", "reach_kplus", "answered"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(once, name) * factor, rtol=1e-6, atol=NOBODY * factor)
        np.testing.assert_allclose(getattr(dearer, name), getattr(once, name), rtol=1e-6, atol=NOBODY)


@FEW
@given(RANDOM)
def test_a_cell_split_in_halves_changes_nothing(random: Random) -> None:
    """Invariant 8."""
    setting = random_setting(random)
    budgets = random_budgets(random, setting)
    once = run(setting, budgets)
    halves = replace(
        setting,
        people=np.repeat(setting.people / 2.0, 2, axis=2),
        cell_price=np.repeat(setting.cell_price, 2, axis=1),
        cell_appeal=np.repeat(setting.cell_appeal, 2, axis=1),
    )
    split = run(halves, budgets)
    _same(split.reach_kplus[:, :, :, ::2] + split.reach_kplus[:, :, :, 1::2], once.reach_kplus)
    _same(split.impressions[..., ::2] + split.impressions[..., 1::2], once.impressions)
    _same(split.answered[..., ::2] + split.answered[..., 1::2], once.answered)


@FEW
@given(RANDOM)
def test_the_order_of_cells_and_budgets_changes_nothing(random: Random) -> None:
    """Invariants 8 and 11: cells, presences and platforms reversed; budgets reversed, or asked one by one."""
    setting = random_setting(random)
    budgets = random_budgets(random, setting)
    once = run(setting, budgets)
    backwards = replace(
        setting,
        people=setting.people[:, ::-1, ::-1],
        presence=setting.presence[::-1, ::-1],
        slots_per_day=setting.slots_per_day[:, ::-1],
        platform_price=setting.platform_price[:, ::-1],
        cell_price=setting.cell_price[:, ::-1],
        platform_appeal=setting.platform_appeal[:, ::-1],
        cell_appeal=setting.cell_appeal[:, ::-1],
    )
    turned = run(backwards, budgets[::-1])
    _same(turned.reach_kplus[:, ::-1, ::-1, ::-1], once.reach_kplus, 1e-5)
    _same(turned.impressions[:, ::-1, ::-1, ::-1, ::-1], once.impressions, 1e-5)
    _same(turned.answered[:, ::-1, ::-1, ::-1], once.answered, 1e-5)
    place = random.randrange(len(budgets))
    alone = run(setting, budgets[place : place + 1])
    _same(alone.reach_kplus[:, 0], once.reach_kplus[:, place], 1e-10)
    _same(alone.answered[:, 0], once.answered[:, place], 1e-10)


@FEW
@given(RANDOM)
def test_no_wear_leaves_the_values_and_wear_takes_answers(random: Random) -> None:
    """Invariant 9: γ = 0 gives V·I, V ≥ 1; answers fall with γ."""
    setting = random_setting(random, platforms=1)
    setting = replace(setting, platform_appeal=setting.platform_appeal * 0 + 1, cell_appeal=setting.cell_appeal * 0 + 1)
    budgets = random_budgets(random, setting)
    outcomes = [
        run(replace(setting, wear_out=np.full(len(setting.people), wear)), budgets) for wear in (0.0, 0.2, 0.43, 0.8)
    ]
    shown = showings(outcomes[0])
    lift = _lift(outcomes[0].z, setting.value_dispersion)
    np.testing.assert_allclose(outcomes[0].answered[:, :, 0], shown[:, :, 0] * lift, rtol=3e-3, atol=NOBODY)
    assert (lift >= 1.0).all()
    answered = np.stack([outcome.answered for outcome in outcomes], axis=1)
    assert never_falls(answered[:, ::-1], 1, 1e-3)


def _lift(z: np.ndarray, value_dispersion: np.ndarray) -> np.ndarray:
    from scipy.special import log_ndtr

    return np.exp(log_ndtr(z + value_dispersion[:, None, None]) - log_ndtr(z))


def _same(found: np.ndarray, expected: np.ndarray, rtol: float = 1e-6) -> None:
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=NOBODY)
