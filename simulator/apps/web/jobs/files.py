"""The folder that a job and its page share: what to do, how far it is, what came out.

Every file appears whole or not at all, so that neither side ever reads half of one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulator.base.files import read_file, write_file

TASK, PROGRESS, RESULT, ERROR = "task.json", "progress.json", "result.json", "error.json"
MAX_BYTES = 100_000_000


def write(folder: Path, name: str, entries: dict[str, Any]) -> None:
    """Write one of the files."""
    write_file(folder / name, json.dumps(entries, ensure_ascii=False).encode())


def read(folder: Path, name: str) -> dict[str, Any] | None:
    """Return one of the files; None while it is not there."""
    try:
        entries = json.loads(read_file(folder / name, MAX_BYTES))
    except ValueError:  # InvalidInput is one
        return None
    return entries if isinstance(entries, dict) else None
