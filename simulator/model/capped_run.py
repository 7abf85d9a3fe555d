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

Z_RANGE = (-6.5, interpolation.Z_CAP)
PACING_NODES = 26
"""Nodes of the polynomial in z that stands for the capped spend: 1e-5."""
HALVINGS = 44
"""Halvings of the bracket of z: 12.5 / 2^44 = 1e-12."""
NODES = 16


def capped_threshold(setting: Setting, daily_budgets: Array) -> Array:
    """Return z of each cell, shape (draw, budget, cell), at which the capped campaign spends its budget.

    A cap takes the dearest repetitions away, so that the multiplier rises until the money is spent on others:
    at equal budget CPM rises. +inf where even all slots under the cap cost less.
    """
    draws, cells = setting.cell_price.shape
    spread = setting.price_dispersion + setting.value_dispersion
    low = np.full(draws, Z_RANGE[0])
    high = np.full(draws, Z_RANGE[1])
    at = interpolation.nodes(low, high, PACING_NODES)
    logs = []
    for platforms in setting.presence:
        cost = capped_at(setting, at, platforms, setting.duration_days, 1, money_only=True).cost
        logs.append(interpolation.coefficients(np.log(np.maximum(cost.reshape(draws, -1), 1e-300))[..., None])[..., 0])
    coefficients = np.stack(logs, axis=1)
    offset = np.log(setting.cell_price) / spread[:, None]
    offset -= offset.mean(axis=1, keepdims=True)
    money = setting.people * setting.cell_price[:, None, :]

    def spent(threshold: Array) -> Array:
        z = (threshold[:, :, None] - offset[:, None, :]).reshape(draws, -1)
        basis = interpolation.basis(z, low, high, PACING_NODES)
        each = np.exp(np.einsum("dpn,drn->drp", basis, coefficients, optimize=True))
        each[:, :, :] = np.where(z[:, None, :] < Z_RANGE[0], 0.0, each)
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
    setting: Setting, at: Array, platforms: NDArray[np.bool_], days: float, k_max: int, *, money_only: bool = False
) -> CappedResponse:
    """Work out the capped response at nodes ``at`` (draw, node) for the people on ``platforms``."""
    count = at.shape[1]
    spread = setting.price_dispersion + setting.value_dispersion
    shift = -np.log(setting.platform_price) / spread[:, None]

    def each_node(values: Array) -> Array:
        return np.repeat(values, count, axis=-1)

    if setting.cap is None:
        raise ValueError("capped_at needs a setting with a cap")
    return capped_response(
        (at[None] + shift.T[platforms][:, :, None]).reshape(int(platforms.sum()), -1),
        each_node(setting.slots_per_day.T[platforms]),
        each_node(setting.platform_price.T[platforms]),
        each_node(setting.platform_appeal.T[platforms]),
        People(
            each_node(setting.activity_shape),
            each_node(setting.persistence),
            each_node(setting.value_dispersion),
            each_node(setting.wear_out),
        ),
        each_node(setting.price_dispersion),
        days,
        setting.cap,
        k_max,
        NODES,
        money_only=money_only,
    )
