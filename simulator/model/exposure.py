"""Exposure: from slots won to people reached at least k times.

Given the trait u of a person, the number of showings Y over the campaign is negative binomial with mean
λD·p(u) and shape α (activity of people is gamma-distributed). Averaging P(Y ≥ k | u) over u gives the share
of the audience reached at least k times. Two levels, because people differ both in how often they are there
(α) and in how dear they are (ρ); with ρ = 0 this is Goerg (2014), with α → ∞ besides it is Poisson.

Assumptions
1. Activity g ~ Gamma(α) and trait u ~ N(0, 1) are independent and stay with the person for the campaign.
2. Given both, slots are Poisson and won independently.
3. Days differ only through the win share; the activity of a person does not vary from day to day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.model.quadrature import nodes_needed, trait_grid, win_probability

Array = NDArray[np.float64]

CHUNK = 1024
"""Curves worked on at a time: keeps (node, curve) arrays in the second-level cache."""
SERIES_BELOW = 0.1
"""Ratio of the first two terms of the tail below which it is summed as a series rather than by complement."""
SERIES_TERMS = 5


def averaged_at_least(weight: Array, mean: Array, shape: Array, k_max: int) -> Array:
    """Return Σ over nodes of weight · P(Y ≥ k), k = 1 … k_max, for a negative binomial count Y.

    The tail P(Y ≥ k_max) is summed as a series where it is small, and the others are added to it from above:
    all terms are positive, so that even a probability of 1e-60 keeps its digits.

    Parameters
    ----------
    weight : ndarray (…, node, curve)
        Weights of the nodes; several sets of weights share the work.
    mean : ndarray (node, curve)
        Mean count at the node, ≥ 0.
    shape : ndarray (curve,)
        Shape α > 0.
    k_max : int
        Largest k.

    Returns
    -------
    ndarray (k_max, …, curve)
    """
    ratio = mean / (mean + shape)
    term = weight * np.exp(-shape * np.log1p(mean / shape))
    left = weight - term
    scaled = np.empty_like(term)
    factor = np.ones_like(shape)
    result = np.empty((k_max, *weight.shape[:-2], mean.shape[-1]))
    for k in range(1, k_max):
        term *= ratio
        factor = factor * ((shape + (k - 1)) / k)
        np.multiply(term, factor, out=scaled)
        left -= scaled
        result[k - 1] = scaled.sum(axis=-2)
    term *= ratio
    term *= factor * ((shape + (k_max - 1)) / k_max)
    term *= _series(ratio, shape, k_max)
    falling = ratio * ((shape + k_max) / (k_max + 1)) < SERIES_BELOW
    result[-1] = np.where(falling, term, np.maximum(left, 0.0)).sum(axis=-2)
    for k in range(k_max - 1, 0, -1):
        result[k - 1] += result[k]
    return result


def _series(ratio: Array, shape: Array, k_max: int) -> Array:
    """Return P(Y ≥ k_max)/P(Y = k_max) for a small success ratio: 1 + r₁ + r₁r₂ + …, by Horner's rule."""
    total = np.ones_like(ratio)
    for j in range(SERIES_TERMS, 0, -1):
        total *= ratio
        total *= (shape + (k_max - 1 + j)) / (k_max + j)
        total += 1.0
    return total


def reach_shares(
    z: ArrayLike,
    mean_slots: ArrayLike,
    activity_shape: ArrayLike,
    persistence: ArrayLike,
    k_max: int = 10,
    nodes: int | None = None,
) -> Array:
    """Return the share of the audience reached at least k times, k = 1 … k_max.

    Parameters
    ----------
    z : array_like
        Normal quantile of the share of slots won, Φ⁻¹(w); +inf means every slot.
    mean_slots : array_like
        Eligible slots per person over the whole campaign, λD.
    activity_shape : array_like
        α > 0.
    persistence : array_like
        ρ, 0 ≤ ρ < 1.
    k_max : int
        Largest k.
    nodes : int, optional
        Quadrature nodes; as many as a relative error of 1e-3 needs where absent.

    Returns
    -------
    ndarray (…, k_max)
        Inputs broadcast against each other.
    """
    inputs = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (z, mean_slots, activity_shape, persistence)))
    shape = inputs[0].shape
    flat = [x.reshape(-1) for x in inputs]
    nodes = nodes or nodes_needed(flat[3])
    result = np.empty((flat[0].size, k_max))
    for start in range(0, flat[0].size, CHUNK):
        part = slice(start, start + CHUNK)
        z_part, slots, shapes, rho = (x[part] for x in flat)
        grid = trait_grid(z_part, slots, rho, nodes, k_max)
        mean = slots * win_probability(z_part, grid.trait, rho)
        result[part] = averaged_at_least(grid.weight, mean, shapes, k_max).T
    return result.reshape(*shape, k_max)
