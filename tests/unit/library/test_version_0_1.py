"""What version 0.1 kept opens and reads the same: a library of one person, a server's on both databases, a calibration.

tests/data/version-0.1/make.py says how its files were made, with the code of that version.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

import simulator.accounts.register  # noqa: F401 — its tables are compared too
from simulator.accounts.people import Claims
from simulator.accounts.register import Access
from simulator.learning import Calibration
from simulator.library import Scenario, migrations
from simulator.library.database import Store
from simulator.library.table import DATABASE_VERSION, METADATA, REVISION
from tests.unit.library.databases import BOTH, new_address
from tests.unit.library.examples import scenario
from tests.unit.library.test_faults import refused

KEPT = Path(__file__).resolve().parents[2] / "data" / "version-0.1"
EXPECTED = json.loads((KEPT / "expected.json").read_text(encoding="utf-8"))
Opening = Callable[..., Store]


@pytest.fixture
def person(tmp_path: Path) -> Path:
    return Path(shutil.copy(KEPT / "library.sqlite", tmp_path))


@pytest.fixture(params=BOTH)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """A server's library as version 0.1 left it, and what that version read from it."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(KEPT / 'server.sqlite', tmp_path)}", EXPECTED["server"]
    import psycopg

    address = new_address(request, "postgresql", tmp_path)
    with psycopg.connect(address) as connection:
        connection.execute((KEPT / "postgresql.sql").read_bytes())
    return address, EXPECTED["postgresql"]


SINCE = {"budget_is": "media", "tax": "none", "bought_in": "web", "special_category": "none"}
"""Entries of a campaign that version 0.1 did not know, and what its campaigns are taken to have chosen."""


def written(one: Scenario) -> dict[str, Any]:
    entries = one.to_dict() | ({"calibration": "calibration.json"} if one.calibration else {})
    assert {name: entries["campaign"].pop(name) for name in SINCE} == SINCE
    return entries


def read(store: Store) -> dict[str, Any]:
    """Return everything that a library answers, as make.py did."""
    histories = {}
    for key in EXPECTED["ids"]:
        entries = store.versions(key)
        kept = [store.fetch(key, entry.version) for entry in entries]
        histories[key] = [
            {
                "entry": entry._asdict(),
                "scenario": written(one.scenario),
                "saved_at": one.saved_at,
                "owner": one.owner,
                "deleted": one.deleted,
            }
            for entry, one in zip(entries, kept, strict=True)
        ]
    found = {
        "rows": [row._asdict() for row in store.search()],
        "found": [row.title for row in store.search("automne")],
        "histories": histories,
    }
    return json.loads(json.dumps(found, default=lambda moment: moment.isoformat()))


def forms(path: Path) -> list[int | str]:
    """Return what stands in a file about the form of its tables."""
    connection = sqlite3.connect(path)
    found = [value for (value,) in connection.execute("SELECT database_version FROM scenario_store")]
    found += [value for (value,) in connection.execute(f"SELECT version_num FROM {REVISION.name}")]
    connection.close()
    return found


def test_a_library_of_one_person_reads_the_same(person: Path, opened: Opening) -> None:
    for _ in range(2):  # as it was, then as it was left
        store = opened(person, owner="Anne")
        assert read(store) == EXPECTED["library"]
        store.close()
        assert forms(person) == [DATABASE_VERSION, str(DATABASE_VERSION)]
    assert opened(person).save(scenario()).version == 1


def test_a_calibration_reads_the_same(person: Path, opened: Opening) -> None:
    kept = json.loads((KEPT / "calibration.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(Calibration.load(KEPT / "calibration.json").to_dict())) == kept
    learnt = [one for one in map(opened(person).load, EXPECTED["ids"][:4]) if one.calibration]
    # What was left out of an export stays with the calibration's own file.
    assert [json.loads(json.dumps(one.calibration.to_dict())) for one in learnt] == [kept | {"dropped": []}]


def test_a_servers_library_reads_the_same_to_everybody(server: tuple[str, dict[str, Any]], opened: Opening) -> None:
    address, expected = server
    store = opened(address)
    access = Access(store, lambda: 1_780_000_000.0)  # before the link ends
    assert [[one.key, one.name, one.email, one.role, one.team] for one in access.people()] == expected["people"]
    seen = {one.name: [row.title for row in access.view(one).search()] for one in access.people()}
    assert seen == expected["rows_of"]
    assert written(access.shared(expected["token"]).scenario) == expected["shared"]
    ended = {"iss": "https://accounts.example.org", "sub": "bruno", "nonce": "ended", "exp": 4e9}
    assert refused(lambda: access.enter(Claims.of(ended), 5)).code == "session_ended"
    assert access.enter(Claims.of(ended | {"nonce": "n"}), 5).name == "Bruno"
    assert read(store) == {name: expected[name] for name in ("rows", "found", "histories")}


def test_the_program_of_before_opens_what_this_one_has_opened(person: Path, opened: Opening) -> None:
    """Its own look, as in its connection.py: both tables are there and the number is its own."""
    opened(person).close()
    connection = sqlite3.connect(person)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"scenario_version", "scenario_store"} <= names
    assert connection.execute("SELECT database_version FROM scenario_store").fetchall() == [(1,)]
    connection.close()


def test_a_library_that_may_only_be_read_is_read(person: Path, opened: Opening) -> None:
    content = person.read_bytes()
    store = opened(f"sqlite:///file:{person}?mode=ro&uri=true")
    assert read(store) == EXPECTED["library"]
    assert refused(lambda: store.save(scenario())).code == "read_only"
    store.close()
    assert person.read_bytes() == content


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_servers_library_is_read_by_who_may_only_read(
    request: pytest.FixtureRequest, tmp_path: Path, opened: Opening
) -> None:
    import psycopg

    address = new_address(request, "postgresql", tmp_path)
    with psycopg.connect(address) as connection:
        connection.execute((KEPT / "postgresql.sql").read_bytes())
        connection.execute("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    store = opened(address.replace("//postgres:", "//reader:"))
    assert read(store) == {name: EXPECTED["postgresql"][name] for name in ("rows", "found", "histories")}
    assert refused(lambda: store.save(scenario())).code == "read_only"


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No database grows by a page."""
    from sqlalchemy import Engine

    def stop(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", stop)
    yield
    event.remove(Engine, "connect", stop)


@pytest.mark.usefixtures("full_disk")
def test_a_library_on_a_full_disk_is_read(person: Path, opened: Opening) -> None:
    assert read(opened(person)) == EXPECTED["library"]


def test_one_that_another_program_holds_is_left_alone(person: Path, opened: Opening) -> None:
    other = sqlite3.connect(person, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refused(lambda: opened(person, timeout_seconds=0.05)).code == "store_locked"
    other.execute("COMMIT")
    other.close()
    assert read(opened(person)) == EXPECTED["library"]


OPEN = """
import sys
from simulator.library import open_store
print("ready", flush=True)
sys.stdin.readline()
print(len(open_store(sys.argv[1]).search()))
"""


def test_programs_that_open_it_at_once_all_read_it(server: tuple[str, dict[str, Any]], root: Path) -> None:
    address, expected = server
    command = [sys.executable, "-c", OPEN, address]
    programs = [
        subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for one in programs:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(len(programs)) as pool:
        said = [out for out, _ in pool.map(lambda one: one.communicate("go\n", timeout=120), programs)]
    assert said == [f"{len(expected['rows'])}\n"] * len(programs)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE scenario_store SET database_version = 2", id="no revision"),
        pytest.param(f"CREATE TABLE {REVISION.name} (version_num); INSERT INTO {REVISION.name} VALUES ('2')", id="2"),
        pytest.param(f"CREATE TABLE {REVISION.name} (version_num); INSERT INTO {REVISION.name} VALUES ('x')", id="x"),
    ],
)
def test_a_later_form_is_refused_and_left_as_it_is(person: Path, opened: Opening, change: str) -> None:
    connection = sqlite3.connect(person)
    connection.executescript(change)
    connection.close()
    content = person.read_bytes()
    error = refused(lambda: opened(person))
    assert (error.code, error.data["received"]) == ("future_version", DATABASE_VERSION + 1)
    assert person.read_bytes() == content


def test_an_upgrade_that_is_cut_off_changes_nothing(
    person: Path, opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrations.upgrade

    def cut_off(connection: Any) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.library.connection.upgrade", cut_off)
    with pytest.raises(KeyboardInterrupt):
        opened(person)
    names = [name for (name,) in sqlite3.connect(person).execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert sorted(names) == ["scenario_store", "scenario_version"]
    monkeypatch.undo()
    assert read(opened(person)) == EXPECTED["library"]


def test_the_revisions_make_what_the_tables_are_said_to_be(address: str, opened: Opening) -> None:
    store = opened(address)

    def is_made(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
        return store.engine.dialect.name == "sqlite" or (kind, name) != ("index", "scenario_version_listed")

    with store.engine.connect() as connection:
        options = {"version_table": REVISION.name, "include_object": is_made}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_the_last_revision_is_the_one_that_is_asked_for(store: Store) -> None:
    assert ScriptDirectory(migrations.FOLDER, version_locations=[migrations.FOLDER]).get_current_head() == str(
        DATABASE_VERSION
    )
    assert store.check() == DATABASE_VERSION


def test_a_library_in_the_present_form_opens_without_alembic(person: Path, opened: Opening) -> None:
    opened(person).close()
    program = f"import sys; from simulator.library import open_store; open_store({str(person)!r}).close()"
    command = [sys.executable, "-c", f"{program}; print('alembic' in sys.modules)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
