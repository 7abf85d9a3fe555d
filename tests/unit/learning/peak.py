"""The most memory that this process itself has held."""

from __future__ import annotations

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Return it in MB.

    On Linux ``getrusage`` counts what the parent held when it started this process, so a large test run would be
    measured with it; the high-water mark in /proc belongs to this program alone.
    """
    if STATUS.is_file():
        marks = [line.split()[1] for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
        return float(marks[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
