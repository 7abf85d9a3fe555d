"""Bring several columns of one field together: two generations of headers in one file, or two currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.reading import dates as date_kinds
from simulator.calibration.reading import numbers as number_kinds
from simulator.calibration.reading.dates import DateColumn, Days
from simulator.calibration.reading.fields import COUNTS
from simulator.calibration.reading.headers import Source
from simulator.calibration.reading.numbers import Mark, NumberColumn
from simulator.calibration.reading.reasons import Report
from simulator.calibration.reading.table import TextColumn
from simulator.errors import InvalidInput, shown

OPTIONAL = frozenset((*COUNTS, "frequency", "cpm", "budget", "budget_kind", "result_kind", "stated_objective"))
OPTIONAL -= {"reach", "impressions"}
"""Fields left blank where columns disagree; without the others the file cannot be read rightly."""


@dataclass
class Figures:
    """One number per row: values, kinds of cell (``numbers``), texts not read by position, source by row.

    ``currencies`` are, by source, the currency that all its cells with a unit of money name, or None.
    """

    values: NDArray[np.float64]
    kinds: NDArray[np.int8]
    unread: dict[int, str]
    chosen: NDArray[np.int8]
    currencies: tuple[str | None, ...] = ()


@dataclass
class Words:
    """One text per row, as codes into ``texts``; code 0 is blank."""

    codes: NDArray[np.int32]
    texts: list[str]

    @property
    def is_blank(self) -> NDArray[np.bool_]:
        """Shape (row,)."""
        return np.equal(self.codes, 0)


@dataclass
class Spans:
    """First and last day per row, the kind of cell (``dates``), texts not read by position."""

    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]
    kinds: NDArray[np.int8]
    unread: dict[int, str]


def merged_figures(
    columns: Sequence[tuple[Source, NumberColumn]], decimal: Mark | None, report: Report, file: str
) -> Figures:
    """Return one figure per row; the first column that is not blank speaks.

    Raises
    ------
    InvalidInput
        ``conflicting_columns`` where two columns of a field that is needed say different things.
    """
    values, kinds = _resolved(*columns[0], decimal)
    currencies = tuple(next(iter(column.units)) if len(column.units) == 1 else None for _, column in columns)
    merged = Figures(values, kinds, dict(columns[0][1].unread), np.zeros(len(values), np.int8), currencies)
    for index, (source, column) in enumerate(columns[1:], 1):
        other, other_kinds = _resolved(source, column, decimal)
        both = (merged.kinds != number_kinds.BLANK) & (other_kinds != number_kinds.BLANK)
        differ = both & ((merged.values != other) | (columns[0][0].currency != source.currency))
        if _is_conflict(differ, [each for each, _ in columns], report, file):
            # Not kind BLANK: that would be read as zero.
            unknown = np.full(len(values), np.nan)
            return Figures(unknown, np.full(len(values), number_kinds.PLAIN, np.int8), {}, merged.chosen, currencies)
        taken = (merged.kinds == number_kinds.BLANK) & (other_kinds != number_kinds.BLANK)
        merged.values[taken], merged.kinds[taken], merged.chosen[taken] = other[taken], other_kinds[taken], index
        merged.unread.update(column.unread)
    return merged


def _resolved(
    source: Source, column: NumberColumn, decimal: Mark | None
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return (values, kinds); a budget's words, "Using ad set budget", leave the amount to the other column."""
    values, kinds = column.resolved(decimal)
    if source.field == "budget":
        kinds[kinds == number_kinds.INVALID] = number_kinds.BLANK
    return values, kinds


def merged_words(columns: Sequence[tuple[Source, TextColumn]], report: Report, file: str) -> Words:
    """Return one text per row; as ``merged_figures``."""
    codes = columns[0][1].array
    texts = columns[0][1].texts
    for _, column in columns[1:]:
        known = {text: code for code, text in enumerate(texts)}
        for text in column.texts:
            known.setdefault(text, len(known))
        texts = list(known)
        other = np.array([known[text] for text in column.texts], np.int32)[column.array]
        differ = (codes != 0) & (other != 0) & (codes != other)
        if _is_conflict(differ, [each for each, _ in columns], report, file):
            return Words(np.zeros_like(codes), [""])
        codes = np.where(codes == 0, other, codes)
    return Words(codes, texts)


def merged_spans(columns: Sequence[tuple[Source, DateColumn]], days: Days, report: Report, file: str) -> Spans:
    """Return one span of days per row; as ``merged_figures``."""
    codes = columns[0][1].array
    for _, column in columns[1:]:
        other = column.array
        is_blank = days.kinds[codes] == date_kinds.BLANK
        differ = ~is_blank & (days.kinds[other] != date_kinds.BLANK) & (days.first[codes] != days.first[other])
        _is_conflict(differ, [each for each, _ in columns], report, file)
        codes = np.where(is_blank, other, codes)
    kinds = days.kinds[codes]
    texts = columns[0][1].dates.texts
    bad = np.flatnonzero(kinds == date_kinds.INVALID)[: number_kinds.MAX_SHOWN].tolist()
    unread = {place: shown(texts[codes[place]], 40) for place in bad}
    return Spans(days.first[codes], days.last[codes], kinds, unread)


def _is_conflict(differ: NDArray[np.bool_], sources: Sequence[Source], report: Report, file: str) -> bool:
    name = sources[0].field
    if not differ.any():
        report.file("duplicate_columns", column=name)
        return False
    if name not in OPTIONAL:
        received = ", ".join(shown(source.header) for source in sources)
        raise InvalidInput("conflicting_columns", field=file, received=received, column=name)
    report.file("conflicting_columns", column=name, count=int(differ.sum()))
    return True
