"""Why a goal cannot be reached, whatever the money."""

from __future__ import annotations

import numpy as np

from simulator.forecast import Flag
from simulator.planning.goal_curve import GoalCurve
from simulator.planning.goals import ReachGoal


def why_not(curve: GoalCurve, confidence: float, most_per_day: float) -> tuple[Flag, ...]:
    """Return the reasons, the firmest first.

    Parameters
    ----------
    curve : GoalCurve
    confidence : float
        Probability with which the goal was to be reached.
    most_per_day : float
        The largest daily budget allowed.
    """
    goal = curve.goal
    found = []
    if isinstance(goal, ReachGoal):
        people = float(np.quantile(curve.sample.audience_size, 1.0 - confidence))
        if people < goal.people:
            found.append(Flag("goal_audience", {"people": people}))
    cap = curve.campaign.frequency_cap
    if cap is not None and not found:
        without = np.quantile(curve.uncapped().at(np.array([most_per_day])), 1.0 - confidence)
        if without >= goal.wanted:
            found.append(Flag("goal_cap", {"times": cap[0], "days": cap[1]}))
    if found:
        return tuple(found)
    spent = float(np.quantile(curve.spent(most_per_day), 1.0 - confidence))
    if spent < 1.0 - 1e-9:
        return (Flag("goal_inventory", {"days": curve.campaign.duration_days}),)
    return (Flag("goal_largest_budget", {"most": most_per_day, "currency": curve.campaign.currency}),)
