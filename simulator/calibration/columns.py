"""Columns of a table of campaigns, read without trust: numbers, days and labels, missing where they make no sense."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from numbers import Complex, Real
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]
Labels = NDArray[np.object_]
Read = TypeVar("Read")

FIRST_DAY, LAST_DAY = np.datetime64("2004-02-04"), np.datetime64("2060-01-01")
"""Facebook's first day, and one far enough ahead; a date outside is a mistyped one."""
UNKNOWN_DAY = np.datetime64("NaT", "D")
LONGEST_LABEL = 200

_ISO_DAY = re.compile(r"\s*(\d{4})(?:-?(\d{2})-?(\d{2})|([-/.])(\d{1,2})\4(\d{1,2}))(?:\s*$|[T\s])", re.ASCII)
"""Also with other marks and without zeros, 2025/3/1: what begins with the year can be read in one way only."""


def column_of(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a column, the first where several have the name, or None."""
    places = np.flatnonzero([isinstance(label, str) and label == name for label in frame.columns])
    return frame.iloc[:, int(places[0])] if len(places) else None


def numbers(frame: pd.DataFrame, name: str) -> Array:
    """Return finite numbers of any type, texts such as "12.5" included; NaN for anything else, shape (row,)."""
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), np.nan)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        values = column.to_numpy(dtype=float)
    else:
        values = np.array([number_of(cell) for cell in column.astype(object)], dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def days(frame: pd.DataFrame, name: str) -> Days:
    """Return calendar days as written, whatever their time and zone; NaT for anything else, shape (row,).

    Dates of any type, and texts that begin with an ISO day; "Ongoing", numbers and other texts are none.
    """
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), UNKNOWN_DAY)
    found = np.array(_once_each(column.astype(object), _day), dtype="datetime64[D]")
    found[(found < FIRST_DAY) | (found > LAST_DAY)] = UNKNOWN_DAY
    return found


def labels(frame: pd.DataFrame, name: str) -> Labels:
    """Return texts without the blanks around them, empty for anything else, shape (row,)."""
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), "", dtype=object)
    found = np.empty(len(frame), dtype=object)
    found[:] = _once_each(column.astype(object), _label)
    return found


def _once_each(cells: pd.Series, read: Callable[[Any], Read]) -> list[Read]:
    """Read every different cell once: exports repeat their dates and names a thousand times."""
    known: dict[Any, Read] = {}
    found: list[Read] = []
    for cell in cells:
        try:
            if (type(cell), cell) not in known:
                known[type(cell), cell] = read(cell)
            found.append(known[type(cell), cell])
        except TypeError:  # a list or a table in a cell has no hash
            found.append(read(None))
    return found


def number_of(cell: object) -> float:
    """Return a number of any type or as Python writes it, NaN for anything else; it may be infinite."""
    if isinstance(cell, str):
        cell = cell.strip() if cell.isascii() and len(cell) < LONGEST_LABEL else None
    elif isinstance(cell, Complex) and not isinstance(cell, (Real, bool, np.bool_)):
        cell = cell.real if cell.imag == 0 else None
    elif isinstance(cell, (bool, np.bool_)) or not isinstance(cell, (Real, Decimal)):
        return math.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (OverflowError, TypeError, ValueError):
        return math.nan


def _day(cell: object) -> np.datetime64:
    if isinstance(cell, np.datetime64):
        cell = str(cell.astype("datetime64[D]"))
    if isinstance(cell, str):
        match = _ISO_DAY.match(cell)
        parts: tuple[object, ...] = (match[1], match[2] or match[5], match[3] or match[6]) if match else ()
    else:
        parts = tuple(getattr(cell, name, None) for name in ("year", "month", "day"))
    try:
        year, month, day = (int(part) for part in parts)  # type: ignore[call-overload]
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
    except (TypeError, ValueError):
        return UNKNOWN_DAY


def _label(cell: object) -> str:
    return cell.strip()[:LONGEST_LABEL].replace("\x00", "") if isinstance(cell, str) else ""
