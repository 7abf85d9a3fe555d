"""One curve in z per draw, that serves all groups and budgets of that draw.

Within a draw λ, α and ρ are common, so the exposure of every group and budget is the same smooth function of
the normal quantile z of its win share. It is worked out at knots that stand at fixed places on the z axis,
whatever else is asked in the same call, and its logarithm is interpolated between them by the polynomial
through the six nearest: a budget's figures do not depend on the other budgets of the call.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Z_CAP = 6.0
"""Beyond this every slot is won but for one in 1e9: the exposure no longer changes."""
Z_FLOOR = -30.0
"""Below this nothing is won that a double could hold."""
STEP = 0.5
"""Distance of the knots: 1e-5 on reach, 1e-3 on the tenth showing."""
STENCIL = 6
BEFORE = 2
"""Knots of the stencil before the interval that a point lies in."""


class Knots(NamedTuple):
    """The knots that the points of each draw need.

    Attributes
    ----------
    first : ndarray (draw,) of int
        Number of the first knot, in steps from zero.
    used : ndarray (draw, knot) of bool
        Knots needed; draws need different numbers.
    """

    first: NDArray[np.int64]
    used: NDArray[np.bool_]

    @property
    def z(self) -> Array:
        """Places of the used knots, shape (used knot,)."""
        places = self.first[:, None] + np.arange(self.used.shape[1])
        return np.asarray(STEP * places[self.used])

    @property
    def draw(self) -> NDArray[np.int64]:
        """Draw of each used knot."""
        return np.nonzero(self.used)[0]


def knots_for(z: Array) -> Knots:
    """Return the knots around points z, shape (draw, point), all finite."""
    first = np.floor(z.min(axis=1) / STEP).astype(np.int64) - BEFORE
    last = np.floor(z.max(axis=1) / STEP).astype(np.int64) + STENCIL - 1 - BEFORE
    count = last - first + 1
    return Knots(first, np.arange(int(count.max())) < count[:, None])


def weights(z: Array, knots: Knots) -> Array:
    """Return the weight of each knot at each point, shape (draw, point, knot): Lagrange's polynomials."""
    place = z / STEP
    cell = np.floor(place).astype(np.int64)
    inside = place - cell
    count = knots.used.shape[1]
    result = np.zeros(z.size * count)
    column = cell - BEFORE - knots.first[:, None] + count * np.arange(z.size).reshape(z.shape)
    for own in range(STENCIL):
        weight = np.ones_like(inside)
        for other in range(STENCIL):
            if other != own:
                weight *= (inside - (other - BEFORE)) / (own - other)
        result[column + own] = weight
    return result.reshape(*z.shape, count)


def spread_out(values: Array, knots: Knots) -> Array:
    """Return values at the used knots, shape (used knot, column), as (draw, knot, column); the rest zero."""
    result = np.zeros((*knots.used.shape, values.shape[-1]))
    result[knots.used] = values
    return result


WorkOut = Callable[[Array, NDArray[np.int64]], Array]
"""From places of knots (point,) and their draws (point,) to values (point, column)."""


class KnotTables:
    """The values worked out so far, the least recently used forgotten first; threads may share one.

    Parameters
    ----------
    most : int
        Settings kept: one for each kind of people (on one platform, on both …), days and objective asked about.
        With 512 draws each takes about a megabyte.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._tables: OrderedDict[bytes, _Table] = OrderedDict()
        self._lock = threading.Lock()

    def values(self, arrays: tuple[Array, ...], knots: Knots, work_out: WorkOut) -> Array:
        """Return the values at the used knots, shape (used knot, column).

        Parameters
        ----------
        arrays : tuple of ndarray
            Everything that ``work_out`` depends on beside its arguments: the key.
        knots : Knots
        work_out : callable
        """
        key = sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).digest()
        with self._lock:
            table = self._tables.setdefault(key, _Table())
            self._tables.move_to_end(key)
            while len(self._tables) > self.most:
                self._tables.popitem(last=False)
        return table.values(knots, work_out)


class _Table:
    """Values by draw and knot; a knot is numbered in steps from zero, as in ``Knots.first``."""

    def __init__(self) -> None:
        self._first = 0
        self._values: Array | None = None
        self._known: NDArray[np.bool_] = np.zeros((0, 0), dtype=bool)
        self._lock = threading.Lock()

    def values(self, knots: Knots, work_out: WorkOut) -> Array:
        draw = knots.draw
        number = (knots.first[:, None] + np.arange(knots.used.shape[1]))[knots.used]
        with self._lock:
            column = self._make_room(len(knots.used), int(number.min()), int(number.max()), number)
            missing = ~self._known[draw, column]
            if missing.any():
                fresh = work_out(knots.z[missing], draw[missing])
                if self._values is None:
                    self._values = np.zeros((*self._known.shape, fresh.shape[1]))
                self._values[draw[missing], column[missing]] = fresh
                self._known[draw[missing], column[missing]] = True
            return np.asarray(self._values)[draw, column]

    def _make_room(self, draws: int, low: int, high: int, number: NDArray[np.int64]) -> NDArray[np.int64]:
        """Widen the table to the knots ``low`` … ``high`` and return the columns of ``number``."""
        width = self._known.shape[1]
        if width == 0:
            self._first, self._known = low, np.zeros((draws, high - low + 1), dtype=bool)
            return number - low
        before, after = max(self._first - low, 0), max(high - (self._first + width - 1), 0)
        if before or after:
            self._known = np.pad(self._known, ((0, 0), (before, after)))
            if self._values is not None:
                self._values = np.pad(self._values, ((0, 0), (before, after), (0, 0)))
            self._first -= before
        return number - self._first
