"""The server is killed while it makes reports: what is left behind, and whether it works at once when it is back."""

from __future__ import annotations

import asyncio
import math
import random
import time
from pathlib import Path

from benchmarks.app_server import AppServer
from benchmarks.report_visitors import Printed, print_trials
from benchmarks.verdict import lost, report
from benchmarks.visitors import Tally

SECONDS_TO_FIRST_FILE = 90.0
OWN = ("scenarios.sqlite", "scenarios.sqlite-shm", "scenarios.sqlite-wal", "server.log")
"""What may stand in the server's folder: its library, and the log that this check has it write."""


def reports(folder: Path, seconds: float, count: int) -> bool:
    """SIGKILL while reports are being made, again and again; then one more start, one more trial, its two files."""
    temporary = folder / "temporary"
    temporary.mkdir()
    server = AppServer(folder, TMPDIR=str(temporary))
    tally, printed, struck = Tally(), Printed(), []
    left: set[str] = set()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            server.start()
            struck.append(asyncio.run(_until_killed(server, tally, printed, min(count, 4), len(struck))))
            left |= _left(folder)
        server.start()
        before, files = len(tally.kept), printed.files.total()
        asyncio.run(print_trials(server.url, tally, printed, time.monotonic() + 0.01, "afterwards"))
        works = len(tally.kept) == before + 1 and printed.files.total() == files + 2
        missing = lost(f"sqlite:///{folder}/scenarios.sqlite", tally)
        server.stop()
        left |= _left(folder)
    finally:
        server.kill()
    return report(
        f"server killed {len(struck)} times, {sum(struck)} reports under way",
        f"{len(tally.kept)} saves acknowledged, {len(missing)} lost",
        printed.said,
        f"left behind: {', '.join(sorted(left)) or 'nothing'}",
        f"back again, a trial kept and printed at once: {works}",
        f"{len(tally.exceptions)} failures",
        fault=bool(missing or left or printed.broken or printed.refused or tally.exceptions or not all(struck))
        or not works
        or bool(server.failures()),
    )


def _left(folder: Path) -> set[str]:
    """Return the files that are not the library's."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path for path in files if path not in OWN}


async def _until_killed(server: AppServer, tally: Tally, printed: Printed, count: int, turn: int) -> int:
    """Kill the server at a moment when reports are under way; return how many."""
    before, patience = printed.files.total(), time.monotonic() + SECONDS_TO_FIRST_FILE
    tasks = [
        asyncio.ensure_future(print_trials(server.url, tally, printed, math.inf, f"turn {turn} {place}"))
        for place in range(count)
    ]
    while printed.files.total() == before and time.monotonic() < patience:
        await asyncio.sleep(0.01)
    await asyncio.sleep(random.uniform(0.0, 2.0))
    while time.monotonic() < patience:
        await asyncio.sleep(random.uniform(0.0, 0.1))
        if printed.under_way:
            break
    under_way = printed.under_way
    server.kill()  # here and not in a thread: nothing is answered in between
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return under_way
