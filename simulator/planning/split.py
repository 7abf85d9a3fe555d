"""Split money over curves: equal marginal results, and nothing or at least a minimum for each.

Pure arithmetic on tabulated curves. Where curves are concave the answer without minimum budgets is the one at
which the last unit of money brings the same everywhere; minimum budgets ("nothing, or at least so much") are
settled by branch and bound, whose bounds are the same problem without them.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NODES = 192
"""Points of a tabulated curve; what lies between them is taken as straight in the slope: 1e-6 of the result."""
FEW_NODES = 112
"""The same where the slope is given exactly."""
MOST_BRANCHES = 64
"""Splits tried for the sake of minimum budgets; beyond, the best so far is taken and a note says so."""
MOST_CLIMBED = 480
"""Curves, times splits tried, where people in common make each split a climb: about a second."""
WORTH = 1e-4
"""Money that brings less than this share of what the first unit brings is left over."""
CLOSE = 1e-9
"""Share of the money that may remain undivided, and share of the result that is no gain."""


class Curve(NamedTuple):
    """What money brings: arrays of shape (node,), the first node at no money.

    Attributes
    ----------
    money : ndarray
        Rising.
    value : ndarray
        Result; never falls.
    slope : ndarray
        Result of one more unit of money; never rises.
    """

    money: Array
    value: Array
    slope: Array

    def at(self, money: float) -> float:
        """Return the result of an amount."""
        return float(np.interp(money, self.money, self.value))


class Division(NamedTuple):
    """Amounts, shape (curve,), the result, and whether nothing better is possible."""

    amounts: Array
    value: float
    proven: bool


def curve_through(money: Array, value: Array) -> Curve:
    """Return the curve through points (money > 0 and rising, value > 0): smooth on logarithmic scales."""
    from scipy.interpolate import CubicSpline

    value = np.maximum.accumulate(np.maximum(value, 1e-12))
    through = CubicSpline(np.log(money), np.log(value))
    at = np.log(np.geomspace(money[0], money[-1], NODES))
    at[0], at[-1] = np.log(money[0]), np.log(money[-1])
    values, places = np.exp(through(at)), np.exp(at)
    slope = through(at, 1) * values / places
    first = values[0] / places[0]
    slopes = np.minimum.accumulate(np.concatenate(([max(first, slope[0])], np.minimum(slope, first))))
    return Curve(np.concatenate(([0.0], places)), np.concatenate(([0.0], values)), _falling(np.maximum(slopes, 0.0)))


def tabulated(function: Callable[[Array], tuple[Array, Array]], most: float) -> Curve:
    """Return the curve of a concave function, which gives result and slope, from nothing to ``most``."""
    money = most * np.linspace(0.0, 1.0, FEW_NODES) ** 2
    value, slope = function(money)
    return Curve(money, value, _falling(slope))


def _falling(slope: Array) -> Array:
    """Return slopes that fall from node to node, if only by a rounding error: each price has one amount."""
    return np.asarray(np.minimum.accumulate(slope) * (1.0 - 1e-12 * np.arange(len(slope))))


def marginal_split(curves: Sequence[Curve], total: float, least: Array, most: Array) -> Array:
    """Return amounts at which one more unit of money brings the same everywhere.

    Parameters
    ----------
    least, most : ndarray (curve,)
        Bounds of each amount; Σ least ≤ total. What brings nothing more is not spent.
    """
    turned = [(curve.slope[::-1], curve.money[::-1]) for curve in curves]
    dearest = max(float(curve.slope[0]) for curve in curves)
    # Between these prices every amount is a straight line of the price, and so is their sum.
    bounds = np.stack((least, np.minimum(most, [curve.money[-1] for curve in curves])), axis=1)
    kinks = [np.interp(pair, curve.money, curve.slope) for pair, curve in zip(bounds, curves, strict=True)]
    prices = np.sort(np.concatenate([*(slope for slope, _ in turned), *kinks, [WORTH * dearest, 2.0 * dearest]]))
    prices = prices[np.searchsorted(prices, WORTH * dearest) :]
    wished = np.stack([np.interp(prices, slope, money) for slope, money in turned])
    # Nothing is bought above the first slope.
    wished[prices > np.array([[slope[-1]] for slope, _ in turned])] = 0.0
    amounts = np.clip(wished, least[:, None], most[:, None])
    demand = amounts.sum(axis=0)
    if demand[0] <= total:
        return np.asarray(amounts[:, 0])
    cheap = int(np.searchsorted(-demand, -total, side="right")) - 1
    gap = demand[cheap] - demand[cheap + 1]
    share = (total - demand[cheap + 1]) / gap if gap > 0.0 else 0.0
    return np.asarray(amounts[:, cheap + 1] + share * (amounts[:, cheap] - amounts[:, cheap + 1]))


def divide(  # noqa: C901 — a branch and bound in one loop; it goes or is split with the engine
    curves: Sequence[Curve],
    total: float,
    least: Array,
    most: Array,
    joint: Callable[[Array], tuple[float, Array]] | None = None,
) -> Division:
    """Return the best split where each curve gets nothing or at least ``least``.

    Parameters
    ----------
    curves : sequence of Curve
        Concave; without ``joint`` their values add up to the result.
    total : float
        Money to split.
    least, most : ndarray (curve,)
        Bounds of each amount that is not zero.
    joint : callable, optional
        Result of amounts, and its slope by each, where the results of curves overlap; concave.
    """

    def solved(floor: Array, ceiling: Array) -> tuple[float, Array]:
        amounts = marginal_split(curves, total, floor, ceiling)
        if joint is None:
            return result(amounts), amounts
        return _ascended(joint, amounts, total, floor, ceiling)

    def apart(floor: Array, ceiling: Array) -> tuple[float, Array]:
        amounts = marginal_split(curves, total, floor, ceiling)
        return result(amounts), amounts

    def result(amounts: Array) -> float:
        if joint is not None:
            return joint(amounts)[0]
        return sum(curve.at(amount) for curve, amount in zip(curves, amounts, strict=True))

    none = np.zeros(len(curves))
    value, amounts = solved(none, most)
    best, found = -np.inf, none
    if _short(amounts, least, total).any():
        best, found = by_result_per_money(result, apart, total, least, most)
        if joint is not None:
            best, found = _ascended(joint, found, total, *np.where(found > 0.0, (least, most), 0.0))
    order = itertools.count()
    waiting = [(-value, next(order), none, most, amounts)]
    tried, most_tried = 0, MOST_BRANCHES if joint is None else min(MOST_BRANCHES, MOST_CLIMBED // len(curves))
    while waiting and tried < most_tried:
        bound, _, floor, ceiling, amounts = heapq.heappop(waiting)
        if -bound <= best * (1.0 + CLOSE):
            break
        short = _short(amounts, least, total)
        if not short.any():
            return Division(np.where(amounts > CLOSE * total, amounts, 0.0), -bound, True)
        tried += 1
        place = int(np.argmax(np.where(short, least - amounts, -np.inf)))
        raised, closed = floor.copy(), ceiling.copy()
        raised[place], closed[place] = least[place], 0.0
        for bounds in ((floor, closed), (raised, ceiling)):
            if bounds[0].sum() <= total and bounds[0][place] <= bounds[1][place]:
                value, amounts = solved(*bounds)
                heapq.heappush(waiting, (-value, next(order), *bounds, amounts))
                if value > best and not _short(amounts, least, total).any():
                    best, found = value, amounts
    return Division(found, max(best, 0.0), not waiting or tried < most_tried)


def _short(amounts: Array, least: Array, total: float) -> NDArray[np.bool_]:
    """Return which amounts are neither nothing nor at least their minimum."""
    return np.asarray((amounts > CLOSE * total) & (amounts < least * (1.0 - CLOSE)))


def _ascended(
    joint: Callable[[Array], tuple[float, Array]], start: Array, total: float, floor: Array, ceiling: Array
) -> tuple[float, Array]:
    """Climb from a split that ignores overlaps to the best one that does not (sequential quadratic programming)."""
    from scipy.optimize import minimize

    scale = max(joint(start)[0], 1e-12)
    free = np.flatnonzero(ceiling > floor)
    if len(free) < 2:
        return scale, start
    low, high = floor[free] / total, np.minimum(ceiling[free] / total, 1.0)

    def amounts(share: Array) -> Array:
        full = start.copy()
        full[free] = np.clip(share, low, high) * total
        return full

    def worse(share: Array) -> tuple[float, Array]:
        value, slope = joint(amounts(share))
        return -value / scale, -slope[free] * total / scale

    room = 1.0 - (start.sum() - start[free].sum()) / total
    answer = minimize(  # type: ignore[call-overload]
        worse,
        start[free] / total,
        jac=True,
        method="SLSQP",
        bounds=list(zip(low, high, strict=True)),
        constraints={
            "type": "ineq",
            "fun": lambda share: room - share.sum(),
            "jac": lambda share: -np.ones((1, len(share))),
        },
        options={"ftol": 1e-9, "maxiter": 60},
    )
    reached = amounts(answer.x)
    over = reached.sum() - total
    if over > 0.0:
        spare = np.maximum(reached - floor, 0.0)
        reached = reached - over * spare / max(spare.sum(), 1e-300)
    value = joint(reached)[0]
    return (value, reached) if value >= scale else (scale, start)


ROUNDING = 1e-12
"""Share of the money by which a sum of minimums may pass it."""


def by_result_per_money(
    result: Callable[[Array], float],
    solved: Callable[[Array, Array], tuple[float, Array]],
    total: float,
    least: Array,
    most: Array,
) -> tuple[float, Array]:
    """Return the result and the amounts, shape (curve,), of the best split met on the way.

    One curve after another is let in, the one whose minimum adds most for its money to the minimums of those
    within; what is left is split among them so that the last unit brings the same in each.

    Parameters
    ----------
    result : callable
        Result of amounts, people in common counted once.
    solved : callable
        Result and amounts of the best split between a floor and a ceiling for each curve.
    total : float
        Money to split.
    least, most : ndarray (curve,)
        Bounds of each amount that is not zero.
    """
    within, minimums = np.zeros(len(least), dtype=bool), np.zeros(len(least))
    best, found = 0.0, np.zeros(len(least))
    while True:
        room = total * (1.0 + ROUNDING) - minimums.sum()
        open_to = np.flatnonzero(~within & (least <= room) & (least <= most))
        if not len(open_to):
            return best, found
        before = result(minimums)
        price = np.maximum(least, ROUNDING * total)
        adds = [(result(_with(minimums, int(place), float(price[place]))) - before) / price[place] for place in open_to]
        place = int(open_to[int(np.argmax(adds))])
        within[place], minimums[place] = True, least[place]
        value, amounts = solved(minimums, np.where(within, most, 0.0))
        if value > best:
            best, found = value, amounts


def _with(amounts: Array, place: int, money: float) -> Array:
    other = amounts.copy()
    other[place] = money
    return other
