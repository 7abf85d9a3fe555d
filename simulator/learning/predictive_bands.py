"""Bands for planned rows: what the model says of campaigns of which only the plan is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.campaign.forecast import QUANTILES
from simulator.learning.calibration import Calibration
from simulator.learning.observed import contexts_of
from simulator.learning.population_mix import ordinary_mix
from simulator.learning.prediction import Predictor
from simulator.learning.random_effects import ALL
from simulator.learning.rows import Rows
from simulator.model.draws import uniform_points
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Bands = dict[str, Array]

SEED = 0
GIVEN_IMPRESSIONS = "reach_given_impressions"
NOISES = ("audience", "price", "reach", "creative", "clicks")
CHUNK = 60_000
"""Draws times rows worked on at a time: bounds the memory."""


def outlook(rows: Rows, calibration: Calibration | None, parameters: Parameters, draws: int) -> Bands:
    """Return p10, p50, p90 of every metric, shape (3, row) each.

    Parameters
    ----------
    rows : Rows
        Their results are not looked at, except the impressions for ``reach_given_impressions``.
    calibration : Calibration or None
        None: the defaults alone.
    draws : int
        The same points for every row, so that rows with the same plan have the same bands.
    """
    step = max(1, CHUNK // draws)
    points = ndtri(uniform_points(draws, len(ALL) + len(NOISES), np.random.default_rng(SEED)))
    found = [_bands(rows.take(np.arange(start, min(start + step, len(rows)))), calibration, parameters, points)
             for start in range(0, len(rows), step)]  # fmt: skip
    return {metric: np.concatenate([bands[metric] for bands in found], axis=1) for metric in found[0]}


def _bands(rows: Rows, calibration: Calibration | None, parameters: Parameters, points: Array) -> Bands:
    scores = _scores(rows, points[:, : len(ALL)], calibration)
    noise = dict(zip(NOISES, points[:, len(ALL) :].T[:, :, None], strict=True))
    scatter = calibration.scatter if calibration is not None else {}
    audience = rows.audience * np.exp(rows.audience_log_sd * noise["audience"])
    predictor = Predictor(rows.planned().with_audience(audience), parameters, ordinary_mix(parameters))
    price_sd = parameters["delivery.model_error"].log_sd * scatter.get("price", 1.0)
    impressions = 1000.0 * rows.spend / (predictor.cpm(scores) * np.exp(price_sd * noise["price"]))
    spread = np.exp(parameters.value("calibration.reach_scatter") * scatter.get("reach", 1.0) * noise["reach"])
    rate = predictor.ctr_link(scores, impressions)
    creative_sd = parameters["response.creative_spread"].log_sd * scatter.get("clicks", 1.0)
    clicks = impressions * rate * np.exp(creative_sd * noise["creative"])
    clicks = np.maximum(clicks + np.sqrt(clicks) * noise["clicks"], 0.0)
    known = np.broadcast_to(rows.impressions, impressions.shape)
    found = {
        "impressions": impressions,
        "reach": np.minimum(predictor.reach(scores, impressions) * spread, impressions),
        "link_clicks": np.minimum(clicks, impressions),
        "cpm": 1000.0 * rows.spend / impressions,
        GIVEN_IMPRESSIONS: np.minimum(predictor.reach(scores, known) * spread, known),
    }
    return {metric: np.quantile(values, QUANTILES, axis=0) for metric, values in found.items()}


def _scores(rows: Rows, base: Array, calibration: Calibration | None) -> dict[str, Array]:
    """Return the normal scores of all roles, shape (draw, row) each."""
    if calibration is None:
        return {role: np.repeat(base[:, [place]], len(rows), axis=1) for place, role in enumerate(ALL)}
    scores = np.empty((len(ALL), len(base), len(rows)))
    contexts, of_row = contexts_of(rows)
    for place, context in enumerate(contexts):
        mean, root = calibration.effective(ALL, context)
        scores[:, :, of_row == place] = (mean + base @ root.T).T[:, :, None]
    return dict(zip(ALL, scores, strict=True))
