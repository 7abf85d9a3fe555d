"""The rivals a forecast must beat: what an advertiser would guess from the same history, without a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from simulator.calibration.rows import Rows

Array = NDArray[np.float64]

LOG_SHAPES = (-6.0, 4.0)
"""Range of the logarithm of the shape of the one-level negative binomial."""


@dataclass(frozen=True)
class Guess:
    """Point guesses, shape (row,)."""

    impressions: Array
    reach: Array
    link_clicks: Array
    reach_given_impressions: Array


def constant(history: Rows, rows: Rows) -> Guess:
    """CPM, frequency and click rate stay what they were in the middle of the history."""
    impressions = _impressions(history, rows)
    frequency = float(np.median(history.impressions / history.reach))
    return Guess(impressions, impressions / frequency, impressions * _ctr(history), rows.impressions / frequency)


def last(history: Rows, rows: Rows) -> Guess:
    """The next campaign is the last one again, stretched by the money."""
    before = history.take(np.argsort(history.start, kind="stable")[-1:])
    return constant(before, rows)


def negative_binomial(history: Rows, rows: Rows) -> Guess:
    """Constant CPM; reach by one negative binomial over the audience, its shape fitted to the history."""

    def share(mean: Array, log_shape: float) -> Array:
        shape = np.exp(log_shape)
        return np.asarray(-np.expm1(-shape * np.log1p(mean / shape)))

    mean = history.impressions / history.audience

    def loss(log_shape: float) -> float:
        return float(np.abs(np.log(history.audience * share(mean, log_shape) / history.reach)).sum())

    best = float(minimize_scalar(loss, bounds=LOG_SHAPES, method="bounded").x)
    impressions = _impressions(history, rows)
    return Guess(
        impressions,
        rows.audience * share(impressions / rows.audience, best),
        impressions * _ctr(history),
        rows.audience * share(rows.impressions / rows.audience, best),
    )


def poisson(history: Rows, rows: Rows) -> Guess:
    """Constant CPM; every person of the audience equally likely to be shown each impression."""
    impressions = _impressions(history, rows)

    def reach(shown: Array) -> Array:
        return np.asarray(-rows.audience * np.expm1(-shown / rows.audience))

    return Guess(impressions, reach(impressions), impressions * _ctr(history), reach(rows.impressions))


RIVALS = {"constant": constant, "last": last, "negative_binomial": negative_binomial, "poisson": poisson}
"""Rival by name; each takes the history and the rows to guess."""


def _impressions(history: Rows, rows: Rows) -> Array:
    return np.asarray(rows.spend * float(np.median(history.impressions / history.spend)))


def _ctr(history: Rows) -> float:
    """Pooled click rate of the history, NaN where it has none."""
    seen = np.isfinite(history.link_clicks)
    if not seen.any():
        return float("nan")
    return float((history.link_clicks[seen].sum() + 0.5) / history.impressions[seen].sum())
