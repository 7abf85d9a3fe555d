"""What a report holds, in no language: figures and codes that PDF, Excel and CSV all read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.channels import CustomersForecast, OrganicForecast
from simulator.channels.customers import Business, customers
from simulator.channels.organic import organic
from simulator.forecasting.simulate import DRAWS, budget_curve
from simulator.library import Scenario
from simulator.presentation.charts.audience import dots_around
from simulator.presentation.charts.curve import amounts_up_to, axis_end, next_amount
from simulator.presentation.reports.assumptions import Assumption, Reference, assumptions, references
from simulator.reference.parameters import Parameters
from simulator.reference.places import towns_within
from simulator.reference.places.place import Place

CURVE = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90", "frequency": "frequency_p50"}
NEAR = 0.005
"""Reach announced and reach of today closer than this, relatively, are the same."""

BUSINESS = "customers."
"""Parameters that tell of the business: basket, conversion, …"""
WEEKS = 8
"""Weeks of the free page."""

Point = Mapping[str, float]


@dataclass(frozen=True)
class Report:
    """A scenario, its forecast by today's model, and what a reader needs to judge them.

    Attributes
    ----------
    curve : tuple of mapping
        ``budget`` a day, ``people``, ``low``, ``high``, ``frequency``; the budget chosen is one of them.
    following : float, optional
        The next amount a day worth talking about.
    towns : tuple of mapping
        ``name``, ``people``, ``east``, ``north``: those of the first place, if that is a circle.
    announced : Band, optional
        People announced when it was saved, where today's model says something else.
    made_on : date
    customers : CustomersForecast, optional
        Enquiries and sales; None where nobody would see it.
    page : OrganicForecast, optional
        The page kept for free beside the campaign, where the scenario tells one.
    """

    scenario: Scenario
    forecast: Forecast
    parameters: Parameters
    curve: tuple[Point, ...]
    following: float | None
    towns: tuple[Mapping[str, Any], ...]
    lines: tuple[Assumption, ...]
    announced: Band | None
    made_on: datetime.date
    customers: CustomersForecast | None
    page: OrganicForecast | None

    @property
    def campaign(self) -> Campaign:
        """What was decided."""
        return self.scenario.campaign

    @property
    def is_business_told(self) -> bool:
        """Whether the trade, or what is known of the business, was told: else customers are those of anybody."""
        return self.campaign.trade is not None or any(key.startswith(BUSINESS) for key in self.scenario.overrides)

    @property
    def chosen(self) -> Point:
        """The choice as a point of the curve."""
        reach = self.forecast.reach
        return {"budget": self.campaign.spend_per_day, "people": reach.p50, "low": reach.p10, "high": reach.p90}

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every source once, in the order in which the lines name them."""
        return references(self.lines)


def build(scenario: Scenario, *, made_on: datetime.date | None = None) -> Report:
    """Forecast a scenario with its own parameters, calibration and seed, and gather the report.

    Raises
    ------
    InvalidInput
        ``unknown_parameter``, for an override of a parameter that has gone; ``wrong_type``.
    """
    instance_of("scenario", scenario, Scenario)
    parameters = scenario.parameters()
    forecast = scenario.forecast()
    campaign = scenario.campaign
    following = next_amount(campaign)
    return Report(
        scenario,
        forecast,
        parameters,
        tuple(_curve(scenario, parameters, axis_end(max(campaign.spend_per_day, following or 0.0)))),
        following,
        tuple(_towns(campaign.targeting.places[0])),
        assumptions(scenario, forecast, parameters),
        _announced(scenario, forecast),
        made_on or datetime.date.today(),
        _customers(campaign, forecast, parameters),
        _page(scenario, forecast, parameters),
    )


def _curve(scenario: Scenario, parameters: Parameters, top: float) -> list[dict[str, float]]:
    """Return the points of the curve on the screen, and the choice itself among them."""
    campaign = scenario.campaign
    budgets = sorted({*amounts_up_to(min(top, campaign.most_per_day)), campaign.spend_per_day})
    frame = budget_curve(
        campaign, budgets, seed=scenario.seed, draws=DRAWS, parameters=parameters, calibration=scenario.calibration
    )
    return [
        {"budget": float(budget), **{name: float(row[column]) for name, column in CURVE.items()}}
        for budget, row in zip(frame.index, frame.to_dict(orient="records"), strict=True)
    ]


def _towns(place: Place) -> list[dict[str, Any]]:
    if place.kind != "circle":
        return []
    inside = [(town.name, people, town.latitude, town.longitude) for town, people in towns_within(place)]
    return dots_around(place, inside)


def _announced(scenario: Scenario, forecast: Forecast) -> Band | None:
    before = scenario.figures.get("reach")
    if before is None or abs(before.p50 - forecast.reach.p50) <= NEAR * max(before.p50, forecast.reach.p50, 1.0):
        return None
    return before


def _customers(campaign: Campaign, forecast: Forecast, parameters: Parameters) -> CustomersForecast | None:
    if forecast.reach.p90 <= 0.0:
        return None
    return customers(forecast, Business(trade=campaign.trade), parameters=parameters)


def _page(scenario: Scenario, forecast: Forecast, parameters: Parameters) -> OrganicForecast | None:
    if scenario.page is None:
        return None
    draws = len(forecast.draws["reach"])
    return organic(scenario.page, WEEKS, seed=forecast.seed, draws=draws, parameters=parameters)
