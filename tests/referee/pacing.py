"""The referee's bid: the one multiplier at which the expected spend of a day is the budget.

Found from the definition by brute force, without any property of the normal law but its density: the price is
summed up to what a bid can win on a fine grid, then averaged over a fine grid of values. Deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq

from tests.referee.people import Segment

NODES = 6001
WIDTH = 10.0
"""Standard deviations covered on either side of zero and of the density's shifted centre."""
LOG_HIGHEST = 100.0
"""Bids between exp(-100) and exp(100) are searched."""


def _density(points: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * points**2) / math.sqrt(2.0 * math.pi)


def _running_integral(heights: np.ndarray, step: float) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(0.5 * (heights[1:] + heights[:-1]) * step)])


def won_per_slot(segment: Segment, log_multiplier: float) -> tuple[float, float]:
    """Return the share of slots won and the money paid, both per eligible slot, at a given bid."""
    won, paid = 0.0, 0.0
    for platform in segment.platforms:
        log_price_mean = segment.log_price_mean + platform.log_price_shift
        gap = log_multiplier + segment.log_value_mean - log_price_mean
        share, money = _won_at_unit_price(segment.price_log_sd, segment.value_log_sd, gap)
        won += platform.share * share
        paid += platform.share * money * math.exp(log_price_mean)
    return won, paid


def _won_at_unit_price(price_log_sd: float, value_log_sd: float, gap: float) -> tuple[float, float]:
    """Return share won and money paid where the median price is 1 and the median bid exp(gap).

    With a constant price the share is that of the values high enough.
    """
    values = np.linspace(-WIDTH, WIDTH, NODES)
    weights = _density(values) * (values[1] - values[0])
    if price_log_sd == 0.0:
        won = float(np.interp(gap / value_log_sd, values, np.cumsum(weights) - 0.5 * weights))
        return won, won
    prices = np.linspace(-WIDTH, WIDTH + price_log_sd, NODES)
    step = prices[1] - prices[0]
    share = _running_integral(_density(prices), step)
    paid = _running_integral(np.exp(price_log_sd * prices) * _density(prices), step)
    reached = (gap + value_log_sd * values) / price_log_sd
    return float(weights @ np.interp(reached, prices, share)), float(weights @ np.interp(reached, prices, paid))


def multiplier_for(segments: Sequence[Segment], daily_budget: float) -> float:
    """Return the multiplier that spends ``daily_budget`` a day without a cap; infinity where inventory ends first."""

    def spend(log_multiplier: float) -> float:
        return sum(s.people * s.slots_per_day * won_per_slot(s, log_multiplier)[1] for s in segments)

    if spend(LOG_HIGHEST) <= daily_budget:
        return math.inf
    return math.exp(brentq(lambda log: spend(log) - daily_budget, -LOG_HIGHEST, LOG_HIGHEST, xtol=1e-9))
