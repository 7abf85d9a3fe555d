"""A budget over campaigns: checked against every split of small cases, and against what must hold."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.engine import Engine
from simulator.planning import allocate, split
from simulator.planning.joint import Joint
from simulator.planning.overlap import shared_groups
from simulator.planning.split import Curve, curve_through, divide, marginal_split, tabulated
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

PAU = Place.at(43.2951, -0.3708, radius_km=20)
AGEN = Place.at(44.2033, 0.6163, radius_km=20)
BAYONNE = Place.at(43.4929, -1.4748, radius_km=10)
WIDE = Place.at(43.2951, -0.3708, radius_km=40)
FEW = 32


def campaign(place: Place, **changes: Any) -> Campaign:
    return Campaign(Targeting([place], **changes), daily_budget=5, duration_days=10)


def saturating(scale: float, rate: float, most: float) -> Curve:
    return tabulated(lambda x: (scale * -np.expm1(-rate * x), scale * rate * np.exp(-rate * x)), most)


def best_by_trying(results, total: float, least, steps: int) -> float:
    """The best of every split in equal steps."""
    best = 0.0
    for units in itertools.product(range(steps + 1), repeat=len(least)):
        money = np.array(units) * total / steps
        if sum(units) <= steps and ((money == 0.0) | (money >= least)).all():
            best = max(best, results(money))
    return best


def test_the_last_unit_of_money_brings_the_same_everywhere() -> None:
    shapes = ((900.0, 0.05), (500.0, 0.02), (2000.0, 0.004))
    curves = [saturating(*shape, 100.0) for shape in shapes]
    amounts = marginal_split(curves, 100.0, np.zeros(3), np.full(3, 100.0))
    slopes = [scale * rate * np.exp(-rate * x) for (scale, rate), x in zip(shapes, amounts, strict=True)]
    assert amounts.sum() == pytest.approx(100.0)
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-3)


@pytest.mark.parametrize("least", [0.0, 20.0, 35.0, 60.0])
def test_minimum_budgets_nothing_or_enough_as_by_trying_every_split(least: float) -> None:
    shapes = ((900.0, 0.05), (500.0, 0.02), (2000.0, 0.004), (300.0, 0.09))
    curves = [saturating(*shape, 100.0) for shape in shapes]
    floor = np.full(4, least)
    found = divide(curves, 100.0, floor, np.full(4, 100.0))

    def results(money: Any) -> float:
        return sum(scale * -np.expm1(-rate * x) for (scale, rate), x in zip(shapes, money, strict=True))

    best = best_by_trying(results, 100.0, floor, 20)
    assert found.proven
    assert found.amounts.sum() <= 100.0 + 1e-6
    assert ((found.amounts == 0.0) | (found.amounts >= least - 1e-6)).all()
    assert results(found.amounts) >= best * (1.0 - 1e-5), "a coarse search finds nothing better"
    assert results(found.amounts) <= best * 1.02, "and the curve is no other one"


def test_a_split_over_audiences_with_people_in_common_as_by_trying_every_split() -> None:
    chosen = [campaign(PAU), campaign(WIDE, age_max=40), campaign(BAYONNE)]
    parameters = load_parameters()
    found = allocate(chosen, 400.0, minimum=4.0, draws=FEW)
    grid = np.geomspace(0.8, 800.0, 15)
    audiences = [estimate_audience(one.targeting, parameters, one.platforms) for one in chosen]
    drawn = [
        Engine(draws=FEW).metrics(one, grid / 10, audience=audience, interactions=False)
        for one, audience in zip(chosen, audiences, strict=True)
    ]
    curves = [curve_through(grid, metrics["reach"].mean(axis=0)) for metrics in drawn]
    joint = Joint.of(curves, np.array([a.size for a in audiences]), shared_groups(chosen, parameters))
    best = best_by_trying(joint.result, 400.0, np.full(3, 40.0), 20)
    assert joint.result(np.array(found.amounts)) >= best * (1.0 - 1e-3)
    assert found.shared_people > 0.0


def test_the_slope_of_people_reached_together_is_that_of_the_result() -> None:
    chosen = [campaign(PAU), campaign(WIDE, age_max=40), campaign(WIDE, gender="women")]
    parameters = load_parameters()
    grid = np.geomspace(1.0, 1000.0, 15)
    audiences = [estimate_audience(one.targeting, parameters, one.platforms) for one in chosen]
    drawn = [Engine(draws=FEW).metrics(o, grid / 10, audience=a) for o, a in zip(chosen, audiences, strict=True)]
    curves = [curve_through(grid, metrics["reach"].mean(axis=0)) for metrics in drawn]
    joint = Joint.of(curves, np.array([a.size for a in audiences]), shared_groups(chosen, parameters))
    amounts = np.array([90.0, 60.0, 150.0])
    _, slope = joint.result_and_slope(amounts)
    step = 8.0  # wider than the nodes, between which the table is straight
    by_difference = [(joint.result(amounts + u) - joint.result(amounts - u)) / (2 * step) for u in step * np.eye(3)]
    np.testing.assert_allclose(slope, by_difference, rtol=0.02)


def test_people_in_common_are_counted_once() -> None:
    same = campaign(PAU)
    twice = allocate([same, same], 200.0, minimum=0.0, draws=FEW)
    once = allocate([same, campaign(AGEN)], 200.0, minimum=0.0, draws=FEW)
    size = estimate_audience(same.targeting, load_parameters()).size
    assert twice.shared_people == pytest.approx(size, rel=1e-6)
    assert once.shared_people == 0.0
    alone = Engine(draws=FEW).metrics(same, np.array([20.0]))["reach"].mean()
    assert twice.result == pytest.approx(alone, rel=0.01), "two campaigns to the same people are one of both budgets"
    assert sum(twice.results) > 1.05 * twice.result or min(twice.amounts) < 1.0


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ({}, {"age_min": 25, "age_max": 44}, "second"),
        ({"gender": "women"}, {"gender": "men"}, None),
        ({"age_max": 30}, {"age_min": 31}, None),
        ({"interests": ("cooking",)}, {"interests": ("cooking",)}, "second"),
        ({}, {"audience_size": 5000.0}, "second"),
    ],
)
def test_who_is_in_both_audiences(first: dict, second: dict, share: str | None) -> None:
    pair = [campaign(PAU, **first), campaign(PAU, **second)]
    sizes = [estimate_audience(one.targeting, load_parameters()).size for one in pair]
    groups = shared_groups(pair, load_parameters())
    assert groups.people.sum() == pytest.approx(sizes[1] if share else 0.0, rel=1e-6)


def test_the_gain_over_an_equal_split_comes_with_its_certainty() -> None:
    found = allocate([campaign(PAU), campaign(BAYONNE, age_max=20)], 600.0, draws=FEW)
    assert found.result > found.equal_result
    assert found.gain.p10 <= found.gain.p50 <= found.gain.p90
    assert found.gain.mean == pytest.approx(found.result - found.equal_result)
    assert found.probability > 0.9
    assert not found.within_noise
    alike = allocate([campaign(PAU, gender="women"), campaign(AGEN, gender="women")], 600.0, "impressions", draws=FEW)
    assert alike.gain.p50 < 0.05 * alike.result
    certain = allocate([campaign(PAU), campaign(PAU)], 600.0, draws=FEW)
    assert certain.within_noise, "the same people twice: any split is as good"


def test_money_that_nothing_can_use_is_left_over_and_said() -> None:
    small = [campaign(PAU, audience_size=200.0), campaign(BAYONNE, audience_size=300.0)]
    found = allocate(small, 50_000.0, "impressions", draws=FEW)
    assert [note.code for note in found.notes] == ["split_left_over"]
    assert sum(found.amounts) < 50_000.0
    assert found.to_frame()["amount"].sum() == pytest.approx(sum(found.amounts))
    assert [one.spend_planned for one in found.planned()] == pytest.approx(found.amounts)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"campaigns": [campaign(PAU)]}, "out_of_range"),
        ({"campaigns": 5}, "wrong_type"),
        ({"campaigns": [campaign(PAU), "b"]}, "wrong_type"),
        ({"campaigns": [campaign(PAU), campaign(PAU).replace(currency="CAD")]}, "other_currency"),
        ({"total_budget": 3.0, "minimum": 5.0}, "out_of_range"),
        ({"total_budget": 1e12}, "out_of_range"),
        ({"maximise": "frequency"}, "unknown_choice"),
        ({"minimum": -1}, "out_of_range"),
        ({"minimum": float("nan")}, "not_a_number"),
        ({"total_budget": float("nan")}, "not_a_number"),
        ({"total_budget": "x"}, "not_a_number"),
        ({"campaigns": itertools.repeat(campaign(PAU))}, "too_many"),
    ],
)
def test_what_cannot_be_split_is_refused(entries: dict, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        allocate(**{"campaigns": [campaign(PAU), campaign(AGEN)], "total_budget": 300.0, **entries})
    assert caught.value.code == code
    assert caught.value.data["field"].split(".")[0] in entries
    assert caught.value.message.startswith(next(iter(entries)))


def test_the_least_budget_that_is_named_is_in_cents_and_is_enough() -> None:
    pair = [campaign(PAU), campaign(AGEN)]
    with pytest.raises(InvalidInput) as caught:
        allocate(pair, 5.0, minimum=4.31)
    low = caught.value.data["low"]
    assert low == round(low, 2)
    assert f"{low:g} to" in caught.value.message
    assert sum(allocate(pair, low, minimum=4.31, draws=FEW).amounts) > 0.0


@pytest.mark.parametrize("joint", [False, True])
def test_many_campaigns_and_few_minimums_spend_the_money(joint: bool) -> None:
    places = [Place.at(43.0 + (0.0 if joint else 0.6 * k), 0.5) for k in range(10)]
    days = (7, 7, 7) if joint else (7, 14, 30)
    chosen = [campaign(place).replace(duration_days=count) for place in places for count in days]
    found = allocate(chosen, 300.0, minimum=4.0, draws=FEW)
    amounts, least = np.array(found.amounts), 4.0 * np.array([one.duration_days for one in chosen])
    assert amounts.sum() == pytest.approx(300.0)
    assert ((amounts == 0.0) | (amounts >= least)).all()
    assert found.result > 0.99 * found.equal_result, "though nobody could run the equal split"
    assert "split_equal_below_minimum" in [note.code for note in found.notes]


@pytest.mark.parametrize("least", [20.0, 35.0, 60.0])
def test_a_search_given_up_falls_back_on_a_good_split(least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "MOST_BRANCHES", 0)
    shapes = ((900.0, 0.05), (500.0, 0.02), (2000.0, 0.004), (300.0, 0.09))
    curves = [saturating(*shape, 100.0) for shape in shapes]
    found = divide(curves, 100.0, np.full(4, least), np.full(4, 100.0))

    def results(money: Any) -> float:
        return sum(scale * -np.expm1(-rate * x) for (scale, rate), x in zip(shapes, money, strict=True))

    assert not found.proven
    assert found.amounts.sum() == pytest.approx(100.0)
    assert ((found.amounts == 0.0) | (found.amounts >= least - 1e-6)).all()
    assert results(found.amounts) >= 0.9 * best_by_trying(results, 100.0, np.full(4, least), 20)


def test_an_equal_split_that_can_be_run_needs_no_note() -> None:
    assert allocate([campaign(PAU), campaign(AGEN)], 300.0, draws=FEW).notes == ()


def test_different_interests_are_independent_of_each_other() -> None:
    chosen = [campaign(PAU), campaign(PAU, interests=("cooking",)), campaign(PAU, interests=("gardening",))]
    everybody, cooks, gardeners = (estimate_audience(one.targeting, load_parameters()).size for one in chosen)
    groups = shared_groups(chosen, load_parameters())
    assert groups.people @ groups.members[:, 1] == pytest.approx(cooks, rel=1e-6)
    assert groups.people @ groups.members[:, 2] == pytest.approx(gardeners, rel=1e-6)
    both = groups.people[groups.members.all(axis=1)].sum()
    assert both == pytest.approx(cooks * gardeners / everybody, rel=0.1), "but for who is interested at which age"


@pytest.mark.parametrize("objective", ["leads", "link_clicks", "reach"])
@pytest.mark.parametrize("total", [0.5, 5.0, 60.0, 250.0])
def test_no_goal_is_refused_its_share_for_a_minimum_of_the_platform(objective: str, total: float) -> None:
    """Two weekly lead campaigns under 250 € were refused, and clicks on 60 € gave one of them nothing."""
    chosen = [campaign(place).replace(objective=objective) for place in (PAU, AGEN)]
    found = allocate(chosen, total, draws=FEW)
    assert sum(found.amounts) == pytest.approx(total)
    assert min(found.amounts) > 0.0 or total < 60.0


def test_leads_get_money_beside_clicks() -> None:
    pairs = ((PAU, "leads"), (AGEN, "link_clicks"))
    found = allocate([campaign(place).replace(objective=goal) for place, goal in pairs], 300.0, draws=FEW)
    assert min(found.amounts) > 0.0


def test_a_split_is_a_table_of_its_campaigns() -> None:
    found = allocate([campaign(PAU), campaign(BAYONNE)], 100.0, "link_clicks", draws=FEW)
    table = found.to_frame()
    assert table["amount"].tolist() == list(found.amounts)
    assert table["link_clicks"].tolist() == list(found.results)
    assert table.attrs == {"currency": "EUR"}
