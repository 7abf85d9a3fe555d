"""Where the library lies: the user's data folder, unless told otherwise."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput
from simulator.library import location
from simulator.library.location import data_folder, database_url


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ADSIM_DATABASE_URL", "ADSIM_DATA_DIR", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)


CUSTOM = {
    "linux": ".local/share/adsim",
    "darwin": "Library/Application Support/adsim",
    "win32": "AppData/Local/adsim",
}
"""Where the libraries that people have made lie."""


@pytest.mark.skipif(sys.platform not in CUSTOM, reason="no custom is promised for this system")
def test_each_system_has_its_custom(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    if sys.platform == "win32":
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData" / "Local"))
    assert data_folder() == tmp_path / CUSTOM[sys.platform]
    assert not data_folder().exists()


@pytest.mark.parametrize(("system", "name"), [("unix", "Unix"), ("macos", "MacOS")])
def test_the_custom_of_other_systems_is_where_libraries_lie(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, name: str
) -> None:
    kind = getattr(importlib.import_module(f"platformdirs.{system}"), name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(location, "user_data_path", lambda *given, **named: kind(*given, **named).user_data_path)
    assert data_folder() == tmp_path / CUSTOM[{"unix": "linux", "macos": "darwin"}[system]]


@pytest.mark.skipif(sys.platform != "linux", reason="the standard of desktops under Linux")
def test_the_desktop_standard_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "adsim"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert data_folder() == Path.home() / ".local" / "share" / "adsim"


def test_a_folder_may_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    assert database_url() == f"sqlite:///{tmp_path / 'scenarios.sqlite'}"


def test_a_database_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_DATABASE_URL", "postgres://me@host/library")
    assert database_url() == "postgresql+psycopg://me@host/library"
    assert database_url("x.sqlite") == "sqlite:///x.sqlite"
    assert database_url(Path("x.sqlite")) == "sqlite:///x.sqlite"
    assert database_url("postgresql://host/a") == "postgresql+psycopg://host/a"


@pytest.mark.parametrize("given", ["mysql://me:secret@host/x", "", 7, "http://host"])
def test_another_database_is_refused_without_repeating_a_password(given: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        database_url(given)
    assert caught.value.code == "unknown_database"
    assert "secret" not in str(caught.value)
