"""The app opens on the first port that is free, on this computer only, and says which."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.apps.web import server


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    ports: list[int] = []
    monkeypatch.setattr(server, "ROOT", tmp_path)
    (tmp_path / "app.py").touch()
    monkeypatch.setattr(server, "serve", lambda port, headless: ports.append(port))
    return ports


def test_a_taken_port_is_passed_over_and_both_are_named(
    taken: int, served: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert server.open_app(taken, no_browser=True) == 0
    assert len(served) == 1
    assert served[0] > taken
    said = capsys.readouterr().out
    assert f"Port {taken} is taken by another program; using {served[0]}." in said
    assert f"http://127.0.0.1:{served[0]}" in said


def test_a_program_listening_on_every_address_counts_too() -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert not server.is_free(other.getsockname()[1])


def test_the_app_asks_for_8501_first(served: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "is_free", lambda port: True)
    server.open_app(no_browser=True)
    assert served == [8501]


def test_no_free_port_is_a_sentence(
    served: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "is_free", lambda port: False)
    assert server.open_app(no_browser=True) == 1
    assert "8501 to 8600 are all taken" in capsys.readouterr().err
    assert served == []


def test_without_the_checkout_it_says_where_to_run_it(
    served: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").unlink()
    assert server.open_app(no_browser=True) == 1
    assert "checkout" in capsys.readouterr().err
    assert served == []
