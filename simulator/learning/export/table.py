"""Collect the columns that are needed from a stream of rows, compactly: half a million rows fit in memory."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.learning.export import dates as date_kinds
from simulator.learning.export import numbers as number_kinds
from simulator.learning.export.dates import DateColumn, Dates, Days
from simulator.learning.export.headers import COUNTS, DATES, HEADER_SCORE, NUMBERS, Layout, Source, score
from simulator.learning.export.numbers import Mark, NumberColumn, Numbers
from simulator.learning.export.reasons import Report
from simulator.learning.export.text import is_blank, repaired, says_nothing
from simulator.learning.export.values import currency_of

MAX_ROWS = 500_000
"""Rows of a file; a year of daily rows of a thousand advertisements has 365,000."""
MAX_LINES = 2_000_000
"""Lines of a file, blank ones included."""
CHUNK = 1_000
"""Rows handled at a time."""
EVIDENCE_ROWS = 2_000
"""Rows of the columns not read that are looked at for the way decimals are written."""

_DIGIT = re.compile("[0-9]")
_LETTER = re.compile(r"[^\W\d_]")

Row = Sequence[object]


@dataclass(frozen=True)
class Shape:
    """How wide rows are.

    Attributes
    ----------
    width : int
        Cells of a row.
    named : int
        Cells of the header; those beyond must be blank.
    is_ragged : bool
        Whether blank cells at the end of a row may be left out (workbooks) rather than mean a cut line (text).
    """

    width: int
    named: int
    is_ragged: bool


@dataclass
class TextColumn:
    """The cells of one column, as codes into the texts that occur; code 0 is the blank cell."""

    is_suspect: bool = False
    """Whether accents may be encoded twice: no header shows that they are not."""
    codes: array[int] = field(default_factory=lambda: array("i"))
    known: dict[object, int] = field(default_factory=lambda: {"": 0})

    def add(self, cells: Sequence[object]) -> None:
        """Append cells."""
        known = self.known
        for cell in dict.fromkeys(cells):
            if cell not in known:
                known[cell] = 0 if says_nothing(cell) else len(known)
        self.codes.extend([known[cell] for cell in cells])

    @property
    def array(self) -> NDArray[np.int32]:
        """The codes, shape (row,)."""
        return np.frombuffer(self.codes, np.int32)

    @property
    def texts(self) -> list[str]:
        """The texts by code; several spellings of the blank cell are one."""
        texts = [""] * (max(self.known.values()) + 1)
        for cell, code in self.known.items():
            texts[code] = cell_text(cell, self.is_suspect) if code else ""
        return texts


@dataclass
class Table:
    """What was collected: one column for each source, and the number in the file of each row."""

    layout: Layout
    numbers: Numbers
    dates: Dates
    texts: list[tuple[Source, TextColumn]] = field(default_factory=list)
    counted: list[tuple[Source, NumberColumn]] = field(default_factory=list)
    dated: list[tuple[Source, DateColumn]] = field(default_factory=list)
    row_numbers: array[int] = field(default_factory=lambda: array("i"))
    rows_seen: int = 0
    """Rows that are not blank lines, collected or not."""
    last_row: int = 0
    """Number in the file of the last row that is not blank, collected or not."""

    def add(self, columns: Sequence[Sequence[object]]) -> None:
        """Append rows, given as the columns of the file."""
        for source, text in self.texts:
            text.add(columns[source.place])
        for source, number in self.counted:
            number.add(columns[source.place])
        for source, date in self.dated:
            date.add(columns[source.place])

    @property
    def size(self) -> int:
        """Rows collected."""
        return len(self.row_numbers)


def collect(
    rows: Iterator[Row], layout: Layout, dates: Dates, first_row: int, shape: Shape, report: Report, file: str
) -> Table:
    """Return the columns of ``layout`` over all rows.

    Parameters
    ----------
    rows
        The rows below the header.
    first_row
        Number in the file of the first of them.

    Raises
    ------
    InvalidInput
        ``too_many_rows``; ``several_tables`` where another header follows.
    """
    table = _empty(layout, dates)
    evidence = Numbers()
    number = first_row
    while chunk := list(islice(rows, CHUNK)):
        if not any(chunk):  # two cells far apart in a workbook have a million rows between them
            number += len(chunk)
            _check_lines(number - first_row, file)
            continue
        last = next((place for place in range(len(chunk) - 1, -1, -1) if chunk[place]), None)
        table.last_row = table.last_row if last is None else number + last
        fitting, numbers, lost = _fitting(chunk, number, shape, report, file)
        number += len(chunk)
        table.rows_seen += len(fitting) + lost
        _check_lines(number - first_row if table.rows_seen <= MAX_ROWS else MAX_LINES + 1, file)
        columns, numbers = _columns(fitting, numbers, layout, report, file)
        if not numbers:
            continue
        table.add(columns)
        if table.size < EVIDENCE_ROWS:
            for place in layout.evidence:
                evidence.read(columns[place])
        table.row_numbers.extend(numbers)
    for role, example in evidence.roles.items():
        table.numbers.roles.setdefault(role, example)
    return table


def _check_lines(count: int, file: str) -> None:
    if count > MAX_LINES:
        raise InvalidInput("too_many_rows", field=file, allowed=f"{MAX_ROWS:,} rows")


def _empty(layout: Layout, dates: Dates) -> Table:
    table = Table(layout, Numbers(), dates)
    is_suspect = "doubly_encoded" in layout.notes or all(map(str.isascii, layout.headers))
    for source in layout.sources:
        if source.field in NUMBERS:
            table.counted.append((source, NumberColumn(table.numbers)))
        elif source.field in DATES:
            table.dated.append((source, DateColumn(dates)))
        else:
            table.texts.append((source, TextColumn(is_suspect)))
    return table


def _fitting(
    chunk: list[Row], first: int, shape: Shape, report: Report, file: str
) -> tuple[list[Row], Sequence[int], int]:
    """Return the rows as wide as the header, their numbers, and how many others were reported."""
    numbers = range(first, first + len(chunk))
    if set(map(len, chunk)) == {shape.width} and shape.named == shape.width:
        return chunk, numbers, 0
    kept: list[Row] = []
    kept_numbers: list[int] = []
    lost = 0
    for number, row in zip(numbers, chunk, strict=True):
        if all(is_blank(cell) for cell in row):
            continue
        is_clear = all(is_blank(cell) for cell in row[shape.named :])
        if shape.is_ragged and is_clear:
            row = [*row[: shape.width], *([None] * (shape.width - len(row)))]
        if len(row) == shape.width and (is_clear or shape.is_ragged):
            kept.append(row)
            kept_numbers.append(number)
        elif score(row) >= HEADER_SCORE:
            raise InvalidInput("several_tables", field=file, received=number)
        else:
            report.row("wrong_cell_count", number, received=len(row), expected=shape.width)
            lost += 1
    return kept, kept_numbers, lost


def _columns(
    rows: list[Row], numbers: Sequence[int], layout: Layout, report: Report, file: str
) -> tuple[list[tuple[object, ...]], Sequence[int]]:
    """Return the columns of the rows that are no header, and the numbers of the rows."""
    columns = list(zip(*rows, strict=True))
    places = [source.place for source in layout.sources if source.field in ("spend", "impressions")]
    if not rows or not any(_LETTER.search("\n".join(map(str, columns[place]))) for place in places):
        return columns, numbers
    rows, numbers = _without_headers(rows, numbers, places, layout, report, file)
    return list(zip(*rows, strict=True)), numbers


def _without_headers(
    rows: list[Row], numbers: Sequence[int], places: Sequence[int], layout: Layout, report: Report, file: str
) -> tuple[list[Row], Sequence[int]]:
    """Drop repeated headers; refuse a second table, whose columns may lie elsewhere."""
    again = set()
    for index, row in enumerate(rows):
        if not any(_is_word(row[place]) for place in places):
            continue
        texts = tuple("" if cell is None else str(cell).strip("\ufeff \t\r\n") for cell in row)
        if texts == layout.headers:
            report.row("repeated_header", numbers[index])
            again.add(index)
        elif score(texts) >= HEADER_SCORE:
            raise InvalidInput("several_tables", field=file, received=numbers[index])
    if not again:
        return rows, numbers
    kept = [index for index in range(len(rows)) if index not in again]
    return [rows[index] for index in kept], [numbers[index] for index in kept]


def _is_word(cell: object) -> bool:
    """Whether a cell of a number column may be a header: letters, no digit."""
    return isinstance(cell, str) and cell[:1].isalpha() and not _DIGIT.search(cell)


def cell_text(cell: object, is_suspect: bool = False) -> str:
    """Return a cell as text; whole numbers without decimals."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = repaired(str(cell)) if is_suspect else str(cell)
    return text.strip("\ufeff \t\r\n\xa0\u202f")


OPTIONAL = frozenset((*COUNTS, "frequency", "cpm", "budget", "budget_kind", "result_kind", "stated_objective")) - {
    *("reach", "impressions")
}
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

    @classmethod
    def blank(cls, size: int) -> Figures:
        """Return a column that the file does not have."""
        kinds = np.full(size, number_kinds.BLANK, np.int8)
        return cls(np.full(size, np.nan), kinds, {}, np.zeros(size, np.int8))


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


def row_currencies(
    sources: Sequence[Source], spend: Figures, column: Words | None, report: Report
) -> NDArray[np.object_]:
    """Return ISO codes or None, shape (row,): by the amount's header, else the column for it, else the amount's cells.

    Parameters
    ----------
    sources
        The columns of the amount spent, in the order of ``spend.chosen``.
    column
        The column for the currency, if there is one.
    """
    stated = np.full(len(spend.values), None, np.object_)
    if column is not None:
        known = np.empty(len(column.texts), np.object_)
        known[:] = [currency_of(text) for text in column.texts]
        unknown = [text for text, code in zip(column.texts, known, strict=True) if text and code is None]
        if unknown:
            report.file("unknown_currency", count=len(unknown), received=", ".join(map(shown, unknown[:5])))
        stated = known[column.codes]
    is_silent = np.array([code is None for code in stated], np.bool_)
    for index, (source, of_cells) in enumerate(zip(sources, spend.currencies, strict=True)):
        is_here = spend.chosen == index
        if source.currency:
            others = {str(code) for code in stated[is_here & ~is_silent]} - {source.currency}
            if others:
                received = f"{source.currency} ({shown(source.header)}), {', '.join(sorted(others))}"
                report.file("currency_conflict", received=received)
            stated[is_here] = source.currency
        elif of_cells:
            stated[is_here & is_silent] = of_cells
    return stated
