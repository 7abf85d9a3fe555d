"""What must hold of plans, splits and sweeps, whatever the campaign."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Campaign, ReachGoal, allocate, plan, simulate, sweep
from simulator.planning.split import curve_through, divide
from simulator.planning.sweeps.sweep import REACHED
from tests.properties.random_campaigns import random_campaign, random_targeting

FEW = 32


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**9), st.floats(0.2, 0.8))
def test_a_plan_is_met_by_its_own_forecast(seed: int, confidence: float) -> None:
    campaign = random_campaign(Random(seed))
    forecast = simulate(campaign, draws=FEW)
    if forecast.reach.p50 < 10.0:
        return
    found = plan(campaign, ReachGoal(forecast.reach.p50), confidence=confidence, draws=FEW)
    if found.feasible:
        reached = np.quantile(simulate(found.campaign, draws=FEW).draws["reach"], 1.0 - confidence)
        assert reached == pytest.approx(found.goal.wanted, rel=5e-3)
        assert found.figure.p10 <= found.figure.p50 <= found.figure.p90
    else:
        assert found.most < found.goal.wanted
        assert found.reasons


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**9))
def test_sweeps_keep_the_order_of_figures_and_never_fall_with_money_or_days(seed: int) -> None:
    campaign = random_campaign(Random(seed))
    own = campaign.spend_per_day
    frame = sweep(campaign, daily_budget=[own * step for step in (0.1, 0.3, 1.0)], duration_days=[3, 9, 27])
    reached = frame[list(REACHED)].to_numpy()
    assert (np.diff(reached, axis=1) <= 0.0).all()
    assert (reached[:, 0] <= np.minimum(frame["audience_size"], frame["impressions"]) * (1 + 1e-9)).all()
    assert (frame["spend"] <= frame["daily_budget"] * frame["duration_days"] * (1 + 1e-9)).all()
    by_budget = reached.reshape(3, 3, -1)
    assert (np.diff(by_budget[..., 0], axis=1) >= -1e-3 * by_budget[:, 1:, 0]).all(), "with the budget"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(10, 1e5), st.floats(0.2, 0.99), st.floats(0, 40)), min_size=2, max_size=7),
    st.floats(50, 500),
)
def test_no_exchange_of_money_betters_a_split(shapes: list[tuple[float, float, float]], total: float) -> None:
    money = np.geomspace(total * 1e-3, total * 2.0, 15)
    curves = [curve_through(money, scale * (money / total) ** power) for scale, power, _ in shapes]
    least = np.array([floor for _, _, floor in shapes])
    if least.min() > total:
        return
    found = divide(curves, total, least, np.full(len(shapes), total))
    amounts = found.amounts
    assert amounts.sum() <= total * (1 + 1e-6)
    assert ((amounts == 0.0) | (amounts >= least * (1 - 1e-6))).all()

    def value(split: np.ndarray) -> float:
        return sum(curve.at(amount) for curve, amount in zip(curves, split, strict=True))

    best = value(amounts)
    for giver in range(len(shapes)):
        for taker in range(len(shapes)):
            for part in (0.01, 0.1, 1.0):
                moved = amounts.copy()
                moved[giver] -= part * amounts[giver]
                moved[taker] += part * amounts[giver]
                if ((moved == 0.0) | (moved >= least)).all() and giver != taker:
                    assert value(moved) <= best * (1 + 1e-4)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**9))
def test_people_in_common_never_make_the_whole_more_than_its_parts(seed: int) -> None:
    random = Random(seed)
    chosen = [Campaign(random_targeting(random), daily_budget=5, duration_days=10) for _ in range(3)]
    found = allocate(chosen, 900.0, draws=FEW)
    assert found.result <= sum(found.results) * (1 + 1e-6)
    assert found.result >= max(found.results) * (1 - 0.02)
    assert sum(found.amounts) <= 900.0 * (1 + 1e-6)
