"""From a campaign to figures: what holds whatever the tables say, and how nobody is told."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.base.metrics import METRICS
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.engine import CURVE_METRICS, MAX_BUDGETS
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

PAU = Place.at(43.2951, -0.3708, radius_km=25)
SEA = Place.at(45.0, -20.0, radius_km=25)
TARGETING = Targeting([PAU], age_min=25, age_max=54)
CAMPAIGN = Campaign(TARGETING, daily_budget=5)
FEW = 64
"""Draws: enough to tell a rule from its breach."""


def targeted(**changes: Any) -> Campaign:
    return CAMPAIGN.replace(targeting=TARGETING.replace(**changes))


def reasons(campaign: Campaign) -> list[str]:
    return [flag.code for flag in simulate(campaign, draws=FEW).reasons]


NOBODY = {
    "minors_not_allowed": targeted(age_min=13, age_max=17),
    "nobody_lives_there": targeted(places=[SEA]),
    "audience_size_zero": targeted(audience_size=0),
}


@pytest.mark.parametrize("reason", NOBODY)
def test_nobody_gives_zeros_with_the_one_reason(reason: str) -> None:
    forecast = simulate(NOBODY[reason], draws=FEW)
    assert [flag.code for flag in forecast.reasons] == [reason]
    assert all(forecast.band(metric).p90 == 0 for metric in METRICS)
    assert [band.p90 for band in forecast.reach_kplus] == [0] * 10
    assert forecast.by_day().to_numpy().tolist() == [[0.0] * 12] * 7
    assert forecast.by_segment().empty
    assert forecast.exposure_counts() == (0,) * 10
    assert forecast.probability("link_clicks", 1) == 0
    assert (budget_curve(NOBODY[reason], [0, 5], draws=FEW).to_numpy() == 0).all()
    json.dumps(forecast.to_dict(), allow_nan=False)


def test_places_that_are_all_excluded_hold_nobody() -> None:
    assert reasons(targeted(excluded_places=[PAU])) == ["nobody_lives_there"]


def test_the_country_is_told_with_the_rule_about_minors() -> None:
    (flag,) = simulate(NOBODY["minors_not_allowed"], draws=FEW).reasons
    assert flag.data["country"] == "FR"


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again, other = (simulate(CAMPAIGN, seed=seed, draws=FEW) for seed in (3, 3, 4))
    assert first == again
    assert first.to_dict() == again.to_dict()
    assert first.reach != other.reach
    assert (first.seed, other.seed) == (3, 4)
    assert first.reach.p50 == pytest.approx(other.reach.p50, rel=0.5), "luck, not another campaign"


def test_a_forecast_says_by_what_it_was_made() -> None:
    forecast = simulate(CAMPAIGN, seed=3, draws=FEW)
    assert (forecast.model_version, forecast.parameter_digest) == (MODEL_VERSION, load_parameters().digest)
    assert forecast.sources
    changed = load_parameters().replace({"delivery.activity_shape": 0.8})
    assert (
        simulate(CAMPAIGN, draws=FEW, parameters=changed).parameter_digest
        == changed.digest
        != forecast.parameter_digest
    )


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, True, 2**63, [1]])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    for run in (lambda: simulate(CAMPAIGN, seed=seed), lambda: budget_curve(CAMPAIGN, [5], seed=seed)):
        with pytest.raises(InvalidInput) as caught:
            run()
        assert (caught.value.code, caught.value.data["field"]) == ("out_of_range", "seed")


@pytest.mark.parametrize("draws", [0, 15, 65_537, 64.0, "64", None, True, 10**400])
def test_a_number_of_draws_that_cannot_be_used_is_refused(draws: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        simulate(CAMPAIGN, draws=draws)
    assert (caught.value.code, caught.value.data["field"]) == ("out_of_range", "draws")


@pytest.mark.parametrize("draws", [16, 17, np.int64(64)])
def test_any_number_of_draws_between_can_be_used(draws: Any) -> None:
    assert len(simulate(CAMPAIGN, draws=draws).draws["reach"]) == draws


@pytest.mark.parametrize("campaign", [None, 5, "campaign.json", {}, TARGETING, CAMPAIGN.to_dict()])
def test_what_is_no_campaign_is_refused(campaign: Any) -> None:
    for run in (simulate, lambda one: budget_curve(one, [5])):
        with pytest.raises(InvalidInput) as caught:
            run(campaign)
        assert (caught.value.code, caught.value.data["field"]) == ("wrong_type", "campaign")
    with pytest.raises(InvalidInput):
        simulate(CAMPAIGN, parameters={})  # type: ignore[arg-type]


PLACES = [PAU, Place.region("FR-64"), Place.region("CA-QC-03"), Place.country("FR"), Place.country("US")]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code or "circle")
def test_every_kind_of_place_gives_ordered_bands(place: Place) -> None:
    forecast = simulate(targeted(places=[place]), draws=FEW)
    for metric in METRICS:
        band = forecast.band(metric)
        assert 0 <= band.p10 <= band.p50 <= band.p90 < math.inf
    levels = [band.p50 for band in forecast.reach_kplus]
    assert levels == sorted(levels, reverse=True)
    assert forecast.reach == forecast.reach_kplus[0]
    assert (forecast.draws["reach"] <= forecast.draws["audience_size"]).all()
    assert (forecast.draws["reach"] <= forecast.draws["impressions"] * (1 + 1e-9)).all()
    assert (forecast.draws["link_clicks"] <= forecast.draws["clicks_all"]).all()
    assert forecast.spend.p90 <= 35 * (1 + 1e-12)
    json.dumps(forecast.to_dict(), allow_nan=False)


def test_a_typed_audience_replaces_the_estimate() -> None:
    typed = simulate(targeted(audience_size=10_000), draws=FEW)
    assert typed.audience_size.p50 == pytest.approx(10_000, rel=0.02)
    assert typed.audience_size.p10 > 8_500
    assert (typed.draws["reach"] <= typed.draws["audience_size"]).all()
    assert typed.reach.p50 < simulate(CAMPAIGN, draws=FEW).reach.p50


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_one_platform_shows_on_that_platform_only(platform: str) -> None:
    segments = simulate(CAMPAIGN.replace(platforms=[platform]), draws=FEW).by_segment()
    other = {"facebook": "instagram", "instagram": "facebook"}[platform]
    assert segments[f"{other}_impressions"].sum() == 0
    assert segments[f"{platform}_impressions"].sum() == pytest.approx(segments["impressions"].sum())
    assert set(segments["presence"]) == {platform}


def test_days_build_up_to_the_forecast() -> None:
    forecast = simulate(CAMPAIGN, draws=256)
    days = forecast.by_day()
    assert len(days) == 7
    assert (days.diff().iloc[1:] >= 0).all(axis=None)
    for metric in ("spend", "impressions", "reach", "link_clicks"):
        for level in ("p10", "p50", "p90"):
            assert days[f"{metric}_{level}"].iloc[-1] == pytest.approx(getattr(forecast.band(metric), level), rel=0.01)
    assert days["reach_p50"].iloc[0] * 7 > days["reach_p50"].iloc[-1], "daily reach does not add up: people come back"


def test_segments_add_up_to_the_means() -> None:
    forecast = simulate(CAMPAIGN, draws=256)
    segments = forecast.by_segment()
    for metric in ("audience_size", "impressions", "reach", "link_clicks"):
        assert segments[metric].sum() == pytest.approx(forecast.band(metric).mean, rel=2e-3)
    both = segments["facebook_impressions"] + segments["instagram_impressions"]
    assert both.to_numpy() == pytest.approx(segments["impressions"].to_numpy())
    assert set(segments["age_band"]) == {"25-34", "35-44", "45-54"}
    assert set(segments["sex"]) == {"women", "men"}


def test_the_width_is_shared_out_among_its_causes() -> None:
    width = simulate(CAMPAIGN, draws=256).width
    assert set(width) == {"reach", "impressions", "link_clicks"}
    for causes in width.values():
        assert set(causes) == {"price", "audience", "delivery", "response"}
        assert sum(causes.values()) == pytest.approx(1)
        assert min(causes.values()) >= 0


def test_a_curve_has_the_columns_that_are_promised() -> None:
    curve = budget_curve(CAMPAIGN, [1, 5], draws=FEW)
    assert curve.index.name == "daily_budget"
    assert curve.index.tolist() == [1.0, 5.0]
    levels = ("p10", "p50", "p90", "mean")
    assert curve.columns.tolist() == [f"{name}_{level}" for name in CURVE_METRICS for level in levels]
    assert CURVE_METRICS == ("reach", "impressions", "frequency", "link_clicks", "cpm")


@pytest.mark.parametrize("campaign", [CAMPAIGN, Campaign(TARGETING, total_budget=35), targeted(audience_size=5_000)])
def test_the_curve_at_the_own_budget_is_the_forecast(campaign: Campaign) -> None:
    """Common draws over the budgets: drawn afresh for each, the two would differ by the luck of the draw."""
    forecast = simulate(campaign, seed=5, draws=FEW)
    row = budget_curve(campaign, [1, 5, 50], seed=5, draws=FEW).loc[5]
    for metric in CURVE_METRICS:
        for level in ("p10", "p50", "p90", "mean"):
            assert row[f"{metric}_{level}"] == pytest.approx(getattr(forecast.band(metric), level), rel=1e-3)


def test_more_money_reaches_more_people_and_fewer_for_each_euro() -> None:
    curve = budget_curve(CAMPAIGN, np.geomspace(0.5, 500, 13), draws=FEW)
    for level in ("p10", "p50", "p90", "mean"):
        reach = curve[f"reach_{level}"]
        assert (reach.diff().iloc[1:] > 0).all()
        assert ((reach / curve.index).diff().iloc[1:] < 0).all()


BUDGETS = [[2, 5], (2.0, 5.0), range(2, 6, 3), np.array([2, 5], dtype=np.int8), pd.Series([2, 5], index=["a", "b"])]


@pytest.mark.parametrize("budgets", BUDGETS, ids=lambda budgets: type(budgets).__name__)
def test_budgets_may_stand_in_anything_that_holds_numbers(budgets: Any) -> None:
    expected = budget_curve(CAMPAIGN, [2, 5], draws=FEW)
    assert budget_curve(CAMPAIGN, budgets, draws=FEW).equals(expected)


def test_budgets_keep_their_order_and_no_money_shows_nothing() -> None:
    curve = budget_curve(CAMPAIGN, [5, 0, 2, 5], draws=FEW)
    assert curve.index.tolist() == [5, 0, 2, 5]
    assert (curve.loc[0] == 0).all()
    assert curve.iloc[0].equals(curve.iloc[3])
    assert curve["reach_p50"].iloc[0] > curve["reach_p50"].iloc[2] > 0


@pytest.mark.parametrize(
    ("budgets", "code", "field"),
    [
        *((budgets, "wrong_type", "daily_budgets") for budgets in (5, "5", "1,5", None, {1: 2}, np.array(5))),
        ([], "empty_choice", "daily_budgets"),
        ([1] * (MAX_BUDGETS + 1), "too_many", "daily_budgets"),
        ([5, -1], "out_of_range", "daily_budgets.1"),
        ([1e9], "out_of_range", "daily_budgets.0"),
        *(([one], "not_a_number", "daily_budgets.0") for one in (math.nan, math.inf, "5", True, None, [1], 10**400)),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else None,
)
def test_other_budgets_are_refused(budgets: Any, code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        budget_curve(CAMPAIGN, budgets, draws=FEW)
    assert (caught.value.code, caught.value.data["field"]) == (code, field)


@pytest.mark.parametrize("budget", [1e-320, 1e-9, 100_000])
@pytest.mark.parametrize("days", [1, 365])
def test_no_budget_and_no_duration_breaks_the_figures(budget: float, days: int) -> None:
    forecast = simulate(CAMPAIGN.replace(daily_budget=budget, duration_days=days), draws=16)
    json.dumps(forecast.to_dict(), allow_nan=False)
    assert forecast.spend.p90 <= budget * days * (1 + 1e-12)
    assert len(forecast.by_day()) == days


def test_a_curve_has_any_metric_and_any_number_of_showings() -> None:
    names = ("reach_3plus", "comments", "reach_1plus", "cpc_link")
    curve = budget_curve(CAMPAIGN, [2, 5], metrics=names)
    assert curve.columns.tolist() == [f"{name}_{part}" for name in names for part in ("p10", "p50", "p90", "mean")]
    forecast = simulate(CAMPAIGN)
    for name in names:
        assert curve.loc[5, f"{name}_p90"] == pytest.approx(forecast.band(name).p90, rel=1e-6)
    assert curve.attrs["units"]["reach_3plus"] == "people"
    assert curve.attrs["currency"] == "EUR"


@pytest.mark.parametrize(
    ("metrics", "code"),
    [("reach", "wrong_type"), (["likes"], "unknown_metric"), ([None], "unknown_metric"), (5, "wrong_type")],
)
def test_a_metric_of_a_curve_that_does_not_exist_is_refused(metrics: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        budget_curve(CAMPAIGN, [2], metrics=metrics)
    assert caught.value.code == code


def test_a_forecast_has_draws_of_every_number_of_showings() -> None:
    forecast = simulate(CAMPAIGN)
    drawn = [forecast.draws[f"reach_{k}plus"] for k in range(1, 11)]
    assert (drawn[0] == forecast.draws["reach"]).all()
    assert all((more <= less).all() for less, more in itertools.pairwise(drawn))
    exactly = np.array([band.mean for band in forecast.exposure_bands()])
    assert exactly.sum() == pytest.approx(forecast.reach.mean)
