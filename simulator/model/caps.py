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
from scipy.special import ndtr, ndtri

from simulator.model.auction import keen_value
from simulator.model.engagement import HEAD, TAIL_TOLERANCE, People
from simulator.model.exposure import averaged_at_least
from simulator.model.quadrature import trait_grid, win_probability
from simulator.model.window_counts import Windows, late_answers, total_at_least

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
    answered, impressions, cost = np.zeros(curves), np.empty(z.shape), np.empty(curves)
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
        impressions[:, part], cost[part] = _money(grid, some, cut, cap)
        if not money_only:
            shares[part], answered[part] = _exposure(grid, some, cut, cap, k_max, duration)
    return CappedResponse(shares, answered, impressions, cost)


class _Grid(NamedTuple):
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


def _money(grid: _Grid, people: People, cut: Windows, cap: Cap) -> tuple[Array, Array]:
    """Return mean showings a person on each platform (platform, curve) and mean cost (curve,)."""
    weight = np.concatenate((grid.on_platform, grid.paid[None]))
    means = _cut_means(weight, grid.a_day, people.activity_shape, cut, cap.times)
    return means[:-1], means[-1]


def _exposure(grid: _Grid, people: People, cut: Windows, cap: Cap, k_max: int, duration: float) -> tuple[Array, Array]:
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


def _late(grid: _Grid, people: People, cut: Windows, cap: Cap, head: Array, answered: Array) -> Array:
    """Return the answers to showings beyond the tenth, worked out only where these are many."""
    showings = _cut_means(grid.keen[None], grid.a_day, people.activity_shape, cut, cap.times)[0]
    beyond = np.maximum(showings - head.sum(axis=0), 0.0)
    result = beyond * float(HEAD) ** -people.wear_out
    many = beyond > TAIL_TOLERANCE * answered
    if many.any():
        some = grid.keen[:, many], grid.a_day[:, many], people.activity_shape[many]
        result[many] = late_answers(*some, cut, cap.times, people.wear_out[many], head[:, many], showings[many])
    return np.asarray(result)
