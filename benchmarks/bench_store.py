"""The store with a library of 10,000 scenarios: ``python -m benchmarks.bench_store [--postgresql]``.

Once with one version of each scenario, once with four.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from simulator.library import open_store
from simulator.library.library import write_library
from tools.check.large_library import SCENARIOS, entries
from tools.check.postgres import temporary_server

RUNS = 7


def least(job: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds, the least of several runs."""
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        job()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


def measured(name: str, address: str, library: Path, versions: int) -> list[str]:
    """Return the lines of one database: wall seconds, processor seconds of this program in brackets."""
    with open_store(address) as store:
        start = time.perf_counter(), time.process_time()
        store.import_(library)
        taken = time.perf_counter() - start[0], time.process_time() - start[1]
        asked: dict[str, Callable[[], object]] = {
            "list": store.search,
            "search of two words": lambda: store.search("boulangerie lafitte"),
            "one client": lambda: store.search(client="Fleuriste Côté"),
            "one tag": lambda: store.search(tag="poterie"),
        }
        lines = [f"{name}, {SCENARIOS:,} scenarios of {versions} versions:"]
        for what, job in asked.items():
            wall, processor = least(job)
            lines.append(f"- {what}: {wall * 1e3:.0f} ms ({processor * 1e3:.0f} ms)")
        one = store.load(store.search()[0].id)
        wall, _ = least(lambda: [store.save(one) for _ in range(50)])
        lines.append(
            f"- saves: {50 / wall:,.0f} a second, one writer; load {least(lambda: store.load(one.id))[0] * 1e3:.1f} ms"
        )
        wall, processor = least_once(lambda: store.export(library.with_suffix(".again")))
        lines.append(f"- export {wall:.1f} s ({processor:.1f} s), import {taken[0]:.1f} s ({taken[1]:.1f} s)")
        wall, processor = least_once(lambda: store.import_(library))
        lines.append(f"- the same library imported again, nothing to do: {wall:.1f} s ({processor:.1f} s)")
    return lines


def least_once(job: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of one run."""
    wall, processor = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - wall, time.process_time() - processor


def report(*, with_postgresql: bool = False) -> list[str]:
    """Return the lines of the report, in Markdown."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="adsim-") as name:
        folder = Path(name)
        for versions in (1, 4):
            library = folder / f"library{versions}.zip"
            with library.open("wb") as file:
                write_library(file, sorted(entries(versions)))
            lines += measured("SQLite", f"sqlite:///{folder}/{versions}.sqlite", library, versions)
            if with_postgresql:
                with temporary_server(folder) as address:
                    lines += measured("PostgreSQL", address, library, versions)
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--postgresql", action="store_true", help="also on a PostgreSQL server from a wheel")
    print(*report(with_postgresql=parser.parse_args().postgresql), sep="\n")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    main()
