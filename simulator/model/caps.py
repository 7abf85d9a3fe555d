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
from scipy.special import gammaln, ndtr, ndtri

from simulator.model.auction import keen_value
from simulator.model.engagement import HEAD, People, tail_answers
from simulator.model.exposure import averaged_at_least
from simulator.model.quadrature import trait_grid, win_probability

Array = NDArray[np.float64]

CHUNK = 256
"""Curves worked on at a time: (trait, activity, curve) arrays stay within a few megabytes."""
ACTIVITY_LOGS = np.linspace(-7.0, 2.75, 21)
"""Nodes in ln g: steps of 0.49 integrate the gamma density of activity to 1e-5 for α from 0.5 to 3."""


class Cap(NamedTuple):
    """At most ``times`` showings to a person in ``days`` days."""

    times: int
    days: float


class CappedResponse(NamedTuple):
    """Per person of the audience, arrays of shape (curve, k_max) or (curve,).

    Attributes
    ----------
    reached : share reached at least k times
    answered : responses for a rate of one
    impressions : mean showings
    cost : mean cost, in units of the cell's price
    """

    reached: Array
    answered: Array
    impressions: Array
    cost: Array


class Windows(NamedTuple):
    """A campaign cut into windows: ``number`` of ``days`` days and one of ``rest`` days, maybe 0."""

    number: int
    days: float
    rest: float


def windows(duration: float, cap: Cap) -> Windows:
    """Cut a campaign of ``duration`` days into the windows of a cap."""
    if cap.days >= duration:
        return Windows(1, duration, 0.0)
    count = int(duration / cap.days + 1e-9)
    return Windows(count, cap.days, max(duration - count * cap.days, 0.0))


def capped_response(
    z: Array,
    slots_per_day: Array,
    price: Array,
    appeal: Array,
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
    z, slots_per_day, price, appeal : ndarray (platform, curve)
        Normal quantile of the win share, slots a day, relative price, relative response on each platform.
    people : People
        α, ρ, δ, γ, shape (curve,).
    price_dispersion : ndarray (curve,)
        σe.
    duration : float
        Days from the start.
    money_only : bool
        Leave ``reached`` and ``answered`` empty: all that pacing needs.
    """
    curves = z.shape[1]
    shares = np.zeros((curves, k_max))
    answered, impressions, cost = np.zeros(curves), np.empty(curves), np.empty(curves)
    cut = windows(duration, cap)
    for start in range(0, curves, CHUNK):
        part = slice(start, start + CHUNK)
        some = People(*(values[part] for values in people))
        grid = _Grid.at(
            z[:, part],
            slots_per_day[:, part],
            price[:, part],
            appeal[:, part],
            some,
            price_dispersion[part],
            duration,
            nodes,
            max(k_max, HEAD),
        )
        impressions[part], cost[part] = _money(grid, some, cut, cap)
        if not money_only:
            shares[part], answered[part] = _exposure(grid, some, cut, cap, k_max, duration)
    return CappedResponse(shares, answered, impressions, cost)


class _Grid(NamedTuple):
    """Values at the trait nodes, shape (node, curve)."""

    weight: Array
    a_day: Array
    keen: Array
    paid: Array

    @classmethod
    def at(
        cls,
        z: Array,
        slots: Array,
        price: Array,
        appeal: Array,
        people: People,
        price_dispersion: Array,
        duration: float,
        nodes: int,
        k_max: int,
    ) -> _Grid:
        total = slots.sum(axis=0)
        share = np.clip((slots * ndtr(z)).sum(axis=0) / total, 1e-300, 1.0 - 1e-15)
        trait, weight = trait_grid(ndtri(share), total * duration, people.persistence, nodes, k_max)
        a_day, valued, paid = np.zeros_like(trait), np.zeros_like(trait), np.zeros_like(trait)
        for platform in range(len(z)):
            won = win_probability(z[platform], trait, people.persistence)
            times = slots[platform] * won
            a_day += times
            keen = keen_value(z[platform], trait, people.persistence, people.value_dispersion, won)
            valued += appeal[platform] * times * keen
            paid += price[platform] * times * keen_value(z[platform], trait, people.persistence, -price_dispersion, won)
        least = np.maximum(a_day, 1e-300)
        return cls(weight, a_day, weight * valued / least, weight * paid / least)


def _money(grid: _Grid, people: People, cut: Windows, cap: Cap) -> tuple[Array, Array]:
    """Return mean showings and mean cost a person."""
    both = np.stack((grid.weight, grid.paid))
    total = cut.number * averaged_at_least(both, cut.days * grid.a_day, people.activity_shape, cap.times).sum(axis=0)
    if cut.rest > 0.0:
        total += averaged_at_least(both, cut.rest * grid.a_day, people.activity_shape, cap.times).sum(axis=0)
    return total[0], total[1]


def _exposure(grid: _Grid, people: People, cut: Windows, cap: Cap, k_max: int, duration: float) -> tuple[Array, Array]:
    """Return shares reached (curve, k_max) and answers (curve,)."""
    both = np.stack((grid.weight, grid.keen))
    most = max(k_max, HEAD)
    seen = averaged_at_least(both, duration * grid.a_day, people.activity_shape, most)
    seen_before = seen.copy()
    if cap.times < most:
        # Fewer than k showings after the cap, for k up to c, means fewer than k before it: those stay exact.
        seen[cap.times :] = 0.0
        if cut.number > 1 or cut.rest > 0.0:
            seen[cap.times :] = _beyond_cap(both, grid.a_day, people.activity_shape, cut, cap, most)
    wear = np.arange(1, HEAD + 1)[:, None] ** -people.wear_out
    answered = (wear * seen[:HEAD, 1]).sum(axis=0)
    mean = np.stack((grid.keen, grid.keen))
    all_showings = cut.number * averaged_at_least(mean, cut.days * grid.a_day, people.activity_shape, cap.times)[:, 0]
    if cut.rest > 0.0:
        all_showings += averaged_at_least(mean, cut.rest * grid.a_day, people.activity_shape, cap.times)[:, 0]
    beyond = np.maximum(all_showings.sum(axis=0) - seen[:HEAD, 1].sum(axis=0), 0.0)
    return seen[:k_max, 0].T, answered + beyond * _late_answer(grid, people, duration, seen_before[:HEAD, 1])


def _late_answer(grid: _Grid, people: People, duration: float, head: Array) -> Array:
    """Return the mean answer to a showing beyond the tenth, taken as without the cap, shape (curve,)."""
    mean = duration * grid.a_day
    beyond = np.maximum((grid.keen * mean).sum(axis=0) - head.sum(axis=0), 1e-300)
    tail = tail_answers(grid.keen, mean, people.activity_shape, head, people.wear_out)
    return np.asarray(np.minimum(tail / beyond, float(HEAD) ** -people.wear_out))


def _beyond_cap(weight: Array, a_day: Array, shape: Array, cut: Windows, cap: Cap, most: int) -> Array:
    """Return Σ weight · P(N ≥ k), k = c + 1 … most, N the total over all windows, shape (k, set, curve)."""
    log_density = (
        shape * np.log(shape) - gammaln(shape) + shape * (ACTIVITY_LOGS[:, None] - np.exp(ACTIVITY_LOGS[:, None]))
    )
    activity_weight = np.exp(log_density) * (ACTIVITY_LOGS[1] - ACTIVITY_LOGS[0])
    mean = np.exp(ACTIVITY_LOGS)[:, None, None] * a_day
    total = _power(_window_law(cut.days * mean, cap.times, most), cut.number)
    if cut.rest > 0.0:
        total = _product(total, _window_law(cut.rest * mean, cap.times, most))
    fewer = np.cumsum(total, axis=0)[cap.times : most]
    more = np.einsum("gc,kgnc->knc", activity_weight, np.maximum(1.0 - fewer, 0.0))
    return np.asarray(np.einsum("snc,knc->ksc", weight, more))


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
