"""Do bands under way hold the end? Campaigns drawn from the prior, looked at after days 1, 3 and 7 of 14.

    python -m tools.research.under_way [CAMPAIGNS]

Every campaign is one draw of the forecast of an ordinary plan, its days scattered by ``calibration.day_scatter`` and
its counts by chance. Printed by day and metric: the share of campaigns whose end is inside the 80 % band, the median
absolute log error, and that of the forecast before the start.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.engine import Engine
from simulator.learning.running import SoFar, course_of, moved
from simulator.model.simulation import build_up, run
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

SEED = 20261129
DAYS = 14
LOOKED_AT = (1, 3, 7)
METRICS = ("impressions", "reach", "link_clicks")
DRAWS = 512
PLANS = (
    Campaign(Targeting([Place.country("FR")]), daily_budget=10, duration_days=DAYS),
    Campaign(Targeting([Place.around("Pau")], age_min=25, age_max=54), daily_budget=5, duration_days=DAYS),
    Campaign(Targeting([Place.around("Lyon", radius_km=15)]), daily_budget=40, duration_days=DAYS, objective="leads"),
    Campaign(
        Targeting([Place.around("Sherbrooke", "CA", 20)], gender="women"),
        daily_budget=8,
        duration_days=DAYS,
        currency="CAD",
        objective="engagement",
    ),
)


def ends(plan: Campaign, count: int, seed: int) -> dict[str, Any]:
    """Return figures by day of campaigns, shape (campaign, day), each a draw of another seed than the forecast's."""
    parameters = load_parameters()
    sample = Engine(parameters, seed=seed, draws=max(count, 16)).sample(plan)
    outcome = run(sample.setting, np.array([plan.spend_per_day]), 1)
    people, answered = build_up(sample.setting, outcome.z)
    rng = np.random.default_rng(seed)
    scatter = parameters.value("calibration.day_scatter")
    days = np.arange(1, DAYS + 1)
    whole = outcome.impressions.sum(axis=(1, 2, 3, 4))[:, None]
    usual = whole / DAYS
    by_day = rng.poisson(usual * np.exp(scatter * rng.standard_normal((len(usual), DAYS))))
    shown = by_day.cumsum(axis=1)
    steady = np.diff(people, axis=1, prepend=0.0) / usual
    new = rng.binomial(by_day, np.clip(steady, 0.0, 1.0)).cumsum(axis=1)
    rate = np.diff(sample.rates["link_clicks"][:, None] * answered, axis=1, prepend=0.0) / usual
    rate = np.minimum(rate * np.exp(scatter * rng.standard_normal(rate.shape)), 1.0)
    clicks = rng.binomial(by_day, rate)
    spend = outcome.spend / DAYS * days
    found = {"impressions": shown, "reach": new, "link_clicks": clicks.cumsum(axis=1)}
    return {name: values[:count] for name, values in {**found, "spend": spend}.items()}


def study(campaigns: int) -> dict[tuple[int, str], dict[str, float]]:
    """Return by day and metric the share inside and the errors."""
    rows: dict[tuple[int, str], list[tuple[bool, float, float]]] = {
        (day, metric): [] for day in LOOKED_AT for metric in METRICS
    }
    for number, plan in enumerate(PLANS):
        count = campaigns // len(PLANS)
        truth = ends(plan, count, SEED + number)
        engine = Engine(draws=DRAWS)
        before = engine.forecast(plan)
        courses = {day: course_of(plan, day, engine) for day in LOOKED_AT}
        for campaign in range(count):
            for day in LOOKED_AT:
                seen = {name: float(values[campaign, day - 1]) for name, values in truth.items()}
                now = moved(before, courses[day], SoFar.of(plan, {"days": day, **seen}), engine)
                for metric in METRICS:
                    end = float(truth[metric][campaign, -1])
                    band = getattr(now, metric)
                    was = getattr(before, metric).p50
                    off, off_before = (abs(np.log((value + 0.5) / (end + 0.5))) for value in (band.p50, was))
                    rows[day, metric].append((band.p10 <= end <= band.p90, float(off), float(off_before)))
    return {
        key: dict(zip(("inside", "error", "error_before"), _summed(np.array(found)), strict=True))
        for key, found in rows.items()
    }


def _summed(found: np.ndarray) -> tuple[float, float, float]:
    return float(found[:, 0].mean()), float(np.median(found[:, 1])), float(np.median(found[:, 2]))


def main() -> None:
    """Print what was found."""
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"{campaigns} campaigns of {DAYS} days, parameters {load_parameters().digest}")
    for (day, metric), found in study(campaigns).items():
        print(
            f"day {day}  {metric:<12} inside {found['inside']:.3f}  error {found['error']:.3f}"
            f"  before {found['error_before']:.3f}  ratio {found['error'] / found['error_before']:.2f}"
        )


if __name__ == "__main__":
    main()
