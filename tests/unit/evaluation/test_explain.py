"""Forecast against actual: each cause is found where it was put, and all of them make the whole distance."""

from __future__ import annotations

import datetime
import math

import pytest

from simulator.base.errors import InvalidInput
from simulator.evaluation import Explanation, explain
from simulator.evaluation.explain import CHECKED, EXPLAINED
from simulator.forecasting.simulate import simulate
from simulator.library import Actual
from simulator.reference.parameters import load_parameters
from tests.unit.library.examples import campaign, scenario

DRAWS = 64
ONE = campaign()
PLAN = simulate(ONE, draws=DRAWS)


def result(**changes: float) -> Actual:
    """What the median of the plan would look like in the report, changed."""
    figures = {name: PLAN.band(name).p50 for name in EXPLAINED}
    return Actual(**{"spend": 35.0, **figures, **changes})


def factors(found: Explanation, metric: str) -> dict[str, float]:
    return {cause.name: cause.factors[metric] for cause in found.causes if metric in cause.factors}


def test_a_campaign_that_ran_as_forecast_has_no_cause() -> None:
    found = explain(ONE, result(), draws=DRAWS)
    for metric in EXPLAINED:
        assert all(factor == pytest.approx(1.0) for factor in factors(found, metric).values())
    assert all(check.position == "inside" for check in found.announced)
    assert found.ran_as_planned


@pytest.mark.parametrize(
    ("changes", "cause", "metric"),
    [
        ({"reach": PLAN.reach.p50 * 0.7}, "audience", "reach"),
        ({"link_clicks": PLAN.link_clicks.p50 * 2.0}, "response", "link_clicks"),
        ({"impressions": PLAN.impressions.p50 * 1.5}, "price", "impressions"),
    ],
)
def test_a_cause_is_found_where_it_was_put(changes: dict[str, float], cause: str, metric: str) -> None:
    found = explain(ONE, result(**changes), draws=DRAWS)
    main = found.main_cause(metric)
    assert main is not None
    assert main.name == cause
    ratio = changes[metric] / PLAN.band(metric).p50
    assert main.factors[metric] == pytest.approx(ratio)


def test_other_money_and_days_are_the_delivery_and_nothing_else() -> None:
    """The forecast of the plan with that money and those days, reported to the person: only delivery moved."""
    longer = ONE.replace(daily_budget=10, duration_days=14, start=datetime.date(2026, 3, 2))
    forecast = simulate(longer, draws=DRAWS)
    figures = {name: forecast.band(name).p50 for name in EXPLAINED}
    actual = Actual(spend=140, start="2026-03-02", end="2026-03-15", **figures)
    found = explain(ONE, actual, draws=DRAWS)
    assert not found.ran_as_planned
    for metric in EXPLAINED:
        causes = factors(found, metric)
        assert causes.pop("delivery") == pytest.approx(figures[metric] / PLAN.band(metric).p50)
        assert all(factor == pytest.approx(1.0, abs=1e-6) for factor in causes.values())


def test_the_causes_make_the_whole_distance() -> None:
    actual = Actual(spend=61.0, impressions=9_000, reach=4_000, link_clicks=70, start="2026-11-20", end="2026-12-01")
    found = explain(ONE, actual, draws=DRAWS)
    for metric in EXPLAINED:
        assert found.total(metric) == pytest.approx(actual.figures[metric] / PLAN.band(metric).p50)
        assert set(factors(found, metric)) <= {"delivery", "price", "audience", "response"}


def test_dearer_showings_reach_fewer_people_but_not_in_proportion() -> None:
    found = explain(ONE, result(impressions=PLAN.impressions.p50 / 2, reach=PLAN.reach.p50 / 2), draws=DRAWS)
    causes = factors(found, "reach")
    assert 0.5 < causes["price"] < 1.0
    assert causes["audience"] < 1.0


def test_what_a_newer_model_changed_stands_apart() -> None:
    other = load_parameters({"delivery.activity_shape": 0.7})
    announced = simulate(ONE, draws=DRAWS, parameters=other)
    one = scenario(campaign=ONE).with_figures(announced)
    found = explain(one, result(), draws=DRAWS)
    assert found.causes[0].name == "model"
    assert found.causes[0].factors["reach"] == pytest.approx(PLAN.reach.p50 / announced.reach.p50)
    assert found.total("reach") == pytest.approx(PLAN.reach.p50 / announced.reach.p50)


def test_each_figure_is_placed_in_its_band() -> None:
    actual = result(reach=PLAN.reach.p10 * 0.9, link_clicks=PLAN.link_clicks.p90 * 1.1)
    places = {check.metric: check.position for check in explain(ONE, actual, draws=DRAWS).announced}
    assert (places["reach"], places["link_clicks"], places["impressions"]) == ("below", "above", "inside")
    assert set(places) == set(CHECKED)


def test_the_ends_of_the_band_belong_to_it() -> None:
    for end in (PLAN.reach.p10, PLAN.reach.p90):
        found = explain(ONE, Actual(spend=35, reach=end), draws=DRAWS)
        checks = {check.metric: check for check in found.announced}
        assert checks["reach"].position == "inside"


def test_only_what_is_known_is_told() -> None:
    found = explain(ONE, Actual(spend=70), draws=DRAWS)
    assert [cause.name for cause in found.causes] == ["delivery"]
    assert found.announced == ()
    without_reach = explain(ONE, Actual(spend=35, impressions=8_000), draws=DRAWS)
    assert [cause.name for cause in without_reach.causes] == ["delivery", "price"]


def test_nothing_spent_is_no_campaign() -> None:
    found = explain(ONE, Actual(spend=0, impressions=0), draws=DRAWS)
    assert (found.causes, found.as_run, found.main_cause("reach")) == ((), (), None)


def test_a_campaign_that_reaches_nobody_is_not_explained() -> None:
    nobody = ONE.replace(targeting=ONE.targeting.replace(audience_size=0))
    assert explain(nobody, result(), draws=DRAWS).causes == ()


def test_no_clicks_at_all_are_a_factor_of_zero() -> None:
    found = explain(ONE, result(link_clicks=0.0), draws=DRAWS)
    assert found.total("link_clicks") == 0.0


def test_far_from_the_plan_nothing_breaks() -> None:
    for actual in (
        Actual(spend=0.01, impressions=1, reach=1),
        Actual(spend=90_000, impressions=5e6, reach=80_000, link_clicks=1_000),
        Actual(spend=35, impressions=5e9, reach=5e6),
    ):
        for cause in explain(ONE, actual, draws=DRAWS).causes:
            assert all(math.isfinite(factor) and factor >= 0.0 for factor in cause.factors.values())


@pytest.mark.parametrize(("spend", "planned"), [(32.0, True), (31.0, False), (38.0, True), (39.0, False)])
def test_a_tenth_more_or_less_is_still_the_plan(spend: float, planned: bool) -> None:
    assert explain(ONE, Actual(spend=spend), draws=16).ran_as_planned is planned
    other_days = Actual(spend=35, start="2026-03-01", end="2026-03-06")
    assert explain(ONE, other_days, draws=16).ran_as_planned is False


def test_without_a_result_there_is_nothing_to_explain() -> None:
    with pytest.raises(InvalidInput) as caught:
        explain(scenario())
    assert caught.value.code == "missing"
    with pytest.raises(InvalidInput) as caught:
        explain(ONE, Actual(spend=35, currency="CAD"))
    assert caught.value.code == "other_currency"
