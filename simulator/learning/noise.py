"""Errors of the observations: mostly ordinary, now and then odd, and partly shared within a campaign.

An error is normal with the shipped scatter times an account's own factor, and with a small chance a few times
wider: an odd row then counts little instead of pulling the fit away. Rows of one campaign share part of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

SCALES = np.linspace(-2.5, 2.5, 41)
"""Candidate deviations of an account's own scatter, in standard deviations of its prior."""
LARGE = 10_000
"""Entries of a product from which on the linear algebra library is quicker."""


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
