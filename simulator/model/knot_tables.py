"""Exposure at the knots of a draw, kept from one forecast to the next.

What a person sees at a knot depends on slots, activity, persistence and days alone: not on the place, the ages or
the money. Whoever asks for many forecasts keeps one ``KnotTables`` and hands it on; each value is worked out
once. Nothing is kept without one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from simulator.model.interpolation import Knots

Array = NDArray[np.float64]
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
