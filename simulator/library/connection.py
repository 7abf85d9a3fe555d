"""What a database answers when it cannot, as our own errors that say what to do."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.base.files import unwritable
from simulator.library.location import KINDS
from simulator.library.migrations import upgrade
from simulator.library.table import DATABASE_VERSION, FORM, REVISION, SCENARIO_VERSION

SAID_BY_SQLITE = (
    ("store_locked", ("database is locked", "database table is locked", "database is busy")),
    ("disk_full", ("database or disk is full",)),
    ("read_only", ("readonly database", "permission denied")),
    ("store_damaged", ("file is not a database", "disk image is malformed", "malformed database schema")),
    ("read_only", ("unable to open database file",)),
)
STATES_OF_POSTGRESQL = {
    "53100": "disk_full",
    "25006": "read_only",
    "42501": "read_only",
    "55P03": "store_locked",
    "57014": "store_locked",
    "40P01": "store_locked",
    "XX001": "store_damaged",
    "XX002": "store_damaged",
}
"""Error codes of PostgreSQL, appendix A of its manual: disk full, read-only, privilege, lock not available,
cancelled after the time allowed, deadlock, data corrupted, index corrupted."""
UNREACHABLE = ("08", "57P", "28", "3D", "53300")
"""Beginnings of its codes for a server that is not there, shuts down, is full or does not know us."""


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise ``SimulatorError`` for what the database reports; a key that is taken stays ``IntegrityError``."""
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        problem = fault(place, error)
    else:
        return
    raise problem


def fault(place: str, error: SQLAlchemyError) -> SimulatorError:
    """Return our error for one of the database.

    Parameters
    ----------
    place : str
        The file, or the address without its password.
    """
    original = error.orig if isinstance(error, DBAPIError) else None
    said = " ".join(str(original or error).split())
    code = _code(error, str(getattr(original, "sqlstate", None) or ""), said.lower())
    return SimulatorError(code, field="STORE", received=shown(place, 200), reason=shown(_without_secrets(said), 120))


def _code(error: SQLAlchemyError, state: str, said: str) -> str:
    if state:
        if state in STATES_OF_POSTGRESQL:
            return STATES_OF_POSTGRESQL[state]
        return "store_unreachable" if state.startswith(UNREACHABLE) else "store_failed"
    for code, phrases in SAID_BY_SQLITE:
        if any(phrase in said for phrase in phrases):
            return code
    is_lost = isinstance(error, DBAPIError) and (error.connection_invalidated or "connection" in said)
    return "store_unreachable" if is_lost else "store_failed"


def _without_secrets(said: str) -> str:
    """A driver may repeat the address it was given."""
    return re.sub(r"//[^@/\s]*@|password=\S+", "…", said)


HEADER = b"SQLite format 3\0"
LOCK = 4_021_727_386
"""Any number, the same in every version: what an upgrade holds in PostgreSQL while it lasts."""


def connect(address: str, timeout_seconds: float) -> Engine:
    """Return an engine on a database whose tables are ready.

    Parameters
    ----------
    timeout_seconds : float
        How long to wait for another program's lock.

    Raises
    ------
    SimulatorError
        ``read_only``, ``disk_full``, ``store_damaged``, ``store_foreign``, ``future_version``,
        ``store_unreachable``, ``driver_missing``.
    """
    try:
        url = make_url(address)
    except (SQLAlchemyError, ValueError):
        url = None
    if url is None:
        raise InvalidInput("unknown_database", field="url", received="an address", allowed=KINDS)
    place = place_of(url)
    engine = _sqlite(url, timeout_seconds) if url.get_backend_name() == "sqlite" else _postgresql(url, timeout_seconds)
    try:
        with translated(place):
            _prepare(engine, place)
    except SimulatorError:
        engine.dispose()
        raise
    return engine


def place_of(url: URL) -> str:
    """Return what to call the database in a message: the file, or the address without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return url.set(query={}).render_as_string(hide_password=True)


def _sqlite(url: URL, timeout_seconds: float) -> Engine:
    settings: dict[str, Any] = {}
    if url.database in (None, "", ":memory:"):
        settings = {"poolclass": StaticPool}
    elif not str(url.database).startswith("file:"):  # SQLite's own form of address, for those who know it
        path = Path(str(url.database)).expanduser()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise unwritable(path.parent, error) from None
        _refuse_other_files(path)
        url = url.set(database=str(path))
    arguments = {"timeout": timeout_seconds, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, **settings)
    event.listen(engine, "connect", _durable)
    return engine


def _refuse_other_files(path: Path) -> None:
    """SQLite takes a file shorter than its own header for an empty database, and would write over it."""
    try:
        with path.open("rb") as file:
            start = file.read(len(HEADER))
    except (OSError, ValueError):
        return  # not there yet, or SQLite says why
    if start and start != HEADER:
        reason = "it does not begin as a file of SQLite does"
        raise SimulatorError("store_damaged", field="STORE", received=shown(str(path), 200), reason=reason)


def _durable(connection: Any, _record: object) -> None:
    """Readers never wait for a writer, and a save that was acknowledged has reached the disk."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _postgresql(url: URL, timeout_seconds: float) -> Engine:
    if importlib.util.find_spec("psycopg") is None:
        allowed = "'facebook-ad-budget-simulator[postgres]'"
        raise SimulatorError("driver_missing", field="STORE", received="psycopg", allowed=allowed)
    milliseconds = max(int(timeout_seconds * 1000), 1)
    arguments = {
        "connect_timeout": max(int(timeout_seconds), 2),
        # Whatever the server's default: an acknowledged save has reached its disk.
        "options": f"-c lock_timeout={milliseconds} -c synchronous_commit=on -c timezone=UTC",
    }
    return create_engine(url, connect_args=arguments, pool_pre_ping=True)


def _prepare(engine: Engine, place: str) -> None:
    """Bring the tables to the present form; nothing more is loaded where they have it."""
    with engine.connect() as connection:
        form, revision = _forms(connection, place)
    if form == revision == DATABASE_VERSION:
        return
    try:
        with engine.begin() as connection:
            # One program at a time: who comes second finds the work done, perhaps by a later version.
            is_file = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_file else f"SELECT pg_advisory_xact_lock({LOCK})")
            _forms(connection, place)
            upgrade(connection)
    except DBAPIError as error:
        # A library of version 0.1 that cannot be written is read as it stands.
        if form != DATABASE_VERSION or fault(place, error).code not in ("read_only", "disk_full"):
            raise


def _forms(connection: Connection, place: str) -> tuple[int | None, int | None]:
    """Return the form of the tables as version 0.1 writes it, and their revision; refuse what is not for us."""
    names = set(inspect(connection).get_table_names())
    others = names - {FORM.name, REVISION.name}
    if connection.dialect.name == "sqlite" and others and SCENARIO_VERSION.name not in others:
        raise SimulatorError("store_foreign", field="STORE", received=shown(place, 200))
    form = connection.scalar(select(FORM.c.database_version)) if FORM.name in names else None
    written = connection.scalar(select(REVISION.c.version_num)) if REVISION.name in names else None
    revision = None if written is None else int(written) if written.isdecimal() else DATABASE_VERSION + 1
    later = max(form or 0, revision or 0)
    if later > DATABASE_VERSION:
        raise SimulatorError("future_version", field="STORE", received=later, allowed=DATABASE_VERSION)
    return form, revision
