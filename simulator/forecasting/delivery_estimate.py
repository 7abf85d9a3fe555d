"""A forecast in the shape of the platform's withdrawn ``delivery_estimate``, for programs written for it.

The platform removed ``daily_outcomes_curve`` and ``estimate_dau`` from its interface in 2026. The fields are
those its programs read: spend in cents, outcomes of one day, bounds that hold 80 % of the probability.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.metrics import WHOLE
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import QUANTILES, quantiles
from simulator.forecasting.audience import Audience
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

POINTS = 24
SMALLEST, LARGEST = 0.1, 100.0
"""The curve runs from a tenth to a hundred times the campaign's own daily budget."""
ACTIONS = {
    "reach": "reach",
    "impressions": "impressions",
    "link_clicks": "link_clicks",
    "engagement": "engagements",
    "leads": "link_clicks",
    "boosted_post": "engagements",
    "sales": "link_clicks",
    "app_installs": "link_clicks",
    "calls": "link_clicks",
    "messages": "link_clicks",
    "landing_page_views": "link_clicks",
    "profile_visits": "link_clicks",
    "page_likes": "engagements",
    "video_views": "impressions",
    "unknown": "link_clicks",
}
"""Metric that counts as an action under each objective; enquiries are not forecast, so leads count clicks."""


def delivery_estimate(
    campaign: Campaign,
    audience: Audience,
    parameters: Parameters,
    metrics_at: Callable[[Campaign, Array], Mapping[str, Array]],
) -> dict[str, Any]:
    """Return the estimate as plain values.

    Parameters
    ----------
    metrics_at : callable
        Takes a campaign and its daily budgets (budget,), returns draws of each metric (draw, budget).

    Returns
    -------
    dict
        ``daily_outcomes_curve`` (list of points: spend in cents; reach, impressions, actions of a day, each
        with ``_lower_bound`` and ``_upper_bound``), ``estimate_dau``, ``estimate_mau_lower_bound``,
        ``estimate_mau_upper_bound`` (people), ``estimate_ready``.
    """
    bound = parameters.value("audience.bound")
    action = ACTIONS[campaign.objective]
    budgets = campaign.spend_per_day * np.geomspace(SMALLEST, LARGEST, POINTS)
    one_day = campaign.replace(duration_days=1, daily_budget=campaign.spend_per_day, total_budget=None)
    metrics = metrics_at(one_day, budgets)
    return {
        "daily_outcomes_curve": [_point(place, budget, metrics, action) for place, budget in enumerate(budgets)],
        "estimate_dau": round(audience.size * parameters.value("audience.daily_share")),
        "estimate_mau_lower_bound": round(audience.size / bound),
        "estimate_mau_upper_bound": round(audience.size * bound),
        "estimate_ready": audience.size > 0.0,
    }


def _point(place: int, budget: float, metrics: Mapping[str, Array], action: str) -> dict[str, int]:
    point = {"spend": round(100.0 * budget)}
    for name, metric in (("reach", "reach"), ("impressions", "impressions"), ("actions", action)):
        low, middle, high = quantiles(metrics[metric][:, place], QUANTILES, whole=metric in WHOLE)
        point |= {name: round(middle), f"{name}_lower_bound": round(low), f"{name}_upper_bound": round(high)}
    return point
