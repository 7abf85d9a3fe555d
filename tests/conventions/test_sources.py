"""The door of the app holds no logic, and the package never reads raw figures."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_door_of_the_app_holds_no_logic() -> None:
    door = ROOT / "app.py"
    if not door.exists():
        pytest.skip("there is no app yet")
    assert len(door.read_text(encoding="utf-8").splitlines()) <= 40


def test_the_package_never_reads_the_raw_figures() -> None:
    readers = [path.name for path in (ROOT / "simulator").rglob("*.py") if "../shared" in path.read_text("utf-8")]
    assert readers == []
