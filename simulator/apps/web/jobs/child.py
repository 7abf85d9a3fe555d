"""The child process of a job, ``python -m simulator.apps.web.jobs.child FOLDER``, and the folder it shares."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from simulator.base.errors import SimulatorError
from simulator.base.files import read_file, write_file

TASK, PROGRESS, RESULT, ERROR = "task.json", "progress.json", "result.json", "error.json"
MAX_BYTES = 100_000_000


def write_entries(folder: Path, name: str, entries: dict[str, Any]) -> None:
    """Write one of the files, whole or not at all."""
    write_file(folder / name, json.dumps(entries, ensure_ascii=False).encode())


def read_entries(folder: Path, name: str) -> dict[str, Any] | None:
    """Return one of the files; None while it is not there."""
    try:
        entries = json.loads(read_file(folder / name, MAX_BYTES))
    except ValueError:  # InvalidInput is one
        return None
    return entries if isinstance(entries, dict) else None


ENDED = 3
"""Exit code of a job that was left alone or took too long."""
_NICER = 5
"""Steps of priority that a job gives way to the pages."""


_writing = threading.Lock()


class Report:
    """What a task calls to say how far it is, and to hand over what it has so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def progress(self, stage: str, share: float, **data: Any) -> None:
        """Say the stage, the share of all the work that is done (0 to 1), and what its sentence needs."""
        _write(self.folder, PROGRESS, {"stage": stage, "share": share, "data": data})

    def result(self, entries: dict[str, Any]) -> None:
        """Hand over what is known so far; it stays if the job is cancelled later."""
        _write(self.folder, RESULT, entries)


def main(folder: Path) -> int:
    """Do the task that the folder describes; return the exit code."""
    task = read_entries(folder, TASK)
    if task is None:
        return 1
    _watch(folder, float(task["seconds"]))
    module, name = task["task"].split(":")
    try:
        getattr(importlib.import_module(module), name)(folder, task["arguments"], Report(folder))
    except SimulatorError as error:
        # The data of an error may hold anything: what JSON cannot say is said as text.
        _write(folder, ERROR, {"code": error.code, "data": {key: _plain(x) for key, x in error.data.items()}})
        return 1
    except Exception:
        logging.getLogger(__name__).exception("the job failed")
        _write(folder, ERROR, {"code": "", "data": {}})
        return 1
    return 0


def _watch(folder: Path, seconds: float) -> None:
    """End this process when its parent is gone or its time is up."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no niceness
        os.nice(_NICER)
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    timer = threading.Timer(seconds, os._exit, (ENDED,))
    timer.daemon = True
    timer.start()


def _end_with_parent(folder: Path) -> None:
    # Not through sys.stdin: its lock, held here, would spoil the end of an ordinary run.
    while os.read(0, 1):
        pass
    _writing.acquire()  # for good: the work stops where it would write next
    shutil.rmtree(folder, ignore_errors=True)  # nobody will ask for it
    os._exit(ENDED)


def _write(folder: Path, name: str, entries: dict[str, Any]) -> None:
    with _writing:
        write_entries(folder, name, entries)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
