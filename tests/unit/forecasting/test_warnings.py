"""What to check before paying: each warning appears beyond its limit and only there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.base.metrics import METRICS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Flag
from simulator.campaign.objectives import OBJECTIVES
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.warnings import RESULTS, flags_for
from simulator.reference.parameters import Parameters, load_parameters, units_per_euro
from simulator.reference.places.place import Place

CAMPAIGN = Campaign(Targeting([Place.at(43.3, -0.37)]), daily_budget=50, duration_days=7, start="2026-06-01")
PARAMETERS = load_parameters().replace(
    {
        "audience.gauge.too_narrow": 2_000,
        "rules.spent_share": 0.95,
        "rules.high_frequency": 4,
        "rules.learning_results": 50,
        "rules.learning_days": 7,
        "rules.dear_month": 1.1,
        "rules.minimum_daily_budget": 1,
        "prices.month.6": 1.0,
        "prices.month.11": 1.2,
    }
)
"""Limits of this test, not those of today's figures."""


def audience(people: float = 100_000) -> Audience:
    """An audience of that size, whoever they are."""
    return estimate_audience(CAMPAIGN.targeting.replace(audience_size=people), PARAMETERS)


def values(campaign: Campaign = CAMPAIGN, **changes: float) -> dict[str, Any]:
    """Draws of a campaign that has nothing wrong, the median in the middle of three."""
    medians = {**dict.fromkeys(METRICS, 1_000.0), "spend": campaign.spend_planned, "frequency": 1.5, **changes}
    return {name: np.array([0.5, 1.0, 5.0]) * median for name, median in medians.items()}


def flags(
    campaign: Campaign = CAMPAIGN, people: float = 100_000, parameters: Parameters = PARAMETERS, **changes: float
) -> tuple[Flag, ...]:
    return flags_for(campaign, audience(people), values(campaign, **changes), parameters)


def codes(*arguments: Any, **changes: Any) -> list[str]:
    return [flag.code for flag in flags(*arguments, **changes)]


def test_a_campaign_with_nothing_wrong_is_not_warned_about() -> None:
    assert flags() == ()


@pytest.mark.parametrize(("people", "warned"), [(1_999, True), (2_001, False)])
def test_a_small_audience(people: float, warned: bool) -> None:
    assert codes(people=people) == ["audience_too_small"] * warned
    if warned:
        assert flags(people=people)[0].data == {"people": pytest.approx(people), "least": 2_000}


@pytest.mark.parametrize(("share", "warned"), [(0.94, True), (0.95, False)])
def test_money_that_would_be_left_over(share: float, warned: bool) -> None:
    found = flags(spend=share * CAMPAIGN.spend_planned)
    assert [flag.code for flag in found] == ["budget_not_spent"] * warned
    assert all(flag.data["share"] == pytest.approx(share) for flag in found)


@pytest.mark.parametrize(("frequency", "warned"), [(4.01, True), (4.0, False)])
def test_repetition(frequency: float, warned: bool) -> None:
    assert codes(frequency=frequency) == ["repetition"] * warned


@pytest.mark.parametrize("currency", ["EUR", "CAD", "JPY"])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_less_a_day_than_the_platform_usually_takes_is_a_hint_alike_for_every_goal(
    objective: str, currency: str
) -> None:
    least = units_per_euro(currency) / units_per_euro("USD")
    for daily_budget, warned in ((least * 0.999, True), (least * 1.001, False)):
        campaign = CAMPAIGN.replace(daily_budget=daily_budget, currency=currency, objective=objective)
        found = flags(campaign)
        assert [flag.code for flag in found] == ["budget_below_minimum"] * warned
        assert all(flag.data == {"minimum": pytest.approx(least), "currency": currency} for flag in found)


@pytest.mark.parametrize(("objective", "metric"), RESULTS.items())
def test_too_few_results_to_learn_from(objective: str, metric: str) -> None:
    campaign = CAMPAIGN.replace(objective=objective, duration_days=14)
    assert codes(campaign, **{metric: 100}) == []
    (flag,) = flags(campaign, **{metric: 99})
    assert (flag.code, flag.data) == ("learning_phase", {"results": 49.5, "needed": 50})


def test_a_campaign_of_a_day_does_not_learn_for_a_week() -> None:
    """Ten results on its only day are ten, not seventy."""
    (flag,) = flags(CAMPAIGN.replace(duration_days=1), link_clicks=10)
    assert flag.data["results"] == 10


@pytest.mark.parametrize("objective", sorted(set(OBJECTIVES) - set(RESULTS)))
def test_goals_without_results_of_their_own_have_nothing_to_learn(objective: str) -> None:
    assert codes(CAMPAIGN.replace(objective=objective), link_clicks=0, engagements=0) == []


@pytest.mark.parametrize(
    ("start", "days", "month"), [("2026-11-01", 7, 11), ("2026-10-28", 10, 11), ("2026-06-01", 7, 0)]
)
def test_a_dear_month_is_that_of_the_middle_of_the_campaign(start: str, days: int, month: int) -> None:
    found = flags(CAMPAIGN.replace(start=start, duration_days=days))
    assert [(flag.code, flag.data["month"], flag.data["index"]) for flag in found] == [
        ("month_dear", month, 1.2)
    ] * bool(month)


def test_without_a_date_no_month_is_dear() -> None:
    assert codes(CAMPAIGN.replace(start=None)) == []


def test_the_last_day_allowed_has_a_month_too() -> None:
    last = CAMPAIGN.replace(start="2100-12-31", duration_days=365)
    assert codes(last, link_clicks=10_000) == ["price_year_passed"], "and no other warning"


@pytest.mark.parametrize(("start", "then"), [("2020-01-01", 0), ("2026-06-01", 0), ("2026-12-30", 2027)])
def test_prices_of_years_before_are_said_to_be_so(start: str, then: int) -> None:
    found = [flag for flag in flags(CAMPAIGN.replace(start=start)) if flag.code == "price_year_passed"]
    assert [flag.data for flag in found] == [{"year": 2025, "then": then}] * bool(then)


def test_the_gravest_warning_comes_first() -> None:
    campaign = CAMPAIGN.replace(daily_budget=0.5, start="2026-11-01")
    assert codes(campaign, people=10, spend=1, frequency=9, link_clicks=1) == [
        "audience_too_small",
        "budget_not_spent",
        "budget_below_minimum",
        "repetition",
        "learning_phase",
        "month_dear",
    ]


def test_a_small_circle_is_said_to_be_counted_roughly() -> None:
    for radius_km, warned in ((1, True), (2.9, True), (3, False), (25, False)):
        campaign = CAMPAIGN.replace(targeting=Targeting([Place.around("Pau", radius_km=radius_km)]))
        counted = estimate_audience(campaign.targeting, PARAMETERS)
        found = [
            flag
            for flag in flags_for(campaign, counted, values(campaign), PARAMETERS)
            if flag.code == "counted_roughly"
        ]
        assert [flag.data for flag in found] == [{"share": 0.25}] * warned
