"""What the server does under load and when something under it fails. On this computer only.

    python -m benchmarks.resilience                         every case, each for its own time: about an hour
    python -m benchmarks.resilience users --users 50 --seconds 600
    python -m benchmarks.resilience soak --seconds 1200
    python -m benchmarks.resilience database disk kill reports two --seconds 60

Visitors speak Streamlit's protocol by websocket. A save counts as acknowledged once the page has said that the trial is
kept; at the end the library is opened, and every one of them must be in it, whole. A page may refuse with a sentence;
it must never fail otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.app_server import AppServer
from benchmarks.reports_killed import reports
from benchmarks.verdict import lost, report
from benchmarks.visitors import Tally, save, visit
from tools.check.postgres import Postgres
from tools.check.websocket_client import Visitor

USUAL_SECONDS = {
    "users": 600.0,
    "database": 120.0,
    "disk": 60.0,
    "kill": 120.0,
    "reports": 120.0,
    "two": 60.0,
    "soak": 1200.0,
}
SMALL_DISK_MB = 3
SECONDS_TO_FIRST_SAVE = 60.0


def users(folder: Path, seconds: float, count: int) -> bool:
    """So many visitors at once, each moving money every few seconds."""
    server = AppServer(folder).start()
    tally = Tally()
    try:
        before = server.megabytes()
        until = time.monotonic() + seconds

        async def all_of_them() -> None:
            await asyncio.gather(*(visit(server.url, tally, until) for _ in range(count)))

        asyncio.run(all_of_them())
        after = server.megabytes()
    finally:
        server.stop()
    fault = bool(tally.exceptions or tally.gone or server.failures())
    first = statistics.median(tally.first) * 1000
    return report(
        f"{count} users, {seconds:.0f} s",
        tally.times(),
        f"first page p50 {first:.0f} ms (all arriving at once)",
        f"{len(tally.exceptions)} failures, {tally.gone} connections lost",
        f"memory {before:.0f} to {after:.0f} MB",
        fault=fault,
    )


def database(folder: Path, seconds: float, count: int) -> bool:
    """PostgreSQL is killed in the middle of visits and saves, and started again."""
    postgres = Postgres()
    server = AppServer(folder, ADSIM_DATABASE_URL=postgres.address).start()
    tally, restarts = Tally(), []
    try:
        until = time.monotonic() + seconds

        async def strike() -> None:
            while time.monotonic() < until - max(12.0, seconds / 3):  # time to show that it recovers
                await asyncio.sleep(min(8.0, seconds / 4))
                await asyncio.to_thread(postgres.kill)
                await asyncio.sleep(1.5)
                await asyncio.to_thread(postgres.start)
                restarts.append(len(tally.kept))

        asyncio.run(_together([strike, *_savers(server.url, tally, until, min(count, 4))]))
        missing = lost(postgres.address, tally)
    finally:
        server.stop()
        postgres.remove()
    later = len(tally.kept) - restarts[-1] if restarts else 0
    return report(
        f"database killed and started again {len(restarts)} times in {seconds:.0f} s",
        f"{len(tally.kept)} saves acknowledged, {len(missing)} lost, {tally.refused} refused with a sentence",
        f"{later} saves after the last restart, without restarting the app",
        f"{len(tally.exceptions)} failures",
        fault=bool(missing or tally.exceptions or server.failures() or not restarts or not tally.kept or not later),
    )


def disk(folder: Path, seconds: float, _count: int) -> bool:
    """The disk of the library is full; then there is room again. Needs the right to mount a small one."""
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        print("disk: left out, this user may not mount a small disk")
        return False
    server = AppServer(folder, ADSIM_DATABASE_URL=f"sqlite:///{small}/scenarios.sqlite").start()
    tally = Tally()
    try:
        filler = small / "filler"
        asyncio.run(_together(_savers(server.url, tally, time.monotonic() + seconds / 4, 2)))
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"x" * 4096)
                file.flush()
        before = len(tally.kept)
        asyncio.run(_together(_savers(server.url, tally, time.monotonic() + seconds / 4, 2)))
        refused = tally.refused
        filler.unlink()
        between = len(tally.kept)
        asyncio.run(_together(_savers(server.url, tally, time.monotonic() + seconds / 4, 2)))
        missing = lost(f"sqlite:///{small}/scenarios.sqlite", tally)
    finally:
        server.stop()
        subprocess.run(["umount", str(small)], check=False)
    return report(
        "disk full",
        f"{before} saves before, {between - before} while full with {refused} refused with a sentence, "
        f"{len(tally.kept) - between} once there was room",
        f"{len(missing)} lost, {len(tally.exceptions)} failures",
        fault=bool(missing or tally.exceptions or server.failures() or not refused or len(tally.kept) == between),
    )


def kill(folder: Path, seconds: float, count: int) -> bool:
    """The server is killed without warning in the middle of saves, again and again."""
    server = AppServer(folder)
    tally, kills = Tally(), 0
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            server.start()
            asyncio.run(_until_killed(server, tally, _savers(server.url, tally, math.inf, min(count, 4), f"{kills}")))
            kills += 1
        missing = lost(f"sqlite:///{folder}/scenarios.sqlite", tally)
    finally:
        server.kill()
    return report(
        f"server killed {kills} times during saves",
        f"{len(tally.kept)} saves acknowledged, {len(missing)} lost, {tally.gone} connections cut",
        f"{len(tally.exceptions)} failures",
        fault=bool(missing or tally.exceptions or not tally.kept),
    )


def two(folder: Path, seconds: float, count: int) -> bool:
    """Two servers on one PostgreSQL: what is kept through one is there through the other."""
    postgres = Postgres()
    folders = [folder / name for name in ("one", "two")]
    for each in folders:
        each.mkdir()
    servers = [AppServer(each, ADSIM_DATABASE_URL=postgres.address) for each in folders]
    tally = Tally()
    try:
        for server in servers:
            server.start()
        until = time.monotonic() + seconds
        savers = [
            act
            for place, server in enumerate(servers)
            for act in _savers(server.url, tally, until, max(min(count, 4) // 2, 1), f"server {place}")
        ]
        asyncio.run(_together(savers))
        missing = lost(postgres.address, tally)
        seen = [asyncio.run(_count(server.url)) for server in servers]
    finally:
        for server in servers:
            server.stop()
        postgres.remove()
    each_way = [sum(title.startswith(f"server {place}") for title in tally.kept) for place in (0, 1)]
    return report(
        f"two servers, {seconds:.0f} s",
        f"{each_way[0]} and {each_way[1]} saves acknowledged, {len(missing)} lost",
        f"both list the same: {seen[0] == seen[1]}",
        f"{len(tally.exceptions)} failures",
        fault=bool(missing or tally.exceptions or not seen[0] or seen[0] != seen[1] or not all(each_way)),
    )


def soak(folder: Path, seconds: float, count: int) -> bool:
    """Visitors come and go all the time; the memory of the server must not grow with their number."""
    server = AppServer(folder).start()
    tally = Tally()
    samples: list[tuple[float, float]] = []
    began = time.monotonic()
    until = began + seconds

    async def come_and_go() -> None:
        while time.monotonic() < until:
            stay = min(until, time.monotonic() + random.uniform(5.0, 15.0))
            await visit(server.url, tally, stay, (0.5, 2.0))

    async def watch() -> None:
        while time.monotonic() < until:
            samples.append((time.monotonic() - began, server.megabytes()))
            await asyncio.sleep(min(5.0, seconds / 20))

    try:
        asyncio.run(_together([watch, *[come_and_go] * min(count, 10)]))
    finally:
        server.stop()
    later = [sample for sample in samples if sample[0] > seconds / 2]
    slope = statistics.linear_regression(*zip(*later, strict=True)).slope * 60 if len(later) > 2 else 0.0
    return report(
        f"soak, {seconds:.0f} s",
        f"{len(tally.first):,} visits, {tally.times()}",
        f"memory {samples[0][1]:.0f} MB at the start, {later[0][1]:.0f} halfway, {later[-1][1]:.0f} at the end "
        f"({slope:+.1f} MB a minute in the second half)",
        f"{len(tally.exceptions)} failures, {tally.gone} connections lost",
        fault=bool(tally.exceptions or tally.gone or server.failures()),
    )


async def _until_killed(server: AppServer, tally: Tally, savers: list[Act]) -> None:
    """Let visitors save; some time after the first save of this round, kill the server under them."""
    before, patience = len(tally.kept), time.monotonic() + SECONDS_TO_FIRST_SAVE
    tasks = [asyncio.ensure_future(saver()) for saver in savers]
    while len(tally.kept) == before and time.monotonic() < patience:
        await asyncio.sleep(0.05)
    await asyncio.sleep(random.uniform(0.0, 3.0))
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


Act = Callable[[], Awaitable[None]]


def _savers(url: str, tally: Tally, until: float, count: int, name: str = "trial") -> list[Act]:
    def saver(place: int) -> Act:
        mark = f"{name} {place} {random.randrange(10**9)}"
        return lambda: save(url, tally, until, mark)

    return [saver(place) for place in range(count)]


async def _together(acts: list[Act]) -> None:
    await asyncio.gather(*(act() for act in acts))


async def _count(url: str) -> str:
    async with Visitor(url, "lang=en", page="trials") as visitor:
        text = (await visitor.run()).text
    return "\n".join(line for line in text.splitlines() if "server " in line)


CASES = {
    "users": users,
    "database": database,
    "disk": disk,
    "kill": kill,
    "reports": reports,
    "two": two,
    "soak": soak,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("case", nargs="*", choices=[*CASES, []], help="all without one")
    parser.add_argument("--seconds", type=float, help="for each case, instead of its usual time")
    parser.add_argument("--users", type=int, default=50)
    options = parser.parse_args()
    faults = False
    for name in options.case or CASES:
        with tempfile.TemporaryDirectory(prefix="adsim-") as folder:
            faults |= CASES[name](Path(folder), options.seconds or USUAL_SECONDS[name], options.users)
    return int(faults)


if __name__ == "__main__":
    sys.exit(main())
