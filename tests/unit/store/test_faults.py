"""A disk that is full, a folder that may not be written, a database in use, broken, foreign, or from the future."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from simulator.errors import InvalidInput, SimulatorError
from simulator.store import open_store
from simulator.store.connection import connect
from simulator.store.database import Store
from simulator.store.faults import fault
from simulator.store.table import DATABASE_VERSION
from tests.unit.store.examples import scenario

Opening = Callable[..., Store]


def refused(act: Callable[[], object]) -> SimulatorError:
    with pytest.raises(SimulatorError) as caught:
        act()
    assert caught.value.message
    return caught.value


def test_a_full_disk_keeps_what_was_saved(sqlite: Store) -> None:
    one = scenario()
    sqlite.save(one)
    with sqlite._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    room = {"pages": pages}
    event.listen(sqlite._engine, "connect", lambda new, _: new.execute(f"PRAGMA max_page_count={room['pages']}"))
    sqlite.close()  # the next connection has as much room as there is, and no more
    big = scenario(notes="x" * 4_000)
    error = refused(lambda: [sqlite.save(big) for _ in range(20)])
    assert (error.code, error.data["received"]) == ("disk_full", repr(sqlite.place))
    assert sqlite.load(one.id) == one
    room["pages"] = 1_000_000
    sqlite.close()
    assert sqlite.save(one).version == 2


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="a small disk can only be mounted by root")
def test_a_disk_that_is_really_full_keeps_what_was_saved(tmp_path: Path, opened: Opening) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        store = opened(disk / "x.sqlite")
        kept: list[str] = []

        def fill() -> None:
            for _ in range(1_000):
                kept.append(store.save(scenario(notes="x" * 4_000)).id)  # noqa: PERF401

        assert refused(fill).code == "disk_full"
        assert refused(lambda: store.export(disk / "library.zip")).code == "disk_full"
        assert not (disk / "library.zip").exists()
        assert kept
        assert {row.id for row in store.search()} == set(kept)
        assert store.load(kept[-1]).notes == "x" * 4_000
        store.close()
        again = opened(disk / "x.sqlite")
        assert {row.id for row in again.search()} == set(kept)
        again.close()
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


UNPRIVILEGED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from simulator.errors import SimulatorError
from simulator.store import open_store
open_store("sqlite://").close()  # everything is imported while it may be read
if os.geteuid() == 0:  # for root no folder is forbidden: become nobody
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    open_store(sys.argv[2])
except SimulatorError as error:
    print(error.code)
"""


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    # A file where the folder should be: refused to everybody, root included.
    (tmp_path / "file").write_text("")
    assert refused(lambda: open_store(tmp_path / "file" / "x.sqlite")).code in ("read_only", "cannot_write")
    if sys.platform == "linux":
        assert refused(lambda: open_store("/proc/adsim/x.sqlite")).code in ("read_only", "cannot_write")


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are another matter there")
@pytest.mark.parametrize("inside", ["x.sqlite", "new/x.sqlite"])
def test_a_folder_of_somebody_else_is_named(root: Path, inside: str) -> None:
    folder = Path("/etc")  # root's on every such machine
    if os.geteuid() != 0 and os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    program = [sys.executable, "-c", UNPRIVILEGED, str(root), str(folder / inside)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "read_only", done.stderr


def test_a_file_that_may_only_be_read_is_named(
    tmp_path: Path, opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = scenario()
    path = tmp_path / "x.sqlite"
    first = opened(path)
    first.save(one)
    first.close()
    store = opened(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert store.load(one.id) == one
    assert refused(lambda: store.save(one)).code == "read_only"
    assert not (tmp_path / "file:").exists()  # such an address is no path


def test_a_locked_database_says_so_and_loses_nothing(tmp_path: Path, opened: Opening) -> None:
    one = scenario()
    store = opened(tmp_path / "x.sqlite", timeout_seconds=0.05)
    store.save(one)
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert refused(lambda: store.save(one)).code == "store_locked"
    assert store.load(one.id) == one  # readers do not wait
    other.execute("COMMIT")
    other.close()
    assert store.save(one).version == 2


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_locked_table_of_postgresql_says_so(opened: Opening) -> None:
    import psycopg

    from tests.unit.store.databases import new_database

    address = new_database()
    store = opened(address, timeout_seconds=0.1)
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE scenario_version IN EXCLUSIVE MODE")
        assert refused(lambda: store.save(scenario())).code == "store_locked"
        assert store.search() == []
    assert store.save(scenario()).version == 1


def test_a_writer_waits_for_another_one(tmp_path: Path, opened: Opening) -> None:
    store = opened(tmp_path / "x.sqlite", timeout_seconds=30)
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.2, other.execute, ("COMMIT",))
    later.start()
    assert store.save(scenario()).version == 1
    later.join()
    other.close()


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
        body = later.body().replace('"schema_version":2', '"schema_version":99')
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
def test_a_database_that_is_not_there_is_named() -> None:
    from tests.unit.store.databases import server_uri

    error = refused(lambda: open_store(server_uri().replace("/postgres?", "/none?")))
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
    from simulator.store.disk import FULL

    assert errno.ENOSPC in FULL
