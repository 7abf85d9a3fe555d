"""Small counts are counts: whole draws, bands that hold what they say, one answer to how likely so many are."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.base.metrics import METRICS, WHOLE
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Forecast
from simulator.forecasting.engine import Engine
from simulator.planning import ClicksGoal, EnquiriesGoal, plan
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

BAKER = Campaign(
    Targeting([Place.around("Pau")], age_min=25, age_max=54), daily_budget=5, duration_days=7, trade="bakery"
)
ENGINE = Engine(load_parameters().with_click_rate(0.001), draws=4096)
"""Few clicks of many showings: of five showings there are no six clicks, whatever the rate of a draw."""
EXPECTED = (0.05, 0.15, 0.4, 1.0, 2.5, 6.0, 15.0)
RESPONSES = ("link_clicks", "reactions", "comments", "shares")
FORECASTS: dict[tuple[str, float], Forecast] = {}


def with_about(metric: str, count: float) -> Forecast:
    """Return the forecast of the baker with the budget that brings about so many."""
    if (metric, count) not in FORECASTS:
        budgets = np.geomspace(1e-4, 500.0, 41)
        means = ENGINE.with_draws(256).metrics(BAKER, budgets, whole=False)[metric].mean(axis=0)
        budget = float(np.exp(np.interp(np.log(count), np.log(means), np.log(budgets))))
        FORECASTS[metric, count] = ENGINE.forecast(BAKER.replace(daily_budget=budget))
    return FORECASTS[metric, count]


@pytest.mark.parametrize("metric", RESPONSES)
def test_draws_and_bands_are_whole_numbers(metric: str) -> None:
    for count in EXPECTED:
        forecast = with_about(metric, count)
        assert forecast.expected[metric].mean() == pytest.approx(count, rel=0.4), "about"
        for name in WHOLE:
            drawn, band = forecast.draws[name], forecast.band(name)
            assert (drawn == np.rint(drawn)).all()
            assert all(float(figure).is_integer() for figure in (band.p10, band.p50, band.p90))
        assert forecast.draws[metric].mean() == pytest.approx(forecast.expected[metric].mean(), rel=0.03, abs=0.01)
        assert (forecast.draws["link_clicks"] <= forecast.draws["engagements"]).all()
        assert (forecast.draws["engagements"] <= forecast.draws["clicks_all"]).all()


@pytest.mark.parametrize("metric", RESPONSES)
def test_bands_hold_what_they_say_of_counts_that_others_draw(metric: str) -> None:
    """Counts drawn afresh, by no point of ours: at least 80 % inside each band, on average no more than 95 %.

    Of a count of which 95 % of the chance lies on none, no band of whole numbers holds less.
    """
    rng = np.random.default_rng(7)
    shares = []
    for count in EXPECTED:
        forecast = with_about(metric, count)
        seen = rng.poisson(rng.choice(forecast.expected[metric], 40_000))
        band = forecast.band(metric)
        shares.append(np.mean((seen >= band.p10) & (seen <= band.p90)))
    assert min(shares) >= 0.79, shares
    assert np.mean(shares) <= 0.95, shares


@pytest.mark.parametrize("metric", RESPONSES)
@pytest.mark.parametrize("at_least", [1, 2, 5, 10])
def test_the_share_of_draws_is_the_probability(metric: str, at_least: int) -> None:
    for count in EXPECTED:
        forecast = with_about(metric, count)
        chance = forecast.probability(metric, at_least)
        error = np.sqrt(chance * (1.0 - chance) / ENGINE.draws)
        assert np.mean(forecast.draws[metric] >= at_least) == pytest.approx(chance, abs=3.0 * error + 1e-3)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("clicks", [1, 3, 12])
def test_a_plan_for_clicks_is_the_budget_of_that_probability(confidence: float, clicks: int) -> None:
    found = plan(BAKER, ClicksGoal(clicks), confidence=confidence, engine=Engine(draws=512))
    forecast = Engine(draws=512).forecast(found.campaign)
    assert forecast.probability("link_clicks", clicks) == pytest.approx(confidence, abs=2e-3)
    assert found.figure.p50 == pytest.approx(forecast.link_clicks.p50, abs=1)
    less = Engine(draws=512).forecast(found.campaign.replace(daily_budget=0.97 * found.daily_budget))
    assert less.probability("link_clicks", clicks) < confidence


def test_a_plan_for_an_enquiry_counts_whole_ones() -> None:
    half, sure = (plan(BAKER, EnquiriesGoal(1), confidence=level, draws=512) for level in (0.5, 0.9))
    assert half.daily_budget < sure.daily_budget
    assert half.figure.p50 in (0.0, 1.0)
    assert sure.figure.p10 in (0.0, 1.0), "one or more in nine draws of ten"


def test_counts_never_fall_as_the_budget_rises() -> None:
    budgets = np.geomspace(0.01, 200.0, 60)
    metrics = Engine(draws=256).metrics(BAKER, budgets)
    for name in RESPONSES:
        assert (np.diff(metrics[name], axis=1) >= 0.0).all(), name
    assert set(metrics) == set(METRICS)
