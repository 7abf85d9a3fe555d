"""The baselines that a forecast must beat: what an advertiser would guess from the same history, without a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from simulator.learning.export.frame import FIRST_DAY
from simulator.learning.rows import Rows

Array = NDArray[np.float64]

LOG_SHAPES = (-6.0, 4.0)
"""Range of the logarithm of the shape of the one-level negative binomial."""
ROOM = 3.0
"""People in an audience that nobody told, at least, relative to the largest reach of the history."""


@dataclass(frozen=True)
class Guess:
    """Point guesses, shape (row,); NaN where the history says nothing."""

    impressions: Array
    reach: Array
    link_clicks: Array
    reach_given_impressions: Array


def constant(history: Rows, rows: Rows) -> Guess:
    """CPM, frequency and click rate stay what they were in the middle of the history."""
    impressions = _impressions(history, rows)
    seen = np.isfinite(history.reach)
    frequency = float(np.median(history.impressions[seen] / history.reach[seen])) if seen.any() else np.nan
    return Guess(impressions, impressions / frequency, impressions * _ctr(history), rows.impressions / frequency)


def last(history: Rows, rows: Rows) -> Guess:
    """The next campaign is the last one again, stretched by the money: the middle of those of the last day.

    Where they do not tell how many they reached or clicked, the latest campaigns that do.
    """
    reach, clicks = (_latest(history, np.isfinite(counts)) for counts in (history.reach, history.link_clicks))
    told = constant(reach, rows)
    impressions = _impressions(_latest(history, np.ones(len(history), dtype=bool)), rows)
    return Guess(
        impressions,
        impressions * (told.reach / told.impressions),
        impressions * _ctr(clicks),
        told.reach_given_impressions,
    )


def last_three(history: Rows, rows: Rows) -> Guess:
    """The mean of the last three campaigns, of those that tell what is asked."""
    order = np.argsort(np.where(np.isnat(history.start), FIRST_DAY, history.start), kind="stable")

    def three(known: NDArray[np.bool_]) -> Rows:
        chosen = order[known[order]] if known.any() else order
        return history.take(chosen[-3:])

    reach, clicks = (three(np.isfinite(counts)) for counts in (history.reach, history.link_clicks))
    bought = three(np.ones(len(history), dtype=bool))
    impressions = rows.spend * float(np.exp(np.mean(np.log(bought.impressions / bought.spend))))
    seen = np.isfinite(reach.reach).all()
    frequency = float(np.exp(np.mean(np.log(reach.impressions / reach.reach)))) if seen else np.nan
    return Guess(impressions, impressions / frequency, impressions * _ctr(clicks), rows.impressions / frequency)


def _latest(history: Rows, known: NDArray[np.bool_]) -> Rows:
    """Return the rows of the last day among those that are known, among all where none is."""
    start = np.where(np.isnat(history.start), FIRST_DAY, history.start)
    among = known if known.any() else np.ones(len(history), dtype=bool)
    return history.take(among & (start == start[among].max()))


def negative_binomial(history: Rows, rows: Rows) -> Guess:
    """Constant CPM; reach by one negative binomial over the audience, its shape fitted to the history."""

    def share(mean: Array, log_shape: float) -> Array:
        shape = np.exp(log_shape)
        return np.asarray(-np.expm1(-shape * np.log1p(mean / shape)))

    seen = history.take(np.isfinite(history.reach))
    audience, before = _audience(history, rows), _audience(history, seen)
    mean = seen.impressions / before

    def loss(log_shape: float) -> float:
        return float(np.abs(np.log(before * share(mean, log_shape) / seen.reach)).sum())

    best = float(minimize_scalar(loss, bounds=LOG_SHAPES, method="bounded").x) if len(seen) else np.nan
    impressions = _impressions(history, rows)
    return Guess(
        impressions,
        audience * share(impressions / audience, best),
        impressions * _ctr(history),
        audience * share(rows.impressions / audience, best),
    )


def poisson(history: Rows, rows: Rows) -> Guess:
    """Constant CPM; every person of the audience equally likely to be shown each impression."""
    impressions, audience = _impressions(history, rows), _audience(history, rows)

    def reach(shown: Array) -> Array:
        return np.asarray(-audience * np.expm1(-shown / audience))

    return Guess(impressions, reach(impressions), impressions * _ctr(history), reach(rows.impressions))


BASELINES: dict[str, Callable[[Rows, Rows], Guess]] = {
    "constant": constant,
    "last": last,
    "last_three": last_three,
    "negative_binomial": negative_binomial,
    "poisson": poisson,
}
"""Baseline by name; each takes the history and the rows to guess, of which it may look at spend and audience only
(and at impressions, for ``reach_given_impressions``)."""


def _impressions(history: Rows, rows: Rows) -> Array:
    return np.asarray(rows.spend * float(np.median(history.impressions / history.spend)))


def _audience(history: Rows, rows: Rows) -> Array:
    """Return audiences; one that the table does not tell holds at least three times those reached so far."""
    most = float(np.nanmax(history.reach, initial=0.0))
    return np.where(rows.is_told, rows.audience, np.maximum(rows.audience, ROOM * most))


def _ctr(history: Rows) -> float:
    """Pooled click rate of the history, NaN where it has none."""
    seen = np.isfinite(history.link_clicks)
    if not seen.any():
        return float("nan")
    return float((history.link_clicks[seen].sum() + 0.5) / history.impressions[seen].sum())
