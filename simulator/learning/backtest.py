"""Back-test: forecast every campaign from the ones before it, and count how far off and how often inside.

Rolling origin: campaigns that start on the same day are forecast together, from those that started earlier.
The forecast knows the plan (money, days, country, objective, audience where the file tells it), not the
result; ``reach_given_impressions`` is told the impressions besides, to judge the exposure model alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.forecasting.engine import check_draws
from simulator.learning.baselines import RIVALS, Guess
from simulator.learning.calibrate import calibration_of, priors_of
from simulator.learning.export.frame import column_of
from simulator.learning.fit import Fitted, fit_scores
from simulator.learning.pooling import as_pandas
from simulator.learning.predictive_bands import GIVEN_IMPRESSIONS, Bands, outlook
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ranks = NDArray[np.int64]
Block = dict[str, NDArray[Any]]

DRAWS = 256
METRICS = ("impressions", "reach", "link_clicks", "cpm")
MODELS = ("calibrated", "uncalibrated")
METHODS = (*MODELS, *RIVALS)
COLUMNS = ("origin", "row", "metric", "method", "actual", "p10", "p50", "p90")
FIGURES = ("median_abs_log_error", "bias", "coverage")
MOST_FITS = 150
"""Fits of one back-test; beyond, several origins that follow each other are forecast from one."""
MOST_HISTORY = 2000
"""Earlier rows that a fit looks at, the latest ones."""
MOST_ROWS = 20_000


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
        One row a campaign, metric and method: origin (0 for the first, without history), row, actual, p10, p50,
        p90.
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
    priors: Parameters | None = None,
    draws: int = DRAWS,
    progress: Callable[[float], None] | None = None,
) -> Backtest:
    """Forecast each campaign from the earlier ones, by the model and by its rivals.

    Parameters
    ----------
    observations : DataFrame
        As for ``calibrate``.
    by : str
        Column that orders the campaigns; equal values are forecast together.
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
    ranks = _ranks(rows, observations, by)
    unordered = tuple({"row": int(row), "reason": "order_unknown"} for row in rows.index[ranks < 0])
    kept = np.flatnonzero(ranks >= 0)
    kept = kept[np.argsort(ranks[kept], kind="stable")][-MOST_ROWS:]
    dropped, rows = (*rows.dropped, *unordered), rows.take(kept)
    ranks = np.unique(ranks[kept], return_inverse=True)[1].astype(np.int64)
    blocks = [_block(rows, ranks, "uncalibrated", outlook(rows, None, parameters, draws))] if len(rows) else []
    for place, history, bands in _origins(rows, ranks, parameters, draws):
        if progress is not None:
            progress(float(place.max() + 1) / len(rows))  # rows stand in the order of their origins
        now, origin = rows.take(place), ranks[place]
        blocks.append(_block(now, origin, "calibrated", bands))
        blocks += [_block(now, origin, name, _points(rival, history, now)) for name, rival in RIVALS.items()]
    return _result(blocks, int(ranks.max(initial=0)), dropped)


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


def _origins(rows: Rows, ranks: Ranks, parameters: Parameters, draws: int) -> Iterator[tuple[Ranks, Rows, Bands]]:
    """Yield the places of the rows forecast together, the rows before them, and their calibrated bands."""
    last = int(ranks.max(initial=0))
    every = max(1, -(-last // MOST_FITS))
    fitted: Fitted | None = None
    for first in range(1, last + 1, every):
        history = rows.take(np.flatnonzero(ranks < first)[-MOST_HISTORY:])
        fitted = fit_scores(history, parameters, fitted)
        place = np.flatnonzero((ranks >= first) & (ranks < first + every))
        bands = outlook(rows.take(place), calibration_of(fitted, history, parameters), parameters, draws)
        yield place, history, bands


def _points(rival: Callable[[Rows, Rows], Guess], history: Rows, now: Rows) -> Bands:
    """Return the guesses of a rival, which gives no bands."""
    guess = rival(history, now)
    points = {metric: getattr(guess, metric) for metric in (*METRICS, GIVEN_IMPRESSIONS) if metric != "cpm"}
    points["cpm"] = 1000.0 * now.spend / guess.impressions
    none = np.full(len(now), np.nan)
    return {metric: np.stack([none, point, none]) for metric, point in points.items()}


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
