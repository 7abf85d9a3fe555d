"""Draws: quasi-random points for the parameters, and the noise of small counts."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

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
