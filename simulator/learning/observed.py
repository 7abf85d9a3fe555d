"""What a row shows: up to three observations, its price, its reach given its impressions, its click rate.

An audience that the file does not tell adds its own doubt to price and reach. Where that doubt is wide, price and
reach bend within it (few people are reached by more and more impressions, many are not), so what is expected is the
mean over the audience that a row may have had, not its value at the middle.

An error is normal with the shipped scatter times an account's own factor, and with a small chance a few times
wider: an odd row then counts little instead of pulling the fit away. Rows of one campaign share part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from simulator.learning.expected import Expectation, Group, Scores, Seen, middle_of
from simulator.learning.random_effects import Context
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

KINDS = ("price", "reach", "clicks")
WIDE = 0.5
"""Spread of a row's own log audience from which on it is averaged over; below, a straight line is as good."""
SCALES = np.linspace(-2.5, 2.5, 41)
"""Candidate deviations of an account's own scatter, in standard deviations of its prior."""
LARGE = 10_000
"""Entries of a product from which on the linear algebra library is quicker."""
OWN_SCORES, OWN_WEIGHTS = hermegauss(3)
OWN_WEIGHTS = OWN_WEIGHTS / OWN_WEIGHTS.sum()


@dataclass(frozen=True)
class Oddity:
    """Chance that a row is odd, and how much wider its error then is."""

    share: float
    spread: float


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of one kind of observation, arrays of shape (seen row,).

    Attributes
    ----------
    model : ndarray
        Standard deviation of the model's own error, before the account's factor.
    other : ndarray
        Standard deviation of the rest: counting, an audience that is not known.
    campaign : ndarray of int
        Codes 0, 1, … of the campaigns.
    shared : ndarray
        Share of the model's variance that the rows of a campaign have in common.
    """

    model: Array
    other: Array
    campaign: Codes
    shared: Array

    def variance(self, factor: float) -> Array:
        """Return the whole variance of each row."""
        return np.asarray((factor * self.model) ** 2 + self.other**2)


def weights(squared: Array, variance: Array, oddity: Oddity) -> Array:
    """Return what an observation counts, from 1 down to 1/spread², given its expected squared error."""
    ratio = squared / variance
    wide = oddity.spread**2
    log_odds = np.log(oddity.share / (1.0 - oddity.share) / oddity.spread) + 0.5 * ratio * (1.0 - 1.0 / wide)
    odd = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -50.0, 50.0)))
    return np.asarray(1.0 - odd * (1.0 - 1.0 / wide))


def own_factor(squared: Array, errors: Errors, oddity: Oddity, doubt: float) -> float:
    """Return the factor on the model's error, its square averaged over what the rows leave possible.

    Parameters
    ----------
    squared : ndarray
        Expected squared errors: residual squared and the doubt about the fit.
    doubt : float
        Standard deviation of the factor's logarithm before any row; the mean of its square is then 1, so that
        the first row makes no forecast wider.
    """
    if not len(squared):
        return 1.0
    factors = np.exp(doubt * SCALES - doubt**2)
    variance = (factors[:, None] * errors.model) ** 2 + errors.other**2
    ratio, wide = squared / variance, oddity.spread**2
    usual = np.log1p(-oddity.share) - 0.5 * ratio
    odd = np.log(oddity.share / oddity.spread) - 0.5 * ratio / wide
    likelihood = (np.logaddexp(usual, odd) - 0.5 * np.log(variance)).sum(axis=1) - 0.5 * SCALES**2
    chance = np.exp(likelihood - likelihood.max())
    return float(np.sqrt((chance * factors**2).sum() / chance.sum()))


@dataclass(frozen=True, eq=False)
class Weighing:
    """The inverse of the errors' covariance, ready to be applied: what rows of a campaign share is integrated out."""

    errors: Errors
    certain: Array
    load: Array
    strength: Array

    @classmethod
    def of(cls, errors: Errors, factor: float, weight: Array) -> Weighing:
        """Weigh observations by their errors, the account's factor and how ordinary they are."""
        common = (factor * errors.model) ** 2 * errors.shared
        certain = weight / (errors.variance(factor) - common)
        load = np.sqrt(common)
        strength = np.bincount(errors.campaign, load**2 * certain)
        return cls(errors, certain, load, np.asarray(strength, dtype=np.float64))

    def information(self, slope: Array, residual: Array) -> tuple[Array, Array]:
        """Return precision (latent, latent) and gradient (latent,) that the observations add (Woodbury's identity)."""
        pulled = slope * self.certain[:, None]
        precision, gradient = product(slope, pulled), product(pulled, residual[:, None])[:, 0]
        if self.errors.shared.any():
            by_campaign = np.zeros((len(self.strength), slope.shape[1]))
            np.add.at(by_campaign, self.errors.campaign, self.load[:, None] * pulled)
            shrunk = by_campaign / (1.0 + self.strength)[:, None]
            precision -= product(by_campaign, shrunk)
            gradient -= product(shrunk, self._towards(residual)[:, None])[:, 0]
        return precision, gradient

    def loss(self, residual: Array) -> float:
        """Return half the squared length of the residuals."""
        towards = self._towards(residual)
        return 0.5 * float((self.certain * residual**2).sum() - (towards**2 / (1.0 + self.strength)).sum())

    def _towards(self, residual: Array) -> Array:
        pulled = np.bincount(self.errors.campaign, self.load * self.certain * residual)
        return np.asarray(pulled, dtype=np.float64)


def leverage(slope: Array, covariance: Array) -> Array:
    """Return the variance that the doubt about the latents gives each expectation, shape (row,)."""
    return np.asarray(np.einsum("il,il->i", product(slope.T, covariance), slope))


def product(first: Array, second: Array) -> Array:
    """Return firstᵀ · second; small ones without the linear algebra library, whose threads are slow to wake."""
    if first.shape[1] * second.shape[1] > LARGE:
        return np.asarray(first.T @ second)
    return np.asarray(np.einsum("il,im->lm", first, second))


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
