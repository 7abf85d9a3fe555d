"""Work for the tests of the job runner, done in its child process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from simulator.base.errors import InvalidInput


def add(folder: Path, arguments: dict[str, Any], report: Any) -> None:
    report.progress("adding", 0.5, rows=2)
    report.result({"sum": sum(arguments["numbers"]), "letter": (folder / "letter").read_text()})


def refuse(folder: Path, arguments: dict[str, Any], report: Any) -> None:
    raise InvalidInput("empty_file", field="export", received=Path("odd"))


def fail(folder: Path, arguments: dict[str, Any], report: Any) -> None:
    raise RuntimeError("a fault in the work")


def spin(folder: Path, arguments: dict[str, Any], report: Any) -> None:
    """Keep one core busy, in the interpreter and in numpy."""
    import numpy as np

    report.result({"early": True})
    matrix = np.ones((400, 400))
    deadline = time.monotonic() + arguments["seconds"]
    while time.monotonic() < deadline:
        matrix = matrix @ matrix / 400.0
        report.progress("spinning", 0.1)
