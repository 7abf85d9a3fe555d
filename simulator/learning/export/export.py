"""The reader of Ads Manager exports, from file to frame."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, TypeVar

import numpy as np

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import instance_of
from simulator.learning.export import dates as date_kinds
from simulator.learning.export import delimited, frame, insights, levels, rules, source, values
from simulator.learning.export import numbers as number_kinds
from simulator.learning.export.dates import Dates
from simulator.learning.export.headers import COUNTS, PERIODS, Layout, Source, layout, wanted_of
from simulator.learning.export.numbers import Mark, decimal_mark
from simulator.learning.export.periods import choose_order, period_of, tell_period
from simulator.learning.export.reasons import Report
from simulator.learning.export.table import (
    OPTIONAL,
    Figures,
    Row,
    Shape,
    Spans,
    Table,
    Words,
    collect,
    merged_figures,
    merged_spans,
    merged_words,
    row_currencies,
)
from simulator.learning.export.text import examine, is_blank
from simulator.learning.export.workbook import opened_sheet

if TYPE_CHECKING:
    import pandas as pd

Column = TypeVar("Column")

LINK_CLICKS = re.compile(r"""action_type["']+ ?: ?["']+link_click["']+[^{}]*?value["']+ ?: ?["']*([0-9]+)""")
"""In the list of actions that a program wrote as text."""
NO_CAMPAIGN = frozenset(("totals_row", "subtotal_row", "repeated_header", "repeated_row", "no_delivery"))
"""Rows whose absence loses no campaign."""


def read_ads_manager(
    path_or_file: str | os.PathLike[str] | IO[Any] | bytes,
    mapping: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    keep_repeated: bool = False,
) -> pd.DataFrame:
    """Return the campaigns of an Ads Manager export: CSV, XLSX or the JSON of its API, in any of eight languages.

    Parameters
    ----------
    path_or_file
        A path, or a file open for reading (an upload); it is read from its start and left open. At most 100 MB,
        500,000 rows; a workbook 60 MB once unpacked, 500,000 cells.
    mapping
        Field to header, for a file whose headers are not known: ``{"spend": "My column"}``.
    day_first
        Whether 05/06/2024 is 5 June. By default the file decides, see ``export.dates``.
    keep_repeated
        Keep rows that say again what a row before said. By default they count once: a file joined twice, or one row
        for each attribution setting, would double the money.

    Returns
    -------
    DataFrame
        Always the columns of ``export.frame.COLUMNS``; missing numbers are NaN, missing texts None. Numbers are
        floats: ``spend``, ``budget`` in ``currency`` (ISO code), ``reach`` (people), ``impressions``, clicks and
        ``results`` (counts). ``frequency`` is impressions / reach. ``start``, ``end`` are days (datetime64[s]), both
        included in ``days``: the part of the campaign's own dates that lies inside the days of the report;
        ``start_is_reporting`` and ``end_is_reporting`` say where a day is only that of the report. ``objective`` is
        one of ``Campaign``, ``unknown`` for a goal that is none of them, or missing where the file tells none (an
        export cannot tell a boosted post: it appears by its result).
        ``gender`` is women, men or unknown; ``country`` a two-letter code where known; ``budget_kind`` daily,
        lifetime, campaign or ad_set (held at that level). ``row`` is the row in the file, the header of a plain
        export being row 1.

        ``attrs``: ``language`` ("fr", "en" … or None), ``encoding``, ``format``, ``separator``, ``decimal``, ``level``
        (account, campaign, ad_set or ad, then each breakdown: "ad_set/age/gender"), ``breakdowns`` (tuple),
        ``columns`` (field to header), ``ignored`` (headers not read), ``rows_read``, ``rows_dropped``,
        ``starts_told`` (whether any campaign tells its own start), ``left_out`` (by code: rows of campaigns that were
        dropped, and their share of the spend), ``sha256`` of the file, and ``warnings``: dicts with
        ``row`` (None: the whole file), ``code`` (``export.reasons``), ``action`` (dropped, repaired, noted), ``text``,
        ``count``, ``data``.

        With a breakdown, rows are parts of one campaign: their reach overlaps and must never be added up. Neither
        must the reach of ads or ad sets of one campaign.

    Raises
    ------
    InvalidInput
        Always with what to do: the file is not a table, too large, damaged, lacks columns (``missing_columns``, with
        the nearest headers), or can be read in more than one way (numbers, dates).
    SimulatorError
        ``missing_package``: an XLSX file needs openpyxl.
    """
    wanted = wanted_of(mapping)
    if day_first is not None:
        instance_of("day_first", day_first, bool)
    instance_of("keep_repeated", keep_repeated, bool)
    with source.opened(path_or_file) as (stream, file), _cells(stream, file, wanted) as cells:
        report = Report()
        table = _table(cells, mapping, wanted, report, file)
        return _frame(cells, table, day_first, keep_repeated, report, file)


@dataclass(frozen=True)
class _Cells:
    """The cells of a file and how they were found."""

    rows: Iterator[Row]
    format: str
    encoding: str
    separator: str
    digest: str
    is_finished: bool = True
    date_of: Callable[[float], datetime.date | None] | None = None
    other_sheets: tuple[str, ...] = ()
    joined_sheets: tuple[str, ...] = ()


@contextmanager
def _cells(stream: IO[bytes], file: str, wanted: frozenset[str]) -> Iterator[_Cells]:
    digest = source.digest(stream)
    kind = source.kind_of(stream, file)
    if kind == "zip" and (member := source.unpacked(stream, file)):
        stream, kind = member, source.kind_of(member, file)
    if kind == "zip":
        with opened_sheet(stream, file, wanted) as sheet:
            found = _Cells(sheet.rows, "xlsx", "utf-8", "", digest, date_of=sheet.date_of)
            yield replace(found, other_sheets=sheet.others, joined_sheets=sheet.joined)
        return
    if kind == "json":
        yield _Cells(insights.rows(stream, file), "json", "utf-8", "", digest)
        return
    encoded = examine(stream, file)
    codec, separator = delimited.choose(stream, encoded, wanted)
    name = encoded.name if codec == encoded.candidates[0] else codec
    rows = delimited.rows(stream, codec, separator, file)
    try:
        yield _Cells(rows, "csv", name, separator, digest, encoded.is_finished)
    finally:
        rows.close()


def _table(
    cells: _Cells, mapping: Mapping[str, str] | None, wanted: frozenset[str], report: Report, file: str
) -> Table:
    """Find the header and collect what stands below it."""
    first = list(islice(cells.rows, delimited.HEADER_WITHIN))
    if all(is_blank(cell) for row in first for cell in row):
        raise InvalidInput("empty_file", field=file)
    separator = cells.separator or delimited.in_column_a(first, wanted)
    taken_apart: list[int] = []
    if separator:
        cells = replace(cells, rows=_apart(cells.rows, separator, taken_apart))
        first = list(_apart(iter(first), separator, taken_apart))
    place = delimited.header_row(first, wanted)
    header = delimited.as_wide_as_rows(first[place], first[place + 1 :]) if cells.format == "csv" else first[place]
    found = layout(header, mapping, file, first[place + 1 :])
    found, actions = _with_actions(found)
    for code in found.notes:
        report.file(code)
    if cells.joined_sheets:
        report.file("joined_sheets", len(cells.joined_sheets), received=", ".join(map(shown, cells.joined_sheets)))
    if cells.other_sheets:
        report.file("other_sheets", len(cells.other_sheets), received=", ".join(map(shown, cells.other_sheets)))
    below: Iterator[Row] = chain(first[place + 1 :], cells.rows)
    if actions is not None:
        below = _link_clicks(below, actions)
    if cells.format == "csv":
        least = 1 + max(each.place for each in found.sources if each.field not in OPTIONAL)
        below = delimited.with_ends(below, place + 1, len(found.headers), least)
    shape = Shape(len(found.headers), min(len(found.headers), len(first[place])), cells.format != "csv")
    table = collect(below, found, Dates(cells.date_of), place + 2, shape, report, file)
    if taken_apart:
        report.file("column_a", count=len(taken_apart))
    last = next((each.field for each in found.sources if each.place == len(found.headers) - 1), None)
    if not cells.is_finished and last and table.size and table.row_numbers[-1] == table.last_row:
        report.row("unfinished_line", table.row_numbers[-1], column=last)
    return table


def _with_actions(found: Layout) -> tuple[Layout, int | None]:
    """Take the list ``actions`` of the platform's own answers for the link clicks where no column tells them."""
    place = next((place for place, header in enumerate(found.headers) if header.lower() == "actions"), None)
    if place is None or "link_clicks" in found.fields:
        return found, None
    return replace(found, sources=(*found.sources, Source("link_clicks", place, found.headers[place]))), place


def _link_clicks(rows: Iterator[Row], place: int) -> Iterator[Row]:
    """Yield rows with the link clicks in place of the list of actions, 0 where it has none."""
    for row in rows:
        actions = row[place] if len(row) > place else None
        if isinstance(actions, str) and actions:
            match = LINK_CLICKS.search(actions)
            row = [*row[:place], match[1] if match else "0", *row[place + 1 :]]
        yield row


def _apart(rows: Iterator[Row], separator: str, taken_apart: list[int]) -> Iterator[Row]:
    """Yield rows, whole lines in one cell taken apart and noted."""
    for number, row in enumerate(rows):
        if len(row) == 1 or (row and isinstance(row[0], str) and separator in row[0]):
            cells = delimited.apart(row, separator)
            if cells is not row:
                taken_apart.append(number)
            row = cells
        yield row


def _frame(
    cells: _Cells, table: Table, day_first: bool | None, keep_repeated: bool, report: Report, file: str
) -> pd.DataFrame:
    """Settle numbers and dates, judge the rows, and hand out what is left."""
    decimal, figures = _figures(table, report, file)
    words = _words(table, report, file)
    sources = [each for each in table.layout.sources if each.field == "spend"]
    currency = row_currencies(sources, figures["spend"], words.get("currency"), report)
    dated = _by_field(table.dated)
    hints = (table.layout.language, cells.separator, decimal, {code for code in set(currency) if code})
    codes = {name: columns[0][1].array for name, columns in dated.items()}
    days = choose_order(table.dates, codes, day_first, hints, report, file)
    spans = {name: merged_spans(columns, days, report, file) for name, columns in dated.items()}

    rows = np.array(table.row_numbers, np.int64)
    sieve = rules.Sieve(rows, report, figures["spend"].values)
    for name, is_filled in levels.name_from_above(words, spans).items():
        sieve.tell("name_above", is_filled, column=name)
    blank = _leave_out_totals(sieve, words, figures, spans)
    are_parts = any(name in PERIODS for name in levels.breakdowns_of(words, spans))
    rules.check_needed(sieve, figures, are_parts)
    rules.check_values(sieve, figures)
    period = period_of(spans, sieve)
    if not keep_repeated:
        named = {name: figures[name].values for name in ("spend", "impressions", "reach")}
        sieve.drop("repeated_row", levels.repeated(words, period, named, sieve.kept))
    split = None if are_parts else _time_split(words, spans, sieve, report)
    tell_period(period, sieve, split is not None)
    rules.put_right(sieve, figures)
    if not sieve.kept.any():
        _check_why(report, table.rows_seen - blank, file)
    result = frame.build(words, figures, period, currency, rows, sieve.kept)
    _note_objectives(words, result, report)
    breakdowns = levels.breakdowns_of(words, spans)
    if split and split not in breakdowns:
        breakdowns = (*breakdowns, split)
    _note_file(result, breakdowns, report)
    result.attrs = {
        "language": table.layout.language,
        "encoding": cells.encoding,
        "format": cells.format,
        "separator": cells.separator,
        "decimal": decimal,
        "level": "/".join((levels.level_of(words), *breakdowns)),
        "breakdowns": breakdowns,
        "columns": {each.field: each.header for each in table.layout.sources},
        "ignored": table.layout.ignored,
        "rows_read": table.rows_seen - blank,
        "rows_dropped": table.rows_seen - blank - len(result),
        "sha256": cells.digest,
        "starts_told": period.starts_told,
        "left_out": _left_out(sieve, float(result["spend"].sum())),
        "warnings": report.finished(),
    }
    return result


def _by_field(columns: Sequence[tuple[Source, Column]]) -> dict[str, list[tuple[Source, Column]]]:
    grouped: dict[str, list[tuple[Source, Column]]] = {}
    for each, column in columns:
        grouped.setdefault(each.field, []).append((each, column))
    return grouped


def _words(table: Table, report: Report, file: str) -> dict[str, Words]:
    """Return the columns of text; identifiers stand in for names."""
    words = {name: merged_words(columns, report, file) for name, columns in _by_field(table.texts).items()}
    table.texts.clear()
    if frame.identified(words):
        report.file("damaged_identifiers")
    return words


def _figures(table: Table, report: Report, file: str) -> tuple[Mark | None, dict[str, Figures]]:
    """Settle the decimal mark of the file, then return one column of figures for each field."""
    counts = [column for each, column in table.counted if each.field in COUNTS and each.field != "results"]
    amounts = [column for each, column in table.counted if each.field not in COUNTS or each.field == "results"]
    decimal = decimal_mark(table.numbers, counts, amounts, file)
    grouped = _by_field(table.counted)
    figures = {name: merged_figures(grouped[name], decimal, report, file) for name in grouped}
    if "reach" not in figures:
        figures["reach"] = Figures.blank(table.size)
    table.counted.clear()
    return decimal, figures


def _leave_out_totals(
    sieve: rules.Sieve, words: Mapping[str, Words], figures: Mapping[str, Figures], spans: Mapping[str, Spans]
) -> int:
    """Drop totals and subtotals; return how many rows are blank in all that is read."""
    is_row = np.zeros(len(sieve.rows), np.bool_)
    for column in words.values():
        is_row |= column.codes != 0
    for cells in figures.values():
        is_row |= cells.kinds != number_kinds.BLANK
    for span in spans.values():
        is_row |= span.kinds != date_kinds.BLANK
    # A line of separators alone is nobody's row.
    sieve.kept &= is_row
    amounts = figures["spend"].values, figures["impressions"].values
    are_parts, are_totals, differ = levels.subtotals(words, spans, *amounts, is_row)
    sieve.drop("totals_row", are_totals | levels.totals(words, *amounts, is_row & ~are_parts & ~are_totals))
    sieve.drop("subtotal_row", are_parts)
    if differ:
        sieve.report.file("totals_differ", count=differ)
    return int((~is_row).sum())


def _time_split(
    words: Mapping[str, Words], spans: Mapping[str, Spans], sieve: rules.Sieve, report: Report
) -> str | None:
    """Return what time splits the rows by where no column says so, and note rows that repeat name and days."""
    first, last = spans.get("reporting_start"), spans.get("reporting_end")
    if first is None or last is None or not sieve.kept.any():
        return None
    kept = {name: Words(column.codes[sieve.kept], column.texts) for name, column in words.items()}
    split, repeated = levels.time_split(kept, first.first[sieve.kept], last.last[sieve.kept])
    if repeated:
        report.file("repeated_rows", count=repeated)
    return split


def _left_out(sieve: rules.Sieve, kept: float) -> dict[str, dict[str, float]]:
    """Return by reason the rows of campaigns that were dropped, and their share of all the money that was read."""
    lost = {code: rows for code, rows in sieve.lost.items() if code not in NO_CAMPAIGN}
    whole = kept + sum(spend for _, spend in lost.values())
    return {
        code: {"rows": rows, "spend_share": spend / whole if whole else 0.0} for code, (rows, spend) in lost.items()
    }


def _note_objectives(words: Mapping[str, Words], result: pd.DataFrame, report: Report) -> None:
    """Say which goals are none of ours."""
    count = int((result["objective"] == values.UNKNOWN_OBJECTIVE).sum())
    if count:
        texts = [text for name in ("result_kind", "stated_objective") if name in words for text in words[name].texts]
        unknown = [text for text in texts if text and values.objective_of(text) == values.UNKNOWN_OBJECTIVE]
        report.file("unknown_objective", count=count, received=", ".join(map(shown, unknown[:5])))


def _note_file(result: pd.DataFrame, breakdowns: tuple[str, ...], report: Report) -> None:
    if result.empty:
        report.file("header_only")
        return
    if breakdowns:
        report.file("rows_of_parts", count=len(result), received=", ".join(breakdowns))
    split = next((name for name in breakdowns if name in PERIODS), None)
    if split and result["campaign"].isna().all():
        report.file("days_without_names", count=len(result), received=split)
    currencies = sorted(result["currency"].dropna().unique())
    if len(currencies) > 1:
        report.file("mixed_currencies", count=len(currencies), received=", ".join(currencies))
    if result["currency"].isna().any():
        report.file("no_currency", count=int(result["currency"].isna().sum()))


def _check_why(report: Report, rows: int, file: str) -> None:
    """Refuse a file none of whose rows can be used, with the first reason; one that has none but totals is empty."""
    lost = [entry for entry in report.entries if entry["action"] == "dropped" and entry["code"] not in NO_CAMPAIGN]
    if not lost:
        return
    first = min(lost, key=lambda entry: entry["row"])
    raise InvalidInput(
        "no_usable_rows",
        field=file,
        received=rows,
        allowed=f"row {first['row']}: {first['text']}",
        row=first["row"],
        reason=first["code"],
        reason_data=first["data"],
        warnings=report.finished(),
    )
