"""Speed of plans, splits and sweeps: ``python -m benchmarks.planning`` replaces its part of docs/performance.md."""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import datetime  # noqa: E402
import platform  # noqa: E402
import resource  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks import options  # noqa: E402
from benchmarks.timing import exponent, seconds  # noqa: E402
from simulator import Campaign, Place, ReachGoal, Targeting, allocate, load_parameters, plan, simulate  # noqa: E402
from simulator.planning.sweeps.chunks import work  # noqa: E402
from simulator.planning.sweeps.grid import Grid, make_grid  # noqa: E402

TARGET = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- planning:begin -->", "<!-- planning:end -->"
TOWNS = ("Pau", "Tarbes", "Bayonne", "Dax", "Toulouse", "Bordeaux", "Lyon", "Nantes", "Lille", "Agen")
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
CAMPAIGN = Campaign(Targeting([Place.around("Pau")], age_min=25, age_max=54), daily_budget=5)
WHOLE = CAMPAIGN.replace(targeting=Targeting([Place.around("Pau")]))
SINGLE = WHOLE.replace(
    targeting=WHOLE.targeting.replace(age_min=25, age_max=34, gender="women"), platforms=("facebook",)
)


def grid(campaign: Campaign, **axes: Any) -> Grid:
    given = dict.fromkeys(("places", "radius_km", "ages", "daily_budget", "duration_days", "trade"))
    return make_grid(campaign, {**given, **axes}, load_parameters(), None)


def rate(campaign: Campaign, points: int = 1_000_000) -> float:
    """Return point forecasts (k = 1 … 10 and clicks) a second for one audience and as many budgets."""
    swept = grid(campaign, daily_budget=np.geomspace(0.5, 1000.0, points))
    pieces = [swept.piece(chunk) for chunk in range(swept.chunks)]
    return points / seconds({"sweep": lambda: [work(piece) for piece in pieces] and None}, runs=3)["sweep"]


def rate_of_audiences() -> float:
    """Return point forecasts a second where every one has its own audience and duration."""
    ages = [(low, high) for low in range(18, 50) for high in range(low, 65)]
    swept = grid(WHOLE, ages=ages, duration_days=range(1, 31))
    pieces = [swept.piece(chunk) for chunk in range(swept.chunks)]
    return swept.points / seconds({"sweep": lambda: [work(piece) for piece in pieces] and None}, runs=2)["sweep"]


def growth() -> tuple[list[float], list[float]]:
    """Return seconds and peak memory (MB) by size, pieces worked on one after the other."""
    times, memory = [], []
    for size in SIZES:
        swept = grid(WHOLE, daily_budget=np.geomspace(0.5, 1000.0, size // 10), duration_days=range(1, 11))
        start = time.process_time()
        for chunk in range(swept.chunks):
            work(swept.piece(chunk))
        times.append(time.process_time() - start)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0)
    return times, memory


def report() -> list[str]:
    """Return the lines of the page."""
    goal = ReachGoal(simulate(CAMPAIGN).reach.p50)
    campaigns = [Campaign(Targeting([Place.around(town, radius_km=20)]), 5.0, 14) for town in TOWNS]
    times = seconds(
        {
            "simulate": lambda: simulate(CAMPAIGN),
            "plan": lambda: plan(CAMPAIGN, goal),
            "plan over four durations": lambda: plan(CAMPAIGN, goal, durations=[3, 7, 14, 30]),
            "allocate over ten audiences": lambda: allocate(campaigns, 2000.0),
        },
        runs=4,
    )
    back = plan(CAMPAIGN, goal).daily_budget / CAMPAIGN.spend_per_day - 1.0
    rates = {
        "one segment, one audience": rate(SINGLE),
        "all segments, one audience": rate(WHOLE),
        "all segments, an audience and a duration of its own each": rate_of_audiences(),
    }
    grown, memory = growth()
    power = exponent([float(size) for size in SIZES], grown)
    return [
        *("| job, one core | milliseconds |", "|---|---|"),
        *(f"| {name} | {1e3 * value:.0f} |" for name, value in times.items()),
        "",
        f"`plan` of the reach that 5 € a day bring answers 5 € within {abs(back):.1e}.",
        "",
        *("| point forecasts with k = 1 … 10 and clicks, one core | a second |", "|---|---|"),
        *(f"| {name} | {value:,.0f} |" for name, value in rates.items()),
        "",
        f"Time grows with the variants as their power {power:.2f} (10⁵ to 10⁷); peak memory "
        f"{memory[3]:,.0f} MB after a million, {memory[4]:,.0f} MB after ten million, the list of budgets included.",
    ]


def main() -> None:
    """Measure and replace this part of the page."""
    given = options.read(__doc__, writes=True)
    head = (
        f"Measured on {datetime.datetime.now(datetime.UTC).date()} by `python -m benchmarks.planning`, "
        f"Python {platform.python_version()}; processor time, the least of several runs."
    )
    measured = "\n".join([head, "", *report()])
    print(measured)
    if given.check:
        return
    page = TARGET.read_text(encoding="utf-8")
    if BEGIN not in page:
        page = f"{page.rstrip()}\n\n## Planning\n\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    TARGET.write_text(f"{before}{BEGIN}\n{measured}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
