"""Each public source forecast from defaults that never saw it: reach given impressions, bands, back-tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.forecasting.engine import Engine
from simulator.forecasting.simulate import expected_reach
from simulator.learning import backtest
from simulator.learning.aims import Aims, Past
from simulator.learning.backtest import GIVEN_IMPRESSIONS, METRICS, Backtest, bands_of, learnt_from
from simulator.learning.baselines import BASELINES
from simulator.learning.impute import level_of
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import Parameters
from tools.research import evidence
from tools.research.default_fit import fitted_parameters

Array = NDArray[np.float64]

DRAWS = 512
LEVEL = 0.8
TRIPLES = 20
"""Times that three campaigns are picked to see how much narrower they make the bands of the rest."""
FEW_A_PERSON = 0.01
JUDGED_FROM = 2
"""Origins from which on a source's back-test is judged rather than reported."""
ALLOWED = 0.03
GUESSES = {
    "as taken": (1.0, 1.0),
    "half the people": (0.5, 1.0),
    "twice the people": (2.0, 1.0),
    "half the days": (1.0, 0.5),
    "twice the days": (1.0, 2.0),
}
"""Factors on audience and duration, which no source tells for sure, under which reach is looked at again."""
SHIFTS = np.linspace(-2.0, 2.0, 2001)
"""Factors on all forecasts of an origin, logarithm, that are tried for the best one."""


def source_result(source: str) -> dict[str, Any]:
    """Return all that is measured on one source, forecast by the defaults that the others give."""
    table, export = _table(source), _of(evidence.exports(), source)
    priors = fitted_parameters(source)
    told, found = (backtest(one, priors=priors, draws=DRAWS) for one in (table, export))
    return {
        "name": source,
        "campaigns": int(found.forecasts.row.nunique()),
        "first": str(table.start.min()),
        "last": str(table.start.max()),
        "origins": found.origins,
        "defaults": _coverage(told, "uncalibrated"),
        "calibrated": _coverage(told, "calibrated"),
        "calibrated_as_it_is": _coverage(found, "calibrated"),
        "errors": _median_over_origins(found),
        "apart": _apart(found),
        "errors_told": _median_over_origins(told),
        "apart_told": _apart(told),
        "by_origin": by_origin(found, table),
        "by_origin_told": by_origin(told, table),
        "is_judged": found.origins >= JUDGED_FROM,
        "narrower": narrower(source),
        "reach_given_impressions": reach_given_impressions(source),
    }


def reach_given_impressions(source: str) -> dict[str, Any]:
    """Return log errors of ``expected_reach`` with the audience as taken, and the frequencies it gives few showings.

    ``guesses`` holds the median error under other audiences and durations: how much of it rests on them.
    """
    parameters = fitted_parameters(source)
    if source == evidence.MIGRANTS:
        rows = evidence.saturated(parameters)
    else:
        rows = usable_rows(_table(source), parameters)
    reach = _expected_reach(rows, parameters)
    off = np.log(reach / rows.reach)
    guesses = {
        name: np.abs(np.log(_expected_reach(rows, parameters, *factors) / rows.reach))
        for name, factors in GUESSES.items()
    }
    few = rows.impressions / rows.audience <= FEW_A_PERSON
    frequency = (rows.impressions / reach)[few]
    return {
        "n": len(rows),
        "errors": np.abs(off).tolist(),
        "median": float(np.median(np.abs(off))),
        "largest": float(np.abs(off).max()),
        "bias": float(np.median(off)),
        "frequency": [float(frequency.min()), float(frequency.max())] if few.any() else None,
        "frequency_seen": _range((rows.impressions / rows.reach)[few]),
        "guesses": {name: float(np.median(errors)) for name, errors in guesses.items()},
    }


def by_origin(found: Backtest, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, origin by origin, the median absolute log error of prices and the least that one factor would leave.

    The last is what the campaigns of an origin differ by among themselves: no price level can do better there.
    """
    prices = found.forecasts[(found.forecasts.origin > 0) & (found.forecasts.metric == "cpm")]
    result = []
    for origin, of in prices.groupby("origin"):
        off = {
            str(method): np.log(some.p50 / some.actual).to_numpy(dtype=float) for method, some in of.groupby("method")
        }
        seen = table.loc[of.row.unique()]
        spread = np.median(np.abs(off["calibrated"] - SHIFTS[:, None]), axis=1)
        countries = seen.country.dropna() if "country" in seen else []
        result.append(
            {
                "origin": int(origin),
                "start": str(seen.start.min()),
                "countries": sorted(set(map(str, countries))),
                "n": len(seen),
                "calibrated": float(np.median(np.abs(off["calibrated"]))),
                "uncalibrated": float(np.median(np.abs(off["uncalibrated"]))),
                "bias": float(np.median(off["calibrated"])),
                "bias_uncalibrated": float(np.median(off["uncalibrated"])),
                "least": float(spread.min()),
            }
        )
    return result


def narrower(source: str) -> dict[str, float]:
    """Return by how much three past campaigns narrow the bands of the others: median over picks, log width."""
    parameters = fitted_parameters(source)
    rows = usable_rows(_table(source), parameters)
    whole = Past(rows, Aims.untold(len(rows)))
    before = bands_of(whole, Engine(parameters, draws=DRAWS))
    rng = np.random.default_rng(0)
    found: dict[str, list[float]] = {metric: [] for metric in ("impressions", "reach")}
    for _ in range(TRIPLES):
        past = np.sort(rng.choice(len(rows), 3, replace=False))
        rest = np.setdiff1d(np.arange(len(rows)), past)
        learnt = learnt_from(whole.take(past), parameters)
        after = bands_of(whole.take(rest), Engine(parameters, learnt, draws=DRAWS))
        for metric, narrowed in found.items():
            ratio = np.log(after[metric][2] / after[metric][0])
            narrowed.append(float(np.median(1.0 - ratio / np.log(before[metric][2] / before[metric][0])[rest])))
    return {metric: float(np.median(narrowed)) for metric, narrowed in found.items()}


def saturated_coverage() -> dict[str, Any]:
    """Return how many of the two saturated campaigns lay inside the band of reach given their impressions."""
    parameters = fitted_parameters(evidence.MIGRANTS)
    rows = evidence.saturated(parameters)
    price = level_of("world", parameters).median  # their money is not told
    planned = replace(rows, spend=rows.impressions * price / 1000.0)
    bands = bands_of(Past(planned, Aims.untold(len(rows))), Engine(parameters, draws=DRAWS))
    low, _, high = bands[GIVEN_IMPRESSIONS][:3]
    return counted(int(((low <= rows.reach) & (rows.reach <= high)).sum()), len(rows))


def counted(inside: int, n: int) -> dict[str, Any]:
    """Return a count inside with the exact (Clopper and Pearson) 80 % interval of its share: equal tails."""
    from scipy.stats import beta

    tail = (1.0 - LEVEL) / 2.0
    low = float(beta.ppf(tail, inside, n - inside + 1)) if inside else 0.0
    high = float(beta.ppf(1.0 - tail, inside + 1, n - inside)) if inside < n else 1.0
    return {"inside": inside, "n": n, "low": low, "high": high}


def _expected_reach(rows: Rows, parameters: Parameters, people: float = 1.0, days: float = 1.0) -> Array:
    """Return the reach that the model gives the impressions of rows, their audiences and days times two factors."""
    reach = np.zeros(len(rows))
    for goal in np.unique(rows.objective):
        of = rows.objective == goal
        arguments = rows.impressions[of], people * rows.audience[of], days * rows.days[of], str(goal), 1
        reach[of] = expected_reach(*arguments, parameters=parameters)[:, 0]
    return reach


def _table(source: str) -> pd.DataFrame:
    return _of(evidence.campaigns(), source)


def _of(table: pd.DataFrame, source: str) -> pd.DataFrame:
    return table[table.source == source].reset_index(drop=True)


def _range(values: Array) -> list[float] | None:
    return [float(values.min()), float(values.max())] if len(values) else None


def _coverage(found: Backtest, method: str) -> dict[str, dict[str, Any]]:
    """Return how many campaigns lay inside the band: all of them for the defaults, those with a past if calibrated."""
    result = {}
    for metric in (*METRICS, GIVEN_IMPRESSIONS):
        some = found.forecasts[(found.forecasts.method == method) & (found.forecasts.metric == metric)]
        some = some[some.actual.notna()]
        inside = int(((some.p10 <= some.actual) & (some.actual <= some.p90)).sum())
        if len(some):
            result[metric] = counted(inside, len(some))
    return result


def _median_over_origins(found: Backtest) -> dict[str, dict[str, float]]:
    """Return, by metric and method, the median over origins of the median absolute log error."""
    medians = _by_origin(found).groupby(["metric", "method"]).median()
    return {
        metric: {str(method): float(error) for method, error in medians[metric].items()}
        for metric in METRICS
        if metric in medians
    }


def _apart(found: Backtest) -> dict[str, dict[str, float]]:
    """Return, by metric and rival, the median over origins of how much more the calibrated model was off there."""
    errors = _by_origin(found).unstack("method")
    result: dict[str, dict[str, float]] = {}
    for metric in METRICS:
        if metric in errors.index:
            of = errors.loc[metric]
            result[metric] = {
                rival: float((of["calibrated"] - of[rival]).median())
                for rival in (*BASELINES, "uncalibrated")
                if rival in of and of[rival].notna().any()
            }
    return result


def _by_origin(found: Backtest) -> pd.Series:
    """Return the median absolute log error of each metric, method and origin."""
    judged = found.forecasts[(found.forecasts.origin > 0) & found.forecasts.metric.isin(METRICS)].copy()
    count = np.where(judged.metric == "link_clicks", 0.5, 0.0)
    judged["off"] = np.abs(np.log((judged.p50 + count) / (judged.actual + count)))
    return judged.groupby(["metric", "method", "origin"]).off.median()


def best_rival(by: dict[str, float]) -> str:
    """Return the method with the least error besides the calibrated model; the uncalibrated one is a rival too."""
    return min((name for name in (*BASELINES, "uncalibrated") if name in by), key=lambda name: by[name])
