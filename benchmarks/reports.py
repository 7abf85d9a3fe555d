"""Reports of a ready-made campaign: ``python -m benchmarks.reports``.

Warm is a program that has made one before, as the app has after its start; cold is the first of a new program,
imports and tables included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import options
from simulator.library import load_scenario
from simulator.presentation import reports
from simulator.presentation.reports import words
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.page import worded
from simulator.presentation.reports.pdf_report import typeset

RUNS = 9
SCENARIO = Path(__file__).parent.parent / "scenarios" / "boulangerie-pau.json"


def seconds(job: Callable[[], object]) -> tuple[float, float]:
    """Return the least and the middle of wall seconds, after one run that warms."""
    job()
    walls = []
    for _ in range(RUNS):
        start = time.perf_counter()
        job()
        walls.append(time.perf_counter() - start)
    walls.sort()
    return walls[0], walls[len(walls) // 2]


def cold() -> float:
    """Return wall seconds of a new program that makes one PDF."""
    start = time.perf_counter()
    program = f"from simulator import load_scenario, reports; reports.pdf(load_scenario({str(SCENARIO)!r}))"
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start


def report() -> list[str]:
    """Return a table in Markdown."""
    scenario = load_scenario(SCENARIO)
    texts = words.texts_of("fr")
    built = build(scenario)
    said = {**worded(built, texts), "letterhead": None}
    jobs: dict[str, Callable[[], object]] = {
        "PDF, two pages": lambda: reports.pdf(scenario),
        "– forecast, curve, towns": lambda: build(scenario),
        "– words and four charts": lambda: worded(built, texts),
        "– typesetting": lambda: typeset(said),
        "Excel": lambda: reports.excel(scenario),
        "CSV": lambda: reports.csv(scenario),
    }
    rows = [f"| {name} | {least:.2f} | {middle:.2f} |" for name, (least, middle) in timed(jobs)]
    sizes = ", ".join(
        f"{name} {len(content) / 1000:.0f} kB"
        for name, content in (("PDF", reports.pdf(scenario)), ("Excel", reports.excel(scenario)))
    )
    return [
        "| report, warm | least, s | middle, s |",
        "|---|---|---|",
        *rows,
        "",
        f"A new program that makes one PDF and ends: {cold():.1f} s. Sizes: {sizes}.",
    ]


def timed(jobs: dict[str, Callable[[], object]]) -> list[tuple[str, tuple[float, float]]]:
    """Return every job with its seconds."""
    return [(name, seconds(job)) for name, job in jobs.items()]


def main() -> None:
    """Measure and print."""
    options.read(__doc__)
    print(*report(), sep="\n")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    main()
