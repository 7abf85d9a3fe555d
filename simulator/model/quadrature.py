"""Nodes over the trait of a person: where the integrals of exposure and engagement live.

A person's trait u ~ N(0, 1) shifts the price and the value of all of that person's slots. Every quantity of
the exposure model is an average over u. The integrand is smooth and falls like a Gaussian on both sides, so
equal steps over the interval where it is alive converge faster than any power of the step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

LIVE_DEPTH = 12.0
"""Nats below the maximum at which the integrand of P(Y ≥ 1) is given up: e^-12 = 6e-6."""
DEEP_DEPTH = 8.5
"""The same for the largest k asked for, whose integrand lies further to the left."""
DEEPEST_K = 10
"""Above this k the interval moves no further: those people are seen almost surely."""
MARGIN = 0.25
"""Widening of the live interval on both sides, in units of u."""
EDGE = 12.0
"""No person lies beyond this trait: the normal tail there is 1e-32."""
_LOG_DENSITY_0 = 0.5 * np.log(2.0 * np.pi)


class TraitGrid(NamedTuple):
    """Nodes and weights over the trait, shape (node, curve).

    Attributes
    ----------
    trait : ndarray (node, curve)
    weight : ndarray (node, curve)
        Normal density times step; sums to one over the nodes where nothing is cut off.
    """

    trait: Array
    weight: Array


def win_probability(z: Array, trait: Array, persistence: Array) -> Array:
    """Return p(u) = Φ((z − √ρ·u)/√(1−ρ)), the share of slots won from a person of trait u.

    Parameters
    ----------
    z : ndarray
        Normal quantile of the share of slots won, Φ⁻¹(w).
    trait : ndarray
        Trait u of the person, broadcastable.
    persistence : ndarray
        ρ, share of the variance of price and value that belongs to the person, 0 ≤ ρ < 1.
    """
    return np.asarray(ndtr((z - np.sqrt(persistence) * trait) / np.sqrt(1.0 - persistence)))


def nodes_needed(persistence: Array) -> int:
    """Return the number of nodes for a relative error below 1e-3 on P(Y ≥ k), k = 1 … 10.

    Found against a dense reference over win shares 1e-7 … 0.99, 1 … 365 days and 3 or 25 slots a day; the
    passage from "rarely seen" to "surely seen" sharpens with ρ.
    """
    return int(np.ceil(20.0 + 15.0 * float(np.max(persistence, initial=0.0))))


def trait_grid(z: Array, mean_slots: Array, persistence: Array, nodes: int, k_max: int = 1) -> TraitGrid:
    """Place equal steps over the interval in which the integrands of k = 1 and k = k_max are alive.

    Parameters
    ----------
    z, mean_slots, persistence : ndarray (curve,)
        Normal quantile of the win share; eligible slots per person over the campaign (λD); ρ.
    nodes : int
        Number of nodes.
    k_max : int
        Largest number of showings asked about.

    Returns
    -------
    TraitGrid
        Arrays of shape (node, curve).
    """
    z = np.clip(z, -EDGE, EDGE)
    low, high = _live_interval(z, mean_slots, persistence, 1, LIVE_DEPTH)
    if k_max > 1:
        deep_low, deep_high = _live_interval(z, mean_slots, persistence, min(k_max, DEEPEST_K), DEEP_DEPTH)
        low, high = np.minimum(low, deep_low), np.maximum(high, deep_high)
    low = np.clip(low - MARGIN, -EDGE, EDGE - 1.0)
    high = np.clip(high + MARGIN, low + 0.5, EDGE)
    step = (high - low) / (nodes - 1)
    trait = low + step * np.arange(nodes)[:, None]
    weight = np.exp(-0.5 * trait**2 - _LOG_DENSITY_0) * step
    return TraitGrid(trait, weight)


def _live_interval(z: Array, mean_slots: Array, persistence: Array, k: int, depth: float) -> tuple[Array, Array]:
    """Return the ends, shape (curve,), where h(u) = −u²/2 + k·min(0, ln λD·p(u)) is ``depth`` below its maximum.

    Two parabolas bound h from above: −u²/2 where the person is seen almost surely, and, because
    Φ(x) ≤ e^(−x²/2) for x ≤ 0, the one with centre k√ρ·z/(1−ρ+kρ) and variance (1−ρ)/(1−ρ+kρ) where showings
    are rare (u ≥ z/√ρ). Both ends follow in closed form. The maximum is read off candidates around the turn
    from one to the other: from below, which widens the interval and never narrows it.
    """
    rho = np.maximum(persistence, 1e-10)
    root, rest = np.sqrt(rho), np.sqrt(1.0 - rho)
    log_slots = k * np.log(mean_slots)
    spread = 1.0 - rho + k * rho
    centre = k * root * z / spread
    full = (z - rest * ndtri(np.minimum(1.0 / mean_slots, 1.0 - 1e-12))) / root
    full = np.clip(full, -EDGE, EDGE)
    highest = np.full_like(z, -np.inf)
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        trait = (1.0 - part) * full + part * centre
        highest = np.maximum(highest, _log_integrand(z, mean_slots, root, rest, trait, k))
    highest = np.maximum(highest, _log_integrand(z, mean_slots, root, rest, np.zeros_like(z), k))
    sure = np.sqrt(2.0 * np.maximum(depth - highest + np.minimum(log_slots, 0.0), 0.1))
    peak = log_slots - 0.5 * k * z**2 / spread
    rare = np.sqrt(2.0 * (1.0 - rho) / spread * np.maximum(depth - highest + peak, 0.05))
    turn = z / root
    low = np.where(centre - rare > turn, np.maximum(-sure, centre - rare), -sure)
    high = np.where(centre + rare > turn, np.minimum(sure, centre + rare), sure)
    return low, high


def _log_integrand(z: Array, mean_slots: Array, root: Array, rest: Array, trait: Array, k: int) -> Array:
    seen = mean_slots * ndtr((z - root * trait) / rest)
    return np.asarray(-0.5 * trait**2 + k * np.minimum(0.0, np.log(np.maximum(seen, 1e-300))))
