"""Fair timing: processor time of this process, the least of several runs, rivals in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

RUNS = 7


def seconds(jobs: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Return the least processor seconds of each job, the jobs taken in turn, after one warm-up."""
    best = dict.fromkeys(jobs, float("inf"))
    for job in jobs.values():
        job()
    for _ in range(runs):
        for name, job in jobs.items():
            start = time.process_time()
            job()
            best[name] = min(best[name], time.process_time() - start)
    return best


def exponent(sizes: list[float], times: list[float]) -> float:
    """Return the slope of log time on log size over the largest sizes."""
    import numpy as np

    return float(np.polyfit(np.log(sizes[-3:]), np.log(times[-3:]), 1)[0])
