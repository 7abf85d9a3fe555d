"""The PostgreSQL of the checks ends in a bounded time, whatever state it is in."""

from __future__ import annotations

from typing import Any

import psutil
import psycopg
import pytest

from tools.check import postgres
from tools.check.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]


def gone(process: Any) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_it_ends_while_somebody_is_connected_and_one_of_its_processes_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "SECONDS_TO_END", 1.0)
    server = Postgres()
    with psycopg.connect(server.address) as connection:
        processes = server._processes()
        backend = psutil.Process(connection.info.backend_pid)
        assert backend in processes
        backend.suspend()
        server.remove()
    assert [process for process in processes if not gone(process)] == []
    assert not server.folder.exists()


def test_it_starts_again_after_it_was_killed_and_is_removed_when_it_is_dead() -> None:
    server = Postgres()
    server.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.address)
    server.start()
    with psycopg.connect(server.address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.kill()
    server.remove()
    assert not server.folder.exists()
