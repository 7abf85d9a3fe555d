"""Do the bands of the next campaign hold it? Accounts drawn from the prior, forecast after 1, 3 and 10 campaigns.

    python -m tools.research.next_campaign [ACCOUNTS] [FIRST]

Each account's campaigns go through the forecaster at its own true parameters, each with its own luck; the next one is
forecast by what those before it teach, as ``simulate`` does. Printed: the share of campaigns inside the 80 % band, the
median absolute log error, and that of the account's mean price, frequency and click rate (``constant``) and of the
defaults.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.forecasting.engine import Engine
from simulator.learning.aims import Aims, Past
from simulator.learning.backtest import bands_of, learnt_from
from simulator.learning.baselines import constant
from simulator.learning.observed import contexts_of
from simulator.learning.random_effects import ALL, Layout
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters, load_parameters
from tools.research.simulated_accounts import planned, ran, scatter_of

SEED = 20261129
AFTER = (1, 3, 10)
METRICS = ("impressions", "reach", "link_clicks")
DRAWS = 256


def account_of(rng: np.random.Generator, parameters: Parameters) -> Rows:
    """Draw eleven campaigns of one account, for one goal in one country, without a day in common."""
    count = max(AFTER) + 1
    plan = planned(rng, count, parameters, contexts=1, is_told=True)
    bound = np.log(parameters.value("audience.bound")) / 1.2815515655446004
    days = plan.days
    start = plan.start[0] + np.concatenate(([0], np.cumsum(days[:-1] + 3))).astype("timedelta64[D]")
    plan = replace(
        plan,
        start=start,
        audience=np.full(count, plan.audience[0]),
        audience_log_sd=np.full(count, bound),
        campaign=np.arange(count),
    )
    contexts, of_row = contexts_of(plan)
    layout = Layout.for_contexts(contexts, parameters)
    latents = rng.standard_normal(len(layout))
    scores = {role: (layout.design(role, contexts) @ latents)[of_row] for role in ALL}
    return ran(rng, plan, scores, scatter_of(rng, parameters), parameters).rows


def judged(number: int, parameters: Parameters) -> list[dict[str, Any]]:
    """Return one entry a metric and length of history of one account."""
    rows = account_of(np.random.default_rng([SEED, number]), parameters)
    found = []
    for after in AFTER:
        if len(rows) <= after:
            continue
        past = Past(rows.take(np.arange(after)), Aims.untold(after))
        now = Past(rows.take(np.arange(after, after + 1)), Aims.untold(1))
        learnt = bands_of(now, Engine(parameters, learnt_from(past, parameters), draws=DRAWS))
        shipped = bands_of(now, Engine(parameters, draws=DRAWS))
        guess = constant(past.rows, now.rows)
        for metric in METRICS:
            actual = float(getattr(now.rows, metric)[0])
            if not np.isfinite(actual):
                continue
            found.append(
                {
                    "account": number,
                    "after": after,
                    "metric": metric,
                    "inside": bool(learnt[metric][0, 0] <= actual <= learnt[metric][2, 0]),
                    "calibrated": _off(learnt[metric][1, 0], actual),
                    "uncalibrated": _off(shipped[metric][1, 0], actual),
                    "inside_uncalibrated": bool(shipped[metric][0, 0] <= actual <= shipped[metric][2, 0]),
                    "constant": _off(float(getattr(guess, metric)[0]), actual),
                }
            )
    return found


def _off(forecast: float, actual: float) -> float:
    return float(abs(np.log((forecast + 0.5) / (actual + 0.5))))


def told(found: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the report."""
    lines = ["metric        after  n     inside  (defaults)  error: calibrated  defaults  account's mean"]
    for metric in METRICS:
        for after in AFTER:
            some = [one for one in found if one["metric"] == metric and one["after"] == after]
            if not some:
                continue

            def share(name: str, some: list[dict[str, Any]] = some) -> float:
                return float(np.mean([one[name] for one in some]))

            def middle(name: str, some: list[dict[str, Any]] = some) -> float:
                values: NDArray[np.float64] = np.array([one[name] for one in some])
                return float(np.nanmedian(values))

            lines.append(
                f"{metric:<13} {after:>5}  {len(some):<5} {share('inside'):.3f}   {share('inside_uncalibrated'):.3f}"
                f"       {middle('calibrated'):.3f}              {middle('uncalibrated'):.3f}"
                f"     {middle('constant'):.3f}"
            )
    return lines


def main() -> None:
    """Print what was found."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    parameters = load_parameters()
    found = [one for number in range(first, first + accounts) for one in judged(number, parameters)]
    print(f"{accounts} accounts from the prior, parameters {parameters.digest}")
    print("\n".join(told(found)))


if __name__ == "__main__":
    main()
