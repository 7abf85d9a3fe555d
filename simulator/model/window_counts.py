"""Showings in all windows together when each window stops at a cap.

The windows of a campaign share the person's activity g; given g and the trait they are independent Poisson
counts cut at c. Totals follow by multiplying generating polynomials, averages over g by equal steps in ln g.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaln

from simulator.model.engagement import DECAYS, tail_weights

Array = NDArray[np.float64]

ACTIVITY_LOGS = np.linspace(-7.0, 2.75, 21)
"""Nodes in ln g: steps of 0.49 integrate the gamma density of activity to 1e-5 for α from 0.5 to 3."""
SUMMED_UP_TO = 20
"""Caps up to which a Poisson tail is summed term by term; beyond, the incomplete gamma function is quicker."""


class Windows(NamedTuple):
    """A campaign cut into windows: ``number`` of ``days`` days and one of ``rest`` days, maybe 0."""

    number: int
    days: float
    rest: float


def activity_weights(shape: Array) -> Array:
    """Return the weights of ``ACTIVITY_LOGS`` under a gamma law of mean 1, shape (activity, curve)."""
    logs = ACTIVITY_LOGS[:, None]
    log_density = shape * np.log(shape) - gammaln(shape) + shape * (logs - np.exp(logs))
    return np.asarray(np.exp(log_density) * (ACTIVITY_LOGS[1] - ACTIVITY_LOGS[0]))


def total_at_least(weight: Array, a_day: Array, shape: Array, cut: Windows, times: int, most: int) -> Array:
    """Return Σ weight · P(N ≥ k), k = times + 1 … most, N the total, shape (k, set, curve).

    Parameters
    ----------
    weight : ndarray (set, node, curve)
    a_day : ndarray (node, curve)
        Mean showings a day before the cap.
    shape : ndarray (curve,)
        α.
    """
    mean = np.exp(ACTIVITY_LOGS)[:, None, None] * a_day
    total = _power(_window_law(cut.days * mean, times, most), cut.number)
    if cut.rest > 0.0:
        total = _product(total, _window_law(cut.rest * mean, times, most))
    fewer = np.cumsum(total, axis=0)[times:most]
    more = np.einsum("gc,kgnc->knc", activity_weights(shape), np.maximum(1.0 - fewer, 0.0))
    return np.asarray(np.einsum("snc,knc->ksc", weight, more))


def late_answers(
    keen: Array, a_day: Array, shape: Array, cut: Windows, times: int, wear_out: Array, head: Array, showings: Array
) -> Array:
    """Return Σ_{k > K} k^(−γ)·S_k, shape (curve,), S_k the keenness-weighted P(N ≥ k), K the length of ``head``.

    As without a cap (``engagement.tail_answers``): k^(−γ) is a mixture of exponentials, and
    Σ q^(k−1)·P(N ≥ k) = (1 − E q^N)/(1 − q), where E q^N is a product over the windows.

    Parameters
    ----------
    keen, a_day : ndarray (node, curve)
    head : ndarray (K, curve)
        S_1 … S_K.
    showings : ndarray (curve,)
        Keenness-weighted mean of N.
    """
    mean = np.exp(ACTIVITY_LOGS)[:, None, None] * a_day
    density = activity_weights(shape)
    first = np.arange(len(head))[:, None]
    total = np.zeros_like(wear_out)
    for decay, factor in zip(DECAYS, tail_weights(wear_out, len(head)), strict=True):
        q = float(np.exp(-decay))
        if decay == 0.0:
            whole = showings
        else:
            kept = _window_transform(cut.days * mean, times, q) ** cut.number
            if cut.rest > 0.0:
                kept = kept * _window_transform(cut.rest * mean, times, q)
            gone = np.einsum("gc,gnc->nc", density, 1.0 - kept)
            whole = (keen * gone).sum(axis=0) / (1.0 - q)
        total += factor * (whole - (q**first * head).sum(axis=0))
    return np.maximum(total, 0.0)


def _window_transform(mean: Array, times: int, q: float) -> Array:
    """Return E q^min(Y, c) for a Poisson count Y."""
    below = np.exp(-mean * (1.0 - q)) * _poisson_below(mean * q, times)
    return np.asarray(below + q**times * (1.0 - _poisson_below(mean, times)))


def _poisson_below(mean: Array, times: int) -> Array:
    """Return P(Y < times) of a Poisson count."""
    if times > SUMMED_UP_TO:
        return np.asarray(gammaincc(times, mean))
    term = np.exp(-mean)
    total = term.copy()
    for count in range(1, times):
        term *= mean
        term /= count
        total += term
    return total


def _window_law(mean: Array, times: int, most: int) -> Array:
    """Return P(count = 0 … most − 1) of a Poisson count cut at ``times``, stacked on a new first axis."""
    law = np.zeros((most, *mean.shape))
    term = np.exp(-mean)
    left = np.ones_like(mean)
    for count in range(min(times, most)):
        law[count] = term
        left -= term
        term = term * mean / (count + 1)
    if times < most:
        law[times] = np.maximum(left, 0.0)
    return law


def _product(first: Array, second: Array) -> Array:
    """Multiply two generating polynomials, cut at their common length."""
    result = np.zeros_like(first)
    for place in range(len(first)):
        for inner in range(place + 1):
            result[place] += first[inner] * second[place - inner]
    return result


def _power(law: Array, count: int) -> Array:
    """Raise a generating polynomial to a power: by products, or for many windows by Miller's recurrence.

    With at least as many windows as coefficients every term of the recurrence is positive, so it is stable.
    """
    if count < len(law):
        result = law
        for _ in range(count - 1):
            result = _product(result, law)
        return result
    result = np.zeros_like(law)
    none = law[0]
    result[0] = none**count
    least = np.maximum(none, 1e-300)
    for place in range(1, len(law)):
        for inner in range(1, place + 1):
            result[place] += (inner * (count + 1) - place) * law[inner] * result[place - inner]
        result[place] /= place * least
    return result
