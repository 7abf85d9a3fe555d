"""Save, load, history, deletion, and two writers at once: the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from simulator.base.errors import InvalidInput
from simulator.library import Saved, VersionConflict, open_store
from simulator.library.connection import connect
from simulator.library.database import Store
from simulator.library.table import SCENARIO_VERSION
from tests.unit.library.examples import HOSTILE, scenario

Opening = Callable[..., Store]


def test_a_saved_scenario_comes_back(store: Store) -> None:
    one = scenario(title="Été", notes="\n".join(HOSTILE), tags=("a", "b"))
    assert store.save(one) == Saved(one.id, 1)
    assert store.load(one.id) == one


def test_saving_again_appends_even_unchanged(store: Store) -> None:
    one = scenario()
    assert [store.save(one).version for _ in range(3)] == [1, 2, 3]
    assert [entry.version for entry in store.versions(one.id)] == [1, 2, 3]


def test_earlier_versions_stay_as_they_were(store: Store) -> None:
    one = scenario(title="first")
    store.save(one)
    store.save(one.replace(title="second"))
    assert store.load(one.id, 1).title == "first"
    assert store.load(one.id).title == store.load(one.id, 2).title == "second"


def test_what_is_kept_outlives_the_program(address: str, opened: Opening) -> None:
    one = scenario()
    first = opened(address, owner="Anne")
    first.save(one)
    first.close()
    again = opened(address)
    assert again.load(one.id) == one
    kept = again.fetch(one.id)
    assert (kept.version, kept.owner, kept.deleted) == (1, "Anne", False)
    assert kept.saved_at == again.search()[0].saved_at == again.versions(one.id)[0].saved_at


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_come_back_unchanged(sqlite: Store, hostile: str) -> None:
    one = scenario(title=hostile, client=hostile, author=hostile, notes=hostile)
    sqlite.save(one)
    row = sqlite.search()[0]
    assert (row.title, row.client) == (hostile, hostile)
    assert sqlite.load(one.id) == one


def test_hostile_texts_come_back_from_both_databases(store: Store) -> None:
    kept = [scenario(title=hostile, client=hostile, notes=hostile) for hostile in HOSTILE]
    for one in kept:
        store.save(one)
    assert [store.load(one.id) for one in kept] == kept
    assert sorted(row.client for row in store.search()) == sorted(HOSTILE)


def test_a_deleted_scenario_leaves_the_list_but_not_the_store(store: Store) -> None:
    one = scenario(title="x")
    store.save(one)
    assert store.delete(one.id) == Saved(one.id, 2)
    assert store.search() == []
    with pytest.raises(InvalidInput) as caught:
        store.load(one.id)
    assert caught.value.code == "deleted_scenario"
    assert store.load(one.id, 1) == one
    assert [entry.deleted for entry in store.versions(one.id)] == [False, True]


def test_restoring_is_a_version_too(store: Store) -> None:
    one = scenario()
    store.save(one)
    store.delete(one.id)
    assert store.restore(one.id) == Saved(one.id, 3)
    assert store.load(one.id) == one
    assert len(store.search()) == 1


def test_deleting_or_restoring_twice_changes_nothing(store: Store) -> None:
    one = scenario()
    store.save(one)
    assert store.restore(one.id) == Saved(one.id, 1)
    assert store.delete(one.id) == store.delete(one.id) == Saved(one.id, 2)


def test_saving_a_deleted_scenario_brings_it_back(store: Store) -> None:
    one = scenario()
    store.save(one)
    store.delete(one.id)
    store.save(one)
    assert store.load(one.id) == one


@pytest.mark.parametrize("key", ["6f1c2a0e-5c0b-4a8e-9d53-0f6a1b2c3d4e", "x", "", "'; --", "x" * 10_000, 7, None])
def test_an_unknown_scenario_is_named(sqlite: Store, key: object) -> None:
    for ask in (sqlite.load, sqlite.versions, sqlite.delete, sqlite.restore, sqlite.fetch):
        with pytest.raises(InvalidInput) as caught:
            ask(key)  # type: ignore[operator]
        assert caught.value.code == "unknown_scenario"
        assert len(str(caught.value)) < 300


def test_an_unknown_version_is_named(store: Store) -> None:
    one = scenario()
    store.save(one)
    with pytest.raises(InvalidInput, match="version 2"):
        store.load(one.id, 2)
    for version in (0, -1, 1.5, "1", True):
        with pytest.raises(InvalidInput) as caught:
            store.load(one.id, version)  # type: ignore[arg-type]
        assert caught.value.code == "wrong_type"


def test_only_scenarios_are_saved(sqlite: Store) -> None:
    with pytest.raises(InvalidInput) as caught:
        sqlite.save({"title": "x"})  # type: ignore[arg-type]
    assert caught.value.code == "wrong_type"


def test_what_could_not_be_read_back_is_not_saved(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.library.database.MAX_BODY", 2_000)
    sqlite.save(scenario(notes="x"))
    with pytest.raises(InvalidInput) as caught:
        sqlite.save(scenario(notes="x" * 2_000))
    assert caught.value.code == "too_large"
    assert len(sqlite.search()) == 1


def test_the_second_writer_sees_the_difference_and_loses_nothing(address: str, opened: Opening) -> None:
    one = scenario(title="plan", notes="from the start")
    here, there = opened(address), opened(address)
    base = here.save(one).version
    mine, theirs = one.replace(title="mine"), one.replace(notes="theirs")
    assert there.save(theirs, base_version=base).version == 2
    with pytest.raises(VersionConflict) as caught:
        here.save(mine, base_version=base)
    conflict = caught.value
    assert (conflict.code, conflict.latest) == ("version_conflict", 2)
    assert (conflict.mine, conflict.theirs) == (mine, theirs)
    assert {(one.field, one.values) for one in conflict.changed} == {
        ("title", ("plan", "mine")),
        ("notes", ("theirs", "from the start")),
    }
    assert "title, notes" in str(conflict)
    assert here.load(one.id) == theirs
    assert here.save(mine, base_version=conflict.latest).version == 3
    assert [here.load(one.id, version) for version in (1, 2, 3)] == [one, theirs, mine]


def test_a_change_of_what_was_deleted_meanwhile_is_a_conflict(store: Store) -> None:
    one = scenario()
    store.save(one)
    store.delete(one.id)
    with pytest.raises(VersionConflict) as caught:
        store.save(one, base_version=1)
    assert caught.value.theirs is None
    assert "deleted" in str(caught.value)


def test_without_a_base_the_later_save_is_simply_on_top(address: str, opened: Opening) -> None:
    one = scenario()
    here, there = opened(address), opened(address)
    here.save(one)
    there.save(one)
    assert here.save(one).version == 3


def test_zero_as_base_means_not_there_yet(store: Store) -> None:
    one = scenario()
    assert store.save(one, base_version=0).version == 1
    with pytest.raises(VersionConflict):
        store.save(one, base_version=0)


def test_a_base_that_never_was_is_no_conflict_but_a_mistake(store: Store) -> None:
    one = scenario()
    store.save(one)
    with pytest.raises(InvalidInput) as caught:
        store.save(one, base_version=5)
    assert caught.value.code == "unknown_scenario"
    assert not isinstance(caught.value, VersionConflict)


def test_writers_at_once_get_a_version_each(address: str, opened: Opening) -> None:
    one = scenario()
    workers, saves = 4, 5
    together = threading.Barrier(workers)

    def write(worker: int) -> list[int]:
        mine = opened(address)
        together.wait()
        return [mine.save(one.replace(title=f"{worker} {turn}")).version for turn in range(saves)]

    with ThreadPoolExecutor(workers) as pool:
        versions = [version for found in pool.map(write, range(workers)) for version in found]
    assert sorted(versions) == list(range(1, workers * saves + 1))
    titles = {entry.title for entry in opened(address).versions(one.id)}
    assert titles == {f"{worker} {turn}" for worker in range(workers) for turn in range(saves)}


def test_of_writers_from_the_same_base_exactly_one_wins(address: str, opened: Opening) -> None:
    one = scenario()
    opened(address).save(one)
    workers = 4
    together = threading.Barrier(workers)

    def write(worker: int) -> bool:
        mine = opened(address)
        together.wait()
        try:
            mine.save(one.replace(title=str(worker)), base_version=1)
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(workers) as pool:
        assert sum(pool.map(write, range(workers))) == 1
    assert len(opened(address).versions(one.id)) == 2


def test_programs_that_start_at_once_make_the_tables_once(address: str, opened: Opening) -> None:
    workers = 4
    together = threading.Barrier(workers)

    def start(worker: int) -> int:
        together.wait()
        return len(opened(address).search())

    with ThreadPoolExecutor(workers) as pool:
        assert list(pool.map(start, range(workers))) == [0] * workers


def test_the_table_is_the_one_that_is_documented(address: str, store: Store) -> None:
    engine = connect(address, 1.0) if address.startswith("sqlite") else store._engine
    columns = {column["name"] for column in inspect(engine).get_columns(SCENARIO_VERSION.name)}
    assert {"id", "version", "saved_at", "owner", "client", "title", "tags", "deleted", "body"} <= columns
    assert inspect(engine).get_pk_constraint(SCENARIO_VERSION.name)["constrained_columns"] == ["id", "version"]
    engine.dispose()


def test_no_save_ever_changes_a_row(store: Store) -> None:
    one = scenario()
    store.save(one)
    before = _rows(store)
    store.save(one.replace(title="x"))
    store.delete(one.id)
    store.restore(one.id)
    assert _rows(store)[: len(before)] == before
    assert len(_rows(store)) == 4


def _rows(store: Store) -> list[tuple[object, ...]]:
    with store._engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM scenario_version ORDER BY id, version"))]


def test_a_save_on_sqlite_reaches_the_disk_before_it_is_acknowledged(sqlite: Store) -> None:
    with sqlite._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


def test_the_store_closes_with_its_block(tmp_path: Path) -> None:
    with open_store(tmp_path / "x.sqlite") as store:
        store.save(scenario())
    # Its log is merged into it and gone.
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlite"]
