"""What to check before paying: rules of the platform and warnings, as codes that the screen puts into words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Flag
from simulator.forecasting.audience import Audience
from simulator.reference.parameters import Parameters, least_daily_budget, newest_price_day

Array = NDArray[np.float64]

RESULTS = {"link_clicks": "link_clicks", "engagement": "engagements", "boosted_post": "engagements"}
"""Metric that counts as a result of a goal; the others leave the learning phase at once or are not forecast."""

COUNTED_WELL = 0.2
"""Up to this doubt about the people living there nothing is said of it."""


def flags_for(
    campaign: Campaign, audience: Audience, values: Mapping[str, Array], parameters: Parameters
) -> tuple[Flag, ...]:
    """Return the warnings, the gravest first.

    Parameters
    ----------
    values : mapping of str to ndarray (draw,)
        Draws of every metric.
    """
    found = (
        _too_small(audience, parameters),
        _near(audience),
        _not_spent(campaign, values, parameters),
        _below_minimum(campaign, parameters),
        _repetition(values, parameters),
        _learning(campaign, values, parameters),
        _dear_month(campaign, parameters),
        _price_year_passed(campaign, parameters),
    )
    return tuple(flag for flag in found if flag is not None)


def _too_small(audience: Audience, parameters: Parameters) -> Flag | None:
    least = parameters.value("audience.gauge.too_narrow")
    return Flag("audience_too_small", {"people": audience.size, "least": least}) if audience.size < least else None


def _near(audience: Audience) -> Flag | None:
    share = audience.counted_within
    return Flag("counted_roughly", {"share": round(share, 2)}) if share > COUNTED_WELL else None


def _not_spent(campaign: Campaign, values: Mapping[str, Array], parameters: Parameters) -> Flag | None:
    share = float(np.median(values["spend"])) / campaign.spend_planned
    return Flag("budget_not_spent", {"share": share}) if share < parameters.value("rules.spent_share") else None


def _below_minimum(campaign: Campaign, parameters: Parameters) -> Flag | None:
    minimum = least_daily_budget(campaign.currency, parameters)
    if campaign.spend_per_day >= minimum:
        return None
    return Flag("budget_below_minimum", {"minimum": minimum, "currency": campaign.currency})


def _repetition(values: Mapping[str, Array], parameters: Parameters) -> Flag | None:
    frequency = float(np.median(values["frequency"]))
    return (
        Flag("repetition", {"frequency": frequency}) if frequency > parameters.value("rules.high_frequency") else None
    )


def _learning(campaign: Campaign, values: Mapping[str, Array], parameters: Parameters) -> Flag | None:
    metric = RESULTS.get(campaign.objective)
    if metric is None:
        return None
    days = min(parameters.value("rules.learning_days"), campaign.duration_days)
    results = float(np.median(values[metric])) / campaign.duration_days * days
    needed = parameters.value("rules.learning_results")
    return Flag("learning_phase", {"results": results, "needed": needed}) if results < needed else None


def _dear_month(campaign: Campaign, parameters: Parameters) -> Flag | None:
    if campaign.start is None:
        return None
    middle = campaign.start + datetime.timedelta(days=campaign.duration_days / 2)
    index = parameters.value(f"prices.month.{middle.month}")
    limit = parameters.value("rules.dear_month")
    return Flag("month_dear", {"month": middle.month, "index": index}) if index > limit else None


def _price_year_passed(campaign: Campaign, parameters: Parameters) -> Flag | None:
    """Flag a campaign whose prices are those of years before: beyond the newest price year they are held flat."""
    newest = newest_price_day(parameters).year
    if campaign.start is None:
        return None
    then = (campaign.start + datetime.timedelta(days=campaign.duration_days / 2)).year
    # The year after the newest is what most people plan in, and its prices are inside the band.
    return Flag("price_year_passed", {"year": newest, "then": then}) if then > newest + 1 else None
