"""The line in one piece: money -> delivery -> exposure -> engagement, for all draws, budgets and groups.

Axes: draw, budget, presence (people on one platform, on the other, on both), cell (country × sex × age band).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.base.metrics import K_MAX
from simulator.model import interpolation
from simulator.model.auction import deliver
from simulator.model.capped_tables import capped_responses
from simulator.model.caps import Cap, PerPlatform
from simulator.model.engagement import People, exposure_and_response
from simulator.model.interpolation import Knots, KnotTables

Array = NDArray[np.float64]

NODES = 16
"""Quadrature nodes: 1e-3 on reach, 1e-2 on the tenth showing, up to a persistence of 0.8: far inside the bands."""
NOTHING = 1e-300
Z_RANGE = (interpolation.Z_FLOOR, interpolation.Z_CAP)
"""Where z is looked for under a cap."""
TOP = round(Z_RANGE[1] / interpolation.STEP)
"""Number of the knot at which all slots are won."""
RISE, FULL_RISE = 0.5, Z_RANGE[1] - Z_RANGE[0]
"""How far above the threshold without a cap that of a cap is looked for, first and then."""
OUTCOMES = ("spend", "cell_spend", "impressions", "reach_kplus", "answered", "z")
ROUNDS = 40
CLOSE = 1e-10
"""Share of the budget that may be missed."""


@dataclass(frozen=True)
class Setting:
    """Everything a forecast draws, as arrays.

    Attributes
    ----------
    people : ndarray (draw, presence, cell)
        People who really come in the flight.
    presence : ndarray (presence, platform) of bool
        Platforms on which the people of a row meet the advertisement.
    slots_per_day : ndarray (draw, platform)
        Eligible slots a person and day.
    platform_price : ndarray (draw, platform)
    cell_price : ndarray (draw, cell)
        Mean competing price of a slot is their product, money per slot.
    price_dispersion, value_dispersion, activity_shape, persistence, wear_out : ndarray (draw,)
        σe, δ, α, ρ, γ.
    platform_appeal : ndarray (draw, platform)
        Response on a platform relative to the common rate.
    cell_appeal : ndarray (draw, cell)
        Response of a cell relative to the common rate.
    duration_days : int
    cap : Cap, optional
        Frequency cap.
    """

    people: Array
    presence: NDArray[np.bool_]
    slots_per_day: Array
    platform_price: Array
    cell_price: Array
    price_dispersion: Array
    value_dispersion: Array
    activity_shape: Array
    persistence: Array
    wear_out: Array
    platform_appeal: Array
    cell_appeal: Array
    duration_days: int
    cap: Cap | None = None

    def some(self, draws: NDArray[np.int64]) -> Setting:
        """Return the setting of some draws only."""
        alike = ("presence", "duration_days", "cap")
        names = [one.name for one in fields(self) if one.name not in alike]
        return replace(self, **{name: getattr(self, name)[draws] for name in names})


class Exposed(NamedTuple):
    """Per person, axes (draw, budget, presence, cell): the last two only under a cap.

    Attributes
    ----------
    reached : ndarray (…, k_max)
        Share reached at least k times.
    answered : ndarray
        Responses for a rate of one.
    cost : ndarray or None
        Mean cost of the showings, in units of the cell's price.
    impressions : ndarray (draw, budget, presence, platform, cell) or None
        Mean showings.
    """

    reached: Array
    answered: Array
    cost: Array | Any = None
    impressions: Array | Any = None


@dataclass(frozen=True)
class Outcome:
    """What comes of each budget.

    Attributes
    ----------
    spend : ndarray (draw, budget)
        Money over the campaign.
    cell_spend : ndarray (draw, budget, cell)
        The same by cell, before the money of a cap that is reached is cut at the budget.
    impressions : ndarray (draw, budget, presence, platform, cell)
    reach_kplus : ndarray (draw, budget, presence, cell, k_max)
        People reached at least k times.
    answered : ndarray (draw, budget, presence, cell)
        Responses for a common rate of one.
    z : ndarray (draw, budget, cell)
        Normal quantile of the win share at a platform price of one.
    """

    spend: Array
    cell_spend: Array
    impressions: Array
    reach_kplus: Array
    answered: Array
    z: Array


def run(setting: Setting, daily_budgets: Array, k_max: int = K_MAX, tables: KnotTables | None = None) -> Outcome:
    """Simulate every budget on every draw.

    Parameters
    ----------
    setting : Setting
    daily_budgets : ndarray (budget,)
        Money a day, ≥ 0.
    k_max : int
        Largest number of showings asked about.
    tables : KnotTables, optional
        Keeps what is worked out for the next call.
    """
    if setting.cap is not None:
        return _run_capped(setting, daily_budgets, k_max)
    z, spend = _delivered(setting, daily_budgets)
    exposed = expose(setting, z, setting.duration_days, k_max, tables)
    shown_on = _shown_on(setting, z)
    # Nobody is reached who is not shown it: the interpolation's last digit must not say otherwise.
    reached = np.minimum(exposed.reached, shown_on.sum(axis=3)[..., None])
    return Outcome(
        spend=spend.sum(axis=-1) * setting.duration_days,
        cell_spend=spend * setting.duration_days,
        impressions=shown_on * setting.people[:, None, :, None, :],
        reach_kplus=reached * setting.people[:, None, :, :, None],
        answered=exposed.answered * setting.people[:, None] * setting.cell_appeal[:, None, None, :],
        z=z,
    )


class _Delivered(NamedTuple):
    """What a budget buys without a cap: z as in ``Outcome``, and money a day, both (draw, budget, cell)."""

    z: Array
    spend: Array


def _delivered(setting: Setting, daily_budgets: Array) -> _Delivered:
    draws, platforms = setting.slots_per_day.shape
    cells = setting.cell_price.shape[1]
    on_platform = np.einsum("rj,drc->djc", setting.presence.astype(float), setting.people)
    slots = on_platform * setting.slots_per_day[:, :, None]
    price = setting.platform_price[:, :, None] * setting.cell_price[:, None, :]
    flat = (draws, platforms * cells)
    delivery = deliver(
        daily_budgets[None, :],
        slots.reshape(flat),
        price.reshape(flat),
        setting.price_dispersion,
        setting.value_dispersion,
    )
    shape = (draws, len(daily_budgets), platforms, cells)
    z = delivery.z.reshape(shape)[:, :, 0, :] - _platform_shift(setting)[:, None, 0, None]
    return _Delivered(z, delivery.spend.reshape(shape).sum(axis=2))


def _run_capped(setting: Setting, daily_budgets: Array, k_max: int) -> Outcome:
    """Simulate under a frequency cap: first all that a cap leaves, then the budgets that buy less."""
    top = Knots(np.full(len(setting.people), TOP), np.ones((len(setting.people), 1), dtype=bool))
    logs = _capped_logs(setting, top, setting.duration_days, k_max)
    money = setting.people * setting.cell_price[:, None, :]
    everything = (np.exp(logs[:, :, 0, k_max + 1, None]) * money).sum(axis=(1, 2))
    budget = daily_budgets * setting.duration_days
    is_less = budget < everything[:, None]
    z = np.full((*is_less.shape, setting.cell_price.shape[1]), np.inf)
    outcome = _capped_outcome(setting, daily_budgets, z, np.ones((*is_less.shape, 1)), logs, k_max)
    rest = np.flatnonzero(is_less.any(axis=1))
    if rest.size:
        below = _run_below(setting.some(rest), daily_budgets, k_max, RISE)
        for name in OUTCOMES:
            own = getattr(outcome, name)
            chosen = is_less[rest].reshape(len(rest), -1, *[1] * (own.ndim - 2))
            own[rest] = np.where(chosen, getattr(below, name), own[rest])
    return outcome


def _run_below(setting: Setting, daily_budgets: Array, k_max: int, rise: float) -> Outcome:
    """Simulate budgets that a cap does not exhaust.

    A cap takes the dearest repetitions away, so that the multiplier rises until the money is spent on others: at
    equal budget CPM rises. The threshold is looked for above that of the campaign without a cap, by up to ``rise``;
    where that is not far enough, up to where all slots are won.
    """
    free = _delivered(setting, daily_budgets).z
    lowest = np.clip(np.where(np.isfinite(free), free, np.inf).min(axis=(1, 2)), *Z_RANGE)
    highest = np.clip(np.where(np.isfinite(free), free, -np.inf).max(axis=(1, 2)) + rise, *Z_RANGE)
    knots = interpolation.knots_for(np.stack((np.minimum(lowest, highest), highest), axis=1))
    logs = _capped_logs(setting, knots, setting.duration_days, k_max)
    z, is_found = capped_threshold(setting, daily_budgets, knots, logs[..., k_max + 1], highest)
    outcome = _capped_outcome(setting, daily_budgets, z, _weights(z, knots), logs, k_max)
    rest = np.flatnonzero(~is_found.all(axis=1))
    if rest.size and rise < FULL_RISE:
        again = _run_below(setting.some(rest), daily_budgets, k_max, FULL_RISE)
        for name in OUTCOMES:
            getattr(outcome, name)[rest] = getattr(again, name)
    return outcome


def _capped_outcome(
    setting: Setting, daily_budgets: Array, z: Array, weights: Array, logs: Array, k_max: int
) -> Outcome:
    exposed = _capped_exposed(setting, z, weights, logs, k_max)
    people = setting.people[:, None]
    cell_cost = (exposed.cost * people * setting.cell_price[:, None, None, :]).sum(axis=2)
    budget = daily_budgets * setting.duration_days
    ended = np.isposinf(z).all(axis=2)
    return Outcome(
        spend=np.where(ended, np.minimum(cell_cost.sum(axis=2), budget), budget),
        cell_spend=cell_cost,
        impressions=exposed.impressions * people[:, :, :, None, :],
        reach_kplus=exposed.reached * people[..., None],
        answered=exposed.answered * people * setting.cell_appeal[:, None, None, :],
        z=z,
    )


def _capped_logs(setting: Setting, knots: Knots, days: float, k_max: int) -> Array:
    """Return the logarithms of exposure, answers, cost and showings at the knots, (draw, presence, knot, column)."""
    if setting.cap is None:
        raise ValueError("a setting without a cap")
    draw, shift = knots.draw, _platform_shift(setting)
    sets = [
        PerPlatform(
            knots.z + shift.T[platforms][:, draw],
            setting.slots_per_day.T[platforms][:, draw],
            setting.platform_price.T[platforms][:, draw],
            setting.platform_appeal.T[platforms][:, draw],
        )
        for platforms in setting.presence
    ]
    people = People(
        setting.activity_shape[draw],
        setting.persistence[draw],
        setting.value_dispersion[draw],
        setting.wear_out[draw],
    )
    found = capped_responses(sets, people, setting.price_dispersion[draw], draw, days, setting.cap, k_max, NODES)
    logs = []
    for platforms, capped in zip(setting.presence, found, strict=True):
        shown_on = np.zeros((len(draw), len(platforms)))
        shown_on[:, platforms] = capped.impressions.T
        columns = np.column_stack((capped.reached, capped.answered, capped.cost, shown_on))
        logs.append(interpolation.spread_out(np.log(np.maximum(columns, NOTHING)), knots))
    return np.stack(logs, axis=1)


def _weights(z: Array, knots: Knots) -> Array:
    """Return the weight of each knot at z (draw, budget, cell), shape (draw, point, knot)."""
    return interpolation.weights(_within(np.clip(z, *Z_RANGE).reshape(len(z), -1), knots), knots)


def _capped_exposed(setting: Setting, z: Array, weights: Array, logs: Array, k_max: int) -> Exposed:
    """Read exposure off at z; one point a budget instead of one a cell where all cells are alike."""
    draws, budgets, cells = z.shape
    values = np.exp(weights[:, None] @ logs).reshape(draws, len(setting.presence), budgets, -1, logs.shape[-1])
    *before, _, columns = values.shape
    values = np.moveaxis(np.broadcast_to(values, (*before, cells, columns)), 1, 2)
    values = np.where(np.isneginf(z)[:, :, None, :, None], 0.0, values)
    reached = np.minimum.accumulate(np.minimum(values[..., :k_max], 1.0), axis=-1)
    shown_on = np.moveaxis(values[..., k_max + 2 :], -1, 3) * setting.presence[:, :, None]
    return Exposed(reached, values[..., k_max], values[..., k_max + 1], shown_on)


def _within(points: Array, knots: Knots) -> Array:
    """Return points (draw, point) kept between the knots that each draw has, so that no stencil runs out."""
    count = knots.used.sum(axis=1)
    low = interpolation.STEP * (knots.first + interpolation.BEFORE)
    after = interpolation.STENCIL - 1 - interpolation.BEFORE
    high = interpolation.STEP * (knots.first + count - after) - 1e-9
    return np.asarray(np.clip(points, low[:, None], high[:, None]))


def _shown_on(setting: Setting, z: Array) -> Array:
    """Return showings a person without a cap, shape (draw, budget, presence, platform, cell)."""
    on_each = z[:, :, None, :] + _platform_shift(setting)[:, None, :, None]
    shown = ndtr(on_each) * setting.slots_per_day[:, None, :, None] * setting.duration_days
    return np.asarray(shown[:, :, None] * setting.presence[:, :, None])


def expose(setting: Setting, z: Array, days: float, k_max: int, tables: KnotTables | None = None) -> Exposed:
    """Return exposure and response a person, by one curve in z a draw.

    Parameters
    ----------
    z : ndarray (draw, budget, cell)
        As in ``Outcome``.
    days : float
        Days from the start, up to the duration.
    tables : KnotTables, optional
        Not used under a cap.
    """
    if setting.cap is not None:
        points = np.clip(z, *Z_RANGE).reshape(len(z), -1)
        knots = interpolation.knots_for(points)
        return _capped_exposed(setting, z, _weights(z, knots), _capped_logs(setting, knots, days, k_max), k_max)
    draws, budgets, cells = z.shape
    empty = np.isneginf(z)
    cap = interpolation.Z_CAP - np.minimum(_platform_shift(setting).min(axis=1), 0.0)
    points = np.clip(z, interpolation.Z_FLOOR, cap[:, None, None]).reshape(draws, -1)
    # Nothing is shown for no money: such a point stands where others of its draw do, so that it asks for no knots.
    points = np.where(empty.reshape(draws, -1), points.max(axis=1, keepdims=True), points)
    knots = interpolation.knots_for(points)
    weights = interpolation.weights(points, knots)
    columns = k_max + 1
    values = np.empty((draws, budgets, len(setting.presence), cells, columns))
    for row, platforms in enumerate(setting.presence):
        at_knots = _at_knots(setting, knots, platforms, days, k_max, tables)
        logs = weights @ interpolation.spread_out(np.log(np.maximum(at_knots, NOTHING)), knots)
        values[:, :, row] = np.exp(logs, out=logs).reshape(draws, budgets, cells, columns)
        values[:, :, row][empty] = 0.0
    reached = np.minimum.accumulate(np.minimum(values[..., :k_max], 1.0), axis=-1)
    return Exposed(reached, values[..., k_max])


def anchored_rates(setting: Setting, anchor_win_share: Array, anchor_days: Array) -> tuple[Array, Array]:
    """Return answers per impression and per person reached under the conditions of a published rate.

    A published click rate is an average over showings and over the slots won at an ordinary win share; the
    rate of a first showing to an average slot is the published one divided by this, shape (draw,).
    """
    from scipy.special import ndtri

    slots = setting.slots_per_day.sum(axis=1) * anchor_days
    z = ndtri(anchor_win_share)
    response = exposure_and_response(
        z[None],
        slots[None],
        np.ones_like(z)[None],
        setting.activity_shape,
        setting.persistence,
        setting.value_dispersion,
        setting.wear_out,
        k_max=10,
        nodes=NODES,
    )
    return response.answered / (slots * anchor_win_share), response.answered / response.reached[:, 0]


def _platform_shift(setting: Setting) -> Array:
    """Return what the price of each platform takes from z, shape (draw, platform)."""
    spread = setting.price_dispersion + setting.value_dispersion
    return np.asarray(-np.log(setting.platform_price) / spread[:, None])


def _at_knots(
    setting: Setting, knots: Knots, platforms: NDArray[np.bool_], days: float, k_max: int, tables: KnotTables | None
) -> Array:
    """Return exposure and response at the used knots, shape (used knot, column)."""
    if tables is None:
        return _at(setting, knots.z, knots.draw, platforms, days, k_max)
    most = max(k_max, K_MAX)
    key = (
        *(array[:, platforms] for array in (_platform_shift(setting), setting.slots_per_day, setting.platform_appeal)),
        *(setting.activity_shape, setting.persistence, setting.value_dispersion, setting.wear_out),
        np.array([days, most]),
    )
    values = tables.values(key, knots, lambda z, draw: _at(setting, z, draw, platforms, days, most))
    return values if most == k_max else np.delete(values, slice(k_max, most), axis=1)


def _at(
    setting: Setting, z: Array, draw: NDArray[np.int64], platforms: NDArray[np.bool_], days: float, k_max: int
) -> Array:
    """Return exposure and response at points z (point,) of draws ``draw``: shape (point, column)."""
    response = exposure_and_response(
        z + _platform_shift(setting).T[platforms][:, draw],
        setting.slots_per_day.T[platforms][:, draw] * days,
        setting.platform_appeal.T[platforms][:, draw],
        setting.activity_shape[draw],
        setting.persistence[draw],
        setting.value_dispersion[draw],
        setting.wear_out[draw],
        k_max,
        NODES,
    )
    return np.concatenate((response.reached, response.answered[:, None]), axis=1)


def capped_threshold(
    setting: Setting, daily_budgets: Array, knots: Knots, log_cost: Array, highest: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Return z of each cell, at which the capped campaign spends its budget, and where that was found.

    Parameters
    ----------
    knots, log_cost : Knots, ndarray (draw, presence, knot)
        Logarithm of the cost a person.
    highest : ndarray (draw,)
        Highest z looked at.

    Returns
    -------
    z : ndarray (draw, budget, cell)
        +inf where even all slots under the cap cost less, or all up to ``highest`` do.
    is_solved : ndarray (draw, budget) of bool
    """
    draws, cells = setting.cell_price.shape
    spread = setting.price_dispersion + setting.value_dispersion
    offset = np.log(setting.cell_price) / spread[:, None]
    offset -= offset.mean(axis=1, keepdims=True)
    money = setting.people * setting.cell_price[:, None, :]

    def spent(threshold: Array) -> Array:
        z = threshold[:, :, None] - offset[:, None, :]
        each = np.exp(log_cost @ np.swapaxes(_weights(z, knots), 1, 2))
        each = np.where(z.reshape(draws, 1, -1) < Z_RANGE[0], 0.0, each)
        return np.asarray(np.einsum("drbc,drc->db", each.reshape(draws, len(money[0]), -1, cells), money))

    budget = np.broadcast_to(daily_budgets * setting.duration_days, (draws, len(daily_budgets)))
    goal = np.log(np.maximum(budget, NOTHING))

    def over(threshold: Array) -> Array:
        return np.log(np.maximum(spent(threshold), NOTHING)) - goal

    lower = np.full(budget.shape, Z_RANGE[0]) + offset.min(axis=1, keepdims=True)
    # Short of where all slots are won, no cell may be looked for beyond the knots: it would be read at their end.
    beyond = np.where(highest < Z_RANGE[1], offset.min(axis=1), offset.max(axis=1))
    upper = np.broadcast_to((highest + beyond)[:, None], budget.shape).copy()
    low = np.array([interpolation.STEP * (knots.first + interpolation.BEFORE)]).T + offset.min(axis=1, keepdims=True)
    lower = np.maximum(lower, np.broadcast_to(low, budget.shape))
    below, above = over(lower), over(upper)
    is_spent = above <= 0.0
    threshold = np.where(is_spent, np.inf, _root(over, lower, upper, below, above))
    threshold = np.where(budget > 0.0, threshold, -np.inf)
    return np.asarray(threshold[:, :, None] - offset[:, None, :]), ~is_spent | (budget <= 0.0)


def _root(over: Callable[[Array], Array], low: Array, high: Array, f_low: Array, f_high: Array) -> Array:
    """Return where rising functions are zero: false position, an end that stays weighed down (Illinois)."""
    is_inside = f_high > 0.0
    side = np.zeros(low.shape)
    middle = high
    for _ in range(ROUNDS):
        width = f_high - f_low
        middle = np.where(width > 0.0, high - f_high * (high - low) / np.where(width > 0.0, width, 1.0), high)
        value = over(middle)
        if np.abs(np.where(is_inside, value, 0.0)).max() < CLOSE:
            break
        rises = value < 0.0
        f_high = np.where(rises & (side < 0.0), 0.5 * f_high, np.where(rises, f_high, value))
        f_low = np.where(~rises & (side > 0.0), 0.5 * f_low, np.where(rises, value, f_low))
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
        side = np.where(rises, -1.0, 1.0)
    return np.asarray(middle)


DAYS_COMPUTED = 9
"""Days worked out exactly; those between follow a monotone curve in log days, within 2e-3."""


def build_up(setting: Setting, z: Array) -> tuple[Array, Array]:
    """Return people reached and answers so far, shape (draw, day) each.

    Parameters
    ----------
    setting : Setting
    z : ndarray (draw, 1, cell)
        Normal quantile of the win share, the same every day.
    """
    from scipy.interpolate import PchipInterpolator

    days = setting.duration_days
    exact = np.unique(np.round(np.geomspace(1, days, min(days, DAYS_COMPUTED)))).astype(int)
    reach = np.empty((len(z), len(exact)))
    answered = np.empty_like(reach)
    for place, day in enumerate(exact):
        exposed = expose(setting, z, float(day), k_max=1)
        reach[:, place] = (exposed.reached[:, 0, :, :, 0] * setting.people).sum(axis=(1, 2))
        answered[:, place] = (exposed.answered[:, 0] * setting.people * setting.cell_appeal[:, None, :]).sum(
            axis=(1, 2)
        )
    if len(exact) == days:
        return reach, answered
    asked = np.log(np.arange(1, days + 1))
    at = np.log(exact)
    return (
        np.exp(PchipInterpolator(at, np.log(np.maximum(reach, 1e-300)), axis=1)(asked)),
        np.exp(PchipInterpolator(at, np.log(np.maximum(answered, 1e-300)), axis=1)(asked)),
    )
