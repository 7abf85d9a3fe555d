"""The tables in the package: sourced, in order, read only when needed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from simulator.base.errors import TableError
from simulator.reference.places import all_sources, tables
from simulator.reference.places.tables import ALIAS, CODE, NAME, POSTAL, TOWN_TABLES, all_towns, towns

ENTRIES = {"title", "publisher", "locator", "date", "licence", "compiled"}


def test_every_table_has_a_sidecar_with_all_its_entries() -> None:
    stored = {path.stem for path in tables.TABLES.iterdir() if path.suffix in (".npz", ".csv")}
    assert stored == {source.table for source in all_sources()}
    assert len(stored) == 15
    for path in tables.TABLES.glob("*.toml"):
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        assert entries.keys() == ENTRIES, path.name
        assert all(str(value).strip() for value in entries.values()), path.name


def test_nothing_but_tables_lies_beside_them() -> None:
    assert {path.suffix for path in tables.TABLES.iterdir()} == {".npz", ".csv", ".toml"}


@pytest.mark.parametrize("table", TOWN_TABLES)
def test_towns_are_in_order_and_in_range(table: str) -> None:
    found = towns(table)
    assert np.all(np.diff(found.latitude) >= 0)
    assert np.abs(found.longitude).max() <= 180
    assert found.population.min() >= 0
    assert found.cell.max() < len(tables.cells())
    assert len(found.names) == len(found.codes) == len(found.kinds) == len(found.postal_codes) == len(found)


@pytest.mark.parametrize("table", TOWN_TABLES)
def test_keys_are_sorted_and_every_town_has_its_name(table: str) -> None:
    found = towns(table)
    keys = [found.keys.raw(row) for row in range(len(found.keys))]
    assert keys == sorted(keys)
    assert set(np.unique(found.key_kind)) <= {NAME, ALIAS, POSTAL, CODE}
    named = found.key_town[found.key_kind == NAME]
    assert np.array_equal(np.sort(named), np.arange(len(found)))


def test_no_town_of_one_country_stands_in_two_tables() -> None:
    owners: dict[int, str] = {}
    for found in all_towns():
        for cell in np.unique(found.cell).tolist():
            assert owners.setdefault(cell, found.table) == found.table
            assert tables.cells().town_tables[cell] == found.table


def test_a_missing_or_damaged_table_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "TABLES", tmp_path)
    (tmp_path / "broken.npz").write_bytes(b"not a table")
    for name in ("broken", "absent"):
        with pytest.raises(TableError, match=f"{name}.npz"):
            tables.towns.__wrapped__(name)


def test_a_sidecar_without_an_entry_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "TABLES", tmp_path)
    (tmp_path / "half.toml").write_text('title = "half"', encoding="utf-8")
    with pytest.raises(TableError, match=r"half\.toml"):
        tables.source.__wrapped__("half")


def test_a_country_needs_no_table_of_towns() -> None:
    program = (
        "from simulator.campaign.campaign import Place\n"
        "from simulator.reference.places import people, tables\n"
        "assert tables.cells.cache_info().currsize == 0, 'read on import'\n"
        "assert people([Place.country('FR'), Place.region('CA-QC')]).total > 7e7\n"
        "assert tables.towns.cache_info().currsize == 0, 'towns were read'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[4])
