"""Delivery and exposure under a frequency cap: the multiplier is found from the capped spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.model import interpolation
from simulator.model.caps import CappedResponse, capped_response
from simulator.model.engagement import People

if TYPE_CHECKING:
    from simulator.model.simulation import Setting

Array = NDArray[np.float64]

Z_RANGE = (-9.0, interpolation.Z_CAP)
"""Below, a budget buys less than one slot in 1e19: nothing."""
HALVINGS = 44
"""Halvings of the bracket of z: 15 / 2^44 = 1e-12."""
NODES = 16


def capped_threshold(setting: Setting, daily_budgets: Array) -> Array:
    """Return z of each cell, shape (draw, budget, cell), at which the capped campaign spends its budget.

    A cap takes the dearest repetitions away, so that the multiplier rises until the money is spent on others:
    at equal budget CPM rises. +inf where even all slots under the cap cost less.
    """
    draws, cells = setting.cell_price.shape
    spread = setting.price_dispersion + setting.value_dispersion
    ends = np.broadcast_to(np.array(Z_RANGE), (draws, 2))
    knots = interpolation.knots_for(ends)
    logs = []
    for platforms in setting.presence:
        cost = capped_at(setting, knots.z, knots.draw, platforms, setting.duration_days, 1, money_only=True).cost
        logs.append(interpolation.spread_out(np.log(np.maximum(cost, 1e-300))[:, None], knots)[..., 0])
    coefficients = np.stack(logs, axis=1)
    offset = np.log(setting.cell_price) / spread[:, None]
    offset -= offset.mean(axis=1, keepdims=True)
    money = setting.people * setting.cell_price[:, None, :]

    def spent(threshold: Array) -> Array:
        z = (threshold[:, :, None] - offset[:, None, :]).reshape(draws, -1)
        weights = interpolation.weights(np.clip(z, *Z_RANGE), knots)
        each = np.exp(np.einsum("dpn,drn->drp", weights, coefficients, optimize=True))
        each = np.where(z[:, None, :] < Z_RANGE[0], 0.0, each)
        return np.asarray(np.einsum("drbc,drc->db", each.reshape(draws, len(money[0]), -1, cells), money))

    budget = np.broadcast_to(daily_budgets * setting.duration_days, (draws, len(daily_budgets)))
    lower = np.full(budget.shape, Z_RANGE[0]) + offset.min(axis=1, keepdims=True)
    upper = np.full(budget.shape, Z_RANGE[1]) + offset.max(axis=1, keepdims=True)
    everything = spent(upper)
    for _ in range(HALVINGS):
        middle = 0.5 * (lower + upper)
        above = spent(middle) > budget
        upper = np.where(above, middle, upper)
        lower = np.where(above, lower, middle)
    threshold = np.where(budget >= everything, np.inf, 0.5 * (lower + upper))
    threshold = np.where(budget > 0.0, threshold, -np.inf)
    return np.asarray(threshold[:, :, None] - offset[:, None, :])


def capped_at(
    setting: Setting,
    z: Array,
    draw: NDArray[np.int64],
    platforms: NDArray[np.bool_],
    days: float,
    k_max: int,
    *,
    money_only: bool = False,
) -> CappedResponse:
    """Work out the capped response at points z (point,) of draws ``draw`` for the people on ``platforms``."""
    spread = setting.price_dispersion + setting.value_dispersion
    shift = -np.log(setting.platform_price) / spread[:, None]
    if setting.cap is None:
        raise ValueError("capped_at needs a setting with a cap")
    return capped_response(
        z + shift.T[platforms][:, draw],
        setting.slots_per_day.T[platforms][:, draw],
        setting.platform_price.T[platforms][:, draw],
        setting.platform_appeal.T[platforms][:, draw],
        People(
            setting.activity_shape[draw],
            setting.persistence[draw],
            setting.value_dispersion[draw],
            setting.wear_out[draw],
        ),
        setting.price_dispersion[draw],
        days,
        setting.cap,
        k_max,
        NODES,
        money_only=money_only,
    )
