"""The same tables as one CSV file that a spreadsheet opens by a double click."""

from __future__ import annotations

import csv as separated
import datetime
import io

from simulator.reports import words
from simulator.reports.blocks import build
from simulator.reports.excel_report import DECIMALS, Cell, sheets
from simulator.store import Scenario

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
