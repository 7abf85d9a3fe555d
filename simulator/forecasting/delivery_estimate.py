"""A forecast in the shape of the platform's withdrawn ``delivery_estimate``, for programs written for it.

The platform removed ``daily_outcomes_curve`` and ``estimate_dau`` from its interface in 2026. The fields are
those its programs read: spend in cents, outcomes of one day, bounds that hold 80 % of the probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.metrics import curve_draws

if TYPE_CHECKING:
    from simulator.campaign.campaign import Campaign
    from simulator.forecasting.sample import Learnt
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
}
"""Metric that counts as an action under each objective; enquiries are not forecast, so leads count clicks."""


def delivery_estimate(
    campaign: Campaign, parameters: Parameters, seed: int, draws: int, calibration: Learnt | None = None
) -> dict[str, Any]:
    """Return the estimate as plain values.

    Returns
    -------
    dict
        ``daily_outcomes_curve`` (list of points: spend in cents; reach, impressions, actions of a day, each
        with ``_lower_bound`` and ``_upper_bound``), ``estimate_dau``, ``estimate_mau_lower_bound``,
        ``estimate_mau_upper_bound`` (people), ``estimate_ready``.
    """
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    bound = parameters.value("audience.bound")
    action = ACTIONS[campaign.objective]
    budgets = campaign.spend_per_day * np.geomspace(SMALLEST, LARGEST, POINTS)
    one_day = campaign.replace(duration_days=1, daily_budget=campaign.spend_per_day, total_budget=None)
    metrics = curve_draws(one_day, audience, budgets, parameters, seed, draws, calibration)
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
        low, middle, high = np.quantile(metrics[metric][:, place], (0.1, 0.5, 0.9))
        point |= {name: round(middle), f"{name}_lower_bound": round(low), f"{name}_upper_bound": round(high)}
    return point
