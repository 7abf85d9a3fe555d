"""Draws: quasi-random points for the parameters, and the noise of small counts."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri, pdtr

Array = NDArray[np.float64]

EDGE = 1e-6
"""Points stay this far from 0 and 1, so that quantiles are finite."""


EXACT_BELOW, ROOT_FROM = 5.0, 8.0
"""Expected counts below the first get the exact quantile, which costs a microsecond each; from the second on the cube
root. Between them one passes into the other: they differ by up to 0.3 %, and a step would let a count fall."""


def uniform_points(draws: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Return scrambled Sobol points in (0, 1), shape (draw, dimension).

    A point set of ``2**m`` draws is balanced in every dimension (Owen, 1998); other numbers are allowed.
    """
    from scipy.stats import qmc  # here, because importing scipy.stats costs half a second

    sampler = qmc.Sobol(dimensions, scramble=True, rng=rng)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "balance properties require n to be a power of 2"
        points = sampler.random(draws)
    return np.asarray(np.clip(points, EDGE, 1.0 - EDGE))


NOTHING = 1e-100
"""A count below this is none: money divided by it could pass what a double holds."""


def noisy_count(expected: Array, point: Array) -> Array:
    """Return a count around its expectation: gamma with variance equal to the mean, the continuous Poisson.

    Exact where few are expected, beyond by the cube-root transform of Wilson and Hilferty (1931). For one
    ``point`` it never falls as ``expected`` rises, so that orders between counts (reach ≤ impressions, …) are
    kept.

    Parameters
    ----------
    expected : ndarray
        Expected count, ≥ 0.
    point : ndarray, broadcastable
        Uniform points in (0, 1).
    """
    mean = np.maximum(expected, 1e-12)
    root = np.cbrt(mean)
    noisy = np.maximum(root - 1.0 / (9.0 * root * root) + ndtri(point) / (3.0 * np.sqrt(root)), 0.0) ** 3
    few = (expected > 0.0) & (expected < ROOT_FROM)
    if few.any():
        exact = gammaincinv(mean[few], np.broadcast_to(point, mean.shape)[few])
        part = np.clip((mean[few] - EXACT_BELOW) / (ROOT_FROM - EXACT_BELOW), 0.0, 1.0)
        noisy[few] = (1.0 - part) * exact + part * noisy[few]
    return np.where((expected > 0.0) & (noisy > NOTHING), noisy, 0.0)


FEW = 10.0
"""Means below it are counted up from nothing, one by one; above, an expansion is corrected where it must be."""
MOST_COUNTED = 60
"""No point stands above the chance of fewer, for means below ``FEW``."""


def whole_count(expected: Array, point: Array) -> Array:
    """Return the Poisson count at a uniform point, whole numbers; it never falls as ``expected`` rises.

    Parameters
    ----------
    expected : ndarray
        Mean, ≥ 0.
    point : ndarray, broadcastable
        Uniform points in (0, 1).
    """
    mean, chance = np.broadcast_arrays(np.asarray(expected, dtype=np.float64), point)
    count = np.zeros(mean.shape)
    many = mean >= FEW
    if many.any():
        count[many] = _many(mean[many], chance[many])
    few = (mean > 0.0) & ~many
    if few.any():
        count[few] = _few(mean[few], chance[few])
    return count


def _few(mean: Array, chance: Array) -> Array:
    """Return the smallest k with P(Y ≤ k) ≥ chance, by adding the chances up, shape (n,)."""
    exactly = np.exp(-mean)
    at_most, count = exactly.copy(), np.zeros_like(mean)
    for k in range(1, MOST_COUNTED):
        missing = at_most < chance
        if not missing.any():
            break
        count += missing
        exactly *= mean / k
        at_most += exactly
    return count


def _many(mean: Array, chance: Array) -> Array:
    """Return the same by the expansion of Cornish and Fisher (1938), made exact beside whole numbers, shape (n,)."""
    score, root = ndtri(chance), np.sqrt(mean)
    near = mean + root * score + (score**2 - 1.0) / 6.0 + (score - score**3) / (72.0 * root) - 0.5
    count = np.maximum(np.ceil(near), 0.0)
    # Twice the largest error of the expansion over the points allowed: only so close to a whole number can it be wrong.
    doubt = 0.1 * (1.0 + score**2) ** 2 / mean + 0.3 / root + 0.003
    whole = np.maximum(np.rint(near), 0.0)
    close = np.abs(near - whole) < doubt
    enough = pdtr(whole[close], mean[close]) >= chance[close]
    count[close] = np.where(enough, whole[close], whole[close] + 1.0)
    return count


def width_by_cause(values: Array, scores: Array, causes: tuple[str, ...]) -> dict[str, float]:
    """Return the share of the spread of ``values`` that each cause explains, summing to one.

    The scores are independent, so each explains the square of its correlation with the values; what no
    parameter explains alone is shared in proportion.

    Parameters
    ----------
    values : ndarray (draw,)
        Logarithm of the metric.
    scores : ndarray (draw, dimension)
        Normal scores of the parameters.
    causes : tuple of str, one a dimension
    """
    centred = scores - scores.mean(axis=0)
    covariance = (values - values.mean()) @ centred / len(values)
    power = covariance**2 / np.maximum(centred.var(axis=0), 1e-300)
    total = float(power.sum())
    shares = dict.fromkeys(causes, 0.0)
    for cause, part in zip(causes, power, strict=True):
        shares[cause] += float(part) / total if total > 0.0 else 0.0
    return shares
