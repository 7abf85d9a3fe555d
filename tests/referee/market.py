"""The referee: people, days and slots simulated one by one, then counted.

It knows the description of the auction and nothing else: it imports no module of the product and contains no
probability of winning, no price curve and no law of reach. For every eligible slot of every person it draws a
competing price and a value, compares, pays, counts.

1. A person is active to the degree g ~ Gamma(shape, mean 1) and offers Poisson(slots_per_day * g) slots a day.
2. ln price = m_p + sd_p * (sqrt(persistence) * a + sqrt(1 - persistence) * e): a belongs to the person, e to the
   slot, both standard normal. ln value likewise, with its own two numbers. The two traits of a person are
   independent; what makes a person easy to win (low prices, high values) is their combination, which enters no
   decision here.
3. The advertiser bids multiplier * value, the same multiplier for everybody on the same day. It wins when the bid
   exceeds the price and pays the price (second price).
4. A won slot is a showing. The k-th showing to a person adds value / mean value * k**-wear to the responses.
5. With a cap of c showings in d days (calendar windows from day 1) a person who has had c gets no more bids in
   that window.

People are a stratified sample: inside a block activity and one combination of the traits come from an evenly
spread sequence with a random start, so that every block represents the whole population. Blocks are independent,
and their scatter gives the standard errors.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.special import gammaincinv, ndtri

from tests.referee.random_numbers import next_normal, next_poisson

K_MAX = 10
BLOCKS = 32
ACTIVITY_GROUPS = 1 << 16
"""Equal groups of people by activity; the groups' own mean is within 1e-5 of 1 for shapes from 0.5."""
CHUNK = 1 << 15
WEAR_TABLE = 4096
_SPREAD = 1.324717957244746
_STRIDES = np.array([_SPREAD**-1, _SPREAD**-2])
"""Evenly spread points in two dimensions: powers of the real root of x**3 = x + 1 (Roberts 2018)."""


@dataclass(frozen=True)
class Segment:
    """Alike people: activity, prices and values they draw from.

    ``people`` is a count, ``slots_per_day`` eligible slots a person and day; prices in any one currency per slot.
    """

    people: int
    slots_per_day: float = 3.0
    activity_shape: float = 0.9
    persistence: float = 0.3
    price_log_sd: float = 0.5
    value_log_sd: float = 0.4
    log_price_mean: float = 0.0
    log_value_mean: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What was counted, by block of people and segment.

    Attributes
    ----------
    impressions, spend, responses, opportunities : ndarray, shape (block, segment)
        Showings; money; expected responses at a rate of 1 for a first showing of mean value; slots that arrived.
    reach : ndarray, shape (block, segment, 10)
        People shown at least k = 1 … 10 times.
    """

    impressions: np.ndarray
    spend: np.ndarray
    responses: np.ndarray
    opportunities: np.ndarray
    reach: np.ndarray

    def total(self, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the sum over blocks and its standard error."""
        blocks = counted.shape[0]
        return counted.sum(axis=0), counted.std(axis=0, ddof=1) * np.sqrt(blocks)

    def ratio(self, above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the ratio of two sums over blocks and its standard error (linearised)."""
        value = above.sum(axis=0) / below.sum(axis=0)
        _, error = self.total(above - value * below)
        return value, error / below.sum(axis=0)


@functools.lru_cache(maxsize=8)
def activity_groups(shape: float) -> np.ndarray:
    """Return the activity of equal groups of people, shape (65536,): the middle of each group, mean 1."""
    middle = (np.arange(ACTIVITY_GROUPS) + 0.5) / ACTIVITY_GROUPS
    return gammaincinv(shape, middle) / shape


@njit(cache=True)
def _spread_out(points, activity, trait):
    """Fill two arrays with the next evenly spread points in [0, 1) and move ``points`` (2,) on behind the last."""
    first, second = points[0], points[1]
    for person in range(activity.size):
        activity[person] = first
        trait[person] = second
        first += _STRIDES[0]
        first -= math.floor(first)
        second += _STRIDES[1]
        second -= math.floor(second)
    points[0], points[1] = first, second


def _next_people(
    points: np.ndarray, rng: np.random.Generator, count: int, groups: np.ndarray, segment: Segment, spread: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return activity, price trait and value trait of the next people; move ``points``.

    The two traits are independent standard normal numbers. A rotation leaves them so; it is chosen such that the
    evenly spread number lies where people differ most in being won, which sharpens the counts and nothing else
    (``spread=False`` draws everything at random and must agree).
    """
    if not spread:
        shape = segment.activity_shape
        return rng.gamma(shape, 1.0 / shape, count), rng.standard_normal(count), rng.standard_normal(count)
    activity, along = np.empty((2, count))
    _spread_out(points, activity, along)
    activity = groups[(activity * ACTIVITY_GROUPS).astype(np.int64)]
    along, across = ndtri(along), rng.standard_normal(count)
    length = math.hypot(segment.price_log_sd, segment.value_log_sd)
    cosine, sine = segment.price_log_sd / length, segment.value_log_sd / length
    return activity, cosine * along + sine * across, -sine * along + cosine * across


@njit(cache=True)
def _simulate_people(
    state, activity, price_part, value_part, slots_per_day, price_slot_sd, value_slot_sd, log_multiplier, mean_log_value,
    cap_times, cap_days, wear_weights, wear, reach,
):
    """Simulate some people, all days; add to ``reach``; return state, impressions, spend, responses, opportunities."""
    days = log_multiplier.size
    impressions, opportunities = 0, 0
    spend, responses = 0.0, 0.0
    for person in range(activity.size):
        mean = slots_per_day * activity[person]
        none = math.exp(-mean)
        shown, shown_in_window = 0, 0
        window_ends = cap_days
        for day in range(days):
            if day == window_ends:
                window_ends += cap_days
                shown_in_window = 0
            state, slots = next_poisson(state, mean, none)
            opportunities += slots
            for _ in range(slots):
                if shown_in_window >= cap_times:
                    break
                state, price_draw = next_normal(state)
                state, value_draw = next_normal(state)
                log_price = price_part[person] + price_slot_sd * price_draw
                log_value = value_part[person] + value_slot_sd * value_draw
                if log_multiplier[day] + log_value > log_price:
                    weight = wear_weights[shown] if shown < wear_weights.size else (shown + 1.0) ** -wear
                    responses += weight * math.exp(log_value - mean_log_value)
                    spend += math.exp(log_price)
                    shown += 1
                    shown_in_window += 1
        impressions += shown
        for k in range(min(shown, reach.size)):
            reach[k] += 1
    return state, impressions, spend, responses, opportunities


def _simulate_block(
    segment: Segment, people: int, log_multiplier: np.ndarray, cap: tuple[int, int], wear: float, spread: bool,
    seed: np.random.SeedSequence,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate one block of one segment: return (impressions, spend, responses, opportunities) and reach."""
    rng = np.random.default_rng(seed)
    points = rng.random(2)
    state = seed.generate_state(2, np.uint64)[1]
    groups = activity_groups(segment.activity_shape)
    of_person, of_slot = math.sqrt(segment.persistence), math.sqrt(1.0 - segment.persistence)
    weights = np.arange(1.0, WEAR_TABLE + 1.0) ** -wear
    counted, reach = np.zeros(4), np.zeros(K_MAX)
    for first in range(0, people, CHUNK):
        count = min(CHUNK, people - first)
        activity, price_trait, value_trait = _next_people(points, rng, count, groups, segment, spread)
        state, *sums = _simulate_people(
            np.uint64(state),
            activity,
            segment.log_price_mean + segment.price_log_sd * of_person * price_trait,
            segment.log_value_mean + segment.value_log_sd * of_person * value_trait,
            segment.slots_per_day,
            segment.price_log_sd * of_slot,
            segment.value_log_sd * of_slot,
            log_multiplier,
            segment.log_value_mean + 0.5 * segment.value_log_sd**2,
            cap[0],
            cap[1],
            weights,
            wear,
            reach,
        )
        counted += sums
    return counted, reach


def run(
    segments: Sequence[Segment],
    days: int,
    multiplier: float | Sequence[float],
    cap: tuple[int, int] | None = None,
    wear: float = 0.43,
    seed: int = 0,
    spread: bool = True,
    blocks: int = BLOCKS,
) -> Outcome:
    """Simulate a campaign of ``days`` days.

    ``multiplier`` turns value into a bid, one for all days or one a day; infinity wins every slot. ``cap`` is
    (showings, days) a person. The same seed gives the same counts.
    """
    log_multiplier = np.log(np.broadcast_to(np.asarray(multiplier, dtype=float), (days,)))
    counted = np.zeros((4, blocks, len(segments)))
    reach = np.zeros((blocks, len(segments), K_MAX))
    limits = cap if cap is not None else (np.iinfo(np.int64).max, days)
    for column, (segment, of_segment) in enumerate(zip(segments, np.random.SeedSequence(seed).spawn(len(segments)))):
        sizes = np.diff(np.linspace(0, segment.people, blocks + 1).astype(np.int64))
        for block, of_block in enumerate(of_segment.spawn(blocks)):
            counted[:, block, column], reach[block, column] = _simulate_block(
                segment, int(sizes[block]), log_multiplier, limits, wear, spread, of_block
            )
    impressions, spend, responses, opportunities = counted
    return Outcome(impressions, spend, responses, opportunities, reach)
