"""The first visitor does not wait for tables and libraries: they are read while the server starts."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from simulator import SimulatorError, budget_curve, simulate
from simulator.apps.web import memory
from simulator.apps.web import temp_dirs as scratch
from simulator.apps.web.cache import tables
from simulator.apps.web.choices import DAYS, DEFAULTS, STEPS, attempt
from simulator.presentation import reports
from simulator.reference.interests import all_interests


@asynccontextmanager
async def ready(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Begin to read as soon as the server starts, beside it; until it ends, memory that is free goes back."""
    threading.Thread(target=_read, name="warm-up", daemon=True).start()
    with memory.kept_small():
        yield {}


def _read() -> None:
    """Answer the first screen once, for nobody: every table it needs is in memory afterwards.

    What killed processes left behind is cleared away before.
    """
    scratch.clear()
    try:
        campaign = attempt(DEFAULTS, "fr").campaign
        if campaign is not None:
            # The days of the first screen first: whoever comes at once waits for those only.
            for days in sorted(DAYS, key=lambda days: days != campaign.duration_days):
                one = campaign.replace(duration_days=days)
                simulate(one, tables=tables())
                budget_curve(one, STEPS, tables=tables())
        all_interests()
        reports.warm()
    except SimulatorError:
        # The page will say it to the visitor, in his language.
        logging.getLogger(__name__).exception("the warm-up failed")
