"""Folders for a moment: what a killed process leaves is cleared away at the next start, and nothing else ever is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulator.apps.web import library, serving
from simulator.apps.web import temp_dirs as scratch
from simulator.apps.web.temp_dirs import HELD, YOUNG_S, Scratch, clear
from simulator.base.errors import InvalidInput

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")

ROOT = Path(__file__).resolve().parents[2]
MADE = (
    "from simulator.apps.web.temp_dirs import Scratch; one = Scratch('library'); path = one.path; "
    "(path / 'library.zip').write_text('x')"
)
WAITS = (
    "from simulator.apps.web.jobs import runner; runner.MOST_AT_ONCE = 0; "
    "one = runner.Job('tests.ui.job_tasks:spin', {}, {'export': b'secret'}); path = one.folder; "
    "assert one.state() == 'waiting'"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def other_process(program: str, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A program that has made a folder, says so and lives on; killed at the end at the latest."""
    command = [sys.executable, "-c", f"{program}; print(path, flush=True); input()"]
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def aged(path: Path) -> Path:
    """Let the folder look old enough."""
    moment = time.time() - 2 * YOUNG_S
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize("program", [MADE, WAITS], ids=["library", "waiting job"])
def test_what_a_killed_process_leaves_is_cleared_and_what_a_living_one_holds_is_not(
    program: str, temporary: Path
) -> None:
    with other_process(program, temporary) as (process, path):
        assert path.parent == temporary
        assert len(list(path.iterdir())) >= 2
        assert clear() == []
        aged(path)
        assert clear() == []
        process.kill()
        process.wait()
        assert clear() == [path]
    assert not path.exists()


def test_a_folder_is_gone_at_its_end_and_twice_does_nothing() -> None:
    with Scratch("library") as path:
        (path / "x").write_text("x")
        aged(path)
        assert clear() == []
    assert not path.exists()
    one = Scratch("job")
    one.remove()
    one.remove()
    assert clear() == []


def left(temporary: Path, name: str = "adsim-library-abcd", mode: int = 0o700) -> Path:
    path = temporary / name
    path.mkdir(mode=mode)
    path.chmod(mode)
    (path / HELD).touch()
    return aged(path)


def test_what_nobody_holds_is_cleared_once_it_is_old_enough(temporary: Path) -> None:
    path = left(temporary)
    os.utime(path, (time.time() + 60,) * 2)
    assert clear() == []
    aged(path)
    assert clear() == [path]


def test_what_may_be_anothers_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left(temporary, "elsewhere")
    (temporary / "adsim-library-link").symlink_to(temporary / "elsewhere")
    (temporary / "adsim-job-file").write_text("x")
    (left(temporary, "adsim-job-unheld") / HELD).unlink()
    aged(temporary / "adsim-job-unheld")
    (left(temporary, "adsim-job-linked") / HELD).unlink()
    (temporary / "adsim-job-linked" / HELD).symlink_to(temporary / "elsewhere" / HELD)
    aged(temporary / "adsim-job-linked")
    for name, mode in (("adsim-jobs-x", 0o700), ("other-job-x", 0o700), ("adsim-job-open", 0o755)):
        left(temporary, name, mode)
    before = sorted(temporary.rglob("*"))
    assert clear() == []
    left(temporary)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert clear() == []
    assert [one for one in before if not one.is_symlink() and not one.exists()] == []
    assert (temporary / "adsim-library-abcd").exists()


def test_a_start_clears_before_it_reads(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    path = left(temporary)

    def stops(*_: Any) -> None:
        assert not path.exists()
        raise InvalidInput("missing", field="x")

    monkeypatch.setattr(serving, "attempt", stops)
    serving._warm_up()
    assert not path.exists()


def test_a_library_travels_through_a_folder_that_is_held(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    class Library:
        def export(self, path: Path) -> None:
            self.look(path)
            path.write_bytes(b"zip")

        def import_(self, path: Path) -> str:
            self.look(path)
            return path.name

        def look(self, path: Path) -> None:
            aged(path.parent)
            assert (path.parent.parent, clear()) == (temporary, [])
            assert path.parent.name.startswith("adsim-library-")
            assert (path.parent / HELD).exists()

    one: Any = Library()
    assert library.exported(one) == b"zip"
    assert library.taken_over(one, "../a.json", b"{}") == "a.json"
    assert list(temporary.iterdir()) == []


def test_without_locks_nothing_is_cleared(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    path = left(temporary)
    monkeypatch.setattr(scratch, "fcntl", None)
    assert clear() == []
    with Scratch("library") as own:
        assert list(own.iterdir()) == []
    assert path.exists()
