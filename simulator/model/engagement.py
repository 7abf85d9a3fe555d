"""Engagement: from exposures to responses, with keenness and wear-out.

The k-th showing to a person is answered k^(−γ) times as often as the first, and the slots won by a small
budget are those of the keenest. Both depend on the person's trait, so they are averaged together:

    responses = rate · A · E_u[ V(u) · Σ_k k^(−γ) · P(Y ≥ k | u) ]

The shortcut rate · V · Σ_k R_k · k^(−γ) is up to 7 % too high: the people seen most are the keenest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.model.auction import keen_value
from simulator.model.exposure import CHUNK, averaged_at_least
from simulator.model.quadrature import trait_grid, win_probability

Array = NDArray[np.float64]

DECAYS = np.array([0.0, 2e-5, 2e-4, 1.2e-3, 5e-3, 1.8e-2, 6e-2, 0.18])
"""Decay rates t of the exponentials e^(−t·k) whose mixture stands for k^(−γ) beyond the first ten showings."""
TAIL_UNTIL = 100_000
"""Showings to one person up to which the mixture holds."""
TYPICAL_WEAR_OUT = 0.5
"""Exponent that weighs the errors of the fit alike over k; changes nothing else."""
TAIL_TOLERANCE = 1e-3
"""Share of showings beyond the tenth below which these are answered like the tenth: an error of 3e-4 at most."""
HEAD = 10
"""Showings whose answers are summed one by one; those beyond by a mixture of exponentials."""


class People(NamedTuple):
    """How the people of a curve differ, arrays of shape (curve,): α, ρ, δ, γ."""

    activity_shape: Array
    persistence: Array
    value_dispersion: Array
    wear_out: Array


class Response(NamedTuple):
    """Shares of the audience, per person of the audience.

    Attributes
    ----------
    reached : ndarray (curve, k_max)
        Share reached at least k times.
    answered : ndarray (curve,)
        E_u[V(u)·Σ k^(−γ)·P(Y ≥ k|u)]: responses per person for a rate of one.
    """

    reached: Array
    answered: Array


def exposure_and_response(
    z: Array,
    mean_slots: Array,
    appeal: Array,
    activity_shape: Array,
    persistence: Array,
    value_dispersion: Array,
    wear_out: Array,
    k_max: int,
    nodes: int,
) -> Response:
    """Average exposure and response over the trait, for people who meet slots on one or several platforms.

    Parameters
    ----------
    z : ndarray (platform, curve)
        Normal quantile of the share of slots won on each platform.
    mean_slots : ndarray (platform, curve)
        Eligible slots per person over the campaign on each platform.
    appeal : ndarray (platform, curve)
        Response rate on each platform relative to the common rate.
    activity_shape, persistence, value_dispersion, wear_out : ndarray (curve,)
        α, ρ, δ, γ.
    k_max, nodes : int
        Largest k; quadrature nodes.
    """
    curves = z.shape[1]
    reached = np.empty((curves, k_max))
    answered = np.empty(curves)
    for start in range(0, curves, CHUNK):
        part = slice(start, start + CHUNK)
        people = People(activity_shape[part], persistence[part], value_dispersion[part], wear_out[part])
        arrays = z[:, part], mean_slots[:, part], appeal[:, part]
        reached[part], answered[part] = _chunk(*arrays, people, k_max, nodes)
    return Response(reached, answered)


def _chunk(z: Array, mean_slots: Array, appeal: Array, people: People, k_max: int, nodes: int) -> tuple[Array, Array]:
    shape, persistence, value_dispersion, wear_out = people
    slots = mean_slots.sum(axis=0)
    if z.shape[0] == 1:
        overall = z[0]
    else:
        overall = ndtri(np.clip((mean_slots * ndtr(z)).sum(axis=0) / slots, 1e-300, 1.0 - 1e-15))
    trait, weight = trait_grid(overall, slots, persistence, nodes, k_max)
    mean = np.zeros_like(trait)
    valued = np.zeros_like(trait)
    for platform in range(z.shape[0]):
        won = win_probability(z[platform], trait, persistence)
        shown = mean_slots[platform] * won
        mean += shown
        valued += appeal[platform] * shown * keen_value(z[platform], trait, persistence, value_dispersion, won)
    keen = weight * valued / np.maximum(mean, 1e-300)
    seen = averaged_at_least(np.stack((weight, keen)), mean, shape, max(HEAD, k_max))
    reached, head = seen[:k_max, 0], seen[:HEAD, 1]
    wear = np.arange(1, HEAD + 1)[:, None] ** -wear_out
    answered = (wear * head).sum(axis=0)
    beyond = np.maximum((keen * mean).sum(axis=0) - head.sum(axis=0), 0.0)
    heavy = beyond > TAIL_TOLERANCE * answered
    answered += np.where(heavy, 0.0, wear[-1] * beyond)
    if heavy.any():
        arrays = (keen[:, heavy], mean[:, heavy], shape[heavy], head[:, heavy], wear_out[heavy])
        answered[heavy] += tail_answers(*arrays)
    return reached.T, answered


def tail_answers(keen: Array, mean: Array, shape: Array, head: Array, wear_out: Array) -> Array:
    """Return Σ_{k > K} k^(−γ)·S_k, shape (curve,), where S_k is the keenness-weighted P(Y ≥ k).

    With k^(−γ) ≈ Σ a·q^(k−1) beyond K, each term is (1 − G(q))/(1 − q) less its first K terms, G being the
    generating function of the count; q = 1 gives the mean.
    """
    weights = tail_weights(wear_out, HEAD)
    total = np.zeros_like(wear_out)
    for decay, factor in zip(DECAYS, weights, strict=True):
        q = np.exp(-decay)
        if decay == 0.0:
            whole = (keen * mean).sum(axis=0)
        else:
            gone = -np.expm1(-shape * np.log1p(mean * (1.0 - q) / shape))
            whole = (keen * gone).sum(axis=0) / (1.0 - q)
        first = (q ** np.arange(HEAD)[:, None] * head).sum(axis=0)
        total += factor * (whole - first)
    return np.maximum(total, 0.0)


def tail_weights(wear_out: Array, k_max: int) -> Array:
    """Return the mixture weights, shape (decay, curve), that fit k^(−γ) for k_max < k ≤ TAIL_UNTIL.

    Least squares in relative error over logarithmically spaced k: within 0.3 % for γ up to 0.5, exact for 0.
    """
    log_k, inverse = _tail_fit(k_max)
    return np.asarray(inverse @ np.exp(log_k[:, None] * (TYPICAL_WEAR_OUT - wear_out)))


@lru_cache(maxsize=8)
def _tail_fit(k_max: int) -> tuple[Array, Array]:
    """Return log k and the pseudo-inverse of the exponentials, weighted for relative error."""
    k = np.unique(np.round(np.geomspace(k_max + 1, TAIL_UNTIL, 60)))
    basis = np.exp(-np.outer(k - 1.0, DECAYS)) * (k**TYPICAL_WEAR_OUT)[:, None]
    return np.log(k), np.asarray(np.linalg.pinv(basis, rcond=1e-12), dtype=np.float64)
