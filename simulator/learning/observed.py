"""What a row shows: up to three observations, its price, its reach given its impressions, its click rate.

An audience that the file does not tell adds its own doubt to price and reach. Where that doubt is wide, price and
reach bend within it (few people are reached by more and more impressions, many are not), so what is expected is the
mean over the audience that a row may have had, not its value at the middle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from simulator.learning.noise import Errors
from simulator.learning.population_mix import ordinary_mix
from simulator.learning.prediction import Predictor, Scores, middle_of
from simulator.learning.random_effects import UNTOLD_AUDIENCE, Context
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters

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
WIDE = 0.5
"""Spread of a row's own log audience from which on it is averaged over; below, a straight line is as good."""
OWN_SCORES, OWN_WEIGHTS = hermegauss(3)
OWN_WEIGHTS = OWN_WEIGHTS / OWN_WEIGHTS.sum()


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


@dataclass(frozen=True, eq=False)
class Own:
    """The model at the audiences that rows may have had, each with its weight; one audience where they are known.

    Attributes
    ----------
    at : tuple of (float, Predictor)
    aside : Predictor or None
        Where there is only one: the model a step aside of it.
    """

    at: tuple[tuple[float, Predictor], ...]
    aside: Predictor | None

    @classmethod
    def of(cls, predictor: Predictor) -> Own:
        """Return the audiences of a predictor's rows."""
        spread = predictor.rows.audience_log_sd
        if not (spread > WIDE).any():
            aside = predictor.with_audience(predictor.rows.audience * np.exp(NUDGE)) if spread.any() else None
            return cls(((1.0, predictor),), aside)
        scales = [np.exp(score * spread) for score in OWN_SCORES]
        at = [predictor.with_audience(predictor.rows.audience * scale) for scale in scales]
        return cls(tuple(zip(OWN_WEIGHTS.tolist(), at, strict=True)), None)

    def mean(self, logarithm: Callable[[Predictor, Scores], Array], scores: Scores) -> Array:
        """Return the expectation over the audiences, shape (row,)."""
        return np.asarray(sum(weight * logarithm(one, scores) for weight, one in self.at))

    def doubt(self, logarithm: Callable[[Predictor, Scores], Array], scores: Scores) -> Array:
        """Return the standard deviation over the audiences, shape (row,)."""
        found = [logarithm(one, scores) for _, one in self.at]
        if len(found) > 1:
            weights = [weight for weight, _ in self.at]
            middle = np.average(found, axis=0, weights=weights)
            return np.sqrt(np.average((np.array(found) - middle) ** 2, axis=0, weights=weights))
        if self.aside is None:
            return np.zeros(len(found[0]))
        slope = (logarithm(self.aside, scores) - found[0]) / NUDGE
        return np.asarray(np.abs(slope) * self.at[0][1].rows.audience_log_sd)


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
    own = Own.of(predictor)

    def log_price(one: Predictor, scores: Scores) -> Array:
        return np.log(one.cpm(scores))

    def errors(scores: Scores) -> Errors:
        other = np.hypot(own.doubt(log_price, scores), rows.impressions**-0.5)
        return Errors(np.full(len(rows), sd), other, _codes(rows), shared)

    observed = np.log(1000.0 * rows.spend / rows.impressions)
    return Kind("price", seen, observed, lambda scores: own.mean(log_price, scores), errors)


def _reach(seen: Codes, predictor: Predictor, shared: Array) -> Kind:
    rows, sd = predictor.rows, predictor.parameters.value("calibration.reach_scatter")
    repeats = np.sqrt(np.maximum(rows.impressions - rows.reach, 1.0)) / rows.reach
    own = Own.of(predictor)

    def log_reach(one: Predictor, scores: Scores) -> Array:
        return np.log(one.reach(scores, rows.impressions))

    def errors(scores: Scores) -> Errors:
        other = np.hypot(own.doubt(log_reach, scores), repeats)
        return Errors(np.full(len(rows), sd), other, _codes(rows), shared)

    return Kind("reach", seen, np.log(rows.reach), lambda scores: own.mean(log_reach, scores), errors)


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
