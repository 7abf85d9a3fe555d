"""Short modules, and nothing of the machine they were written on."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
SOURCES = sorted(
    path
    for folder in ("simulator", "tools", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    assert len(SOURCES) > 10, "the sources were not found"
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_door_of_the_app_holds_no_logic() -> None:
    door = ROOT / "app.py"
    if not door.exists():
        pytest.skip("there is no app yet")
    assert len(door.read_text(encoding="utf-8").splitlines()) <= 40


def test_the_package_never_reads_the_raw_figures() -> None:
    readers = [path.name for path in (ROOT / "simulator").rglob("*.py") if "../shared" in path.read_text("utf-8")]
    assert readers == []
