"""The app under visitors: time of each kind of change, many at once, memory: ``python -m benchmarks.load``.

Visitors speak Streamlit's protocol (``websocket_client``), so what is timed is the server and its answer, whole;
a browser adds its drawing. Server and visitors share this machine. Bounded: about six minutes, loopback only.
Writes the part of docs/performance.md between ``load:begin`` and ``load:end``.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.browser.server import Server, start_server  # noqa: E402
from tools.check.websocket_client import Gone, Visitor  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- load:begin -->", "<!-- load:end -->"
THINKING_S = 5.0
EACH_S = 60.0
ALONE = 60
INTERACTIONS = 2_000

MONEY = [str(amount) for amount in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50)]
DAYS = ["3 j", "7 j", "14 j", "30 j"]
TOWNS = ["Bayonne", "Toulouse", "Lille", "Rennes", "Dijon", "Tarbes", "Dax", "Lourdes", "Nantes", "Brest", "Metz"]
CHANGES: dict[str, Callable[[random.Random], dict[str, object]]] = {
    "money": lambda chance: {"daily_budget": chance.choice(MONEY)},
    "days": lambda chance: {"days": chance.choice(DAYS)},
    "ages": lambda chance: {"age_min": f"{chance.randrange(18, 50)} ans"},
    "radius": lambda chance: {"radius_km": float(chance.randrange(5, 80))},
    "place": lambda chance: {"place_text": chance.choice(TOWNS)},
}
OFTEN = {"money": 0.6, "days": 0.2, "ages": 0.08, "radius": 0.06, "place": 0.06}


@dataclass
class Log:
    """What visitors met: seconds by kind of change, and failures."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def note(self, kind: str, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append(seconds)

    @property
    def all(self) -> np.ndarray:
        return np.array([one for kind in self.seconds.values() for one in kind])


async def change(visitor: Visitor, kind: str, chance: random.Random, log: Log) -> None:
    """Make one change and note its time; an answer without its sentence is a failure."""
    run = await visitor.run(CHANGES[kind](chance))
    if not run.ok or run.exceptions or "personnes" not in run.text:
        log.failures.append(f"{kind}: {run.exceptions[:1] or 'no answer'}")
    log.note(kind, run.seconds)


async def alone(server: Server, process: Process) -> list[str]:
    """One visitor: time and processor time of each kind of change, in a row."""
    lines = ["| change | p50, ms | p95, ms | processor, ms (mean) |", "|---|---|---|---|"]
    log, chance = Log(), random.Random(1)
    async with Visitor(server.url) as visitor:
        await visitor.run()
        for kind in CHANGES:
            before = process.seconds()
            for _ in range(ALONE):
                await change(visitor, kind, chance, log)
            used = (process.seconds() - before) / ALONE
            p50, p95 = np.quantile(log.seconds[kind], [0.5, 0.95]) * 1e3
            lines.append(f"| {kind} | {p50:.0f} | {p95:.0f} | {used * 1e3:.0f} |")
    lines += ["", f"{ALONE} changes of each kind; failures: {len(log.failures)}."]
    return lines


async def together(server: Server, process: Process, visitors: int) -> str:
    """Visitors who think for some seconds between two changes: one line of the table."""
    log = Log()
    ends = time.monotonic() + EACH_S
    before = process.seconds()

    async def visit(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0.0, THINKING_S))
        try:
            async with Visitor(server.url) as visitor:
                log.note("first", (await visitor.run()).seconds)
                while time.monotonic() < ends:
                    await asyncio.sleep(chance.expovariate(1.0 / THINKING_S))
                    kind = chance.choices(list(OFTEN), list(OFTEN.values()))[0]
                    await change(visitor, kind, chance, log)
        except (Gone, TimeoutError) as error:
            log.failures.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*(visit(number) for number in range(visitors)))
    p50, p95 = np.quantile(log.all, [0.5, 0.95])
    cores = (process.seconds() - before) / EACH_S
    for failure in log.failures[:3]:
        print(f"failure: {failure}", file=sys.stderr)
    return f"| {visitors} | {len(log.all):,} | {p50 * 1e3:.0f} | {p95 * 1e3:.0f} | {len(log.failures)} | {cores:.2f} |"


async def long_visit(server: Server, process: Process) -> str:
    """Memory while ten visitors make two thousand changes."""
    marks = {}
    log = Log()
    visitors = [Visitor(server.url) for _ in range(10)]
    for visitor in visitors:
        await visitor.connect()
        await visitor.run()
    chance = random.Random(7)
    for number in range(1, INTERACTIONS + 1):
        kind = chance.choices(list(OFTEN), list(OFTEN.values()))[0]
        await change(visitors[number % len(visitors)], kind, chance, log)
        if number % (INTERACTIONS // 4) == 0:
            marks[number] = process.megabytes()
    for visitor in visitors:
        await visitor.close()
    said = ", ".join(f"{megabytes:.0f} MB after {number:,}" for number, megabytes in marks.items())
    return f"{INTERACTIONS:,} changes by ten visitors: {said}; failures: {len(log.failures)}."


@dataclass(frozen=True)
class Process:
    """The server's process, seen from outside (Linux)."""

    number: int

    def seconds(self) -> float:
        """Processor seconds used so far."""
        entries = Path(f"/proc/{self.number}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(entries[11]) + int(entries[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Memory held now."""
        lines = Path(f"/proc/{self.number}/status").read_text().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024


def process_of(server: Server) -> Process:
    """Find the server's process by its port among the command lines of this machine."""
    port = server.url.rsplit(":", 1)[1]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "streamlit" in words and port in words:
            return Process(int(folder.name))
    raise RuntimeError(f"no server on port {port}")


async def first_visits(server: Server) -> list[str]:
    """Open the page as the first visitor and as a later one."""
    times = []
    for _ in range(2):
        async with Visitor(server.url) as visitor:
            times.append((await visitor.run()).seconds)
    return [f"First visit after the start: {times[0]:.1f} s to the whole answer; the next one {times[1]:.2f} s."]


async def measure(server: Server) -> list[str]:
    """Return the whole report, in lines."""
    process = process_of(server)
    parts: list[Awaitable[list[str]]] = [first_visits(server), alone(server, process)]
    lines: list[str] = []
    for title, part in zip(("### Opening the page", "### One visitor, change after change"), parts, strict=True):
        lines += [title, "", *await part, ""]
    lines += [
        f"### Many visitors, thinking {THINKING_S:.0f} s between two changes",
        "",
        "| visitors | changes | p50, ms | p95, ms | failures | cores used by the server |",
        "|---|---|---|---|---|---|",
        await together(server, process, 20),
        await together(server, process, 50),
        "",
        "### Memory",
        "",
        await long_visit(server, process),
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, start_server(ROOT / "app.py", Path(home)) as server:
        load = os.getloadavg()[0]
        lines = asyncio.run(measure(server))
    head = (
        f"Measured on {datetime.datetime.now(datetime.UTC).date()} by `python -m benchmarks.load`; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, server and visitors on the same machine, load "
        f"average {load:.1f} at the start. Times from sending the change to the end of the answer; the browser's "
        "drawing comes on top."
    )
    text = "\n".join(["## The app under visitors", "", head, "", *lines])
    print(text)
    if not options.check:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN, 1) if BEGIN in page else (f"{page.rstrip()}\n\n", f"{END}\n")
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
