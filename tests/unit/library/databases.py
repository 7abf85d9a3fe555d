"""Both databases for the same tests: a file of SQLite, and a real PostgreSQL server started from a wheel.

The server is one for the whole run of a worker; every test gets an empty database of its own in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.library.database import Store
from simulator.library.opening import open_store
from tools.check.postgres import Postgres

POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")])
BOTH = ("sqlite", POSTGRESQL)
_numbers = itertools.count(1)


_server: list[Postgres] = []
_users: list[object] = []


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a PostgreSQL server: one for the run, ended with it.

    A fixture and not ``atexit``: a worker of xdist is killed if it takes its time after the last test. Modules that
    import this fixture have one each, hence the count.
    """
    if not _server:
        # A socket's path must be short, and the server, under root, runs as another user: not in pytest's own folder.
        _server.append(Postgres())
    me = object()
    _users.append(me)
    yield _server[0].address
    _users.remove(me)
    if not _users:
        _server.pop().remove()


def new_address(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """Return the address of a new, empty database of either kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'{next(_numbers)}.sqlite'}"
    import psycopg

    server: str = request.getfixturevalue("postgresql")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind in turn."""
    return new_address(request, request.param, tmp_path)


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """``open_store``, with every store closed after the test."""
    stores: list[Store] = []

    def opening(*arguments: object, **options: object) -> Store:
        stores.append(open_store(*arguments, **options))  # type: ignore[arg-type]
        return stores[-1]

    yield opening
    for one in stores:
        one.close()


@pytest.fixture
def store(address: str, opened: Callable[..., Store]) -> Store:
    """An empty store of each kind in turn."""
    return opened(address)


@pytest.fixture
def sqlite(tmp_path: Path, opened: Callable[..., Store]) -> Store:
    """An empty store in a file, for what is the same on both databases."""
    return opened(tmp_path / "scenarios.sqlite")
