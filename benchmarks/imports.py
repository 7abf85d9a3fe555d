"""What importing the package costs, against the libraries it stands on."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import time
start = time.process_time()
import numpy, scipy.special, pydantic
base = time.process_time() - start
import simulator
first = time.process_time() - start
from simulator import Campaign, simulate
print(base, first, time.process_time() - start)
"""
RUNS = 5


def report() -> list[str]:
    """Return the lines of the report, in Markdown."""
    rows = [
        [
            float(figure)
            for figure in subprocess.run(
                [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
            ).stdout.split()
        ]
        for _ in range(RUNS)
    ]
    base, first, ready = (sorted(column)[RUNS // 2] for column in zip(*rows, strict=True))
    return [
        f"`import simulator` takes {first / base:.2f} times the import of numpy, scipy.special and pydantic "
        f"in the same process; with Campaign and simulate fetched, {ready / base:.2f} times."
    ]
