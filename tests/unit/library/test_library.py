"""The library as a zip: whole, the same bytes for the same content, and nothing hostile gets in by it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.library import write_scenario
from simulator.library.database import Store
from tests.unit.library.examples import HOSTILE, scenario

Opening = Callable[..., Store]


def filled(store: Store) -> Store:
    """Several versions, a deletion, a restoration, hostile texts."""
    one, gone, back = scenario(title="one", tags=("a",)), scenario(title="gone"), scenario(title="back")
    for saved in (one, gone, back, one.replace(title="two")):
        store.save(saved)
    store.delete(gone.id)
    store.delete(back.id)
    store.restore(back.id)
    store.save(scenario(title="\n".join(HOSTILE)[:200], client=HOSTILE[6], notes="\n".join(HOSTILE)))
    return store


def content(store: Store) -> dict[str, list[Any]]:
    """Everything that a store holds, by scenario."""
    keys = {row.id for row in store.search()} | {one.id for one in library_ids(store)}
    return {key: [(entry, store.fetch(key, entry.version)) for entry in store.versions(key)] for key in keys}


def library_ids(store: Store) -> list[Any]:
    from simulator.library.importing import held_entries

    return list(held_entries(store._engine, store.place))


def test_a_library_imported_elsewhere_is_the_same(store: Store, sqlite: Store, tmp_path: Path) -> None:
    assert filled(store).export(tmp_path / "x.zip") == 4
    done = sqlite.import_(tmp_path / "x.zip")
    assert (done.added, done.extended, done.unchanged, done.conflicts, done.refused) == (4, 0, 0, [], [])
    assert content(sqlite) == content(store)
    assert sqlite.search() == store.search()


def test_from_sqlite_to_the_other_and_back(store: Store, sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    filled(sqlite).export(tmp_path / "x.zip")
    store.import_(tmp_path / "x.zip")
    store.export(tmp_path / "y.zip")
    assert (tmp_path / "x.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()


def test_importing_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    filled(store).export(tmp_path / "x.zip")
    before = content(store)
    done = store.import_(tmp_path / "x.zip")
    assert (done.added, done.extended, done.unchanged) == (0, 0, 4)
    assert content(store) == before


def test_an_empty_library_travels_too(sqlite: Store, tmp_path: Path) -> None:
    assert sqlite.export(tmp_path / "x.zip") == 0
    assert sqlite.import_(tmp_path / "x.zip").added == 0


def test_the_zip_can_be_read_by_anybody(sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="Été")
    sqlite.save(one)
    sqlite.export(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.namelist() == [f"scenarios/{one.id}/1.json", "library.json"]
        entry = json.loads(archive.read(f"scenarios/{one.id}/1.json"))
        assert json.loads(archive.read("library.json")) == {"library_version": 1, "scenarios": 1, "versions": 1}
    assert entry["scenario"] == one.to_dict()


def test_further_versions_are_appended(store: Store, sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="a")
    store.save(one)
    store.export(tmp_path / "x.zip")
    sqlite.import_(tmp_path / "x.zip")
    store.save(one.replace(title="b"))
    store.export(tmp_path / "x.zip")
    assert sqlite.import_(tmp_path / "x.zip").extended == 1
    assert content(sqlite) == content(store)
    sqlite.save(one.replace(title="c"))
    assert sqlite.import_(tmp_path / "x.zip").unchanged == 1  # here is more: nothing to take over
    assert sqlite.load(one.id).title == "c"


def test_what_was_changed_on_both_sides_is_kept_side_by_side(store: Store, sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="start")
    for side in (store, sqlite):
        side.save(one)
    store.save(one.replace(title="theirs"))
    sqlite.save(one.replace(title="mine"))
    store.export(tmp_path / "x.zip")
    done = sqlite.import_(tmp_path / "x.zip")
    ((old, new),) = done.conflicts
    assert old == one.id != new
    assert {row.id: row.title for row in sqlite.search()} == {one.id: "mine", new: "theirs"}
    assert [entry.title for entry in sqlite.versions(new)] == ["start", "theirs"]
    assert sqlite.load(new).id == new
    again = sqlite.import_(tmp_path / "x.zip")
    assert (again.added, again.unchanged, again.conflicts) == (0, 1, [])
    store.save(one.replace(title="theirs, later"))
    store.export(tmp_path / "x.zip")
    assert sqlite.import_(tmp_path / "x.zip").extended == 1
    assert {row.title for row in sqlite.search()} == {"mine", "theirs, later"}


def test_a_deletion_against_a_change_is_a_conflict_too(sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    other = opened(tmp_path / "other.sqlite")
    one = scenario(title="x")
    for side in (other, sqlite):
        side.save(one)
    other.delete(one.id)
    sqlite.save(one)
    other.export(tmp_path / "x.zip")
    assert len(sqlite.import_(tmp_path / "x.zip").conflicts) == 1
    assert sqlite.load(one.id) == one


def test_the_file_of_one_scenario_is_imported_once(store: Store, tmp_path: Path) -> None:
    one = scenario(title="x")
    write_scenario(one, tmp_path / "x.json")
    assert store.import_(tmp_path / "x.json").added == 1
    assert store.import_(tmp_path / "x.json").unchanged == 1
    later = one.replace(title="y")
    store.save(later)
    assert store.import_(tmp_path / "x.json").unchanged == 1
    write_scenario(later, tmp_path / "x.json")
    assert store.import_(tmp_path / "x.json").unchanged == 1
    write_scenario(one.replace(title="z"), tmp_path / "x.json")
    assert len(store.import_(tmp_path / "x.json").conflicts) == 1
    assert {row.title for row in store.search()} == {"y", "z"}
