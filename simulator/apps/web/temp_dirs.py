"""Folders that are needed for a moment, and what is left of them where a process was killed in that moment.

A folder is held by a lock as long as its process lives, however that ends. When the app starts, it clears away those
of this user that nobody holds. A process id would say less: ids are given again, and every container counts its own.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks: there nothing is cleared away
    fcntl = None  # type: ignore[assignment]

KINDS = ("job", "library")
HELD = ".held"
"""The file that is locked."""
YOUNG_S = 10.0
"""A folder this young may be one that is just being made."""


class Scratch:
    """A folder of this process.

    Parameters
    ----------
    kind : str
        What it is for: one of ``KINDS``.
    """

    def __init__(self, kind: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_prefix(kind)))
        self._lock = _locked(self.path, os.O_CREAT)

    def remove(self) -> None:
        """Remove it with all that is in it; a second time does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def clear() -> list[Path]:
    """Remove what processes of this user left behind when they were killed, and return it."""
    if fcntl is None:
        return []
    found = []
    for kind in KINDS:
        for path in Path(tempfile.gettempdir()).glob(f"{_prefix(kind)}*"):
            with suppress(OSError):  # somebody else's, or gone meanwhile
                if _cleared(path):
                    found.append(path)
    return found


def _cleared(path: Path) -> bool:
    about = path.lstat()
    # mkdtemp makes folders that nobody else may enter: in another nothing is certain.
    private = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o077
    if not private or time.time() - about.st_mtime < YOUNG_S:
        return False
    lock = _locked(path)
    if lock is None:
        return False
    try:
        shutil.rmtree(path)
    finally:
        os.close(lock)
    return True


def _locked(folder: Path, create: int = 0) -> int | None:
    """Lock the folder and return what holds it; None where another process does, or there are no such locks."""
    if fcntl is None:
        return None
    handle = os.open(folder / HELD, os.O_RDWR | os.O_NOFOLLOW | create, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _prefix(kind: str) -> str:
    return f"adsim-{kind}-"
