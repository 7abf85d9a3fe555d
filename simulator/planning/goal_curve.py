"""The figure of a goal against the daily budget, on the same draws for every budget."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.audience import Audience
from simulator.campaign import Campaign
from simulator.metrics import K_MAX
from simulator.model.knot_tables import KnotTables
from simulator.model.simulation import run
from simulator.outcomes import metrics_of
from simulator.parameters import Parameters
from simulator.planning.enquiries import enquiries
from simulator.planning.goals import EnquiriesGoal, FrequencyGoal, Goal, ReachGoal
from simulator.sample import Learnt, Sample, draw_sample

Array = NDArray[np.float64]


@dataclass(frozen=True)
class GoalCurve:
    """One campaign, its draws and the goal asked of it."""

    goal: Goal
    sample: Sample
    campaign: Campaign
    parameters: Parameters
    seed: int
    tables: KnotTables | None = None

    def at(self, daily_budgets: Array) -> Array:
        """Return the goal's figure, shape (draw, budget); it never falls with the budget."""
        # As many k as simulate asks for: the figures must be the very same.
        outcome = run(self.sample.setting, daily_budgets, K_MAX, self.tables)
        with np.errstate(over="ignore"):  # ratios of vanishing counts, at the cents where a search begins
            metrics, reach_kplus = metrics_of(self.sample, outcome, interactions=False)
        if isinstance(self.goal, ReachGoal):
            return np.asarray(reach_kplus[..., self.goal.at_least - 1])
        if isinstance(self.goal, FrequencyGoal):
            # Of less than one person there is no mean: two vanishing counts would make any ratio.
            return np.where(metrics["reach"] >= 1.0, metrics["frequency"], 1.0)
        if isinstance(self.goal, EnquiriesGoal):
            return enquiries(self.campaign, metrics["link_clicks"], self.parameters, self.seed)
        return metrics["link_clicks"]

    def spent(self, daily_budget: float) -> Array:
        """Return the share of the budget that is spent, shape (draw,)."""
        spend = run(self.sample.setting, np.array([daily_budget]), 1, self.tables).spend[:, 0]
        return np.asarray(spend / (daily_budget * self.campaign.duration_days))

    def uncapped(self) -> GoalCurve:
        """Return the same without the frequency cap."""
        return replace(self, sample=replace(self.sample, setting=replace(self.sample.setting, cap=None)))


def goal_curve(
    campaign: Campaign,
    audience: Audience,
    goal: Goal,
    parameters: Parameters,
    seed: int,
    draws: int,
    calibration: Learnt | None = None,
    tables: KnotTables | None = None,
) -> GoalCurve:
    """Draw what the curve needs; the first draws of a larger number are those of a smaller one."""
    sample = draw_sample(campaign, audience, parameters, seed, draws, calibration)
    return GoalCurve(goal, sample, campaign, parameters, seed, tables)
