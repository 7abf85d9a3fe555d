"""Processes for a sweep: no more than it has chunks, and never more than a computer can bear."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from simulator.campaign import Campaign
from simulator.parameters import load_parameters
from simulator.planning.grid import make_grid
from simulator.validated import in_range

MOST_WORKERS = 64
MOST_ON_WINDOWS = 61
"""As many processes as that system can wait for."""


def processes(field: str, count: int, campaign: Campaign, axes: dict[str, Any]) -> ProcessPoolExecutor:
    """Return an executor of ``count`` processes, or of as many as there are chunks: some systems start all at once.

    Parameters
    ----------
    field : str
        What to call ``count`` where it is refused.
    axes : dict
        Lists as given to ``sweep``.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for a count that is not 1 to 64, and for values that cannot be swept.
    """
    in_range(field, count, 1, MOST_WORKERS)
    grid = make_grid(campaign, {"places": None, **axes}, load_parameters(), None)
    most = MOST_ON_WINDOWS if sys.platform == "win32" else MOST_WORKERS
    return ProcessPoolExecutor(min(count, grid.chunks, most), initializer=_leave_stopping_to_the_parent)


def _leave_stopping_to_the_parent() -> None:
    """Ctrl+C reaches every process of a terminal: the one that hands out the work ends the others, in peace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
