"""Sweep every commune of France: ``python -m tools.research.sweep_france FOLDER``.

Every commune (a circle of 10 km) × 12 trades × 20 daily budgets × 4 durations, 33 million variants, into Parquet
parts. ``--every 100`` takes every hundredth commune; ``--processes 2`` and ``--cluster 2`` choose who works. Started
again, it goes on where it stopped.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

# One thread of arithmetic a worker: the workers are what is counted.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from simulator import Campaign, Place, Targeting, sweep  # noqa: E402
from simulator.reference.parameters import trades  # noqa: E402
from simulator.reference.places.tables import towns  # noqa: E402

RADIUS_KM = 10.0
BUDGETS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150)
DURATIONS = (3, 7, 14, 30)
TRADES = 12
MEGABYTE = 1024.0 * 1024.0


def communes(every: int) -> list[Place]:
    table = towns("communes_fr")
    return [
        Place(
            kind="circle",
            country_code="FR",
            code=table.codes[row],
            latitude=float(table.latitude[row]),
            longitude=float(table.longitude[row]),
            radius_km=RADIUS_KM,
            label=table.names[row],
        )
        for row in range(0, len(table), every)
    ]


def main() -> None:
    options = _options()
    started = time.perf_counter()
    places = communes(options.every)
    prepared = time.perf_counter() - started
    campaign = Campaign(Targeting(places[:1]), daily_budget=5)
    axes: dict[str, Any] = {"daily_budget": BUDGETS, "duration_days": DURATIONS, "trade": trades()[:TRADES]}
    with ExitStack() as stack:
        executor = _executor(options, stack)
        before = _by_workers(executor)
        own, started = time.process_time(), time.perf_counter()
        parts = sweep(campaign, places=places, **axes, executor=executor, folder=options.folder, progress=_say)
        seconds, own = time.perf_counter() - started, time.process_time() - own
        workers = _by_workers(executor) - before
    rows = int(parts["rows"].sum())
    size = sum(Path(file).stat().st_size for file in parts["file"]) / MEGABYTE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"\n{len(places):,} places laid out in {prepared:.1f} s; load before {options.load:.1f}")
    print(
        f"{rows:,} rows in {len(parts)} parts, {size:,.0f} MB, in {seconds:.1f} s: {rows / seconds:,.0f} rows a second"
    )
    print(f"processor time: here {own:.1f} s, Dask workers {workers:.1f} s; peak memory of this process {peak:,.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--every", type=int, default=1, help="every so many communes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--cluster", type=int, default=0, help="workers of a local Dask cluster")
    options = parser.parse_args()
    options.load = os.getloadavg()[0]
    return options


def _executor(options: argparse.Namespace, stack: ExitStack) -> Any:
    if options.cluster:
        from distributed import Client, LocalCluster

        cluster = LocalCluster(n_workers=options.cluster, threads_per_worker=1, dashboard_address=None)
        return stack.enter_context(Client(stack.enter_context(cluster)))
    if options.processes:
        return stack.enter_context(ProcessPoolExecutor(options.processes))
    return stack.enter_context(ThreadPoolExecutor(options.threads))


def _by_workers(executor: Any) -> float:
    """Return the processor seconds that the workers of a cluster have used so far."""
    return sum(executor.run(time.process_time).values()) if hasattr(executor, "get_executor") else 0.0


def _say(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,} rows", end="", flush=True)


if __name__ == "__main__":
    main()
