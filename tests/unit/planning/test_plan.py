"""From a goal back to the money."""

from __future__ import annotations

import itertools
from random import Random

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.engine import Engine
from simulator.forecasting.simulate import simulate
from simulator.planning import ClicksGoal, EnquiriesGoal, FrequencyGoal, ReachGoal, plan
from simulator.planning.plan import goal_curve
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place
from tests.properties.random_campaigns import random_campaign

PAU = Place.at(43.2951, -0.3708, radius_km=25)
SEA = Place.at(45.0, -20.0, radius_km=25)
CAMPAIGN = Campaign(Targeting([PAU], age_min=25, age_max=54), daily_budget=5)
FEW = 128
DRAWN = 60
"""Random campaigns tried; about half spend their whole budget."""


def test_the_plan_for_the_reach_of_a_forecast_is_its_budget() -> None:
    random, tried = Random(8), 0
    for _ in range(DRAWN):
        campaign = random_campaign(random)
        forecast = simulate(campaign, draws=FEW)
        spent = forecast.draws["spend"].min() / campaign.spend_planned
        # Near the end of the inventory more money moves nothing: the budget is not to be had back.
        if forecast.reach.p50 < 1.0 or spent < 1.0 - 1e-9:
            continue
        tried += 1
        found = plan(campaign, ReachGoal(forecast.reach.p50), draws=FEW)
        assert found.feasible
        assert found.daily_budget == pytest.approx(campaign.spend_per_day, rel=5e-3)
    assert tried > DRAWN / 4


@pytest.mark.parametrize("confidence", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("goal", [ReachGoal(4000), ReachGoal(900, at_least=3), ClicksGoal(80), FrequencyGoal(2.5)])
def test_the_goal_is_met_with_the_probability_asked_for_and_not_with_less_money(goal, confidence: float) -> None:
    found = plan(CAMPAIGN, goal, confidence=confidence, draws=FEW)

    def probability(campaign: Campaign) -> float:
        engine = Engine(draws=FEW)
        curve = goal_curve(campaign, engine.audience(campaign), goal, engine)
        return float(np.mean(curve.at(np.array([campaign.spend_per_day])) >= goal.wanted))

    budget = found.daily_budget
    assert probability(CAMPAIGN.with_daily_budget(budget * 1.005)) >= confidence - 1.0 / FEW
    assert probability(CAMPAIGN.with_daily_budget(budget * 0.98)) <= confidence + 1.0 / FEW
    assert found.most == pytest.approx(goal.wanted, rel=1e-6)
    assert found.campaign.spend_per_day == budget


def test_more_certainty_and_more_people_cost_more() -> None:
    budgets = [plan(CAMPAIGN, ReachGoal(5000), confidence=c, draws=FEW).daily_budget for c in (0.2, 0.5, 0.8)]
    assert budgets == sorted(budgets)
    assert budgets[0] < budgets[-1] / 1.2
    assert plan(CAMPAIGN, ReachGoal(6000), draws=FEW).daily_budget > budgets[1]


def test_the_duration_may_be_left_free() -> None:
    alone = {days: plan(CAMPAIGN.replace(duration_days=days), ReachGoal(8000), draws=FEW) for days in (3, 14, 30)}
    best = plan(CAMPAIGN, ReachGoal(8000), durations=[30, 3, 14], draws=FEW)
    assert best.total_budget == min(one.total_budget for one in alone.values())
    assert best == alone[best.duration_days]


@pytest.mark.parametrize(
    ("campaign", "goal", "reason"),
    [
        (CAMPAIGN, ReachGoal(10_000_000), "goal_audience"),
        (CAMPAIGN, ReachGoal(70_000, at_least=10), "goal_inventory"),
        (CAMPAIGN.replace(objective="reach", frequency_cap=(1, 7)), FrequencyGoal(3), "goal_cap"),
        (CAMPAIGN.replace(targeting=Targeting([Place.country("US")])), FrequencyGoal(30), "goal_largest_budget"),
        (CAMPAIGN.replace(targeting=Targeting([SEA])), ReachGoal(10), "nobody_lives_there"),
    ],
)
def test_what_no_money_can_buy_says_why_and_how_much_can_be_had(campaign: Campaign, goal, reason: str) -> None:
    found = plan(campaign, goal, draws=64)
    assert not found.feasible
    assert [flag.code for flag in found.reasons] == [reason]
    assert found.most < goal.wanted
    if reason == "goal_audience":
        nearly = simulate(found.campaign, draws=64).reach.p50
        assert 0.9 * found.most < nearly <= found.most * 1.001


def test_less_than_the_platform_takes_is_said() -> None:
    codes = [flag.code for flag in plan(CAMPAIGN, ReachGoal(100), draws=64).flags]
    assert codes == ["budget_below_minimum"]
    assert plan(CAMPAIGN, ReachGoal(9000), draws=64).flags == ()


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"goal": 5000}, "wrong_type"),
        ({"confidence": 1.0}, "out_of_range"),
        ({"confidence": True}, "not_a_number"),
        ({"confidence": float("nan")}, "not_a_number"),
        ({"confidence": None}, "not_a_number"),
        ({"confidence": "x"}, "not_a_number"),
        ({"durations": itertools.repeat(7)}, "too_many"),
        ({"durations": []}, "empty_choice"),
        ({"durations": [2.5]}, "not_a_number"),
        ({"durations": [0]}, "out_of_range"),
        ({"goal": EnquiriesGoal(3)}, "unknown_choice"),
    ],
)
def test_what_cannot_be_asked_is_refused(entries: dict, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(CAMPAIGN, **{"goal": ReachGoal(100), **entries})
    assert caught.value.code == code
    if "goal" not in entries:
        assert caught.value.message.startswith(next(iter(entries)))


def test_enquiries_are_clicks_times_the_rate_of_the_trade_with_its_doubt() -> None:
    baker = CAMPAIGN.replace(trade="bakery")
    rate = load_parameters().value("customers.enquiry_rate.bakery")
    clicks = plan(baker, ClicksGoal(8 / rate), draws=FEW).daily_budget
    wanted = plan(baker, EnquiriesGoal(8), draws=FEW)
    assert wanted.daily_budget == pytest.approx(clicks, rel=0.25)
    sure = plan(baker, EnquiriesGoal(8), confidence=0.8, draws=FEW).daily_budget / wanted.daily_budget
    assert sure > plan(baker, ClicksGoal(8 / rate), confidence=0.8, draws=FEW).daily_budget / clicks


@pytest.mark.parametrize(
    ("goal", "entries"),
    [(ReachGoal, {"people": 0}), (ReachGoal, {"people": 10, "at_least": 11}), (FrequencyGoal, {"mean": 0.5})],
)
def test_a_goal_that_means_nothing_is_refused(goal, entries: dict) -> None:
    with pytest.raises(InvalidInput) as caught:
        goal(**entries)
    assert caught.value.code == "out_of_range"


def test_a_plan_is_a_row_of_a_table() -> None:
    found = plan(CAMPAIGN, ClicksGoal(20), draws=64)
    table = found.to_frame()
    assert table.shape[0] == 1
    assert table.loc[0, ["metric", "wanted", "daily_budget"]].tolist() == ["link_clicks", 20, found.daily_budget]
    assert table.loc[0, "figure_p90"] == found.figure.p90
    assert table.attrs == {"currency": "EUR"}
