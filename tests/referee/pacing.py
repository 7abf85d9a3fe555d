"""The referee's bid: the one multiplier at which the expected spend of a day is the budget.

Found from the definition by brute force, without any property of the normal law but its density: the price is
summed up to what a bid can win on a fine grid, then averaged over a fine grid of values. Deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq

from tests.referee.market import Segment

NODES = 6001
WIDTH = 10.0
"""Standard deviations covered on either side of zero and of the density's shifted centre."""


def _density(points: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * points**2) / math.sqrt(2.0 * math.pi)


def _running_integral(heights: np.ndarray, step: float) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(0.5 * (heights[1:] + heights[:-1]) * step)])


def won_per_slot(segment: Segment, log_multiplier: float) -> tuple[float, float]:
    """Return the share of slots won and the money paid, both per eligible slot, at a given bid.

    With a constant price (``price_log_sd`` zero) the share is that of the values high enough.
    """
    sd = segment.price_log_sd
    gap = log_multiplier + segment.log_value_mean - segment.log_price_mean
    if sd == 0.0:
        values = np.linspace(-WIDTH, WIDTH, NODES)
        share = _running_integral(_density(values), values[1] - values[0])
        won = float(np.interp(gap / segment.value_log_sd, values, share))
        return won, won * math.exp(segment.log_price_mean)
    prices = np.linspace(-WIDTH, WIDTH + sd, NODES)
    step = prices[1] - prices[0]
    share = _running_integral(_density(prices), step)
    paid = _running_integral(np.exp(segment.log_price_mean + sd * prices) * _density(prices), step)
    values = np.linspace(-WIDTH, WIDTH, NODES)
    weights = _density(values) * (values[1] - values[0])
    reached = (gap + segment.value_log_sd * values) / sd
    return float(weights @ np.interp(reached, prices, share)), float(weights @ np.interp(reached, prices, paid))


def multiplier_for(segments: Sequence[Segment], daily_budget: float) -> float:
    """Return the multiplier that spends ``daily_budget`` a day without a cap; infinity where inventory ends first."""

    def spend(log_multiplier: float) -> float:
        return sum(s.people * s.slots_per_day * won_per_slot(s, log_multiplier)[1] for s in segments)

    if spend(200.0) <= daily_budget:
        return math.inf
    return math.exp(brentq(lambda log_multiplier: spend(log_multiplier) - daily_budget, -200.0, 200.0, xtol=1e-9))
