"""Why a row was left out or put right: each reason has a code, what was done, and a sentence.

Screens translate by the code; ``data`` of a warning holds what the sentence needs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.learning.export import numbers as kinds
from simulator.learning.export.headers import AMOUNTS, COUNTS
from simulator.learning.export.reasons import Mask, Report
from simulator.learning.export.table import Figures

MAX_FIGURE = 1e12
"""Above any campaign, in any currency."""
FACTOR = 1.6
"""Figures contradict each other beyond this factor: more than rounding a frequency of 1.5 to whole does."""
ZEROS = ("results", "link_clicks", "unique_link_clicks", "clicks_all")
"""Left blank by Ads Manager where they are zero."""


class Sieve:
    """The rows still kept, and the report of why the others are not.

    Parameters
    ----------
    rows
        Number in the file of each row, shape (row,).
    spend
        Money in each row, shape (row,).
    """

    def __init__(self, rows: NDArray[np.int64], report: Report, spend: NDArray[np.float64]) -> None:
        self.rows = rows
        self.report = report
        self.kept = np.ones(len(rows), np.bool_)
        self.lost: dict[str, tuple[int, float]] = {}
        """By reason: rows dropped, and the money in them."""
        self._spend = spend

    def drop(self, code: str, mask: Mask, **data: object) -> None:
        """Drop the rows of ``mask`` that are still there."""
        found = mask & self.kept
        if found.any():
            self.report.rows(code, self.rows[found], **data)
            self._lose(code, found)

    def drop_unread(self, code: str, mask: Mask, texts: Mapping[int, str], column: str) -> None:
        """As ``drop``, with the text of each cell as long as it was noted."""
        self._lose(code, self.unread(code, mask, texts, column))

    def _lose(self, code: str, found: Mask) -> None:
        if not found.any():
            return
        rows, spend = self.lost.get(code, (0, 0.0))
        money = self._spend[found]
        self.lost[code] = rows + int(found.sum()), spend + float(money[money > 0].sum())
        self.kept &= ~found

    def tell(self, code: str, mask: Mask, **data: object) -> Mask:
        """Report the rows of ``mask`` that are still there, and return them."""
        found = mask & self.kept
        if found.any():
            self.report.rows(code, self.rows[found], **data)
        return found

    def unread(self, code: str, mask: Mask, texts: Mapping[int, str], column: str) -> Mask:
        """As ``tell``, with the text of each cell as long as it was noted."""
        found = mask & self.kept
        for place in np.flatnonzero(found).tolist():
            self.report.row(code, int(self.rows[place]), column=column, received=texts.get(place, "…"))
        return found


def check_needed(sieve: Sieve, figures: Mapping[str, Figures], are_parts: bool) -> None:
    """Drop rows without readable spend and impressions, or without delivery; reach may be blank.

    A row of zeros is no campaign; among days it is one without delivery.
    """
    spend, impressions = figures["spend"], figures["impressions"]
    is_blank = (spend.kinds == kinds.BLANK) | (impressions.kinds == kinds.BLANK)
    nothing = _is_nothing(spend) & _is_nothing(impressions) & _is_nothing(figures["reach"])
    sieve.drop("no_delivery", nothing & (is_blank if are_parts else True))
    for name in ("spend", "impressions", "reach"):
        cells = figures[name]
        for code, kind in (("bad_number", kinds.INVALID), ("rounded_number", kinds.ROUNDED)):
            sieve.drop_unread(code, cells.kinds == kind, cells.unread, name)
        if name != "reach":
            sieve.drop("blank_number", cells.kinds == kinds.BLANK, column=name)


def check_values(sieve: Sieve, figures: Mapping[str, Figures]) -> None:
    """Drop rows whose figures are negative, too high, in parts, or contradict each other."""
    spend, reach, impressions = (figures[name].values for name in ("spend", "reach", "impressions"))
    for name in (*COUNTS, *AMOUNTS):
        if name in figures and name != "budget":
            with np.errstate(invalid="ignore"):
                sieve.drop("negative", figures[name].values < 0, column=name)
                sieve.drop("too_high", figures[name].values > MAX_FIGURE, column=name)
    for name in ("impressions", "reach"):
        sieve.drop("not_whole", _is_fraction(figures[name].values), column=name)
    with np.errstate(invalid="ignore", divide="ignore"):
        sieve.drop("reach_above_impressions", reach > impressions)
        sieve.drop("spend_without_impressions", (spend > 0) & (impressions == 0))
        for name, ratio in (("frequency", impressions / reach), ("cpm", 1000 * spend / impressions)):
            if name in figures:
                stated = figures[name].values
                # Printed with two decimals, a value below 0.05 is too coarse to compare.
                comparable = np.isfinite(ratio) & (ratio > 0.05) & (stated > 0.05)
                far = comparable & (np.abs(np.log(ratio / stated)) > np.log(FACTOR))
                sieve.drop("inconsistent_figures", far, column=name)
    blank = (np.isnan(reach) | (reach == 0)) & (impressions > 0)
    if np.isnan(reach[sieve.kept]).all():
        if sieve.kept.any():
            sieve.report.file("no_reach", count=int(sieve.kept.sum()))
    else:
        sieve.tell("reach_blank", blank)
    reach[blank] = np.nan


def put_right(sieve: Sieve, figures: Mapping[str, Figures]) -> None:
    """Blank clicks and results are zeros; those that cannot be read or contradict the others are left blank."""
    for name in (*ZEROS, "budget", "frequency", "cpm"):
        if name not in figures:
            continue
        cells = figures[name]
        is_unread = (cells.kinds == kinds.INVALID) | (cells.kinds == kinds.ROUNDED)
        if name in ZEROS:
            zeros = sieve.tell("blank_as_zero", cells.kinds == kinds.BLANK, column=name)
            cells.values[zeros] = 0.0
        if name in ZEROS and name != "results":
            is_unread |= _is_fraction(cells.values)
        # The budget column also holds words: "Using campaign budget".
        if name in ZEROS:
            sieve.unread("unread_cell", is_unread, cells.unread, name)
        cells.values[is_unread] = np.nan
    _settle_clicks(sieve, {name: figures[name].values for name in figures})


def _settle_clicks(sieve: Sieve, values: Mapping[str, NDArray[np.float64]]) -> None:
    blank = np.full(len(sieve.kept), np.nan)
    link, unique, everything = (values.get(name, blank) for name in ("link_clicks", "unique_link_clicks", "clicks_all"))
    with np.errstate(invalid="ignore"):
        crossed = sieve.tell("link_clicks_above_clicks", link > everything)
        link[crossed] = everything[crossed] = np.nan
        above = sieve.tell("unique_above_link_clicks", unique > link)
        unique[above] = np.nan
        for name, clicks in (("link_clicks", link), ("clicks_all", everything), ("unique_link_clicks", unique)):
            too_many = sieve.tell("clicks_above_impressions", clicks > values["impressions"], column=name)
            clicks[too_many] = np.nan


def _is_nothing(cells: Figures) -> Mask:
    found: Mask = (cells.kinds == kinds.BLANK) | (cells.values == 0)
    return found


def _is_fraction(values: NDArray[np.float64]) -> Mask:
    with np.errstate(invalid="ignore"):
        found: Mask = np.isfinite(values) & (values != np.floor(values))
    return found
