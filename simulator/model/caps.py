"""Frequency caps: at most so many showings to a person in so many days.

Within a window of d days showings stop at c. Given trait u, a window's count before the cap is the negative
binomial of ``exposure``, so the mean after it is Σ_{k ≤ c} P(Y_d ≥ k | u). Totals over several windows share
the person's activity g; given u and g the windows are independent Poisson counts cut at c.

Assumptions
1. Windows follow each other from the start of the campaign; the last may be shorter.
2. What a cap forbids to one person goes to others at the common multiplier.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaln, ndtr, ndtri

from simulator.model.auction import keen_value
from simulator.model.engagement import DECAYS, HEAD, TAIL_TOLERANCE, People, tail_weights
from simulator.model.exposure import averaged_at_least
from simulator.model.quadrature import trait_grid, win_probability

Array = NDArray[np.float64]

CHUNK = 256
"""Curves worked on at a time: (trait, activity, curve) arrays stay within a few megabytes."""


class Cap(NamedTuple):
    """At most ``times`` showings to a person in ``days`` days."""

    times: int
    days: float


class CappedResponse(NamedTuple):
    """Per person of the audience, arrays of shape (curve, k_max) or (curve,) unless said.

    Attributes
    ----------
    reached : share reached at least k times
    answered : responses for a rate of one
    impressions : mean showings on each platform, shape (platform, curve)
    cost : mean cost, in units of the cell's price
    """

    reached: Array
    answered: Array
    impressions: Array
    cost: Array


def windows(duration: float, cap: Cap) -> Windows:
    """Cut a campaign of ``duration`` days into the windows of a cap."""
    if cap.days >= duration:
        return Windows(1, duration, 0.0)
    count = int(duration / cap.days + 1e-9)
    return Windows(count, cap.days, max(duration - count * cap.days, 0.0))


class PerPlatform(NamedTuple):
    """What differs between platforms, each of shape (platform, curve).

    Attributes
    ----------
    z : ndarray
        Normal quantile of the win share.
    slots_per_day, price, appeal : ndarray
        Slots a day and person, relative price, relative response.
    """

    z: Array
    slots_per_day: Array
    price: Array
    appeal: Array


def capped_response(
    platforms: PerPlatform,
    people: People,
    price_dispersion: Array,
    duration: float,
    cap: Cap,
    k_max: int,
    nodes: int,
    *,
    money_only: bool = False,
) -> CappedResponse:
    """Average exposure, response and cost under a cap over trait and activity.

    Parameters
    ----------
    platforms : PerPlatform
    people : People
        α, ρ, δ, γ, shape (curve,).
    price_dispersion : ndarray (curve,)
        σe.
    duration : float
        Days from the start.
    money_only : bool
        Leave ``reached`` and ``answered`` empty: all that pacing needs.
    """
    curves = platforms.z.shape[1]
    shares = np.zeros((curves, k_max))
    answered, impressions, cost = np.zeros(curves), np.empty(platforms.z.shape), np.empty(curves)
    cut = windows(duration, cap)
    for start in range(0, curves, CHUNK):
        part = slice(start, start + CHUNK)
        some = People(*(values[part] for values in people))
        here = PerPlatform(*(values[:, part] for values in platforms))
        grid = Grid.at(here, some, price_dispersion[part], duration, nodes, max(k_max, HEAD))
        impressions[:, part], cost[part] = _money(grid, some, cut, cap)
        if not money_only:
            shares[part], answered[part] = _exposure(grid, some, cut, cap, k_max, duration)
    return CappedResponse(shares, answered, impressions, cost)


class Grid(NamedTuple):
    """Values at the trait nodes, shape (node, curve): weights, showings a day, weights times value, times price.

    ``on_platform`` (platform, node, curve) is the weight shared out by where the showings are.
    """

    weight: Array
    a_day: Array
    keen: Array
    paid: Array
    on_platform: Array

    @classmethod
    def at(
        cls, platforms: PerPlatform, people: People, price_dispersion: Array, duration: float, nodes: int, k_max: int
    ) -> Grid:
        """Work out the nodes of the trait for every curve."""
        z, slots, price, appeal = platforms
        total = slots.sum(axis=0)
        share = np.clip((slots * ndtr(z)).sum(axis=0) / total, 1e-300, 1.0 - 1e-15)
        trait, weight = trait_grid(ndtri(share), total * duration, people.persistence, nodes, k_max)
        valued, paid = np.zeros_like(trait), np.zeros_like(trait)
        times = np.empty((len(z), *trait.shape))
        for platform in range(len(z)):
            won = win_probability(z[platform], trait, people.persistence)
            times[platform] = slots[platform] * won
            keen = keen_value(z[platform], trait, people.persistence, people.value_dispersion, won)
            valued += appeal[platform] * times[platform] * keen
            dear = keen_value(z[platform], trait, people.persistence, -price_dispersion, won)
            paid += price[platform] * times[platform] * dear
        a_day = times.sum(axis=0)
        share_of = weight / np.maximum(a_day, 1e-300)
        return cls(weight, a_day, share_of * valued, share_of * paid, share_of * times)


def _cut_means(weight: Array, a_day: Array, shape: Array, cut: Windows, times: int) -> Array:
    """Return Σ weight · E N, shape (set, curve): showings after the cap, over all windows."""
    total = cut.number * averaged_at_least(weight, cut.days * a_day, shape, times).sum(axis=0)
    if cut.rest > 0.0:
        total += averaged_at_least(weight, cut.rest * a_day, shape, times).sum(axis=0)
    return np.asarray(total)


def _money(grid: Grid, people: People, cut: Windows, cap: Cap) -> tuple[Array, Array]:
    """Return mean showings a person on each platform (platform, curve) and mean cost (curve,)."""
    weight = np.concatenate((grid.on_platform, grid.paid[None]))
    means = _cut_means(weight, grid.a_day, people.activity_shape, cut, cap.times)
    return means[:-1], means[-1]


def _exposure(grid: Grid, people: People, cut: Windows, cap: Cap, k_max: int, duration: float) -> tuple[Array, Array]:
    """Return shares reached (curve, k_max) and answers (curve,)."""
    both = np.stack((grid.weight, grid.keen))
    most = max(k_max, HEAD)
    seen = averaged_at_least(both, duration * grid.a_day, people.activity_shape, most)
    several = cut.number > 1 or cut.rest > 0.0
    if cap.times < most:
        # Fewer than k showings after the cap, for k up to c, means fewer than k before it: those stay exact.
        seen[cap.times :] = 0.0
        if several:
            seen[cap.times :] = total_at_least(both, grid.a_day, people.activity_shape, cut, cap.times, most)
    head = seen[:HEAD, 1]
    wear = np.arange(1, HEAD + 1)[:, None] ** -people.wear_out
    answered = (wear * head).sum(axis=0)
    if several:
        answered += _late(grid, people, cut, cap, head, answered)
    elif cap.times > HEAD:
        later = averaged_at_least(grid.keen, duration * grid.a_day, people.activity_shape, cap.times)[HEAD:]
        answered += (np.arange(HEAD + 1, cap.times + 1)[:, None] ** -people.wear_out * later).sum(axis=0)
    return seen[:k_max, 0].T, answered


def _late(grid: Grid, people: People, cut: Windows, cap: Cap, head: Array, answered: Array) -> Array:
    """Return the answers to showings beyond the tenth, worked out only where these are many."""
    showings = _cut_means(grid.keen[None], grid.a_day, people.activity_shape, cut, cap.times)[0]
    beyond = np.maximum(showings - head.sum(axis=0), 0.0)
    result = beyond * float(HEAD) ** -people.wear_out
    many = beyond > TAIL_TOLERANCE * answered
    if many.any():
        some = grid.keen[:, many], grid.a_day[:, many], people.activity_shape[many]
        result[many] = late_answers(*some, cut, cap.times, people.wear_out[many], head[:, many], showings[many])
    return np.asarray(result)


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
    total = poisson_sum(np.exp(ACTIVITY_LOGS)[:, None, None] * a_day, cut, times, most)
    fewer = np.cumsum(total, axis=0)[times:most]
    more = np.einsum("gc,kgnc->knc", activity_weights(shape), np.maximum(1.0 - fewer, 0.0))
    return np.asarray(np.einsum("snc,knc->ksc", weight, more))


def poisson_sum(a_day: Array, cut: Windows, times: int, most: int) -> Array:
    """Return P(N = 0 … most − 1), stacked on a new first axis, for people shown it ``a_day`` times a day uncapped."""
    total = _power(_window_law(cut.days * a_day, times, most), cut.number)
    return _product(total, _window_law(cut.rest * a_day, times, most)) if cut.rest > 0.0 else total


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
