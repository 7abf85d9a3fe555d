"""The folder that a job and its page share: what to do, how far it is, what came out.

Every file appears whole or not at all, so that neither side ever reads half of one.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

TASK, PROGRESS, RESULT, ERROR = "task.json", "progress.json", "result.json", "error.json"
_TRIES = 20
_PAUSE_S = 0.01


def write(folder: Path, name: str, entries: dict[str, Any]) -> None:
    """Write one of the files."""
    draft = folder / f"{name}.new"
    draft.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    for trial in range(_TRIES):
        try:
            draft.replace(folder / name)
        except PermissionError:
            # Windows refuses while the other side is reading; it reads for a moment only.
            if trial == _TRIES - 1:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def read(folder: Path, name: str) -> dict[str, Any] | None:
    """Return one of the files; None while it is not there."""
    try:
        entries = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return entries if isinstance(entries, dict) else None
