"""Earned reach: an advertisement passed on from friend to friend, as a branching process.

Every share is an ancestor. It brings a number of further shares, negative binomial with mean μ below one and a
small shape k: most bring none, a few bring many. The cascade ends by itself; how large it grows has a long tail
that comes from the law of the offspring alone.

Assumptions
-----------
1. Shares of one generation bring the next independently of each other.
2. Mean and shape stay the same over the generations: nobody tires, no group of friends is exhausted.

Source: Dwass 1969, the total progeny of a branching process; Otter 1949.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]

ITERATIONS = 200
"""Bound on the steps towards the chance of extinction, and on the generations followed."""


def never_shared(mean: Array, shape: Array) -> Array:
    """Return the chance that a share brings no further one: (1 + μ/k)^(−k)."""
    return np.asarray(np.exp(-shape * np.log1p(mean / shape)))


def extinction(mean: Array, shape: Array) -> Array:
    """Return the chance that the cascade of one share ends: the smallest root of q = (1 + μ(1 − q)/k)^(−k).

    One wherever the mean is at most one; the iteration from zero rises to the smallest root.
    """
    chance = np.zeros(np.broadcast_shapes(np.shape(mean), np.shape(shape)))
    for _ in range(ITERATIONS):
        chance = np.exp(-shape * np.log1p(mean * (1.0 - chance) / shape))
    return np.asarray(np.where(np.asarray(mean) <= 1.0, 1.0, chance))


def mean_and_variance(ancestors: Array, mean: Array, shape: Array) -> tuple[Array, Array]:
    """Return mean and variance of all shares, the first ones included.

    Parameters
    ----------
    ancestors : ndarray
        First shares, ≥ 0.
    mean : ndarray
        μ, 0 to below 1: further shares a share.
    shape : ndarray
        k, above 0; the offspring's variance is μ + μ²/k.
    """
    left = 1.0 - mean
    return np.asarray(ancestors / left), np.asarray(ancestors * (mean + mean**2 / shape) / (left * left * left))


def log_chance(total: Array, ancestors: Array, mean: Array, shape: Array) -> Array:
    """Return the logarithm of the chance that ``ancestors`` first shares make ``total`` in all.

    Dwass: P(T = n | s) = s/n · P(the offspring of n shares number n − s); that sum is negative binomial too,
    with shape n·k. Minus infinity below s.
    """
    further = total - ancestors
    possible = further >= 0.0
    further = np.where(possible, further, 0.0)
    count = total * shape
    offspring = gammaln(count + further) - gammaln(count) - gammaln(further + 1.0)
    offspring = offspring - count * np.log1p(mean / shape) - further * np.log1p(shape / mean)
    return np.asarray(np.where(possible, np.log(ancestors / total) + offspring, -np.inf))


def chance_beyond(size: int, ancestors: Array, mean: Array, shape: Array) -> Array:
    """Return the chance that ``ancestors`` first shares make more than ``size`` in all, exactly.

    Parameters
    ----------
    size : int
    ancestors, mean, shape : ndarray, one shape
        Ancestors at least 1.
    """
    totals = np.arange(1.0, size + 1.0).reshape(-1, *(1,) * np.ndim(mean))
    up_to = np.exp(log_chance(totals, ancestors, mean, shape)).sum(axis=0)
    return np.asarray(np.maximum(1.0 - up_to, 0.0))


def grown(ancestors: Array, mean: Array, shape: Array, rng: np.random.Generator) -> Array:
    """Return all shares that come of the first ones, drawn generation by generation from the exact law.

    The offspring of n shares together are negative binomial with mean n·μ and shape n·k: a Poisson count whose
    mean is gamma.
    """
    total = np.asarray(ancestors, dtype=np.float64).copy()
    generation, mean, shape = (array.ravel() for array in np.broadcast_arrays(total, mean, shape))
    flat = total.ravel()
    alive = np.flatnonzero(generation)
    living = generation[alive]
    for _ in range(ITERATIONS):
        if not alive.size:
            break
        living = rng.poisson(rng.gamma(living * shape[alive]) * (mean[alive] / shape[alive])).astype(np.float64)
        flat[alive] += living
        alive, living = alive[living > 0.0], living[living > 0.0]
    return flat.reshape(total.shape)
