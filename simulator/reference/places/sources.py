"""Where each table of places comes from: the sidecars beside the tables."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator.base.errors import TableError

TABLES = Path(__file__).parent / "tables"
"""Folder of the tables; every table NAME.npz or NAME.csv has its sidecar NAME.toml."""


@dataclass(frozen=True)
class Source:
    """Where the figures of one table come from, and on what terms.

    Attributes
    ----------
    table : str
        Name of the table in the package.
    title, publisher, locator, date, licence : str
        Several publishers of one table are joined by a semicolon; ``date`` is the date the figures hold for.
    compiled : str
        How the table was made from its sources.
    """

    table: str
    title: str
    publisher: str
    locator: str
    date: str
    licence: str
    compiled: str

    def __str__(self) -> str:
        return f"{self.publisher}, {self.title} ({self.date}), {self.licence}"


@cache
def source(table: str) -> Source:
    """Return the source of ``table``.

    Raises
    ------
    TableError
        If the sidecar is missing or lacks an entry.
    """
    path = TABLES / f"{table}.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        return Source(table=table, **entries)
    except (OSError, ValueError, TypeError) as error:
        raise TableError("table_missing", field=path.name, received=str(error)) from error


@cache
def all_sources() -> tuple[Source, ...]:
    """Return the source of every table of places, by name of the table."""
    return tuple(source(path.stem) for path in sorted(TABLES.glob("*.toml")))
