"""Packages that only reports need, asked for when one is made."""

from __future__ import annotations

import csv as separated
import datetime
import io
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from simulator.base.errors import SimulatorError
from simulator.base.metrics import METRICS
from simulator.library import Scenario
from simulator.presentation import formats
from simulator.presentation.i18n import Texts
from simulator.presentation.reports import words
from simulator.presentation.reports.blocks import Report, build
from simulator.presentation.reports.words import customer_rows, page_rows


def needed(module: str, package: str) -> Any:
    """Return a module, or say which package to install.

    Raises
    ------
    SimulatorError
        ``driver_missing``.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SimulatorError("driver_missing", field="REPORT", received=package, allowed=package) from None


SEPARATORS = {"fr": (";", ","), "en": (",", ".")}
"""Between columns, and in numbers: as the spreadsheets of each language expect."""
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet reads a text that begins so as a formula (OWASP, CSV injection)."""


def csv(scenario: Scenario, *, language: str = "fr", made_on: datetime.date | None = None) -> bytes:
    """Return the report of a scenario as CSV in UTF-8: first the name of the table, then its columns.

    Raises
    ------
    SimulatorError
        ``unknown_choice`` for a language, or settings that no longer exist.
    """
    texts = words.texts_of(language)
    column, decimal = SEPARATORS[language]
    out = io.StringIO(newline="")
    writer = separated.writer(out, delimiter=column)
    for name, head, rows in sheets(build(scenario, made_on=made_on), texts):
        part = texts(f"report.sheet.{name}")
        writer.writerow([texts("report.column.section"), *map(quoted, head)])
        writer.writerows([part, *(written(cell, decimal) for cell in row)] for row in rows)
        writer.writerow([])
    return out.getvalue().encode("utf-8-sig")


def written(cell: Cell, decimal: str) -> str:
    """Return a cell: a number with the decimal sign of the language, a text that no spreadsheet can run."""
    return quoted(cell) if isinstance(cell, str) else f"{round(cell, DECIMALS):.10g}".replace(".", decimal)


def quoted(text: str) -> str:
    """Return a text with ' before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


Cell = str | float
Rows = Sequence[Sequence[Cell]]

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""A name that begins with = or http stays a name."""
MOST_TOWNS = 1000
DECIMALS = 8
"""Kept of a figure: beyond that stand only tails of distributions that are never quite zero."""
LONGEST_CELL = 32_000
"""Characters; a cell cannot hold more than 32,767."""
WIDTHS = {"inputs": (30, 70), "sources": (60, 14, 14, 14, 24, 20, 60, 34, 60, 16, 24)}
USUAL_WIDTHS = (34, 16)
"""Of the first column and of the others, characters."""


def excel(scenario: Scenario, *, language: str = "fr", made_on: datetime.date | None = None) -> bytes:
    """Return the report of a scenario as a workbook (.xlsx).

    Raises
    ------
    SimulatorError
        As ``pdf``.
    """
    texts = words.texts_of(language)
    report = build(scenario, made_on=made_on)
    xlsxwriter = needed("xlsxwriter", "xlsxwriter")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, SAFE) as book:
        day = datetime.datetime.combine(report.made_on, datetime.time())
        book.set_properties({"title": texts("report.heading"), "created": day})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.######", "valign": "top"}),
        }
        for name, head, rows in sheets(report, texts):
            _write(book.add_worksheet(texts(f"report.sheet.{name}")), name, head, rows, looks)
    return content.getvalue()


def sheets(report: Report, texts: Texts) -> list[tuple[str, list[str], Rows]]:
    """Return every table: its code, its head, its rows; figures exact, texts whole."""
    found: list[tuple[str, list[str], Rows]] = [
        ("inputs", _head(texts, "what", "value"), words.inputs(report, texts)),
        ("figures", _head(texts, "figure", "low", "middle", "high", "unit"), figures(report, texts)),
        ("curve", _curve_head(report, texts), curve(report)),
        ("frequency", _head(texts, "times", "people"), frequency(report)),
    ]
    for name, rows in (("customers", customer_rows(report, texts)), ("page", page_rows(report, texts))):
        if rows:
            found.append((name, _head(texts, "figure", "low", "middle", "high", "unit"), rows))
    if report.towns:
        towns = [(str(town["name"]), float(town["people"])) for town in report.towns[:MOST_TOWNS]]
        found.append(("towns", _head(texts, "what", "people"), towns))
    columns = ("what", "value", "low", "high", "unit", "origin", "source", "publisher", "locator", "date", "licence")
    found.append(("sources", _head(texts, *columns), sources(report, texts)))
    return found


def figures(report: Report, texts: Texts) -> list[list[Cell]]:
    """Return every metric with its band and its unit."""
    rows: list[list[Cell]] = []
    for name, metric in METRICS.items():
        band = report.forecast.band(name)
        unit = formats.symbol(report.forecast.currency, texts.language) if metric.unit == "money" else metric.unit
        said = texts.choice("report.unit", unit)
        rows.append([texts(f"metric.{name}.word"), band.p10, band.p50, band.p90, said])
    return rows


def curve(report: Report) -> list[list[Cell]]:
    """Return the points of the curve: a day, people at least, about, at most, times a person."""
    names = ("budget", "low", "people", "high", "frequency")
    return [[point[name] for name in names] for point in report.curve]


def frequency(report: Report) -> list[list[Cell]]:
    """Return people who would see it exactly so many times; the last row and more."""
    counts = report.forecast.exposure_counts()
    return [[str(times) if times < len(counts) else f"{times}+", people] for times, people in enumerate(counts, 1)]


def sources(report: Report, texts: Texts) -> list[list[Cell]]:
    """Return one row for every line of the calculation and each of its sources."""
    rows: list[list[Cell]] = []
    for one in report.lines:
        said: list[Cell] = [words.line(one, texts), one.value, one.low, one.high]
        said += [texts.choice("report.unit", one.unit), texts(f"report.origin.{one.origin}")]
        origins = [[s.title, s.publisher, s.locator, s.date, s.licence] for s in one.references]
        rows += [[*said, *origin] for origin in origins or [[""] * 5]]
    return rows


def _head(texts: Texts, *names: str) -> list[str]:
    return [texts(f"report.column.{name}") for name in names]


def _curve_head(report: Report, texts: Texts) -> list[str]:
    per_day = texts("report.column.per_day", currency=report.campaign.currency)
    return [per_day, *_head(texts, "low", "middle", "high", "frequency")]


def _write(sheet: Any, name: str, head: Sequence[str], rows: Rows, looks: dict[str, Any]) -> None:
    widths = WIDTHS.get(name, (USUAL_WIDTHS[0], *[USUAL_WIDTHS[1]] * (len(head) - 1)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for row, cells in enumerate([head, *rows]):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(
                    row, column, formats.literal(cell, LONGEST_CELL), looks["head" if row == 0 else "text"]
                )
            else:
                sheet.write_number(row, column, round(cell, DECIMALS), looks["number"])
