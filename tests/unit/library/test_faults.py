"""A disk that is full, a folder that may not be written, a database in use, broken, foreign, or from the future."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from simulator.base.errors import SimulatorError
from simulator.library import open_store
from simulator.library.database import Store
from tests.unit.library.databases import new_address
from tests.unit.library.examples import scenario

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
from simulator.base.errors import SimulatorError
from simulator.library import open_store
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
def test_a_locked_table_of_postgresql_says_so(opened: Opening, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    import psycopg

    address = new_address(request, "postgresql", tmp_path)
    store = opened(address, timeout_seconds=0.1)
    with psycopg.connect(address) as other:
        other.execute("SET idle_in_transaction_session_timeout = '20s'")  # no test waits for ever
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
