"""Times of learning from campaigns and of the back-test: ``python -m benchmarks.calibration``."""

from __future__ import annotations

import os

# One core: set before numpy is imported.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks import options  # noqa: E402
from benchmarks.timing import exponent, seconds  # noqa: E402
from simulator.learning import backtest, calibrate  # noqa: E402
from simulator.learning.backtest import MOST_FITS  # noqa: E402

RUNS = 3
TARGET_S = 2.0
"""For 1,000 rows."""


def table(count: int, *, told: bool = True, accounts: int = 1) -> pd.DataFrame:
    """Return invented campaigns in three countries, with three goals."""
    rng = np.random.default_rng(0)
    start = np.datetime64("2024-01-01") + rng.integers(0, 700, count)
    spend = np.exp(rng.normal(5.0, 1.0, count))
    impressions = np.round(1000.0 * spend / np.exp(rng.normal(1.8, 0.3, count)))
    frame = pd.DataFrame(
        {
            "start": start,
            "end": start + rng.integers(3, 30, count) - 1,
            "spend": spend,
            "impressions": impressions,
            "reach": np.round(impressions / np.exp(np.abs(rng.normal(0.3, 0.2, count)))),
            "link_clicks": np.round(impressions * np.exp(rng.normal(-4.5, 0.5, count))),
            "country": rng.choice(["FR", "CA", "BE"], count),
            "objective": rng.choice(["link_clicks", "leads", "engagement"], count),
            "campaign": [f"campaign {number // 3}" for number in range(count)],
        }
    )
    if told:
        frame["audience_size"] = 200_000.0
    if accounts > 1:
        frame["account"] = [f"client {number % accounts}" for number in range(count)]
    return frame


def report() -> list[str]:
    """Return the lines of the report, in Markdown."""
    thousand = {
        "calibrate, audiences told": table(1000),
        "calibrate, audiences not told": table(1000, told=False),
        "calibrate, 20 clients": table(1000, told=False, accounts=20),
        "calibrate, 100 clients": table(1000, told=False, accounts=100),
    }
    times = seconds({name: lambda frame=frame: calibrate(frame) for name, frame in thousand.items()}, RUNS)
    sizes = [250.0, 1000.0, 4000.0]
    by_rows = [seconds({"x": lambda n=int(n): calibrate(table(n))}, 1)["x"] for n in sizes]
    tests = {f"back-test, {count} rows": table(count, told=False) for count in (12, 50)}
    tested = seconds({name: lambda frame=frame: backtest(frame) for name, frame in tests.items()}, 1)
    met = "met" if max(times.values()) <= TARGET_S else "missed"
    return [
        "| job, one core | seconds |",
        "|---|---|",
        *(f"| {name}, 1,000 rows | {value:.2f} |" for name, value in times.items()),
        *(f"| {name} | {value:.2f} |" for name, value in tested.items()),
        "",
        f"Target for 1,000 rows: {TARGET_S:g} s, {met}. Time grows with rows as their power "
        f"{exponent(sizes, by_rows):.2f}. A back-test fits once a date, {MOST_FITS} times at most.",
    ]


if __name__ == "__main__":
    options.read(__doc__)
    print("\n".join(report()))
