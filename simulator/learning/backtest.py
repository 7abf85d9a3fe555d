"""Back-test: forecast every campaign from the ones before it, and count how far off and how often inside.

Rolling origin: campaigns that start on the same day are forecast together, from those that had ended by then.
The forecast knows the plan (money, days, country, objective, audience where the file tells it), not the
result; ``reach_given_impressions`` is told the impressions besides, to judge the exposure model alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import WHOLE
from simulator.campaign.campaign import DAILY_BUDGET_EUR, DURATION_DAYS, START, Campaign, Targeting
from simulator.campaign.forecast import QUANTILES, quantiles
from simulator.forecasting.engine import Engine, check_draws
from simulator.learning.aims import Past, aims_of, newest
from simulator.learning.baselines import BASELINES, Guess
from simulator.learning.calibrate import priors_of
from simulator.learning.calibration import Calibration, calibration_of
from simulator.learning.expected import STAND_IN, Group
from simulator.learning.export.frame import column_of
from simulator.learning.fit import fit_scores
from simulator.learning.impute import WORLD
from simulator.learning.pooling import as_pandas
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ranks = NDArray[np.int64]
Bands = Mapping[str, Array]
Block = dict[str, NDArray[Any]]

DRAWS = 128
METRICS = ("impressions", "reach", "link_clicks", "cpm")
GIVEN_IMPRESSIONS = "reach_given_impressions"
BANDS = (*METRICS, GIVEN_IMPRESSIONS)
AROUND = np.array([1.0, 0.25, 0.6, 1.6, 4.0])
"""Budgets, relative to the row's own, between which reach is read off at the impressions that it had."""
MODELS = ("calibrated", "uncalibrated")
METHODS = (*MODELS, *BASELINES)
COLUMNS = ("origin", "row", "metric", "method", "actual", "p10", "p50", "p90", "rank", "crps")
FIGURES = ("median_abs_log_error", "bias", "coverage")
MOST_FITS = 150
"""Fits of one back-test; beyond, several origins that follow each other are forecast from one."""
MOST_HISTORY = 2000
"""Earlier rows that a fit looks at, the latest ones."""
MOST_ROWS = 500
"""Campaigns that are forecast, the latest ones."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """What a back-test found.

    Attributes
    ----------
    errors : DataFrame
        Columns metric, method, median_abs_log_error, bias (median log of forecast over actual), coverage
        (share inside the 80 % band; NaN for methods without bands), n. Only rows that have a history count,
        the same for every method; without any, those of the uncalibrated model.
    given_impressions : DataFrame
        The same for reach when the impressions are known: the exposure model alone.
    forecasts : DataFrame
        One row a campaign, metric and method: origin (0 for those without history), row, actual, p10, p50, p90, and
        for the model rank (of the actual figure among the draws, 0 to 1: evenly spread where the bands are right) and
        crps (of the logarithm; for a baseline, which has no band, the absolute log error takes its place).
    origins : int
        Days that were forecast from earlier campaigns.
    dropped : tuple of dict
        Rows left out, with the reason.
    """

    errors: pd.DataFrame
    given_impressions: pd.DataFrame
    forecasts: pd.DataFrame
    origins: int
    dropped: tuple[dict[str, Any], ...]


def backtest(
    observations: pd.DataFrame,
    by: str = "start",
    *,
    targeting: Targeting | None = None,
    priors: Parameters | None = None,
    draws: int = DRAWS,
    progress: Callable[[float], None] | None = None,
) -> Backtest:
    """Forecast each campaign from those that had ended before it started, as ``simulate`` does, and by baselines.

    Parameters
    ----------
    observations : DataFrame
        As for ``calibrate``.
    by : str
        Column that orders the campaigns; equal values are forecast together. In another order than that of ``start``
        the campaigns before are those of smaller values, ended or not.
    targeting : Targeting, optional
        Whom they aimed at; as for ``calibrate``.
    priors : Parameters, optional
        Defaults to start from.
    draws : int
        Behind the bands; as for ``simulate``.
    progress : callable, optional
        Called after every origin with the share of the campaigns that are done; the last call is with 1.

    Raises
    ------
    InvalidInput
        When needed columns, or ``by``, are missing; for ``priors`` or ``draws`` that are none.
    """
    check_draws(0, draws)
    parameters = priors_of(priors)
    observations = as_pandas(observations)
    rows = usable_rows(observations, parameters)
    aims = aims_of(observations, rows.index, targeting)
    ranks = _ranks(rows, observations, by)
    unordered = tuple({"row": int(row), "reason": "order_unknown"} for row in rows.index[ranks < 0])
    kept = np.flatnonzero(ranks >= 0)
    kept = kept[np.argsort(ranks[kept], kind="stable")][-MOST_ROWS:]
    dropped, past = (*rows.dropped, *unordered), Past(rows, aims).take(kept)
    ranks = np.unique(ranks[kept], return_inverse=True)[1].astype(np.int64)
    blocks = [_block(past.rows, np.zeros(len(kept), dtype=np.int64), "uncalibrated",
                     bands_of(past, Engine(parameters, None, draws=draws)))] if len(kept) else []  # fmt: skip
    number = 0
    for place, known in _origins(past.rows, ranks, by):
        now = past.take(place)
        if len(known):
            history = past.take(known[-MOST_HISTORY:])
            engine = Engine(parameters, learnt_from(history, parameters), draws=draws)
            origin = number + 1 + np.unique(ranks[place], return_inverse=True)[1]
            number = int(origin.max())
            blocks[0]["origin"][np.isin(blocks[0]["row"], now.rows.index)] = np.tile(origin, len(BANDS))
            blocks.append(_block(now.rows, origin, "calibrated", bands_of(now, engine)))
            blocks += [
                _block(now.rows, origin, name, _points(baseline, history.rows, now.rows))
                for name, baseline in BASELINES.items()
            ]
        if progress is not None and (len(known) or place.max() + 1 == len(past.rows)):
            progress(float(place.max() + 1) / len(past.rows))  # rows stand in the order of their origins
    return _result(blocks, number, dropped)


def learnt_from(past: Past, parameters: Parameters) -> Calibration:
    """Return what rows teach; what nobody tells of whom they aimed at is taken from the campaign that is forecast."""
    rows, aims = past
    if aims.is_told:
        return calibration_of(fit_scores(rows, parameters, aims=aims), rows, aims, parameters)
    # The fit that counts is that for the campaign to be forecast: none is needed before.
    return calibration_of(fit_scores(rows.take(rows.index < 0), parameters), rows, aims, parameters, past=newest(past))


def campaign_of(past: Past, place: int) -> Campaign:
    """Return a row as the campaign that an advertiser would have typed before it ran."""
    rows, aims = past
    aim = aims.all[aims.of_row[place]]
    country = STAND_IN if rows.country[place] == WORLD else str(rows.country[place])
    typed = float(rows.audience[place]) if rows.is_told[place] or aim.places is None else None
    group = Group(country, str(rows.objective[place]), aim, str(rows.age_band[place]), str(rows.platform[place]))
    days = int(np.clip(np.round(rows.days[place]), *DURATION_DAYS))
    budget = min(max(float(rows.spend[place]) / days, 1e-9), DAILY_BUDGET_EUR[1])
    start = None if np.isnat(rows.start[place]) else rows.start[place].astype(object)
    if start is not None and not START[0] <= start <= START[1]:
        start = None
    plan = group.campaign(days, typed)
    return plan.replace(daily_budget=budget, start=start)


def bands_of(past: Past, engine: Engine) -> Bands:
    """Return what each row's campaign is forecast, as ``simulate`` forecasts it.

    Returns
    -------
    Bands
        By metric, arrays of shape (5, row): p10, p50, p90, the rank of the actual figure among the draws (0 to 1), and
        the CRPS of the logarithm. ``reach_given_impressions`` is read off a curve over the money.
    """
    rows, found = past.rows, {metric: np.full((5, len(past.rows)), np.nan) for metric in BANDS}
    for place in range(len(rows)):
        campaign = campaign_of(past, place)
        around = campaign.spend_per_day * AROUND
        metrics = engine.metrics(campaign, around, interactions=False)
        shown = rows.impressions[place]
        known = _at_impressions(metrics, shown)
        actual = {
            "impressions": shown,
            "reach": rows.reach[place],
            "link_clicks": rows.link_clicks[place],
            "cpm": 1000.0 * rows.spend[place] / shown,
            GIVEN_IMPRESSIONS: rows.reach[place],
        }
        for metric in BANDS:
            draws = known if metric == GIVEN_IMPRESSIONS else metrics[metric][:, 0]
            found[metric][:3, place] = quantiles(draws, QUANTILES, whole=metric in WHOLE)
            found[metric][3:, place] = scored(draws, float(actual[metric]), metric)
    return found


def _at_impressions(metrics: Mapping[str, Array], shown: float) -> Array:
    """Return each draw's reach at so many impressions, between the budgets that were tried."""
    impressions, reach = metrics["impressions"], metrics["reach"]
    order = np.argsort(impressions, axis=1)
    found = np.empty(len(impressions))
    for draw, by in enumerate(order):
        at, people = np.log(np.maximum(impressions[draw, by], 1e-9)), np.log(np.maximum(reach[draw, by], 1e-9))
        found[draw] = np.interp(np.log(shown), at, people)
        found[draw] += min(np.log(shown) - at[0], 0.0)
    return np.asarray(np.minimum(np.exp(found), shown))


def scored(draws: Array, actual: float, metric: str) -> tuple[float, float]:
    """Return the rank of a figure among its draws, and the CRPS of the logarithm (Gneiting and Raftery 2007)."""
    if not np.isfinite(actual):
        return np.nan, np.nan
    count = 0.5 if metric == "link_clicks" else 0.0
    values = np.sort(np.log(np.maximum(draws + count, 1e-9)))
    at = float(np.log(max(actual + count, 1e-9)))
    weights = 2.0 * np.arange(1, len(values) + 1) - len(values) - 1.0
    spread = float(weights @ values) / len(values) ** 2
    return float((values < at).mean()), float(np.abs(values - at).mean()) - spread


def _ranks(rows: Rows, observations: pd.DataFrame, by: str) -> Ranks:
    """Return the place of each row in the order of ``by``, from 0; −1 where that is unknown."""
    import pandas as pd

    column = column_of(observations, by) if isinstance(by, str) else None
    if isinstance(by, str) and by == "start":
        order = pd.Series(rows.start)
    elif column is None:
        known = ", ".join(map(str, observations.columns))
        raise InvalidInput("unknown_choice", field="by", received=shown(by), allowed=shown(known, 200))
    else:
        order = column.reset_index(drop=True).iloc[rows.index].reset_index(drop=True)
    try:
        ranks = order.rank(method="dense")
    except TypeError:  # a column of mixed things
        ranks = order.astype(str).rank(method="dense")
    return np.asarray(ranks.fillna(0).to_numpy(dtype=np.float64), dtype=np.int64) - 1


def _origins(rows: Rows, ranks: Ranks, by: str) -> Iterator[tuple[Ranks, Ranks]]:
    """Yield the places of the rows forecast together, and of those known then: ended before the first of them began.

    In another order than that of the start: those before.
    """
    last = int(ranks.max(initial=-1))
    every = max(1, -(-last // MOST_FITS))
    ends = rows.start + np.maximum(np.ceil(rows.days), 1.0).astype("timedelta64[D]")
    first = 0
    while first <= last:
        step = 1 if first == 0 else every
        place = np.flatnonzero((ranks >= first) & (ranks < first + step))
        known = ends <= rows.start[place].min() if by == "start" else ranks < first
        yield place, np.flatnonzero(known & (ranks < first))
        first += step


def _points(baseline: Callable[[Rows, Rows], Guess], history: Rows, now: Rows) -> Bands:
    """Return the guesses of a baseline, which gives no bands."""
    guess = baseline(history, now)
    points = {metric: getattr(guess, metric) for metric in BANDS if metric != "cpm"}
    points["cpm"] = 1000.0 * now.spend / guess.impressions
    none = np.full(len(now), np.nan)
    return {metric: np.stack([none, points[metric], none, none, none]) for metric in BANDS}


def _block(rows: Rows, origin: Ranks, method: str, bands: Bands) -> Block:
    """Return one entry a campaign and metric, column by column."""
    actual = {
        "impressions": rows.impressions,
        "reach": rows.reach,
        "link_clicks": rows.link_clicks,
        "cpm": 1000.0 * rows.spend / rows.impressions,
        GIVEN_IMPRESSIONS: rows.reach,
    }
    many = len(bands)
    return {
        "origin": np.tile(origin, many),
        "row": np.tile(rows.index, many),
        "metric": np.repeat(list(bands), len(rows)),
        "method": np.full(many * len(rows), method, dtype="<U20"),
        "actual": np.concatenate([actual[metric] for metric in bands]),
        **{name: np.concatenate([band[place] for band in bands.values()]) for place, name in enumerate(COLUMNS[5:])},
    }


def _result(blocks: list[Block], origins: int, dropped: tuple[dict[str, Any], ...]) -> Backtest:
    import pandas as pd

    forecasts = pd.DataFrame(
        {name: np.concatenate([block[name] for block in blocks]) if blocks else np.zeros(0) for name in COLUMNS}
    )
    judged = forecasts[forecasts.origin > 0] if origins else forecasts
    return Backtest(_errors(judged, METRICS), _errors(judged, (GIVEN_IMPRESSIONS,)), forecasts, origins, dropped)


def _errors(forecasts: pd.DataFrame, metrics: tuple[str, ...]) -> pd.DataFrame:
    """Return one row a metric and method, in their order."""
    import pandas as pd

    rows = []
    for metric in metrics:
        for method in METHODS:
            some = forecasts[(forecasts.metric == metric) & (forecasts.method == method)]
            some = some[some.actual.notna() & some.p50.notna()]
            if some.empty:
                continue
            count = 0.5 if metric == "link_clicks" else 0.0
            actual, low, middle, high = (some[name].to_numpy(dtype=float) for name in ("actual", "p10", "p50", "p90"))
            log_ratio = np.log((middle + count) / (actual + count))
            rows.append(
                {
                    "metric": metric,
                    "method": method,
                    "median_abs_log_error": float(np.median(np.abs(log_ratio))),
                    "bias": float(np.median(log_ratio)),
                    "coverage": float(((low <= actual) & (actual <= high)).mean()) if method in MODELS else np.nan,
                    "n": len(some),
                }
            )
    frame = pd.DataFrame(rows, columns=["metric", "method", *FIGURES, "n"])
    return frame.astype({**dict.fromkeys(FIGURES, np.float64), "n": np.int64})
