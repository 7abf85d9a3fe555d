"""From the date columns to the first and last day that a row's figures belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput
from simulator.learning.export import dates as date_kinds
from simulator.learning.export.dates import Dates, Days, orders_seen, prior_order, resolved, settle_serials
from simulator.learning.export.headers import PERIODS
from simulator.learning.export.reasons import Report
from simulator.learning.export.rules import Sieve
from simulator.learning.export.table import Spans

NEVER = np.datetime64("NaT", "D")


@dataclass
class Period:
    """First and last day of each row, and where they are those of the report for want of, or before, its own."""

    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    start_is_reporting: NDArray[np.bool_]
    end_is_reporting: NDArray[np.bool_]
    starts_told: bool = True
    """Whether any row tells its own start: one that is the report's is then one that was cut."""
    is_cut: NDArray[np.bool_] | None = None
    """Where the row's own days reach beyond those of the report; None for rows that are parts in time."""
    is_ongoing: NDArray[np.bool_] | None = None


def choose_order(
    dates: Dates,
    columns: Mapping[str, NDArray[np.int32]],
    is_day_first: bool | None,
    hints: tuple[str | None, str, str | None, set[str]],
    report: Report,
    file: str,
) -> Days:
    """Return the days of each code, day or month first: by the user's word, by a date, by the order of start and end.

    Parameters
    ----------
    columns
        Codes by field, each of shape (row,).
    is_day_first
        What the user says, or None.
    hints
        Language, separator, decimal mark, currencies: they decide last, with a warning.

    Raises
    ------
    InvalidInput
        ``mixed_dates`` where dates contradict each other, ``ambiguous_dates`` where nothing decides.
    """
    if settle_serials(dates, columns.values()):
        report.file("serial_dates")
    used = np.unique(np.concatenate(list(columns.values()))) if columns else np.array([], np.int32)
    only_day, only_month, example = orders_seen(dates, used)
    if only_day and only_month and is_day_first is None:
        raise InvalidInput("mixed_dates", field=file)
    if is_day_first is not None or only_day or only_month:
        return resolved(dates, only_day if is_day_first is None else is_day_first)
    if example is None:
        return resolved(dates, True)
    by_order = [resolved(dates, order) for order in (True, False)]
    wrong = [_backwards(days, columns) for days in by_order]
    if (wrong[0] == 0) != (wrong[1] == 0):
        return by_order[0] if wrong[0] == 0 else by_order[1]
    day_first = prior_order(*hints, file)
    report.file("ambiguous_dates", received=example, order="day/month/year" if day_first else "month/day/year")
    return by_order[0] if day_first else by_order[1]


def period_of(spans: Mapping[str, Spans], sieve: Sieve) -> Period:
    """Return the days that count for each row, dropping rows without.

    The row's own start and end are cut to the days of the report: what was spent and seen outside is not in the row. An
    own date that cannot be read leaves those of the report.
    """
    of_time = next((name for name in PERIODS if name in spans and not np.isnat(spans[name].first).all()), None)
    size = len(sieve.kept)
    report_start, report_end = _first(spans, "reporting_start", size), _first(spans, "reporting_end", size)
    if of_time is not None:
        span = spans[of_time]
        is_bad = (span.kinds == date_kinds.INVALID) | (span.kinds == date_kinds.ONGOING)
        sieve.drop_unread("bad_date", is_bad, span.unread, of_time)
        return _time_part(span, of_time, report_start, report_end, sieve)
    start, end = _first(spans, "start", size), _first(spans, "end", size)
    period = Period(
        np.fmax(start, report_start),
        np.fmin(end, report_end),
        np.isnat(start) | (start < report_start),
        np.isnat(end),
        not np.isnat(start[sieve.kept]).all(),
        (start < report_start) | (end > report_end),
        spans["end"].kinds == date_kinds.ONGOING if "end" in spans else np.zeros(size, np.bool_),
    )
    for name, days in (("start", period.start), ("end", period.end)):
        for each in (name, f"reporting_{name}"):
            if each in spans:
                is_bad = spans[each].kinds == date_kinds.INVALID
                if each not in ("end", "reporting_end"):
                    is_bad |= spans[each].kinds == date_kinds.ONGOING
                sieve.drop_unread("bad_date", is_bad & np.isnat(days), spans[each].unread, each)
                sieve.unread("unread_date", is_bad, spans[each].unread, each)
        sieve.drop("blank_date", np.isnat(days), column=name)
    sieve.drop("end_before_start", period.end < period.start)
    return period


def tell_period(period: Period, sieve: Sieve, is_split: bool) -> None:
    """Report where days are those of the report or were cut to them, unless rows are parts in time (``is_split``)."""
    if is_split or period.is_cut is None or period.is_ongoing is None:
        return
    for code, is_without in (
        ("start_from_report", period.start_is_reporting & ~period.is_cut),
        ("end_from_report", period.end_is_reporting & ~period.is_ongoing),
    ):
        if (is_without & sieve.kept).any():
            sieve.report.file(code, count=int((is_without & sieve.kept).sum()))
    sieve.tell("flight_cut", period.is_cut)
    sieve.tell("ongoing", period.is_ongoing)


def _time_part(
    span: Spans, name: str, report_start: NDArray[np.datetime64], report_end: NDArray[np.datetime64], sieve: Sieve
) -> Period:
    """Return the days of a column for day, week or month, cut to those of the report where the two meet.

    A week or a month that is named by its first day only lasts until its last.
    """
    sieve.drop("blank_date", np.isnat(span.first), column="start")
    last = span.last
    if name != "day":
        if name == "week":
            whole = span.first + 6
        else:
            whole = (span.first.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
        last = np.where(span.first == last, whole, last)
    with np.errstate(invalid="ignore"):
        meets = (span.first <= report_end) & (last >= report_start)
    first = np.where(meets, np.fmax(span.first, report_start), span.first)
    last = np.where(meets, np.fmin(last, report_end), last)
    sieve.drop("end_before_start", last < first)
    return Period(first, last, *np.zeros((2, len(last)), np.bool_))


def _first(spans: Mapping[str, Spans], name: str, size: int) -> NDArray[np.datetime64]:
    span = spans.get(name)
    if span is None:
        return np.full(size, NEVER)
    return span.last if name in ("end", "reporting_end") else span.first


def _backwards(days: Days, columns: Mapping[str, NDArray[np.int32]]) -> int:
    """Return how many rows end before they start, or cannot be read, under one order."""
    count = 0
    for first, last in (("reporting_start", "reporting_end"), ("start", "end")):
        if first in columns and last in columns:
            count += int(np.sum(days.last[columns[last]] < days.first[columns[first]]))
    return count
