"""What a report holds, in no language: figures, codes, the assumptions that matter most, each with its source."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.campaign.objectives import nearest_known
from simulator.channels import CustomersForecast, OrganicForecast
from simulator.channels.customers import Business, customers
from simulator.channels.organic import organic
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.engine import DRAWS
from simulator.forecasting.simulate import budget_curve
from simulator.library import Scenario
from simulator.presentation.charts.audience import dots_around
from simulator.presentation.charts.curve import amounts_up_to, axis_end, next_amount
from simulator.reference.parameters import Parameter, Parameters, units_per_euro
from simulator.reference.parameters.price_level import cpm_level
from simulator.reference.places import towns_within
from simulator.reference.places.place import Place
from simulator.reference.places.tables import all_sources

TABLE = "people"
"""Code of the line that stands for the tables of population and of use, which are no single parameter."""


@dataclass(frozen=True)
class Reference:
    """Where a figure was read; ``date`` is that of the figures, or the day they were read (``is_read``)."""

    title: str
    publisher: str
    locator: str
    date: str
    licence: str
    is_read: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What tells one source from another."""
        return self.title, self.publisher


@dataclass(frozen=True)
class Assumption:
    """One line of what the forecast rests on.

    Attributes
    ----------
    code : str
        What it is, for the catalogue; ``changed`` for a figure that the user has replaced.
    detail : str
        A code that the sentence needs: country, goal, month, trade; for ``changed`` the key of the parameter.
    value, low, high : float
        Middle and ends of its range, which holds ``level`` of the belief; equal for a fixed figure.
    unit, currency : str
        As parameters have them.
    origin : str
        measured, published, calibrated or assumption.
    """

    code: str
    detail: str
    value: float
    low: float
    high: float
    level: float
    unit: str
    origin: str
    references: tuple[Reference, ...]
    currency: str = ""
    reason: str = ""


def assumptions(scenario: Scenario, forecast: Forecast, parameters: Parameters) -> tuple[Assumption, ...]:
    """Return the lines in the order of the calculation: people, price, delivery, response, then what was changed."""
    campaign = scenario.campaign
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    lines = [_people(audience, forecast, campaign, parameters)]
    for code, detail, key in _chosen(campaign, audience, parameters):
        if key in parameters and key not in scenario.overrides:
            lines.append(_in_money(_line(code, detail, parameters[key]), campaign.currency))
    lines += [_line("changed", key, parameters[key]) for key in scenario.overrides]
    return tuple(lines)


def references(lines: Iterable[Assumption]) -> tuple[Reference, ...]:
    """Return every source once, in the order of the lines."""
    return tuple({reference.key: reference for line in lines for reference in line.references}.values())


def _chosen(campaign: Campaign, audience: Audience, parameters: Parameters) -> Iterator[tuple[str, str, str]]:
    """Yield code, detail and key of the parameters that move this campaign most."""
    goal = campaign.objective
    like = nearest_known(goal)
    level = cpm_level(audience.main_country, parameters)
    yield ("price_world" if level.is_assumption else "price"), audience.main_country, level.keys[0]
    if campaign.start is not None:
        yield "month", str(campaign.start.month), f"prices.month.{campaign.start.month}"
    yield "goal_price", goal, f"prices.objective.{goal}"
    yield "slots", like, f"delivery.slots_per_day.{like}"
    yield "persistence", like, f"delivery.persistence.{like}"
    yield "click_rate", like, f"response.ctr_link.{like}"
    if campaign.trade is not None:
        yield "trade", campaign.trade, f"response.trade.{campaign.trade}"
    yield "creative", "", "response.creative_spread"
    yield "model", "", "delivery.model_error"


def _line(code: str, detail: str, parameter: Parameter) -> Assumption:
    return Assumption(
        code,
        detail,
        parameter.value,
        parameter.low,
        parameter.high,
        parameter.level,
        parameter.unit,
        parameter.origin,
        tuple(
            Reference(source.title, source.publisher, source.locator, source.accessed.isoformat(), source.licence)
            for source in parameter.sources
        ),
        parameter.currency,
        parameter.reason,
    )


def _in_money(line: Assumption, currency: str) -> Assumption:
    """Return a price in the money of the campaign, whatever the money of its source."""
    if not line.currency or line.currency == currency:
        return line
    rate = units_per_euro(currency) / units_per_euro(line.currency)
    value, low, high = (rate * number for number in (line.value, line.low, line.high))
    return replace(line, value=value, low=low, high=high, currency=currency)


def _people(audience: Audience, forecast: Forecast, campaign: Campaign, parameters: Parameters) -> Assumption:
    """Return the line of the people aimed at, from the tables of population and of use."""
    band = forecast.audience_size
    is_told = campaign.targeting.audience_size is not None
    origin = "assumption" if audience.is_assumption or is_told else "published"
    found = () if is_told else references_of(forecast.sources, parameters)
    return Assumption(
        "told_people" if is_told else TABLE, "", band.p50, band.p10, band.p90, 0.8, "people", origin, found
    )


def references_of(titles: Iterable[str], parameters: Parameters) -> tuple[Reference, ...]:
    """Return the sources with these titles: tables of places, or surveys among the parameters."""
    known = {
        source.title: Reference(
            source.title, source.publisher, source.locator, source.date, source.licence, is_read=False
        )
        for source in all_sources()
    }
    for parameter in parameters.values():
        for source in parameter.sources:
            read = source.accessed.isoformat()
            known.setdefault(
                source.title, Reference(source.title, source.publisher, source.locator, read, source.licence)
            )
    return tuple(known.get(title, Reference(title, "", "", "", "")) for title in titles)


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
        """Whether a trade or figures of the business were given; else customers are those of any business."""
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
