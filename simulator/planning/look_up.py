"""From money to figures: one root and one look-up a point, for all points of a chunk at once."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from simulator.model.interpolation import BEFORE, STENCIL
from simulator.planning.tables import COLUMNS, IMPRESSIONS, REACHED, SPEND

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

POINTS = 8192
"""Points worked on at a time: their arrays stay in the second-level cache."""
ROUNDS = 8
"""Newton's steps inside a shrinking bracket; six reach the last digit from anywhere within a step of the knots."""


def figures_at(tables: Array, table: Ints, budgets: Array) -> Array:
    """Return the figures of points.

    Parameters
    ----------
    tables : ndarray (table, knot, column)
        Logarithms of the sums over people; spend a day never falls along the knots.
    table : ndarray (point,)
        Which table each point is read from.
    budgets : ndarray (point,)
        Money a day, > 0.

    Returns
    -------
    ndarray (point, column)
        Columns as in ``tables``; spend is what is used a day.
    """
    result = np.empty((len(table), COLUMNS))
    for start in range(0, len(table), POINTS):
        part = slice(start, start + POINTS)
        result[part] = _some(tables, table[part], budgets[part])
    return result


def _some(tables: Array, table: Ints, budgets: Array) -> Array:
    knots = tables.shape[1]
    wanted = np.log(budgets)
    first, last = tables[table, 0, SPEND], tables[table, -1, SPEND]
    below, above = wanted < first, wanted >= last
    inside = np.clip(wanted, first, last)
    cell = np.zeros(len(table), dtype=np.int64)
    # Halving over the knots, which are sorted by what is spent there.
    step = 1 << (knots - 1).bit_length()
    flat = tables.reshape(-1, COLUMNS)
    base = table * knots
    while step := step >> 1:
        tried = np.minimum(cell + step, knots - 2)
        cell = np.where(flat[base + tried, SPEND] <= inside, tried, cell)
    start = np.clip(cell - BEFORE, 0, knots - STENCIL)
    rows = base + start
    spent = [flat[rows + k, SPEND] for k in range(STENCIL)]
    place = _root(spent, inside, (cell - start).astype(float))
    place = np.where(above, (knots - 1 - start).astype(float), np.where(below, 0.0, place))
    result = _interpolated(flat, rows, place)
    np.exp(result, out=result)
    # Below the first knot a win share of 1e-23: everything is in proportion to the money.
    scale = np.where(below, budgets / np.exp(first), 1.0)
    result *= scale[:, None]
    result[:, SPEND] = np.where(above, np.exp(last), budgets)
    result[:, REACHED:] = np.minimum.accumulate(
        np.minimum(result[:, REACHED:], result[:, IMPRESSIONS : IMPRESSIONS + 1]), axis=1
    )
    return result


def _root(values: list[Array], wanted: Array, cell: Array) -> Array:
    """Return where the polynomial through six values (at 0 … 5) takes a value, within ``cell`` … ``cell`` + 1."""
    differences = [values[0]]
    row = values
    for _ in range(STENCIL - 1):
        row = [after - before for before, after in itertools.pairwise(row)]
        differences.append(row[0])
    low, high = cell, cell + 1.0
    place = cell + 0.5
    for _ in range(ROUNDS):
        value, slope = differences[-1], np.zeros_like(place)
        for order in range(STENCIL - 2, -1, -1):
            along = (place - order) / (order + 1)
            slope = slope * along + value / (order + 1)
            value = value * along + differences[order]
        error = value - wanted
        over = error > 0.0
        high, low = np.where(over, place, high), np.where(over, low, place)
        moved = place - error / np.where(slope > 0.0, slope, np.inf)
        place = np.where((moved >= low) & (moved <= high), moved, 0.5 * (low + high))
    return place


def _interpolated(flat: Array, rows: Ints, place: Array) -> Array:
    """Return the rows between the knots, by Lagrange's polynomials through six, shape (point, column)."""
    apart = [place - k for k in range(STENCIL)]
    result: Array | None = None
    for own in range(STENCIL):
        weight = np.ones_like(place)
        for other in range(STENCIL):
            if other != own:
                weight = weight * (apart[other] / (own - other))
        term = np.take(flat, rows + own, axis=0)
        term *= weight[:, None]
        result = term if result is None else np.add(result, term, out=result)
    return np.asarray(result)
