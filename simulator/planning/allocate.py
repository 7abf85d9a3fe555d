"""Split a budget over campaigns: audiences, places or months."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import finite_at, in_range, instance_of, one_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import LEVEL, Band, Flag
from simulator.forecasting.audience import Audience
from simulator.forecasting.engine import Engine, Settings
from simulator.planning.joint import Joint
from simulator.planning.overlap import shared_groups
from simulator.planning.split import curve_through, divide
from simulator.reference.parameters import Parameters, least_daily_budget

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

DRAWS = 128
"""Draws behind the curves: means over them are within 1 % of those over many."""
COUNT = (2, 60)
"""Campaigns that one split takes."""
MAXIMISE = ("reach", "impressions", "link_clicks")
POINTS = 15
LEAST_SHARE, MOST_SHARE = 2e-3, 2.0
"""Curves run from this share of the whole budget to so many times it; below they are straight."""


@dataclass(frozen=True)
class Allocation:
    """A budget over campaigns.

    Attributes
    ----------
    campaigns : tuple of Campaign
        As given.
    maximise : str
        reach, impressions or link_clicks.
    total_budget : float
        Money given, in ``currency``.
    amounts : tuple of float
        Money in all for each campaign; zero, or at least its minimum if there is one. What no campaign can use is
        left over.
    results : tuple of float
        What each brings by itself, mean over the draws.
    result : float
        What all bring together, people in common counted once.
    equal_result : float
        The same for an equal split.
    marginal : tuple of float
        What one more unit of money would bring in each.
    gain : Band
        Result less that of an equal split, on paired draws.
    probability : float
        That the gain is above zero.
    shared_people : float
        People whom more than one campaign aims at.
    notes : tuple of Flag
        ``split_left_over``, ``split_not_proven``, and ``split_equal_below_minimum`` where an equal split, with
        which this one is compared, gives a campaign less than its minimum.
    """

    campaigns: tuple[Campaign, ...] = field(repr=False)
    maximise: str
    total_budget: float
    currency: str
    amounts: tuple[float, ...]
    results: tuple[float, ...]
    result: float
    equal_result: float
    marginal: tuple[float, ...]
    gain: Band
    probability: float
    shared_people: float
    notes: tuple[Flag, ...] = ()

    @property
    def within_noise(self) -> bool:
        """Whether the gain is above zero with less than 90 %."""
        return self.probability < 0.5 + LEVEL / 2

    @property
    def daily_budgets(self) -> tuple[float, ...]:
        """Money a day for each campaign."""
        return tuple(money / one.duration_days for money, one in zip(self.amounts, self.campaigns, strict=True))

    def planned(self) -> tuple[Campaign, ...]:
        """Return the campaigns that get money, with their daily budgets."""
        pairs = zip(self.campaigns, self.daily_budgets, strict=True)
        return tuple(campaign.with_daily_budget(daily) for campaign, daily in pairs if daily > 0.0)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a campaign: amount, daily_budget, duration_days, result, marginal; currency in attrs."""
        import pandas as pd

        columns = {
            "amount": self.amounts,
            "daily_budget": self.daily_budgets,
            "duration_days": [campaign.duration_days for campaign in self.campaigns],
            self.maximise: self.results,
            "marginal": self.marginal,
        }
        frame = pd.DataFrame(columns, index=pd.RangeIndex(1, len(self.campaigns) + 1, name="campaign"))
        frame.attrs = {"currency": self.currency}
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return {
            "maximise": self.maximise,
            "total_budget": self.total_budget,
            "currency": self.currency,
            "amounts": list(self.amounts),
            "daily_budgets": list(self.daily_budgets),
            "results": list(self.results),
            "result": self.result,
            "equal_result": self.equal_result,
            "marginal": list(self.marginal),
            "gain": self.gain.to_dict(),
            "probability": self.probability,
            "within_noise": self.within_noise,
            "shared_people": self.shared_people,
            "notes": [note.to_dict() for note in self.notes],
        }


def allocate(
    campaigns: Iterable[Campaign],
    total_budget: float,
    maximise: Literal["reach", "impressions", "link_clicks"] = "reach",
    *,
    minimum: float | None = None,
    **settings: Unpack[Settings],
) -> Allocation:
    """Split a budget over campaigns so that the last unit of money brings the same in each.

    Parameters
    ----------
    campaigns : iterable of Campaign
        2 to 60, in one currency; their own budgets do not count, their durations do.
    total_budget : float
        Money in all, in their currency; of the kind that their ``budget_is`` says.
    maximise : str
        What to have most of. People whom several campaigns aim at are counted once: see ``planning.joint``.
    minimum : float, optional
        Least money a day for a campaign that runs. Where absent, about what the platform usually takes, and
        nothing where the budget is too small for that: a hint of the platform forbids no split.
    seed, draws, parameters, calibration, tables, engine
        As in ``simulate``; 128 draws where none are named.

    Raises
    ------
    InvalidInput
        ``other_currency`` for campaigns in several currencies, ``mixed_budgets`` for money on showings beside all-in
        sums, ``out_of_range`` for a budget that no campaign
        could run on, and as in ``simulate``.
    """
    chosen = _checked(campaigns)
    one_of("maximise", maximise, MAXIMISE)
    engine = Engine.of(settings, draws=DRAWS)
    days = np.array([campaign.duration_days for campaign in chosen], dtype=float)
    most = np.array([campaign.most_per_day for campaign in chosen]) * days
    least = np.array([_least(campaign, minimum, engine.parameters) for campaign in chosen]) * days
    if minimum is None and not least.min() <= finite_at("total_budget", total_budget):
        least = np.zeros_like(least)
    total = _checked_total(total_budget, least, most, chosen[0].currency)
    audiences = [engine.audience(one) for one in chosen]
    grid = np.geomspace(LEAST_SHARE * total, MOST_SHARE * total, POINTS)
    drawn = [
        engine.metrics(one, grid / one.duration_days, audience=audience, interactions=False, whole=False)
        for one, audience in zip(chosen, audiences, strict=True)
    ]
    figures = np.stack([metrics[maximise] for metrics in drawn])
    curves = [curve_through(grid, values.mean(axis=0)) for values in figures]
    groups = shared_groups(chosen, engine.parameters)
    shared = float(groups.people.sum())
    joint = Joint.of(curves, _sizes(audiences), groups) if shared > 0.0 else None
    division = divide(curves, total, least, np.minimum(most, total), joint.result_and_slope if joint else None)
    equal = np.minimum(total / len(chosen), most)
    notes = (
        *_notes(total, division.amounts, division.proven, chosen[0].currency),
        *_equal_not_allowed(equal, least, days, chosen[0].currency),
    )
    losses = [joint.lost_share(amounts) if joint else np.zeros(len(chosen)) for amounts in (division.amounts, equal)]
    each = _at(figures, grid, division.amounts)
    paired = [
        (_at(figures, grid, amounts) * (1.0 - lost)[:, None]).sum(axis=0)
        for amounts, lost in zip((division.amounts, equal), losses, strict=True)
    ]
    gain = paired[0] - paired[1]
    return Allocation(
        campaigns=chosen,
        maximise=maximise,
        total_budget=total,
        currency=chosen[0].currency,
        amounts=tuple(division.amounts.tolist()),
        results=tuple(each.mean(axis=1).tolist()),
        result=float(paired[0].mean()),
        equal_result=float(paired[1].mean()),
        marginal=tuple(_marginal(division.amounts, curves, joint)),
        gain=Band.of(gain),
        probability=float(np.mean(gain > 0.0) + 0.5 * np.mean(gain == 0.0)),
        shared_people=shared,
        notes=notes,
    )


def _checked(campaigns: Iterable[Campaign]) -> tuple[Campaign, ...]:
    low, high = COUNT
    try:
        chosen = tuple(itertools.islice(campaigns, high + 1))
    except TypeError:
        allowed = "a list of campaigns"
        raise InvalidInput("wrong_type", field="campaigns", received=shown(campaigns), allowed=allowed) from None
    if len(chosen) > high:
        raise InvalidInput("too_many", field="campaigns", received=f"more than {high}", allowed=f"at most {high}")
    if len(chosen) < low:
        allowed = f"{low} to {high} campaigns"
        raise InvalidInput("out_of_range", field="campaigns", received=len(chosen), allowed=allowed, low=low, high=high)
    for place, campaign in enumerate(chosen):
        instance_of(f"campaigns.{place}", campaign, Campaign)
        if campaign.currency != chosen[0].currency:
            allowed = chosen[0].currency
            field = f"campaigns.{place}.currency"
            raise InvalidInput("other_currency", field=field, received=campaign.currency, allowed=allowed)
        if campaign.budget_is != chosen[0].budget_is:
            field = f"campaigns.{place}.budget_is"
            raise InvalidInput("mixed_budgets", field=field, received=campaign.budget_is, allowed=chosen[0].budget_is)
    return chosen


def _least(campaign: Campaign, minimum: float | None, parameters: Parameters) -> float:
    if minimum is None:
        return least_daily_budget(campaign.currency, parameters)
    value = finite_at("minimum", minimum)
    in_range("minimum", value, 0.0, campaign.most_per_day, campaign.currency)
    return value


def _checked_total(total_budget: float, least: Array, most: Array, currency: str) -> float:
    """Return the budget, if at least one campaign can run on it and all together could spend it."""
    total = finite_at("total_budget", total_budget)
    low, high = float(least.min()), float(most.sum())
    if not max(low, 1e-9) <= total <= high:
        low = max(math.ceil(round(low * 100.0, 6)), 1) / 100.0  # an amount that can be typed, and is enough
        allowed = f"{low:,.15g} to {high:,.15g} {currency}"
        limits = {"low": low, "high": high, "unit": currency}
        raise InvalidInput("out_of_range", field="total_budget", received=shown(total), allowed=allowed, **limits)
    return total


def _sizes(audiences: Iterable[Audience]) -> Array:
    return np.array([max(audience.size, 1.0) for audience in audiences])


def _at(figures: Array, grid: Array, amounts: Array) -> Array:
    """Return the figure of each campaign and draw at its amount, shape (campaign, draw): straight on log scales."""
    result = np.zeros(figures.shape[:2])
    for place, amount in enumerate(amounts.tolist()):
        if amount <= 0.0:
            continue
        column = int(np.clip(np.searchsorted(grid, amount) - 1, 0, len(grid) - 2))
        share = np.log(amount / grid[column]) / np.log(grid[column + 1] / grid[column])
        low, high = np.log(np.maximum(figures[place][:, column : column + 2], 1e-12)).T
        result[place] = np.exp(low + share * (high - low)) if amount >= grid[0] else np.exp(low) * amount / grid[0]
    return result


def _marginal(amounts: Array, curves: list[Any], joint: Joint | None) -> list[float]:
    """Return what one more unit of money would bring in each campaign."""
    if joint is None:
        pairs = zip(curves, amounts.tolist(), strict=True)
        return [float(np.interp(amount, curve.money, curve.slope)) for curve, amount in pairs]
    return [float(slope) for slope in joint.result_and_slope(amounts)[1]]


def _notes(total: float, amounts: Array, proven: bool, currency: str) -> tuple[Flag, ...]:
    left = total - float(amounts.sum())
    notes = [Flag("split_left_over", {"money": left, "currency": currency})] if left > 1e-6 * total else []
    if not proven:
        notes.append(Flag("split_not_proven"))
    return tuple(notes)


def _equal_not_allowed(equal: Array, least: Array, days: Array, currency: str) -> tuple[Flag, ...]:
    """Return the note that an equal split, only compared with, cannot be run: the largest minimum a day not met."""
    below = equal < least * (1.0 - 1e-9)
    if not below.any():
        return ()
    minimum = float((least / days)[below].max())
    return (Flag("split_equal_below_minimum", {"minimum": minimum, "currency": currency}),)
