"""The axis of money: which daily amounts a curve is drawn on, and the next one worth talking about."""

from __future__ import annotations

from simulator.campaign import Campaign
from simulator.charts.curve import round_top
from simulator.errors import InvalidInput

STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100)
"""Round amounts a day, those of the slider: the values people compare lie exactly on the curve."""
AXES = (50.0, 100.0)
"""Ends of the axis of money that most choices fit, so that it stays while the slider moves."""


def axis_end(amount: float) -> float:
    """Return the end of the axis of money: fixed for small amounts, then the next round one."""
    return next((end for end in AXES if amount <= end), round_top(amount))


def amounts_up_to(top: float) -> list[float]:
    """Return nothing and the round amounts up to ``top``, stretched where the axis is longer than they are."""
    scale = max(top / STEPS[-1], 1.0)
    return [0.0, *(step * scale for step in STEPS if step * scale <= top)]


def next_amount(campaign: Campaign) -> float | None:
    """Return the next round amount at or above twice the choice; None where no campaign may spend so much."""
    twice = 2 * campaign.spend_per_day
    power = 1.0
    while twice > STEPS[-1] * power:
        power *= 10
    while twice < power:
        power /= 10
    following = next(step * power for step in STEPS if step * power >= twice * (1 - 1e-9))
    try:
        campaign.with_daily_budget(following)
    except InvalidInput:
        return None
    return following
