"""What a row shows: up to three observations, its price, its reach given its impressions, its click rate.

An audience that the file does not tell adds its own doubt to price and reach. Where that doubt is wide, price and
reach bend within it (few people are reached by more and more impressions, many are not), so what is expected is the
mean over the audience that a row may have had, not its value at the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from simulator.learning.expected import Expectation, Group, Scores, Seen, middle_of
from simulator.learning.noise import Errors
from simulator.learning.random_effects import Context
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

KINDS = ("price", "reach", "clicks")
WIDE = 0.5
"""Spread of a row's own log audience from which on it is averaged over; below, a straight line is as good."""
OWN_SCORES, OWN_WEIGHTS = hermegauss(3)
OWN_WEIGHTS = OWN_WEIGHTS / OWN_WEIGHTS.sum()


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of observation: what was seen, in which rows, how the model expects it.

    Attributes
    ----------
    name : str
    seen : ndarray of int
        Rows that have it.
    observed : ndarray (seen row,)
    seen_at : callable
        From scores (seen row,) to what the model expects of ``observed``, its slopes by role, and the errors there.
    """

    name: str
    seen: Codes
    observed: Array
    seen_at: Callable[[Scores], tuple[Array, Mapping[str, Array], Errors]]

    def expected(self, scores: Scores) -> Array:
        """Return what the model expects of ``observed``."""
        return self.seen_at(scores)[0]


def contexts_of(rows: Rows) -> tuple[list[Context], Codes]:
    """Return the different contexts of rows, and which of them each row has."""
    middle = middle_of(rows)
    count = middle.astype("datetime64[M]").astype(np.int64)
    unknown = np.isnat(rows.start)
    months = np.where(unknown, "", (count % 12 + 1).astype(str))
    quarters = np.where(unknown, "", (count // 3).astype(str))
    keys = np.stack([rows.country, rows.objective, months, rows.account, quarters], axis=1).astype(object)
    known: dict[tuple[str, ...], int] = {}
    of_row = np.array([known.setdefault(tuple(map(str, key)), len(known)) for key in keys], dtype=np.int64)
    return [Context(*key) for key in known], of_row


def observations(
    expectation: Expectation, centres: Mapping[Group, tuple[float, ...]] | None = None
) -> tuple[Kind, ...]:
    """Return the three kinds of observation that rows give, the forecaster run around ``centres``."""
    whole = expectation if centres is None else expectation.at(centres)
    rows, shared = whole.rows, _shared(whole.rows, whole.parameters)
    found = []
    for name, counts in zip(KINDS, (rows.spend, rows.reach, rows.link_clicks), strict=True):
        seen = np.flatnonzero(np.isfinite(counts))
        found.append(_KIND[name](seen, whole.take(seen), shared[seen]))
    return tuple(found)


def averaged(
    expectation: Expectation, answer: Callable[[Scores, Array | float], Seen], scores: Scores
) -> tuple[Array, Mapping[str, Array], Array]:
    """Return what is expected over the audiences that each row may have had: mean, slopes by role, spread."""
    spread = expectation.own_log_sd()
    here = answer(scores, 0.0)
    if not (spread > WIDE).any():
        return here.value, here.slopes, np.abs(here.by_audience) * spread
    found = np.array([answer(scores, score * spread).value for score in OWN_SCORES])
    mean = OWN_WEIGHTS @ found
    return mean, here.slopes, np.asarray(np.sqrt(OWN_WEIGHTS @ (found - mean) ** 2))


def _price(seen: Codes, model: Expectation, shared: Array) -> Kind:
    rows, sd = model.rows, model.parameters["delivery.model_error"].log_sd

    def seen_at(scores: Scores) -> tuple[Array, Mapping[str, Array], Errors]:
        mean, slopes, doubt = averaged(model, model.log_price, scores)
        other = np.hypot(doubt, rows.impressions**-0.5)
        return mean, slopes, Errors(np.full(len(rows), sd), other, _codes(rows), shared)

    return Kind("price", seen, np.log(1000.0 * rows.spend / rows.impressions), seen_at)


def _reach(seen: Codes, model: Expectation, shared: Array) -> Kind:
    rows, sd = model.rows, model.parameters.value("calibration.reach_scatter")
    repeats = np.sqrt(np.maximum(rows.impressions - rows.reach, 1.0)) / rows.reach

    def seen_at(scores: Scores) -> tuple[Array, Mapping[str, Array], Errors]:
        mean, slopes, doubt = averaged(model, model.log_reach, scores)
        return mean, slopes, Errors(np.full(len(rows), sd), np.hypot(doubt, repeats), _codes(rows), shared)

    return Kind("reach", seen, np.log(rows.reach), seen_at)


def _clicks(seen: Codes, model: Expectation, shared: Array) -> Kind:
    """Clicks on the scale log(clicks + ½), on which few of them neither bias nor weigh too much."""
    rows, sd = model.rows, model.parameters["response.creative_spread"].log_sd

    def seen_at(scores: Scores) -> tuple[Array, Mapping[str, Array], Errors]:
        log_rate, slopes, doubt = averaged(model, model.log_rate, scores)
        mean = np.exp(log_rate) * rows.impressions
        part = mean / (mean + 0.5)
        errors = Errors(sd * part, np.hypot(np.sqrt(mean) / (mean + 0.5), doubt * part), _codes(rows), shared)
        return np.log(mean + 0.5), {role: slope * part for role, slope in slopes.items()}, errors

    return Kind("clicks", seen, np.log(rows.link_clicks + 0.5), seen_at)


_KIND: Mapping[str, Callable[[Codes, Expectation, Array], Kind]] = {
    "price": _price,
    "reach": _reach,
    "clicks": _clicks,
}


def _codes(rows: Rows) -> Codes:
    return np.unique(rows.campaign, return_inverse=True)[1].astype(np.int64)


def _shared(rows: Rows, parameters: Parameters) -> Array:
    """Return the share of a row's error that the rows of its campaign have in common; 0 for one alone."""
    share = np.where(rows.is_part, *(parameters.value(f"calibration.{name}") for name in ("part_share", "set_share")))
    _, place, size = np.unique(rows.campaign, return_inverse=True, return_counts=True)
    return np.where(size[place] > 1, share, 0.0) if len(rows) else np.zeros(0)
