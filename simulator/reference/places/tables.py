"""The tables of places as arrays, read once each and only when needed, and where each comes from."""

from __future__ import annotations

import csv
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

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


TOWN_TABLES = ("communes_fr", "municipalities_qc", "towns_world")
"""Tables of towns: names, codes and positions. Who lives where is told by the tables of points."""

Table = TypeVar("Table")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Texts:
    """Many short texts in one block of bytes, separated by line feeds: no object per text."""

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self.block = block.tobytes()
        ends = np.flatnonzero(block == ord("\n"))
        self.starts = np.concatenate(([0], ends + 1)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def raw(self, row: int) -> bytes:
        """Return the text of ``row`` as UTF-8."""
        return self.block[self.starts[row] : self.starts[row + 1] - 1]

    def __getitem__(self, row: int) -> str:
        return self.raw(row).decode("utf-8")


@dataclass(frozen=True, eq=False)
class Towns:
    """One table of towns, sorted by latitude.

    Attributes
    ----------
    table : str
        Its name, which is also that of its sidecar.
    names, codes, postal_codes, kinds : Texts
        Postal codes of one town are joined by ``|``; ``kinds`` tells namesakes apart (empty in most tables).
    latitude, longitude : array (town,)
        Degrees, WGS 84.
    population : array (town,)
        People of all ages living in the town.
    cell : array (town,)
        Row of its cell in ``cells()``.
    keys : Texts
        Folded names, aliases, postal codes and codes, sorted by their bytes.
    key_kind, key_town : arrays (key,)
        What the key is (``NAME``, ``ALIAS``, ``POSTAL``, ``CODE``) and the row of the town it leads to.
    """

    table: str
    names: Texts
    codes: Texts
    postal_codes: Texts
    kinds: Texts
    latitude: Floats
    longitude: Floats
    population: Floats
    cell: Ints
    keys: Texts
    key_kind: NDArray[np.uint8]
    key_town: Ints

    def __len__(self) -> int:
        return len(self.latitude)

    @cached_property
    def vectors(self) -> Floats:
        """Positions as unit vectors, (town, 3): distances need no special case at poles or at 180°."""
        return unit_vectors(self.latitude, self.longitude)


NAME, ALIAS, POSTAL, CODE = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class Cells:
    """The smallest areas whose population is known without looking at towns.

    A cell is a département, the part of a Québec administrative region inside one health region, Canada
    outside Québec, or a whole country. Cells do not overlap.

    Attributes
    ----------
    codes, countries, regions : tuple of str, (cell,)
        ``regions`` is the region that an address would name (``FR-64``, ``CA-QC-03``), or empty.
    age_groups, town_tables, age_tables : tuple of str, (cell,)
        The group whose age structure applies, and the tables the figures come from.
    population : array (cell,)
        People of all ages: the sum of its towns.
    """

    codes: tuple[str, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    age_groups: tuple[str, ...]
    town_tables: tuple[str, ...]
    age_tables: tuple[str, ...]
    population: Floats

    def __len__(self) -> int:
        return len(self.codes)


def unit_vectors(latitude: Any, longitude: Any) -> Floats:
    """Return positions in degrees as unit vectors, shape (…, 3)."""
    north, east = np.radians(latitude), np.radians(longitude)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], axis=-1)


@cache
def towns(table: str) -> Towns:
    """Return the table of towns called ``table``.

    Raises
    ------
    TableError
        If the file is missing or damaged.
    """

    def read(path: Path) -> Towns:
        with np.load(path, allow_pickle=False) as stored:
            texts = {name: Texts(stored[name]) for name in ("names", "codes", "postal_codes", "kinds", "keys")}
            return Towns(
                table=table,
                latitude=stored["latitude"] / 1e4,
                longitude=stored["longitude"] / 1e4,
                population=stored["population"].astype(float),
                cell=stored["cell"].astype(np.int64),
                key_kind=stored["key_kind"],
                key_town=stored["key_town"].astype(np.int64),
                **texts,
            )

    return checked(TABLES / f"{table}.npz", read)


def all_towns() -> tuple[Towns, ...]:
    """Return every table of towns."""
    return tuple(towns(table) for table in TOWN_TABLES)


@cache
def cells() -> Cells:
    """Return the cells, sorted by code."""
    rows = rows_of("cells")
    return Cells(
        codes=tuple(row["code"] for row in rows),
        countries=tuple(row["country"] for row in rows),
        regions=tuple(row["region"] for row in rows),
        age_groups=tuple(row["age_group"] for row in rows),
        town_tables=tuple(row["town_table"] for row in rows),
        age_tables=tuple(row["age_table"] for row in rows),
        population=np.array([float(row["population"]) for row in rows]),
    )


@cache
def rows_of(table: str) -> list[dict[str, str]]:
    """Return the rows of a small table kept as CSV."""

    def read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return checked(TABLES / f"{table}.csv", read)


def checked(path: Path, read: Callable[[Path], Table]) -> Table:
    """Return what ``read`` makes of a file; a missing or damaged one is a ``TableError`` that names it."""
    try:
        return read(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TableError("table_missing", field=path.name, received=str(error)) from error
