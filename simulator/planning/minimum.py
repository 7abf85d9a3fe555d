"""The least that the platform lets a campaign spend."""

from __future__ import annotations

from simulator.campaign import Campaign
from simulator.checks import CHARGED_FOR
from simulator.parameters import Parameters, units_per_euro


def least_daily_budget(campaign: Campaign, parameters: Parameters) -> float:
    """Return the least daily budget under the goal of a campaign, in its currency.

    The rule is the platform's, dated, and changes without notice: planning says when it is not met, and a split
    gives a campaign at least so much or nothing.
    """
    dollars = parameters.value(f"rules.minimum_daily_budget.{CHARGED_FOR[campaign.objective]}")
    return dollars * units_per_euro(campaign.currency) / units_per_euro("USD")
