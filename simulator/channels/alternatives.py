"""Boosted post, campaign, own followers, or nothing: the same money and weeks, side by side, on the same luck."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Unpack

import numpy as np

from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.channels.customers import Business, CustomersForecast, Shown, customers_of
from simulator.channels.earned import earned
from simulator.channels.organic import WEEKS, Page, organic
from simulator.forecasting.engine import Engine, Settings
from simulator.reference.parameters import Parameters

NAMES = ("nothing", "boosted_post", "campaign", "followers")
"""In the order of display; ``followers`` only where there are any."""
FIGURES = ("reach", "link_clicks", "interactions", "earned_reach", "enquiries_year", "sales_year")
"""Bands of an ``Alternative``."""
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Alternative:
    """One way to be seen.

    Attributes
    ----------
    name : str
        nothing (the free page goes on), boosted_post, campaign, followers (the own page's, as an audience).
    reach, link_clicks, interactions, earned_reach : Band
        Distinct people, clicks on links, reactions with comments and shares, people whom shares bring.
    enquiries_year, sales_year : Band
        Within twelve months.
    spend : float
        In the campaign's currency.
    better : mapping of str to float
        By the name of another: probability that this one is expected to bring more enquiries, same luck for both.
    """

    name: str
    reach: Band
    link_clicks: Band
    interactions: Band
    earned_reach: Band
    enquiries_year: Band
    sales_year: Band
    spend: float
    better: dict[str, float] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        bands = {name: getattr(self, name).to_dict() for name in FIGURES}
        return {"name": self.name, "spend": self.spend, **bands, "better": dict(self.better)}


def alternatives(
    campaign: Campaign,
    page: Page,
    business: Business | None = None,
    **settings: Unpack[Settings],
) -> tuple[Alternative, ...]:
    """Compare what the same euros and weeks bring, and what nothing at all does.

    Each row is by itself: whoever pays keeps the free page besides. The campaign is the one given, for clicks where
    it was itself a boosted post. Followers are an audience as large as those of them who can be shown it.

    Parameters
    ----------
    campaign, page, business
        See ``simulate``, ``organic``, ``customers``.
    seed, draws, parameters, calibration, tables, engine
        See ``simulate``.

    Raises
    ------
    InvalidInput
        What ``simulate`` and ``organic`` raise.
    """
    instance_of("campaign", campaign, Campaign)
    instance_of("page", page, Page)
    business = Business() if business is None else business
    instance_of("business", business, Business)
    if business.trade is None and campaign.trade is not None:
        business = business.replace(trade=campaign.trade)
    engine = Engine.of(settings)
    found = {"nothing": _nothing(campaign, page, business, engine)}
    for name, other in _paid(campaign, page, engine.parameters).items():
        found[name] = _bought(name, engine.forecast(other), business, engine.parameters)
    expected = {name: customers.expected["enquiries_year"] for name, (_, customers) in found.items()}
    rows = []
    for name, (row, _) in found.items():
        better = {other: float(np.mean(expected[name] > values)) for other, values in expected.items() if other != name}
        rows.append(Alternative(**{**row, "better": better}))
    return tuple(rows)


def _paid(campaign: Campaign, page: Page, known: Parameters) -> dict[str, Campaign]:
    clicks = campaign.replace(objective="link_clicks") if campaign.objective == "boosted_post" else campaign
    boosted = campaign.replace(objective="boosted_post", creative_format=page.format)
    found = {"boosted_post": boosted, "campaign": clicks}
    people = round(page.followers * known.value("organic.fans_reachable"))
    if people:
        targeting = campaign.targeting.replace(audience_size=people, interests=())
        found["followers"] = boosted.replace(targeting=targeting, platforms=(page.network,))
    return found


def _nothing(
    campaign: Campaign, page: Page, business: Business, engine: Engine
) -> tuple[dict[str, Any], CustomersForecast]:
    """Return what the free page brings over the weeks of the campaign."""
    weeks = min(math.ceil(campaign.duration_days / DAYS_A_WEEK), WEEKS[1])
    free = organic(page, weeks, seed=engine.seed, draws=engine.draws, parameters=engine.parameters)
    spend = np.zeros(engine.draws)
    shown_to = Shown(free.draws["reach"], free.draws["link_clicks"], spend, campaign.duration_days,
                     campaign.currency, engine.seed)  # fmt: skip
    customers = customers_of(shown_to, business, engine.parameters)
    row = {
        "name": "nothing",
        "reach": free.reach,
        "link_clicks": free.link_clicks,
        "interactions": free.interactions,
        "earned_reach": free.earned.reach,
        "enquiries_year": customers.enquiries_year,
        "sales_year": customers.sales_year,
        "spend": 0.0,
    }
    return row, customers


def _bought(
    name: str, forecast: Forecast, business: Business, known: Parameters
) -> tuple[dict[str, Any], CustomersForecast]:
    shown_to = Shown(
        forecast.draws["reach"],
        forecast.expected.get("link_clicks", np.zeros_like(forecast.draws["reach"])),
        forecast.draws["spend"],
        forecast.duration_days,
        forecast.currency,
        forecast.seed,
    )
    customers = customers_of(shown_to, business, known)
    interactions = sum(forecast.draws[kind] for kind in ("reactions", "comments", "shares"))
    row = {
        "name": name,
        "reach": forecast.reach,
        "link_clicks": forecast.link_clicks,
        "interactions": Band.of(np.asarray(interactions)),
        "earned_reach": earned(forecast, known).reach,
        "enquiries_year": customers.enquiries_year,
        "sales_year": customers.sales_year,
        "spend": customers.spend,
    }
    return row, customers
