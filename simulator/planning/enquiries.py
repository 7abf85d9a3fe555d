"""From clicks on the link to people who call, write or come by, where the trade is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.campaign import Campaign
from simulator.errors import InvalidInput, shown
from simulator.model.draws import noisy_count, uniform_points
from simulator.parameters import Parameters

Array = NDArray[np.float64]

RATE = "customers.enquiry_rate"
"""Table of parameters: enquiries per click on the link, by trade."""
ANY = "any"
"""Entry of that table for a trade that is not told: too vague to plan by."""
STREAM = 8
"""Sets the luck of enquiries apart from that of the forecast under the same seed."""


def check_trade(campaign: Campaign, parameters: Parameters) -> None:
    """Raise ``unknown_choice`` unless the rate of enquiries of the campaign's trade is known."""
    if campaign.trade is None or f"{RATE}.{campaign.trade}" not in parameters:
        known = [key.removeprefix(f"{RATE}.") for key in parameters.keys(RATE)]
        allowed = ", ".join(trade for trade in known if trade != ANY)
        raise InvalidInput("unknown_choice", field="trade", received=shown(campaign.trade), allowed=allowed)


def enquiries(campaign: Campaign, link_clicks: Array, parameters: Parameters, seed: int) -> Array:
    """Return enquiries in every draw and budget, with their own doubt and noise, shape (draw, budget)."""
    check_trade(campaign, parameters)
    points = uniform_points(len(link_clicks), 2, np.random.default_rng([STREAM, seed]))
    rate = parameters[f"{RATE}.{campaign.trade}"].quantile(points[:, 0])
    return np.minimum(noisy_count(rate[:, None] * link_clicks, points[:, 1:]), link_clicks)
