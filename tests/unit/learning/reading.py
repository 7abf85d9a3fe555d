"""Check what was read against what the invented rows say."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd

from simulator.learning import read_ads_manager
from tests.unit.learning.exports import Row

FIGURES = ("spend", "reach", "impressions", "link_clicks", "clicks_all", "results")
HEADER = "Campaign name,Amount spent,Reach,Impressions,Reporting starts,Reporting ends"
"""The columns that every file has."""
DAYS = "2025-01-01,2025-01-31"
WORDS = ("campaign", "ad_set", "ad", "age", "gender", "objective", "currency")


def read(content: bytes | str, **options: object) -> pd.DataFrame:
    """Read from memory."""
    return read_ads_manager(io.BytesIO(content.encode() if isinstance(content, str) else content), **options)


def lines(*rows: str, header: str = HEADER) -> str:
    """A file of a header and rows."""
    return "\n".join([header, *rows, ""])


def codes(frame: pd.DataFrame) -> set[str]:
    """Reasons that were given."""
    return {entry["code"] for entry in frame.attrs["warnings"]}


def rows_of(frame: pd.DataFrame, code: str) -> list[int | None]:
    """Numbers of the rows that a reason was given for."""
    return [entry["row"] for entry in frame.attrs["warnings"] if entry["code"] == code]


def differences(frame: pd.DataFrame, rows: Sequence[Row], words: bool = True) -> list[str]:
    """Say where a frame differs from the invented rows, taken in order."""
    found = [] if len(frame) == len(rows) else [f"{len(frame)} rows for {len(rows)}"]
    for got, row in zip(frame.to_dict("records"), rows, strict=False):
        found += [f"{row['campaign']}: {name}" for name in _wrong(got, row, words)]
    return found


def _wrong(got: Row, row: Row, words: bool) -> list[str]:
    wrong = [name for name in FIGURES if got[name] != row[name]]
    wrong += [name for name in ("start", "end") if got[name].date() != row[name]]
    if words:
        wrong += [name for name in WORDS if name in row and got[name] != row[name]]
    return wrong


def untrue(frame: pd.DataFrame, rows: Sequence[Row]) -> list[Row]:
    """Return the rows read whose figures are those of no invented row; cells left blank say nothing.

    A row that may be cut, and says so, is let pass.
    """
    told = {entry["row"] for entry in frame.attrs["warnings"] if entry["code"] == "unfinished_line"}
    return [
        got for got in frame.to_dict("records") if got["row"] not in told and not any(_agrees(got, row) for row in rows)
    ]


def _agrees(got: Row, row: Row) -> bool:
    figures = all(pd.isna(got[name]) or got[name] == row[name] for name in FIGURES)
    starts = got["start"].date() == row["start"] or got["start_is_reporting"]
    return figures and starts and (got["end"].date() == row["end"] or got["end_is_reporting"])
