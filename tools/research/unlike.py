"""Forecast accounts unlike the prior, by what they have taught and by simple rules.

    python -m tools.research.unlike [ACCOUNTS A WORLD]

Accounts as in ``next_campaign``, then changed: prices half, double or eight times as high, a jump of 1.8 half way,
half as much again each year, one advertisement in three clicked four times as often, small budgets. Each is forecast
after three campaigns and after ten. Printed by world: the share inside the 80 % band, and the median absolute log
error of the forecast, the account's mean, its last campaign, its last three and the defaults.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.forecasting.engine import Engine
from simulator.learning.aims import Aims, Past
from simulator.learning.backtest import bands_of, learnt_from
from simulator.learning.baselines import BASELINES
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters, load_parameters
from tools.research.next_campaign import account_of

SEED = 20261130
AFTER = (3, 10)
METRICS = ("impressions", "link_clicks")
RULES = ("constant", "last", "last_three")
DRAWS = 128

Array = NDArray[np.float64]


def dearer(rows: Rows, factor: Array | float) -> Rows:
    """Return rows that paid ``factor`` times as much for what they got."""
    return replace(rows, spend=rows.spend * factor)


def jumping(rows: Rows, rng: np.random.Generator) -> Rows:
    """Prices 1.8 times as high from a campaign in the middle on."""
    return dearer(rows, np.where(np.arange(len(rows)) >= rng.integers(2, 8), 1.8, 1.0))


def rising(rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
    """Prices half as high again each year."""
    years = (rows.start - rows.start[0]).astype(float) / 365.25
    return dearer(rows, 1.5**years)


def heavy_tailed(rows: Rows, rng: np.random.Generator) -> Rows:
    """One advertisement in three is clicked four times as often as the others, a few sixteen times."""
    lucky = rng.geometric(2 / 3, len(rows)) - 1
    clicks = np.minimum(np.round(rows.link_clicks * 4.0 ** np.minimum(lucky, 2)), rows.impressions)
    return replace(rows, link_clicks=clicks)


def small(rows: Rows, rng: np.random.Generator) -> Rows:
    """A tenth of the money, and of what it bought."""
    shown = np.maximum(rng.binomial(rows.impressions.astype(int), 0.1), 100).astype(float)
    clicks = rng.binomial(rows.link_clicks.astype(int), 0.1).astype(float)
    reach = np.minimum(np.maximum(np.round(rows.reach * shown / rows.impressions), 1.0), shown)
    return replace(rows, spend=rows.spend * 0.1, impressions=shown, reach=reach, link_clicks=np.minimum(clicks, shown))


WORLDS: dict[str, Callable[[Rows, np.random.Generator], Rows]] = {
    "as the prior": lambda rows, _: rows,
    "half the price": lambda rows, _: dearer(rows, 0.5),
    "double": lambda rows, _: dearer(rows, 2.0),
    "eight times": lambda rows, _: dearer(rows, 8.0),
    "a jump of 1.8": jumping,
    "+50 % a year": rising,
    "heavy-tailed clicks": heavy_tailed,
    "small budgets": small,
}


def judged(world: str, accounts: int, parameters: Parameters) -> dict[tuple[int, str], dict[str, float]]:
    """Return, by length of history and metric, the share inside and the errors by method."""
    found: dict[tuple[int, str], list[list[float]]] = {(after, metric): [] for after in AFTER for metric in METRICS}
    for number in range(accounts):
        rng = np.random.default_rng([SEED, number])
        rows = WORLDS[world](account_of(rng, parameters), rng)
        for after in AFTER:
            if len(rows) <= after:
                continue
            past = Past(rows.take(np.arange(after)), Aims.untold(after))
            now = Past(rows.take(np.arange(after, after + 1)), Aims.untold(1))
            learnt = bands_of(now, Engine(parameters, learnt_from(past, parameters), draws=DRAWS))
            shipped = bands_of(now, Engine(parameters, draws=DRAWS))
            guesses = [BASELINES[rule](past.rows, now.rows) for rule in RULES]
            for metric in METRICS:
                actual = float(getattr(now.rows, metric)[0])
                points = [
                    learnt[metric][1, 0],
                    *(getattr(guess, metric)[0] for guess in guesses),
                    shipped[metric][1, 0],
                ]
                off = [float(abs(np.log((point + 0.5) / (actual + 0.5)))) for point in points]
                inside = learnt[metric][0, 0] <= actual <= learnt[metric][2, 0]
                found[after, metric].append([float(inside), *off])
    names = ("inside", "calibrated", *RULES, "defaults")
    summed = {}
    for key, rows_found in found.items():
        values = np.array(rows_found)
        middles = [float(values[:, 0].mean()), *np.nanmedian(values[:, 1:], axis=0).tolist()]
        summed[key] = dict(zip(names, middles, strict=True))
    return summed


def main() -> None:
    """Print what was found."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    parameters = load_parameters()
    print(f"{accounts} accounts a world, parameters {parameters.digest}")
    for world in WORLDS:
        for (after, metric), by in judged(world, accounts, parameters).items():
            told = "  ".join(f"{name} {value:.2f}" for name, value in by.items())
            print(f"{world:<20} after {after:>2}  {metric:<12} {told}", flush=True)


if __name__ == "__main__":
    main()
