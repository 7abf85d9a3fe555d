"""Long work beside the page: what it brings, how it fails, and that it ends when it is told to."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.apps.web.jobs import Job, runner

PATIENCE_S = 60.0
TASKS = "tests.ui.job_tasks"
ON_LINUX = sys.platform == "linux"
Start = Callable[..., Job]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Job] = []

    def begin(task: str, **arguments: object) -> Job:
        started.append(Job(f"{TASKS}:{task}", arguments, {"letter": b"a"}))
        return started[-1]

    yield begin
    for job in started:
        job.close()


def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def cpu_seconds(pid: int | None) -> float | None:
    """Return the processor time a process has used; None once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ended(job: Job) -> bool:
    return job.state() not in ("waiting", "running")


def test_it_brings_its_result_and_says_how_far_it_was(start: Start) -> None:
    job = start("add", numbers=[1, 2, 3])
    assert until(lambda: ended(job))
    assert job.state() == "done"
    assert job.result() == {"sum": 6, "letter": "a"}
    assert (job.progress().stage, job.progress().share, job.progress().data) == ("adding", 0.5, {"rows": 2})
    assert job.error() is None


def test_a_refusal_keeps_its_code_and_a_fault_has_none(start: Start) -> None:
    refused = start("refuse")
    assert until(lambda: ended(refused))
    error = refused.error()
    assert refused.state() == "failed"
    assert error is not None
    assert (error.code, error.data["field"]) == ("empty_file", "export")
    failed = start("fail")
    assert until(lambda: ended(failed))
    assert (failed.state(), failed.error(), failed.result()) == ("failed", None, None)


@pytest.mark.skipif(not ON_LINUX, reason="reads processor time from /proc")
def test_cancel_ends_the_work_within_two_seconds(start: Start) -> None:
    job = start("spin", seconds=PATIENCE_S)
    assert until(lambda: job.progress().stage == "spinning")
    busy = cpu_seconds(job.pid)
    assert until(lambda: (cpu_seconds(job.pid) or 0.0) > (busy or 0.0) + 0.2), "the work did not use the processor"
    began = time.monotonic()
    job.cancel()
    assert cpu_seconds(job.pid) is None, "the process is still there"
    assert time.monotonic() - began < 2.0
    assert job.state() == "cancelled"
    assert job.result() == {"early": True}, "what it had handed over is lost"


@pytest.mark.skipif(not ON_LINUX, reason="reads processor time from /proc")
def test_work_that_nobody_owns_any_more_ends(start: Start) -> None:
    owned = [Job(f"{TASKS}:spin", {"seconds": PATIENCE_S})]
    assert until(lambda: owned[0].progress().stage == "spinning")
    pid, folder = owned[0].pid, owned[0].folder
    owned.clear()
    gc.collect()
    assert cpu_seconds(pid) is None
    assert not folder.exists()


@pytest.mark.skipif(not ON_LINUX, reason="reads processor time from /proc")
def test_work_ends_with_a_server_that_dies(root: Path) -> None:
    program = (
        "import os, time; from simulator.apps.web.jobs import Job; "
        f"job = Job('{TASKS}:spin', {{'seconds': 60}}); print(job.pid, job.folder, flush=True)\n"
        "while job.progress().stage != 'spinning': time.sleep(0.05)\n"
        "os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=PATIENCE_S)
    pid, folder = int(done.stdout.split()[0]), Path(done.stdout.split()[1])
    assert until(lambda: cpu_seconds(pid) is None, seconds=2.0), "an orphan is still working"
    assert not folder.exists()


def test_it_ends_when_its_time_is_up(start: Start) -> None:
    job = start("spin", seconds=PATIENCE_S)
    job.close()
    assert not job.folder.exists()
    short = Job(f"{TASKS}:spin", {"seconds": PATIENCE_S}, seconds=1.0)
    assert until(lambda: ended(short), seconds=30.0)
    assert short.state() == "failed"
    short.close()


def test_those_for_whom_there_is_no_room_wait(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MOST_AT_ONCE", 1)
    first, second = start("spin", seconds=PATIENCE_S), start("add", numbers=[4])
    assert (first.state(), second.state(), second.pid) == ("running", "waiting", None)
    first.cancel()
    assert until(lambda: ended(second))
    assert second.result() == {"sum": 4, "letter": "a"}


def test_a_waiting_one_is_cancelled_without_ever_starting(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MOST_AT_ONCE", 0)
    job = start("add", numbers=[4])
    job.cancel()
    assert (job.state(), job.pid, job.result()) == ("cancelled", None, None)
