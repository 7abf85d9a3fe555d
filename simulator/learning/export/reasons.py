"""Why a row was left out or corrected: each reason has a code, what was done, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_EACH = 100
"""Rows told one by one for a reason; the rest is counted in one line."""


REASONS: dict[str, tuple[str, str]] = {
    # rows
    "totals_row": ("dropped", "a total over rows, not a campaign"),
    "subtotal_row": ("dropped", "a subtotal: the narrower name or the breakdown is blank"),
    "repeated_header": ("dropped", "the header row again"),
    "wrong_cell_count": ("dropped", "{received} cells where the header has {expected}: cells are cut or shifted"),
    "blank_number": ("dropped", "{column} is blank"),
    "bad_number": ("dropped", "{column} is not a number: {received}"),
    "rounded_number": ("dropped", "{column} was rounded to powers of ten by a spreadsheet: {received}"),
    "not_whole": ("dropped", "{column} counts and must be whole"),
    "negative": ("dropped", "{column} is negative"),
    "too_high": ("dropped", "{column} is above any campaign"),
    "repeated_row": ("dropped", "the same as a row before, as a file joined twice or two attributions have it"),
    "bad_date": ("dropped", "{column} is not a date: {received}"),
    "blank_date": ("dropped", "no {column} date, neither its own nor that of the report"),
    "end_before_start": ("dropped", "it ends before it starts"),
    "no_delivery": ("dropped", "nothing was delivered"),
    "reach_above_impressions": ("dropped", "more people than showings: one of the two is wrong"),
    "spend_without_impressions": ("dropped", "money without a showing: one of the two is wrong"),
    "inconsistent_figures": ("dropped", "impressions, reach or spend contradict the file's own {column}"),
    "name_above": ("repaired", "{column} is blank: the name of the row above is taken"),
    "blank_as_zero": ("repaired", "{column} is blank, read as 0: Ads Manager leaves zeros blank"),
    "unread_cell": ("repaired", "{column} cannot be read and is left blank: {received}"),
    "clicks_above_impressions": ("repaired", "more clicks than showings: the clicks are left blank"),
    "link_clicks_above_clicks": ("repaired", "more link clicks than clicks of all kinds: both are left blank"),
    "unique_above_link_clicks": ("repaired", "more people than link clicks: the unique clicks are left blank"),
    "reach_blank": ("repaired", "reach is blank or 0 though there were showings: left blank"),
    "unread_date": ("repaired", "{column} is not a date and is left blank: {received}"),
    "unknown_objective": ("noted", "none of our goals: {received}; it is learnt as an unknown one, never as clicks"),
    "ongoing": ("repaired", "still running: the end of the report is its end here"),
    "flight_cut": ("repaired", "it ran beyond the days of the report: only those count here"),
    "unfinished_line": ("noted", "the file ends inside this line; its last cell ({column}) may be cut"),
    # the whole file
    "start_from_report": ("noted", "no start dates: the start of the report is taken, which is not the campaign's own"),
    "end_from_report": ("noted", "no end dates: the end of the report is taken, which may not be the campaign's own"),
    "ambiguous_dates": ("noted", "dates such as {received} fit two orders; read as {order}"),
    "serial_dates": ("noted", "dates are numbers of a spreadsheet, read as days since 30 December 1899"),
    "other_sheets": ("noted", "sheets that hold such a table too, and are not read: {received}"),
    "joined_sheets": ("noted", "sheets with the same header are read together: {received}"),
    "column_a": ("repaired", "whole lines stood in one cell, as a spreadsheet leaves them, and have been taken apart"),
    "totals_differ": ("noted", "totals that are not the sum of their rows: rows may be missing"),
    "days_without_names": ("noted", "rows by {received} that name no campaign: they are taken for one"),
    "currency_conflict": (
        "noted",
        "the header and the column for the currency disagree ({received}): the header is taken",
    ),
    "no_reach": ("noted", "no figure of people reached: price and clicks are learnt without it"),
    "doubly_encoded": ("repaired", "accents were encoded twice and have been put right"),
    "lost_accents": ("noted", "the file has lost its accents; names may hold wrong letters"),
    "duplicate_columns": ("noted", "several columns hold {column}; they agree"),
    "conflicting_columns": ("repaired", "several columns hold {column} and disagree: it is left blank"),
    "mixed_currencies": ("noted", "several currencies: {received}"),
    "no_currency": ("noted", "the file does not say its currency"),
    "unknown_currency": ("repaired", "not a currency: {received}"),
    "header_only": ("noted", "the file has a header and no campaign"),
    "rows_of_parts": ("noted", "rows by {received}: their reach overlaps and must not be added up"),
    "repeated_rows": ("noted", "rows of the same name and days: a file joined twice, or two of one name"),
    "damaged_identifiers": ("noted", "a spreadsheet rounded the identifiers; rows cannot be told apart by them"),
}


@dataclass
class Report:
    """What happened to the rows; ``entries`` become ``attrs["warnings"]``."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    _told: dict[tuple[str, str], int] = field(default_factory=dict)

    def row(self, code: str, row: int, **data: Any) -> None:
        """Report one row by its number in the file (the header of a plain export is row 1)."""
        key = (code, str(data.get("column", "")))
        self._told[key] = self._told.get(key, 0) + 1
        if self._told[key] <= MAX_EACH:
            self._add(code, row, 1, data)

    def rows(self, code: str, rows: NDArray[np.int64], **data: Any) -> None:
        """Report many rows with the same reason and data."""
        key = (code, str(data.get("column", "")))
        room = max(MAX_EACH - self._told.get(key, 0), 0)
        for number in rows[:room].tolist():
            self._add(code, number, 1, data)
        self._told[key] = self._told.get(key, 0) + len(rows)

    def file(self, code: str, count: int = 1, **data: Any) -> None:
        """Report something about the whole file."""
        self._add(code, None, count, data)

    def finished(self) -> list[dict[str, Any]]:
        """Return all entries, with one more for each reason that had too many rows to tell."""
        for (code, column), told in self._told.items():
            if told > MAX_EACH:
                data = {"column": column} if column else {}
                entry = self._entry(code, None, told - MAX_EACH, data)
                entry["text"] = f"and {told - MAX_EACH} rows more: {entry['text']}"
                self.entries.append(entry)
        self._told.clear()
        return self.entries

    def _add(self, code: str, row: int | None, count: int, data: dict[str, Any]) -> None:
        self.entries.append(self._entry(code, row, count, data))

    @staticmethod
    def _entry(code: str, row: int | None, count: int, data: dict[str, Any]) -> dict[str, Any]:
        action, sentence = REASONS[code]
        known = {"column": "", "received": "", "expected": "", "order": "", **data}
        return {
            "row": row,
            "code": code,
            "action": action,
            "text": sentence.format(**known),
            "count": count,
            "data": data,
        }


Mask = NDArray[np.bool_]
