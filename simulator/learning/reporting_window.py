"""Days of a report that stand in for those of a campaign: a reporting window is not a flight.

An export without the columns of a campaign's own dates gives all campaigns the days of the report, two years perhaps.
Each ran for some part of them that the file does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.learning.breakdowns import together
from simulator.learning.normalize import Days, column_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

FLAGS = ("start_is_reporting", "end_is_reporting")
"""Columns in which the reader of exports says that a day is only that of the report."""
SEASON = 62
"""Days of a report from which on the month of a campaign within it is anybody's guess."""


class Guess(NamedTuple):
    """Starts and days, shape (row,), and in which rows they are guessed."""

    start: Days
    days: Array
    is_guess: Mask


def of_report(frame: pd.DataFrame) -> Mask:
    """Return which rows have only the days of the report, shape (row,)."""
    found = np.ones(len(frame), dtype=bool)
    for name in FLAGS:
        column = column_of(frame, name)
        if column is None:
            return np.zeros(len(frame), dtype=bool)
        found &= np.array([isinstance(cell, (bool, np.bool_)) and bool(cell) for cell in column.astype(object)], bool)
    return found


def guessed(start: Days, days: Array, is_window: Mask, entity: Codes) -> Guess:
    """Return starts and days, guessed where several things share one reporting window.

    A campaign may have run for one day or for all of them, any length being as likely on a scale of factors: the
    middle is the square root. It is put in the middle of a short window; in a long one its month stays unknown.

    Parameters
    ----------
    start, days : ndarray (row,)
    is_window : ndarray of bool (row,)
        Whether they are only those of the report.
    entity : ndarray of int (row,)
        What each row is of: rows of one thing do not make a window shared.
    """
    window = together([start.astype(np.int64), days.astype(np.int64)])
    things = np.unique(np.stack([window, entity], axis=1)[is_window], axis=0)[:, 0]
    is_shared = np.bincount(things, minlength=int(window.max(initial=0)) + 1)[window] > 1
    is_guess = is_window & is_shared & (days > 1.0)
    length = np.where(is_guess, np.sqrt(days), days)
    begin = np.where(is_guess, start + ((days - length) / 2.0).astype("timedelta64[D]"), start)
    begin[is_guess & (days > SEASON)] = np.datetime64("NaT", "D")
    return Guess(begin, length, is_guess)
