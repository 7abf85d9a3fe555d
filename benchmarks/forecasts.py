"""Times of whole forecasts and curves, and how they grow."""

from __future__ import annotations

import numpy as np

from benchmarks.timing import exponent, seconds
from simulator import Campaign, Place, Targeting, budget_curve, simulate
from simulator.model import expected_reach  # noqa: F401  (imported here, so that its import is not timed)


def campaign(days: int = 7) -> Campaign:
    """Return the baker's campaign."""
    place = Place.around("Pau", country="FR", radius_km=25)
    return Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5, duration_days=days)


def report() -> list[str]:
    """Return the lines of the report, in Markdown."""
    baker = campaign()
    budgets = np.linspace(1.0, 50.0, 24)
    times = seconds(
        {
            "one forecast, 512 draws": lambda: simulate(baker),
            "24-point curve, 512 draws": lambda: budget_curve(baker, budgets),
            "one-point curve": lambda: budget_curve(baker, [5.0]),
            "one forecast under a cap of 2 in 7 days": lambda: simulate(
                baker.replace(objective="reach", frequency_cap=(2, 7))
            ),
        }
    )
    draws = [128.0, 256.0, 512.0, 1024.0, 2048.0]
    by_draws = [seconds({"x": lambda n=int(n): simulate(baker, draws=n)}, runs=3)["x"] for n in draws]
    points = [6.0, 12.0, 24.0, 48.0, 96.0]
    by_budgets = [
        seconds({"x": lambda n=int(n): budget_curve(baker, np.linspace(1, 50, n))}, runs=3)["x"] for n in points
    ]
    days = [7.0, 30.0, 90.0, 365.0]
    by_days = [seconds({"x": lambda n=int(n): simulate(campaign(n))}, runs=3)["x"] for n in days]
    return [
        "| job, one core | milliseconds |",
        "|---|---|",
        *(f"| {name} | {1000 * t:.0f} |" for name, t in times.items()),
        "",
        f"Time grows with draws as their power {exponent(draws, by_draws):.2f}, "
        f"with budgets {exponent(points, by_budgets):.2f}, with days {exponent(days, by_days):.2f}.",
    ]
