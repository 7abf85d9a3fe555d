"""Write the compact tables of places: towns as arrays with a sorted index of their names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simulator.reference.places.names import fold
from simulator.reference.places.tables import ALIAS, CODE, NAME, POSTAL, TABLES

BANDS = ("0-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
CELL_COLUMNS = ("code", "country", "region", "age_group", "town_table", "age_table", "population")


@dataclass
class Town:
    """One town on its way into a table.

    ``cell`` is the code of its cell. ``has_code`` says whether people know the code and may type it.
    """

    code: str
    name: str
    latitude: float
    longitude: float
    population: float
    cell: str
    postal_codes: tuple[str, ...] = ()
    kind: str = ""
    aliases: tuple[str, ...] = ()
    has_code: bool = True


def write_towns(table: str, towns: Iterable[Town], cell_codes: Sequence[str]) -> None:
    """Write ``towns`` sorted by latitude, with every key (name, alias, postal code, code) sorted by its bytes."""
    rows = sorted(towns, key=lambda town: (town.latitude, town.longitude, town.code))
    keys = sorted({key for row, town in enumerate(rows) for key in _keys(town, row)})
    cell_rows = {code: row for row, code in enumerate(cell_codes)}
    # Uncompressed: reading takes a third of the time, and wheels are compressed anyway.
    np.savez(
        TABLES / f"{table}.npz",
        names=_block(town.name for town in rows),
        codes=_block(town.code for town in rows),
        postal_codes=_block("|".join(town.postal_codes) for town in rows),
        kinds=_block(town.kind for town in rows),
        latitude=np.array([round(town.latitude * 1e4) for town in rows], dtype=np.int32),
        longitude=np.array([round(town.longitude * 1e4) for town in rows], dtype=np.int32),
        population=np.array([town.population for town in rows], dtype=np.int32),
        cell=np.array([cell_rows[town.cell] for town in rows], dtype=np.int16),
        keys=_block(key for key, _, _ in keys),
        key_kind=np.array([kind for _, kind, _ in keys], dtype=np.uint8),
        key_town=np.array([row for _, _, row in keys], dtype=np.int32),
    )


def _keys(town: Town, row: int) -> Iterable[tuple[str, int, int]]:
    name = fold(town.name)
    yield name, NAME, row
    for alias in {fold(alias) for alias in town.aliases} - {name, ""}:
        yield alias, ALIAS, row
    for code in town.postal_codes:
        yield code, POSTAL, row
    if town.has_code:
        yield town.code.lower(), CODE, row


def _block(texts: Iterable[str]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    joined = "".join(f"{text}\n" for text in texts)
    return np.frombuffer(joined.encode("utf-8"), dtype=np.uint8)


def write_rows(table: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a small table as CSV."""
    with (TABLES / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
