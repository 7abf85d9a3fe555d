"""What a row shows: up to three observations, its price, its reach given its impressions, its click rate.

An audience that the file does not tell adds its own doubt to price and reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.latents import UNTOLD_AUDIENCE, Context
from simulator.calibration.mix import ordinary_mix
from simulator.calibration.noise import Errors
from simulator.calibration.prediction import Predictor, Scores, middle_of
from simulator.calibration.rows import Rows
from simulator.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

ROLES_OF = {
    "price": (
        "price_level", "price_trend", "price_month", "month_strength", "price_objective", "price_age",
        "anchor_win_share", "price_dispersion", "slots_per_day", UNTOLD_AUDIENCE,
    ),
    "reach": ("slots_per_day", "activity_shape", "persistence", UNTOLD_AUDIENCE),
    "clicks": (
        "ctr_link", "response_age", "anchor_win_share", "slots_per_day", "activity_shape", "persistence",
        "value_dispersion", "wear_out",
    ),
}  # fmt: skip
"""Roles that each kind of observation depends on."""
NUDGE = 0.02
"""Step of the numerical derivatives, in standard deviations of the prior."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of observation: what was seen, in which rows, how the model expects it.

    Attributes
    ----------
    seen : ndarray of int
        Rows that have it.
    expected : callable
        From scores (seen row,) to what the model expects of ``observed``.
    errors : callable
        From scores to the errors there.
    """

    name: str
    seen: Codes
    observed: Array
    expected: Callable[[Scores], Array]
    errors: Callable[[Scores], Errors]


def contexts_of(rows: Rows) -> tuple[list[Context], Codes]:
    """Return the different contexts of rows, and which of them each row has."""
    month = middle_of(rows).astype("datetime64[M]").astype(np.int64) % 12 + 1
    months = np.where(np.isnat(rows.start), "", month.astype(str))
    keys = np.stack([rows.country, rows.objective, months, rows.account], axis=1).astype(object)
    known: dict[tuple[str, ...], int] = {}
    of_row = np.array([known.setdefault(tuple(map(str, key)), len(known)) for key in keys], dtype=np.int64)
    return [Context(*key) for key in known], of_row


def observations(rows: Rows, parameters: Parameters) -> tuple[Kind, ...]:
    """Return the three kinds of observation that rows give."""
    mix = ordinary_mix(parameters)
    shared = _shared(rows, parameters)

    def seen_by(counts: Array) -> tuple[Codes, Predictor, Array]:
        seen = np.flatnonzero(np.isfinite(counts))
        return seen, Predictor(rows.take(seen), parameters, mix), shared[seen]

    return (
        _price(*seen_by(rows.spend)),
        _reach(*seen_by(rows.reach)),
        _clicks(*seen_by(rows.link_clicks)),
    )


def _price(seen: Codes, predictor: Predictor, shared: Array) -> Kind:
    rows, sd = predictor.rows, predictor.parameters["delivery.model_error"].log_sd

    def expected(scores: Scores) -> Array:
        return np.log(predictor.cpm(scores))

    def errors(scores: Scores) -> Errors:
        doubt = _audience_slope(predictor, lambda one: np.log(one.cpm(scores))) * rows.audience_log_sd
        return Errors(np.full(len(rows), sd), np.hypot(doubt, rows.impressions**-0.5), _codes(rows), shared)

    return Kind("price", seen, np.log(1000.0 * rows.spend / rows.impressions), expected, errors)


def _reach(seen: Codes, predictor: Predictor, shared: Array) -> Kind:
    rows, sd = predictor.rows, predictor.parameters.value("calibration.reach_scatter")
    repeats = np.sqrt(np.maximum(rows.impressions - rows.reach, 1.0)) / rows.reach

    def expected(scores: Scores) -> Array:
        return np.log(predictor.reach(scores, rows.impressions))

    def errors(scores: Scores) -> Errors:
        slope = _audience_slope(predictor, lambda one: np.log(one.reach(scores, rows.impressions)))
        other = np.hypot(slope * rows.audience_log_sd, repeats)
        return Errors(np.full(len(rows), sd), other, _codes(rows), shared)

    return Kind("reach", seen, np.log(rows.reach), expected, errors)


def _clicks(seen: Codes, predictor: Predictor, shared: Array) -> Kind:
    """Clicks on the scale log(clicks + ½), on which few of them neither bias nor weigh too much."""
    rows, sd = predictor.rows, predictor.parameters["response.creative_spread"].log_sd

    def clicks(scores: Scores) -> Array:
        return predictor.ctr_link(scores, rows.impressions) * rows.impressions

    def expected(scores: Scores) -> Array:
        return np.log(clicks(scores) + 0.5)

    def errors(scores: Scores) -> Errors:
        mean = clicks(scores)
        return Errors(sd * mean / (mean + 0.5), np.sqrt(mean) / (mean + 0.5), _codes(rows), shared)

    return Kind("clicks", seen, np.log(rows.link_clicks + 0.5), expected, errors)


def _codes(rows: Rows) -> Codes:
    return np.unique(rows.campaign, return_inverse=True)[1].astype(np.int64)


def _shared(rows: Rows, parameters: Parameters) -> Array:
    """Return the share of a row's error that the rows of its campaign have in common; 0 for one alone."""
    share = np.where(rows.is_part, *(parameters.value(f"calibration.{name}") for name in ("part_share", "set_share")))
    _, place, size = np.unique(rows.campaign, return_inverse=True, return_counts=True)
    return np.where(size[place] > 1, share, 0.0) if len(rows) else np.zeros(0)


def _audience_slope(predictor: Predictor, logarithm: Callable[[Predictor], Array]) -> Array:
    """Return how the logarithm of an expectation moves with that of the audience."""
    if not predictor.rows.audience_log_sd.any():
        return np.zeros(len(predictor.rows))
    rows = predictor.rows.with_audience(predictor.rows.audience * np.exp(NUDGE))
    more = Predictor(rows, predictor.parameters, predictor.mix)
    return (logarithm(more) - logarithm(predictor)) / NUDGE
