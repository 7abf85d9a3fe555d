"""Back-test: forecast every campaign from the ones before it, and count how far off and how often inside.

Rolling origin: campaigns that start on the same day are forecast together, from those that started earlier.
The forecast knows the plan (money, days, country, objective, audience where the file tells it), not the
result; ``reach_given_impressions`` is told the impressions besides, to judge the exposure model alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.calibration.calibrate import learn
from simulator.calibration.latents import ALL
from simulator.calibration.learnt import Calibration
from simulator.calibration.prediction import Predictor
from simulator.calibration.rivals import RIVALS
from simulator.calibration.rows import Rows, usable_rows
from simulator.errors import InvalidInput, shown
from simulator.model.draws import uniform_points
from simulator.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

DRAWS = 256
SEED = 0
METRICS = ("impressions", "reach", "link_clicks", "cpm")
GIVEN_IMPRESSIONS = "reach_given_impressions"
MODELS = ("calibrated", "uncalibrated")
METHODS = (*MODELS, *RIVALS)
LEVEL = 0.8
MOST_ORIGINS = 400
NOISES = ("audience", "price", "reach", "creative", "clicks")


@dataclass(frozen=True, eq=False)
class Backtest:
    """What a back-test found.

    Attributes
    ----------
    errors : DataFrame
        Columns metric, method, median_abs_log_error, bias (median log of forecast over actual), coverage
        (share inside the 80 % band; NaN for methods without bands), n.
    given_impressions : DataFrame
        The same for reach when the impressions are known: the exposure model alone.
    forecasts : DataFrame
        One row a campaign, metric and method: origin, row, actual, p10, p50, p90.
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
    observations: pd.DataFrame, by: str = "start", *, priors: Parameters | None = None, draws: int = DRAWS
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

    Raises
    ------
    InvalidInput
        When needed columns, or ``by``, are missing.
    """
    import pandas as pd

    parameters = priors or load_parameters()
    rows = usable_rows(observations, parameters)
    if by not in observations.columns:
        known = ", ".join(map(str, observations.columns))
        raise InvalidInput("unknown_choice", field="by", received=shown(by), allowed=shown(known, 200))
    found: list[dict[str, Any]] = []
    origins = 0
    for now, before in _origins(rows, observations, by):
        history = rows.take(before) if before.any() else None
        origins += history is not None
        found += _forecast_origin(rows.take(now), history, origins, parameters, draws)
    columns = ["origin", "row", "metric", "method", "actual", "p10", "p50", "p90"]
    forecasts = pd.DataFrame(found, columns=columns)
    return Backtest(
        _errors(forecasts, METRICS),
        _errors(forecasts, (GIVEN_IMPRESSIONS,)),
        forecasts,
        origins,
        tuple(dict(entry) for entry in rows.dropped),
    )


def _origins(rows: Rows, observations: pd.DataFrame, by: str) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield masks of the rows forecast together and of those before them; rows without an order are left out."""
    import pandas as pd

    if by == "start":
        order = pd.Series(rows.start)
    else:
        order = observations[by].reset_index(drop=True).iloc[rows.index].reset_index(drop=True)
    ranks = order.rank(method="dense").to_numpy(dtype=float)
    values = np.unique(ranks[np.isfinite(ranks)])
    for value in values[:MOST_ORIGINS]:
        yield ranks == value, ranks < value


def _forecast_origin(
    rows: Rows, history: Rows | None, origin: int, parameters: Parameters, draws: int
) -> list[dict[str, Any]]:
    actual = {
        "impressions": rows.impressions,
        "reach": rows.reach,
        "link_clicks": rows.link_clicks,
        "cpm": 1000.0 * rows.spend / rows.impressions,
        "reach_given_impressions": rows.reach,
    }
    bands: dict[str, dict[str, Array]] = {"uncalibrated": predict(rows, None, parameters, draws)}
    if history is not None:
        bands["calibrated"] = predict(rows, learn(history, parameters), parameters, draws)
        for name, rival in RIVALS.items():
            guess = rival(history, rows)
            points = {metric: getattr(guess, metric) for metric in (*METRICS, GIVEN_IMPRESSIONS) if metric != "cpm"}
            points["cpm"] = 1000.0 * rows.spend / guess.impressions
            bands[name] = {
                metric: np.stack([np.full(len(rows), np.nan), p, np.full(len(rows), np.nan)])
                for metric, p in points.items()
            }
    label = origin if history is not None else 0
    return [
        {
            "origin": label, "row": int(rows.index[place]), "metric": metric, "method": method,
            "actual": float(actual[metric][place]), "p10": low, "p50": middle, "p90": high,
        }
        for method, by_metric in bands.items()
        for metric, quantiles in by_metric.items()
        for place, (low, middle, high) in enumerate(quantiles.T.tolist())
    ]  # fmt: skip


def predict(
    rows: Rows, calibration: Calibration | None, parameters: Parameters, draws: int = DRAWS
) -> dict[str, Array]:
    """Return p10, p50, p90 of every metric for planned rows, shape (3, row) each."""
    scores = _scores(rows, draws, calibration)
    rng = np.random.default_rng(SEED + 1)
    noise = {name: rng.standard_normal((draws, len(rows))) for name in NOISES}
    scatter = calibration.scatter if calibration is not None else {}
    predictor = Predictor(
        rows.with_audience(rows.audience * np.exp(rows.audience_log_sd * noise["audience"])), parameters
    )
    price_sd = parameters["delivery.model_error"].log_sd * scatter.get("price", 1.0)
    impressions = 1000.0 * rows.spend / (predictor.cpm(scores) * np.exp(price_sd * noise["price"]))
    spread = np.exp(parameters.value("calibration.reach_scatter") * noise["reach"])
    rate = predictor.ctr_link(scores, impressions)
    creative_sd = parameters["response.creative_spread"].log_sd * scatter.get("clicks", 1.0)
    clicks = impressions * rate * np.exp(creative_sd * noise["creative"])
    clicks = np.maximum(clicks + np.sqrt(clicks) * noise["clicks"], 0.0)
    known = np.broadcast_to(rows.impressions, impressions.shape)
    found = {
        "impressions": impressions,
        "reach": np.minimum(predictor.reach(scores, impressions) * spread, impressions),
        "link_clicks": clicks,
        "cpm": 1000.0 * rows.spend / impressions,
        "reach_given_impressions": np.minimum(predictor.reach(scores, known) * spread, known),
    }
    return {metric: np.quantile(values, (0.1, 0.5, 0.9), axis=0) for metric, values in found.items()}


def _scores(rows: Rows, draws: int, calibration: Calibration | None) -> dict[str, Array]:
    """Return the normal scores of all roles, shape (draw, row) each."""
    base = ndtri(uniform_points(draws, len(ALL), np.random.default_rng(SEED)))
    scores = {role: np.empty((draws, len(rows))) for role in ALL}
    contexts = np.array([f"{c} {o}" for c, o in zip(rows.country, rows.objective, strict=True)])
    for context in np.unique(contexts):
        of = contexts == context
        moved = base
        if calibration is not None:
            mean, root = calibration.effective(ALL, *context.split(" "))
            moved = mean + base @ root.T
        for place, role in enumerate(ALL):
            scores[role][:, of] = moved[:, place, None]
    return scores


def _errors(forecasts: pd.DataFrame, metrics: tuple[str, ...]) -> pd.DataFrame:
    """Return one row a metric and method, in their order."""
    import pandas as pd

    rows = []
    for metric in metrics:
        for method in METHODS:
            some = forecasts[(forecasts.metric == metric) & (forecasts.method == method)]
            some = some[(some.actual.notna()) & (some.p50.notna())]
            if some.empty:
                continue
            count = 0.5 if metric == "link_clicks" else 0.0
            log_ratio = np.log(((some.p50 + count) / (some.actual + count)).to_numpy(dtype=float))
            inside = ((some.actual >= some.p10) & (some.actual <= some.p90)).mean() if method in MODELS else np.nan
            rows.append(
                {
                    "metric": metric,
                    "method": method,
                    "median_abs_log_error": float(np.median(np.abs(log_ratio))),
                    "bias": float(np.median(log_ratio)),
                    "coverage": float(inside),
                    "n": len(some),
                }
            )
    return pd.DataFrame(rows, columns=["metric", "method", "median_abs_log_error", "bias", "coverage", "n"])
