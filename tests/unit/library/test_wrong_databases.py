"""Files that are no databases, servers that do not answer, addresses that are none: each named, nothing harmed."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from simulator.base.errors import InvalidInput
from simulator.library import open_store
from simulator.library.connection import connect, fault
from simulator.library.database import Store
from simulator.library.scenario import SCHEMA_VERSION
from simulator.library.table import DATABASE_VERSION
from tests.unit.library.examples import scenario
from tests.unit.library.test_faults import refused

Opening = Callable[..., Store]


@pytest.mark.parametrize("content", [b"this is not a database, however long it may be. " * 100, b"\0" * 5_000, b"x"])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    assert refused(lambda: open_store(path)).code == "store_damaged"
    assert path.read_bytes() == content


def test_a_damaged_database_is_named_and_left_as_it_is(tmp_path: Path, opened: Opening) -> None:
    path = tmp_path / "x.sqlite"
    first = opened(path)
    for _ in range(20):
        first.save(scenario(notes="x" * 4_000))
    first.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)

    def use() -> object:
        store = opened(path)
        return store.search(), store.export(tmp_path / "x.zip")

    assert refused(use).code == "store_damaged"
    assert path.read_bytes() == bytes(content)


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    assert refused(lambda: open_store(path)).code == "store_foreign"
    assert [name for (name,) in sqlite3.connect(path).execute("SELECT name FROM sqlite_master")] == ["theirs"]


def test_a_database_of_a_later_version_is_left_alone(address: str, opened: Opening) -> None:
    first = opened(address)
    first.save(scenario())
    with first._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE scenario_store SET database_version = {DATABASE_VERSION + 1}")
    first.close()
    error = refused(lambda: open_store(address))
    assert (error.code, error.data["received"]) == ("future_version", DATABASE_VERSION + 1)


def test_a_start_that_was_cut_off_is_completed(address: str, opened: Opening) -> None:
    first = opened(address)
    with first._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM scenario_store")
    first.close()
    with first._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE scenario_store")
    first.close()
    again = opened(address)
    assert again.save(scenario()).version == 1
    again.close()
    assert len(opened(address).search()) == 1


def test_a_scenario_from_the_future_stays_in_the_list_and_in_the_export(store: Store, tmp_path: Path) -> None:
    good, later = scenario(title="good"), scenario(title="later")
    store.save(good)
    store.save(later)
    with store._engine.begin() as connection:
        body = later.body().replace(f'"schema_version":{SCHEMA_VERSION}', '"schema_version":99')
        parameter = "?" if connection.dialect.name == "sqlite" else "%s"
        change = f"UPDATE scenario_version SET body = {parameter} WHERE id = {parameter}"
        connection.exec_driver_sql(change, (body, later.id))
    assert {row.title for row in store.search()} == {"good", "later"}
    assert store.load(good.id) == good
    with pytest.raises(InvalidInput) as caught:
        store.load(later.id)
    assert caught.value.code == "future_version"
    assert later.id in caught.value.data["field"]
    store.delete(later.id)
    store.restore(later.id)
    assert store.export(tmp_path / "x.zip") == 2


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    for address in (f"postgresql://me:secret@/none?host={tmp_path}", "postgresql://me:secret@127.0.0.1:9/none"):
        error = refused(lambda address=address: open_store(address, timeout_seconds=1))  # type: ignore[misc]
        assert error.code == "store_unreachable"
        assert "secret" not in str(error) + repr(error.data)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_that_is_not_there_is_named(postgresql: str) -> None:
    error = refused(lambda: open_store(postgresql.replace("/postgres?", "/none?")))
    assert error.code == "store_unreachable"


@pytest.mark.parametrize("address", ["sqlite://", "postgresql+psycopg://host:port/x", "x"])
def test_what_is_no_address_is_named(address: str) -> None:
    if address == "sqlite://":
        with open_store(address) as store:  # in memory: gone with the program
            store.save(scenario())
            assert len(store.search()) == 1
        return
    assert refused(lambda: connect(address, 1.0)).code == "unknown_database"


@pytest.mark.parametrize("seconds", [-1, 601, float("nan"), "1", True])
def test_the_time_to_wait_is_checked(tmp_path: Path, seconds: float) -> None:
    assert (
        refused(lambda: open_store(tmp_path / "x.sqlite", timeout_seconds=seconds)).data["field"] == "timeout_seconds"
    )


class Said(Exception):
    """What PostgreSQL's driver raises: a text and a code."""

    def __init__(self, state: str) -> None:
        super().__init__("said in any language")
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "disk_full"),
        ("25006", "read_only"),
        ("42501", "read_only"),
        ("55P03", "store_locked"),
        ("XX001", "store_damaged"),
        ("08006", "store_unreachable"),
        ("57P01", "store_unreachable"),
        ("28P01", "store_unreachable"),
        ("3D000", "store_unreachable"),
        ("42P01", "store_failed"),
    ],
)
def test_the_codes_of_postgresql_are_understood(state: str, code: str) -> None:
    assert fault("library", OperationalError("SELECT", {}, Said(state))).code == code


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find = importlib.util.find_spec
    for name, address in (("sqlalchemy", "sqlite://"), ("psycopg", "postgresql://host/x")):
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda asked, name=name: None if asked == name else find(asked)
        )
        error = refused(lambda address=address: open_store(address))  # type: ignore[misc]
        assert (error.code, error.data["received"]) == ("driver_missing", name)


def test_the_numbers_of_a_full_disk_are_those_of_the_system() -> None:
    from simulator.base.files import FULL

    assert errno.ENOSPC in FULL
