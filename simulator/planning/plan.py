"""From a goal back to the money: the cheapest daily budget, and duration if it is free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import K_MAX
from simulator.base.validation import finite_at, in_range, instance_of, numbers
from simulator.campaign.campaign import DURATION_DAYS, Campaign
from simulator.campaign.forecast import Band, Flag
from simulator.forecasting.audience import Audience
from simulator.forecasting.bill import Charges, media_budgets
from simulator.forecasting.engine import Engine, Settings
from simulator.forecasting.metrics import metrics_of
from simulator.forecasting.sample import Sample
from simulator.model.draws import whole_count
from simulator.model.interpolation import KnotTables
from simulator.model.simulation import run
from simulator.planning.goals import (
    GOALS,
    ClicksGoal,
    EnquiriesGoal,
    FrequencyGoal,
    Goal,
    ReachGoal,
    check_trade,
    enquiries,
)
from simulator.reference.parameters import least_daily_budget, units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True)
class GoalCurve:
    """One campaign, its draws and the goal asked of it.

    Clicks and enquiries are whole numbers: how likely so many are follows from what each draw expects of them, which
    is smooth in the budget, as ``Forecast.probability`` has it; no quantile of counts is searched.
    """

    goal: Goal
    sample: Sample
    campaign: Campaign
    engine: Engine

    @property
    def is_count(self) -> bool:
        """Whether the goal is a number of responses."""
        return isinstance(self.goal, (ClicksGoal, EnquiriesGoal))

    def at(self, daily_budgets: Array) -> Array:
        """Return the goal's figure, of a count what a draw expects, shape (draw, budget); no budget lets it fall."""
        # As many k as simulate asks for: the figures must be the very same.
        outcome = run(self.sample.setting, daily_budgets, K_MAX, self.engine.tables)
        with np.errstate(over="ignore"):  # ratios of vanishing counts, at the cents where a search begins
            metrics, reach_kplus = metrics_of(self.sample, outcome, interactions=False, whole=False)
        if isinstance(self.goal, ReachGoal):
            return np.asarray(reach_kplus[..., self.goal.at_least - 1])
        if isinstance(self.goal, FrequencyGoal):
            # Of less than one person there is no mean: two vanishing counts would make any ratio.
            return np.where(metrics["reach"] >= 1.0, metrics["frequency"], 1.0)
        if isinstance(self.goal, EnquiriesGoal):
            return self._enquiries()[0][:, None] * metrics["link_clicks"]
        return metrics["link_clicks"]

    def reached(self, figures: Array, confidence: float) -> Array:
        """Return what is had with that probability, shape (budget,): a count between whole numbers where it must be.

        Parameters
        ----------
        figures : ndarray (draw, budget)
            As ``at`` gives them.
        """
        if not self.is_count:
            return np.asarray(np.quantile(figures, 1.0 - confidence, axis=0))
        low, high = np.full(figures.shape[1], NO_COUNT), figures.max(axis=0) * 2.0 + 50.0
        for _ in range(HALVINGS):
            middle = np.sqrt(low * high)
            enough = gammainc(middle, figures).mean(axis=0) >= confidence
            low, high = np.where(enough, middle, low), np.where(enough, high, middle)
        return low

    def is_met(self, figures: Array, confidence: float) -> bool:
        """Return whether figures of shape (draw,) meet the goal with that probability."""
        if self.is_count:
            return bool(gammainc(self.wanted, figures).mean() >= confidence)
        return bool(np.quantile(figures, 1.0 - confidence) >= self.wanted)

    @property
    def wanted(self) -> float:
        """The figure to reach; of a count the whole number."""
        return float(np.ceil(self.goal.wanted)) if self.is_count else self.goal.wanted

    def band(self, figures: Array) -> Band:
        """Return the band of the goal's figure, counted where it is a count; figures of shape (draw,)."""
        if not self.is_count:
            return Band.of(figures)
        enquired = isinstance(self.goal, EnquiriesGoal)
        points = self._enquiries()[1] if enquired else self.sample.point("noise_link_clicks")
        return Band.of(whole_count(figures, points), whole=True)

    def _enquiries(self) -> tuple[Array, Array]:
        return enquiries(self.campaign, len(self.sample.points), self.engine.parameters, self.engine.seed)

    def spent(self, daily_budget: float) -> Array:
        """Return the share of the budget that is spent, shape (draw,)."""
        spend = run(self.sample.setting, np.array([daily_budget]), 1, self.engine.tables).spend[:, 0]
        return np.asarray(spend / (daily_budget * self.campaign.duration_days))

    def uncapped(self) -> GoalCurve:
        """Return the same without the frequency cap."""
        return replace(self, sample=replace(self.sample, setting=replace(self.sample.setting, cap=None)))


def goal_curve(campaign: Campaign, audience: Audience, goal: Goal, engine: Engine) -> GoalCurve:
    """Draw what the curve needs; the first draws of a larger number are those of a smaller one."""
    return GoalCurve(goal, engine.sample(campaign, audience), campaign, engine)


CONFIDENCE = (0.01, 0.99)
LEAST_EUR = 0.01
"""Daily budget at which the search begins, in euro value: a cent."""
MOST_DURATIONS = 40
SETTINGS = 6
"""Kinds of people, on one platform or both, twice: for the rough search and the fine one."""
ROUGH_DRAWS = 64
ROUGH_BUDGETS = 29
FINE_BUDGETS = 6
FIRST_SPAN = 1.3
"""The fine search begins with budgets from the rough answer over so much to as many times it."""
NARROW = 1.12
"""Ratio of neighbouring budgets between which the curve is straight on logarithmic scales, to 3e-4."""
MOST_ROUNDS = 12
NO_COUNT = 1e-9
HALVINGS = 40
"""Of a count between ``NO_COUNT`` and twice the most that a draw expects, to its last digits."""
NEARLY_ALL = 0.99
"""Share of the most that can be had beyond which money buys next to nothing."""


@dataclass(frozen=True)
class Plan:
    """The answer to a goal.

    Attributes
    ----------
    goal : ReachGoal, ClicksGoal, EnquiriesGoal or FrequencyGoal
    confidence : float
        Probability with which the goal is reached.
    feasible : bool
        Whether any budget reaches it.
    daily_budget, total_budget : float
        Money in the campaign's currency, of the kind that its ``budget_is`` says; where nothing reaches the goal, the
        budget that brings nearly all that can be had.
    duration_days : int
    figure : Band
        The goal's figure at that budget.
    most : float
        The most that can be had with that probability, whatever the money.
    campaign : Campaign
        The campaign with that budget and duration, ready for ``simulate``.
    reasons : tuple of Flag
        Why the goal cannot be reached: ``goal_audience``, ``goal_cap``, ``goal_inventory``,
        ``goal_largest_budget``, or why nobody can be shown it at all.
    flags : tuple of Flag
        ``budget_below_minimum`` where that is less than the platform usually takes; a hint, no obstacle.
    """

    goal: Goal
    confidence: float
    feasible: bool
    daily_budget: float
    total_budget: float
    duration_days: int
    figure: Band
    most: float
    campaign: Campaign = field(repr=False)
    reasons: tuple[Flag, ...] = ()
    flags: tuple[Flag, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return {
            "goal": {"metric": self.goal.metric, "wanted": self.goal.wanted},
            "confidence": self.confidence,
            "feasible": self.feasible,
            "daily_budget": self.daily_budget,
            "total_budget": self.total_budget,
            "duration_days": self.duration_days,
            "currency": self.campaign.currency,
            "figure": self.figure.to_dict(),
            "most": self.most,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "flags": [flag.to_dict() for flag in self.flags],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row: goal, money and the band of the goal's figure; ``attrs`` hold the currency."""
        import pandas as pd

        names = ("confidence", "feasible", "daily_budget", "total_budget", "duration_days")
        figures = {f"figure_{name}": value for name, value in self.figure.to_dict().items()}
        row = {"metric": self.goal.metric, "wanted": self.goal.wanted, **{name: getattr(self, name) for name in names}}
        frame = pd.DataFrame([{**row, **figures, "most": self.most}])
        frame.attrs = {"currency": self.campaign.currency}
        return frame


def plan(
    campaign: Campaign,
    goal: Goal,
    *,
    confidence: float = 0.5,
    durations: Iterable[int] | None = None,
    **settings: Unpack[Settings],
) -> Plan:
    """Return the cheapest daily budget that reaches a goal with a given probability.

    Parameters
    ----------
    campaign : Campaign
        Its own budget does not count, except that an own CPM or click rate of the parameters holds there.
    goal : ReachGoal, ClicksGoal, EnquiriesGoal or FrequencyGoal
    confidence : float
        0.01 to 0.99; 0.5 is the budget at which the median forecast is the goal.
    durations : iterable of int, optional
        Days to choose from; the cheapest in all is taken, of equals the shortest. The campaign's own where absent.
    seed, draws, parameters, calibration, tables, engine
        As in ``simulate``: with the same ones its forecast of ``plan.campaign`` shows the goal.

    Raises
    ------
    InvalidInput
        For a goal, confidence or duration that cannot be used, and for enquiries without a known trade.
    """
    instance_of("campaign", campaign, Campaign)
    _check_goal(goal)
    confidence = finite_at("confidence", confidence)
    in_range("confidence", confidence, *CONFIDENCE)
    engine = Engine.of(settings)
    if engine.tables is None:
        # The search asks for many budgets of one setting: it keeps what they share even where the caller does not.
        engine = replace(engine, tables=KnotTables(SETTINGS))
    if isinstance(goal, EnquiriesGoal):
        check_trade(campaign, engine.parameters)
    audience = engine.audience(campaign)
    found = [_one_duration(other, audience, goal, confidence, engine) for other in _with_durations(campaign, durations)]
    reached = [one for one in found if one.feasible]
    if reached:
        return min(reached, key=lambda one: (one.total_budget, one.duration_days))
    return max(found, key=lambda one: (one.most, -one.duration_days))


def _one_duration(campaign: Campaign, audience: Audience, goal: Goal, confidence: float, engine: Engine) -> Plan:
    if audience.size <= 0.0:
        reasons = audience.reasons or (Flag("nobody_matches"),)
        return Plan(goal, confidence, False, 0.0, 0.0, campaign.duration_days, Band(0, 0, 0, 0), 0.0, campaign, reasons)
    curve = rough = goal_curve(campaign, audience, goal, engine)
    if engine.draws > ROUGH_DRAWS:
        rough = goal_curve(campaign, audience, goal, engine.with_draws(ROUGH_DRAWS))
    most = float(media_budgets(campaign, np.array([float(campaign.most_per_day)]), engine.parameters)[0])
    ends = LEAST_EUR * units_per_euro(campaign.currency), most
    start = _rough_answer(rough, ends, curve.wanted, confidence)
    budgets, figures = _around_answer(curve, ends, start, confidence)
    reached = curve.reached(figures, confidence)
    if reached[-1] < curve.wanted:
        return _infeasible(curve, confidence, ends, float(reached[-1]), rough)
    place = int(np.argmax(reached >= curve.wanted))
    if place == 0:
        budget, drawn = float(budgets[0]), figures[:, 0]
    else:
        budget, drawn = _between(curve, budgets[place - 1 : place + 1], figures[:, place - 1 : place + 1], confidence)
    most = float(curve.reached(drawn[:, None], confidence)[0])
    return _as_plan(curve, confidence, True, budget, curve.band(drawn), most, ())


def _rough_answer(curve: GoalCurve, ends: tuple[float, float], wanted: float, confidence: float) -> float:
    """Return about where the goal, or nearly all there is, is met: from few draws at budgets over all decades."""
    budgets = np.geomspace(*ends, ROUGH_BUDGETS)
    reached = curve.reached(curve.at(budgets), confidence)
    reached = np.maximum.accumulate(np.maximum(reached, 1e-9))
    target = np.log(min(wanted, NEARLY_ALL * reached[-1]))
    return float(np.exp(np.interp(target, np.log(reached), np.log(budgets))))


def _around_answer(curve: GoalCurve, ends: tuple[float, float], start: float, confidence: float) -> tuple[Array, Array]:
    """Return budgets close to each other that hold the answer, and the figures (draw, budget) there."""
    wanted = curve.wanted
    low, high = max(start / FIRST_SPAN, ends[0]), min(start * FIRST_SPAN, ends[1])
    for _ in range(MOST_ROUNDS):
        budgets = np.geomspace(low, high, FINE_BUDGETS) if high > low else np.array([high])
        figures = curve.at(budgets)
        reached = curve.reached(figures, confidence)
        if reached[0] >= wanted and low > ends[0]:
            low, high = max(low * (low / high) ** 2, ends[0]), low
        elif reached[-1] < wanted and high < ends[1]:
            low, high = high, min(high * (high / low) ** 2, ends[1])
        elif reached[0] < wanted <= reached[-1] and budgets[1] / budgets[0] > NARROW:
            place = int(np.argmax(reached >= wanted))
            low, high = float(budgets[place - 1]), float(budgets[place])
        else:
            break
    return budgets, figures


def _between(curve: GoalCurve, budgets: Array, figures: Array, confidence: float) -> tuple[float, Array]:
    """Return the budget between two close ones at which the goal is met, and the figure of each draw there.

    Each draw runs straight between the two on logarithmic scales; the share of the way is found by halving, for
    the quantile of the draws is not one of them.
    """
    logs = np.log(np.maximum(figures, 1e-9))
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        drawn = np.exp(logs[:, 0] + middle * (logs[:, 1] - logs[:, 0]))
        if curve.is_met(drawn, confidence):
            high = middle
        else:
            low = middle
    drawn = np.exp(logs[:, 0] + high * (logs[:, 1] - logs[:, 0]))
    return float(budgets[0] * (budgets[1] / budgets[0]) ** high), drawn


def _infeasible(curve: GoalCurve, confidence: float, ends: tuple[float, float], most: float, rough: GoalCurve) -> Plan:
    """Say the most that can be had, the money that brings nearly all of it, and why there is no more."""
    reasons = why_not(curve, confidence, ends[1])
    nearly = _rough_answer(rough, ends, np.inf, confidence)
    figure = curve.band(curve.at(np.array([nearly]))[:, 0])
    return _as_plan(curve, confidence, False, nearly, figure, most, reasons)


def _as_plan(
    curve: GoalCurve,
    confidence: float,
    feasible: bool,
    daily_budget: float,
    figure: Band,
    most: float,
    reasons: tuple[Flag, ...],
) -> Plan:
    least = least_daily_budget(curve.campaign.currency, curve.engine.parameters)
    below = daily_budget < least
    if curve.campaign.budget_is == "all_in":
        daily_budget = float(Charges.of(curve.campaign, curve.engine.parameters).total(np.array([daily_budget]))[0])
    campaign = curve.campaign.with_daily_budget(daily_budget)
    flag = Flag("budget_below_minimum", {"minimum": least, "currency": campaign.currency})
    return Plan(
        goal=curve.goal,
        confidence=confidence,
        feasible=feasible,
        daily_budget=daily_budget,
        total_budget=daily_budget * campaign.duration_days,
        duration_days=campaign.duration_days,
        figure=figure,
        most=most,
        campaign=campaign,
        reasons=reasons,
        flags=(flag,) if below else (),
    )


def _check_goal(goal: object) -> None:
    if not isinstance(goal, GOALS):
        allowed = ", ".join(kind.__name__ for kind in GOALS)
        raise InvalidInput("wrong_type", field="goal", received=shown(goal), allowed=allowed)


def _with_durations(campaign: Campaign, durations: Iterable[int] | None) -> list[Campaign]:
    """Return the campaign with every duration asked for, the shortest first; its money a day stays allowed."""
    if durations is None:
        return [campaign]
    low, high = DURATION_DAYS
    days = numbers("durations", durations, low, high, "days", MOST_DURATIONS)
    for position, value in enumerate(days):
        if not float(value).is_integer():
            field, allowed = f"durations.{position}", "a whole one"
            raise InvalidInput("not_a_number", field=field, received=shown(value), allowed=allowed)
    base = campaign.with_daily_budget(campaign.spend_per_day)
    return [base.replace(duration_days=int(value)) for value in sorted(set(days))]


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
    most = np.array([most_per_day])
    if cap is not None and not found and curve.is_met(curve.uncapped().at(most)[:, 0], confidence):
        found.append(Flag("goal_cap", {"times": cap[0], "days": cap[1]}))
    if found:
        return tuple(found)
    spent = float(np.quantile(curve.spent(most_per_day), 1.0 - confidence))
    if spent < 1.0 - 1e-9:
        return (Flag("goal_inventory", {"days": curve.campaign.duration_days}),)
    return (
        Flag("goal_largest_budget", {"most": float(curve.campaign.most_per_day), "currency": curve.campaign.currency}),
    )
