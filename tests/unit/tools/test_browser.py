"""A browser is looked for where the documentation says, and only one that answers is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.install import browser


def program(path: Path, exit_code: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "fetched_by_playwright", lambda: str(tmp_path / "of_playwright"))


def test_the_variable_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path, named = program(tmp_path / "chromium"), program(tmp_path / "mine")
    assert browser.find() == on_path
    monkeypatch.setenv(browser.VARIABLE, str(named))
    assert browser.find() == named


def test_a_wrong_variable_is_said_and_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium")
    monkeypatch.setenv(browser.VARIABLE, "/nowhere/chromium")
    assert browser.find() is None
    assert browser.install() is None
    assert "received /nowhere/chromium" in browser.how_to_install()


def test_a_program_that_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "chromium", exit_code=1)
    assert browser.find() is None
    chrome = program(tmp_path / "google-chrome")
    assert browser.find() == chrome


def test_playwrights_own_browser_is_the_last_resort(tmp_path: Path) -> None:
    assert browser.find() is None
    fetched = program(tmp_path / "of_playwright")
    assert browser.find() == fetched


def test_root_asks_the_system_first_and_then_playwright(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(browser, "fetch", asked.append)
    program(tmp_path / "apt-get")
    assert browser.install() is None
    assert [command[0] for command in asked[:2]] == ["apt-get", "apt-get"]
    assert asked[1][-2:] == ["chromium", "fonts-dejavu"]
    assert asked[2][1:4] == ["-m", "playwright", "install"]


def test_nobody_but_root_asks_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(browser, "fetch", asked.append)
    program(tmp_path / "apt-get")
    browser.install()
    assert [command[1:] for command in asked] == [["-m", "playwright", "install", "chromium"]]
