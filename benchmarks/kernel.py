"""Rates of the reach formula, by table and direct, against the bare arithmetic and the loop."""

from __future__ import annotations

import resource

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from benchmarks.bare import bare
from benchmarks.loop import loop
from benchmarks.timing import exponent, seconds
from simulator.model import expected_reach
from simulator.model.exposure import reach_shares

Array = NDArray[np.float64]

CURVES = 200_000
LOOPED = 200
SLOTS, SHAPE, PERSISTENCE = 3.0, 0.9, 0.4


def cases(count: int, seed: int = 0) -> dict[str, Array]:
    """Return random curves over the whole range of use."""
    rng = np.random.default_rng(seed)
    return {
        "win_share": ndtr(rng.uniform(-4.5, 1.5, count)),
        "days": rng.integers(1, 60, count).astype(float),
        "slots_per_day": np.exp(rng.uniform(np.log(1.4), np.log(6.0), count)),
        "shape": rng.uniform(0.6, 1.4, count),
        "persistence": rng.uniform(0.1, 0.6, count),
    }


def report() -> list[str]:
    """Return the lines of the report, in Markdown."""
    some = cases(CURVES)
    audience = np.full(CURVES, 1e6)
    impressions = some["win_share"] * audience * SLOTS * some["days"]
    own_slots = some["slots_per_day"] * some["days"]
    z = ndtri(some["win_share"])
    few = {name: values[:LOOPED] for name, values in some.items()}
    few_slots = few["slots_per_day"] * few["days"]
    jobs = {
        "bare": lambda: bare(some["win_share"], own_slots, some["shape"], some["persistence"]),
        "table, one duration": lambda: expected_reach(impressions, audience, 7.0),
        "table, any duration": lambda: expected_reach(impressions, audience, some["days"]),
        "direct": lambda: reach_shares(z, own_slots, some["shape"], some["persistence"]),
    }
    times = seconds(jobs)
    slow = seconds({"loop": lambda: loop(few["win_share"], few_slots, few["shape"], few["persistence"], 29)}, runs=2)[
        "loop"
    ]
    direct = reach_shares(z[:LOOPED], few_slots, few["shape"], few["persistence"], nodes=29)
    looped = loop(few["win_share"], few_slots, few["shape"], few["persistence"], 29)
    loop_rate = LOOPED / slow
    return [
        "| curves with k = 1 … 10, one core | curves a second | time against bare |",
        "|---|---|---|",
        *(f"| {name} | {CURVES / t:,.0f} | {t / times['bare']:.2f} |" for name, t in times.items()),
        f"| loop of scipy.stats.nbinom, same nodes | {loop_rate:,.0f} | {CURVES / loop_rate / times['bare']:,.0f} |",
        "",
        f"Direct is {CURVES / times['direct'] / loop_rate:,.0f} times the loop and agrees with it to "
        f"{np.abs(direct / looped - 1.0).max():.1e}.",
        "",
        *_growth(),
    ]


def _growth() -> list[str]:
    """Return how time and memory grow with the number of curves."""
    sizes = [1e3, 1e4, 1e5, 1e6]
    times = []
    for size in sizes:
        count = int(size)
        impressions = np.linspace(1e3, 1e6, count)
        times.append(seconds({"x": lambda i=impressions: expected_reach(i, 1e6, 14.0)}, runs=3)["x"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for start in range(10):
        expected_reach(np.linspace(1e3 + start, 1e6, 1_000_000), 1e6, 14.0, k_max=1)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [
        f"Time grows with the number of curves (10³ to 10⁶) as its power {exponent(sizes, times):.2f}; ten million "
        f"curves in parts of a million add {max(after - before, 0) / 1024:.0f} MB to the peak memory."
    ]
