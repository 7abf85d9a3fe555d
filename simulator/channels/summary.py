"""All channels other than paid reach of one campaign, in rows without words: for reports, tables and exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.channels.alternatives import Alternative, alternatives
from simulator.channels.customers import Business, CustomersForecast, customers
from simulator.channels.earned import EarnedForecast, earned
from simulator.channels.networks import NetworkShare, networks
from simulator.channels.organic import OrganicForecast, Page, organic
from simulator.reference.parameters import Parameters, load_parameters

Row = dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """Channels other than paid reach; ``page`` and ``alternatives`` only where a page is given."""

    customers: CustomersForecast
    earned: EarnedForecast
    networks: tuple[NetworkShare, ...]
    page: OrganicForecast | None = None
    alternatives: tuple[Alternative, ...] = ()

    def rows(self) -> dict[str, list[Row]]:
        """Return tables by name; every row is plain values, every name a code that the reader translates.

        customers and page: name, unit, p10, p50, p90, mean. chances: name, chance. earned: as ``to_dict``.
        networks, alternatives: one row each, as their ``to_dict``.
        """
        found = {
            "customers": self.customers.rows(),
            "chances": [{"name": name, "chance": chance} for name, chance in self.customers.chances.items()],
            "break_even": [self.break_even()],
            "earned": [self.earned.to_dict()],
            "networks": [row.to_dict() for row in self.networks],
        }
        if self.page is not None:
            found["page"] = self.page.rows()
            found["alternatives"] = [row.to_dict() for row in self.alternatives]
        return found

    def break_even(self) -> Row:
        """Return how many orders pay the campaign back, and how many are to be expected within the year."""
        told = self.customers
        return {
            "orders": told.break_even_orders,
            "basket": told.basket,
            "margin": told.margin,
            "spend": told.spend,
            "currency": told.currency,
            "low": told.sales_year.p10,
            "high": told.sales_year.p90,
        }


def summary(
    campaign: Campaign,
    forecast: Forecast,
    page: Page | None = None,
    parameters: Parameters | None = None,
    weeks: int = 8,
) -> Summary:
    """Return the channels other than paid reach of a campaign already simulated.

    Parameters
    ----------
    campaign : Campaign
    forecast : Forecast
        Of that campaign; its seed and draws are used throughout.
    page : Page, optional
        The scenario's (``Scenario.page``).
    parameters : Parameters, optional
        The scenario's (``Scenario.parameters()``): they hold what is known of the business.
    weeks : int
        Of the free page.
    """
    known = load_parameters() if parameters is None else parameters
    business = Business(trade=campaign.trade)
    brought = customers(forecast, business, parameters=known)
    passed_on, present = earned(forecast, known), networks(campaign.targeting, known)
    if page is None:
        return Summary(brought, passed_on, present)
    seed, draws = forecast.seed, len(forecast.draws["reach"])
    free = organic(page, weeks, seed=seed, draws=draws, parameters=known)
    ways = alternatives(campaign, page, business, seed=seed, draws=draws, parameters=known)
    return Summary(brought, passed_on, present, free, ways)
