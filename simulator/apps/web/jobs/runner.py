"""Start a job, ask how it is getting on, end it.

Few run at once; the others wait until somebody asks after them and there is room. A job whose owner is
forgotten (the visit has ended, the server stops) is ended and its folder removed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.accounts.settings import limits
from simulator.apps.web.jobs import child
from simulator.apps.web.temp_dirs import Scratch
from simulator.base.errors import InvalidInput, SimulatorError
from simulator.base.files import write_file

ROOT = Path(__file__).resolve().parents[4]
"""Where the package is found."""
MOST_AT_ONCE = max(1, (os.cpu_count() or 2) - 1)
_SECONDS_TO_END = 2.0

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


@dataclass(frozen=True)
class Progress:
    """How far a job is: the stage by its code, the share of all the work done, what its sentence needs.

    ``seconds`` is the time since the stage began.
    """

    stage: str = "waiting"
    share: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


class Job:
    """Work in a process of its own.

    Parameters
    ----------
    task : str
        ``module:function``; the function is called in the child with (folder, arguments, ``child.Report``).
    arguments : mapping
        Plain values.
    attachments : mapping of str to bytes
        Files that the task finds in its folder.
    seconds : float, optional
        Longest time it may take; what the server allows where absent, never more.
    """

    def __init__(
        self,
        task: str,
        arguments: Mapping[str, Any],
        attachments: Mapping[str, bytes] | None = None,
        seconds: float | None = None,
    ) -> None:
        self._scratch = Scratch("job")
        self.folder = self._scratch.path
        self.cancelled = False
        most = limits().seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._started = time.monotonic()
        self._last = Progress()
        self._since = self._started
        self._closing = weakref.finalize(self, _remove, self._scratch, None)
        for name, content in (attachments or {}).items():
            write_file(self.folder / name, content)
        longest = most if seconds is None else min(seconds, most)
        child.write_entries(self.folder, child.TASK, {"task": task, "arguments": dict(arguments), "seconds": longest})
        self._start_if_room()

    @property
    def seconds(self) -> float:
        """Time since it was asked for."""
        return time.monotonic() - self._started

    @property
    def pid(self) -> int | None:
        """The id of its process; None while it waits."""
        return self._process.pid if self._process else None

    def state(self) -> str:
        """Return waiting, running, done, failed or cancelled; a waiting job starts if there is room."""
        if self.cancelled:
            return "cancelled"
        if self._process is None and not self._start_if_room():
            return "waiting"
        code = self._process.poll() if self._process else None
        if code is None:
            return "running"
        _forget(self._process)
        return "done" if code == 0 else "failed"

    def progress(self) -> Progress:
        """Return how far it is."""
        entries = child.read_entries(self.folder, child.PROGRESS)
        if entries is not None:
            since = time.monotonic() if entries["stage"] != self._last.stage else self._since
            self._since = since
            seconds = time.monotonic() - since
            self._last = Progress(str(entries["stage"]), float(entries["share"]), entries["data"], seconds)
        return self._last

    def result(self) -> dict[str, Any] | None:
        """Return what it has handed over so far."""
        return child.read_entries(self.folder, child.RESULT)

    def error(self) -> SimulatorError | None:
        """Return why it failed, where the reason is one that can be said."""
        entries = child.read_entries(self.folder, child.ERROR)
        return InvalidInput(entries["code"], **entries["data"]) if entries and entries["code"] else None

    def cancel(self) -> None:
        """End its process now; what it has handed over stays."""
        if self.state() in ("waiting", "running"):
            self.cancelled = True
            if self._process is not None:
                _end(self._process)

    def close(self) -> None:
        """End it and remove its folder."""
        self._closing()

    def _start_if_room(self) -> bool:
        with _lock:
            _running.difference_update([process for process in _running if process.poll() is not None])
            if len(_running) >= MOST_AT_ONCE:
                return False
            paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
            with (self.folder / "log.txt").open("wb") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", f"{__package__}.child", str(self.folder)],
                    stdin=subprocess.PIPE,  # closes when this process ends, however it ends
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment,
                )
            _running.add(self._process)
        self._closing.detach()
        self._closing = weakref.finalize(self, _remove, self._scratch, self._process)
        return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End this very process; it holds nothing that would have to be put in order."""
    if process.poll() is None:
        process.kill()
        process.wait(_SECONDS_TO_END)
    _forget(process)


def _forget(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    if process.stdin is not None:
        process.stdin.close()
    with _lock:
        _running.discard(process)


def _remove(scratch: Scratch, process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        _end(process)
    scratch.remove()
