"""What a forecast rests on: the few figures that matter most to this campaign, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.library import Scenario
from simulator.reference.parameters import Parameter, Parameters, units_per_euro
from simulator.reference.parameters.price_level import cpm_level
from simulator.reference.places.sources import all_sources

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
    level = cpm_level(audience.main_country, parameters)
    yield ("price_world" if level.is_assumption else "price"), audience.main_country, level.keys[0]
    if campaign.start is not None:
        yield "month", str(campaign.start.month), f"prices.month.{campaign.start.month}"
    yield "goal_price", goal, f"prices.objective.{goal}"
    yield "slots", goal, f"delivery.slots_per_day.{goal}"
    yield "persistence", goal, f"delivery.persistence.{goal}"
    yield "click_rate", goal, f"response.ctr_link.{goal}"
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
