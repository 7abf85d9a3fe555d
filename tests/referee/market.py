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
4. A won slot is a showing. The k-th showing to a person adds value / mean value * k**-wear to the responses
   (times the appeal of the platform, where there are several; a person's slots on them come in random order).
5. With a cap of c showings in d days (calendar windows from day 1) a person who has had c gets no more bids in
   that window.

People come in independent blocks, whose scatter gives the standard errors (people.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from tests.referee.people import Population, Segment
from tests.referee.random_numbers import next_normal, next_poisson, next_uniform

K_MAX = 10
BLOCKS = 32
CHUNK = 1 << 14
WEAR_TABLE = 4096


@dataclass(frozen=True)
class Outcome:
    """What was counted, by block of people and segment.

    Attributes
    ----------
    impressions, spend, responses, opportunities, drawn : ndarray, shape (block, segment)
        Showings; money; expected responses at a rate of 1 for a first showing of mean value; slots that arrived;
        slots for which price and value were drawn, whatever the person's weight.
    reach : ndarray, shape (block, segment, 10)
        People shown at least k = 1 … 10 times.
    shown_on : ndarray, shape (block, part)
        Showings by platform, the platforms of the first segment first, then those of the second, and so on.
    """

    impressions: np.ndarray
    spend: np.ndarray
    responses: np.ndarray
    opportunities: np.ndarray
    drawn: np.ndarray
    reach: np.ndarray
    shown_on: np.ndarray

    def total(self, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the sum over blocks and its standard error."""
        blocks = counted.shape[0]
        return counted.sum(axis=0), counted.std(axis=0, ddof=1) * np.sqrt(blocks)

    def ratio(self, above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the ratio of two sums over blocks and its standard error (linearised)."""
        value = above.sum(axis=0) / below.sum(axis=0)
        _, error = self.total(above - value * below)
        return value, error / below.sum(axis=0)


@njit(cache=True)
def _simulate_people(
    state,
    activity,
    price_part,
    value_part,
    weight,
    slots_per_day,
    price_slot_sd,
    value_slot_sd,
    log_multiplier,
    mean_log_value,
    cap_times,
    cap_days,
    wear_weights,
    wear,
    platform_limit,
    price_shift,
    appeal,
    reach,
    shown_on,
):
    """Simulate some people, all days; add to ``reach`` and ``shown_on``; return the next state and the five sums."""
    days = log_multiplier.size
    impressions, spend, responses, opportunities, drawn = 0.0, 0.0, 0.0, 0.0, 0
    for person in range(activity.size):
        mean = slots_per_day * activity[person]
        none = math.exp(-mean)
        shown, shown_in_window, arrived = 0, 0, 0
        paid, answered = 0.0, 0.0
        window_ends = cap_days
        for day in range(days):
            if day == window_ends:
                window_ends += cap_days
                shown_in_window = 0
            state, slots = next_poisson(state, mean, none)
            arrived += slots
            for _ in range(slots):
                if shown_in_window >= cap_times:
                    break
                drawn += 1
                platform = 0
                if platform_limit.size > 1:
                    state, pick = next_uniform(state)
                    while pick >= platform_limit[platform]:
                        platform += 1
                state, price_draw = next_normal(state)
                state, value_draw = next_normal(state)
                log_price = price_shift[platform] + price_part[person] + price_slot_sd * price_draw
                log_value = value_part[person] + value_slot_sd * value_draw
                if log_multiplier[day] + log_value > log_price:
                    fresh = wear_weights[shown] if shown < wear_weights.size else (shown + 1.0) ** -wear
                    answered += appeal[platform] * fresh * math.exp(log_value - mean_log_value)
                    paid += math.exp(log_price)
                    shown_on[platform] += weight[person]
                    shown += 1
                    shown_in_window += 1
        impressions += weight[person] * shown
        spend += weight[person] * paid
        responses += weight[person] * answered
        opportunities += weight[person] * arrived
        for k in range(min(shown, reach.size)):
            reach[k] += weight[person]
    return state, impressions, spend, responses, opportunities, drawn


def _simulate_block(
    segment: Segment,
    people: int,
    log_multiplier: np.ndarray,
    cap: tuple[int, int],
    wear: float,
    spread: bool,
    focus: float,
    seed: np.random.SeedSequence,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate one block of one segment: return the five sums, reach and showings by platform."""
    for_people, for_slots = seed.spawn(2)
    population = Population(segment, for_people, spread, focus)
    state = for_slots.generate_state(1, np.uint64)[0]
    of_person, of_slot = math.sqrt(segment.persistence), math.sqrt(1.0 - segment.persistence)
    weights = np.arange(1.0, WEAR_TABLE + 1.0) ** -wear
    platform_limit = np.cumsum([platform.share for platform in segment.platforms])
    platform_limit[-1] = 1.0
    price_shift = np.array([platform.log_price_shift for platform in segment.platforms])
    appeal = np.array([platform.appeal for platform in segment.platforms])
    counted, reach, shown_on = np.zeros(5), np.zeros(K_MAX), np.zeros(len(segment.platforms))
    for first in range(0, people, CHUNK):
        activity, price_trait, value_trait, weight = population.next_people(min(CHUNK, people - first))
        state, *sums = _simulate_people(
            np.uint64(state),
            activity,
            segment.log_price_mean + segment.price_log_sd * of_person * price_trait,
            segment.log_value_mean + segment.value_log_sd * of_person * value_trait,
            weight,
            segment.slots_per_day,
            segment.price_log_sd * of_slot,
            segment.value_log_sd * of_slot,
            log_multiplier,
            segment.log_value_mean + 0.5 * segment.value_log_sd**2,
            cap[0],
            cap[1],
            weights,
            wear,
            platform_limit,
            price_shift,
            appeal,
            reach,
            shown_on,
        )
        counted += sums
    return counted, reach, shown_on


def run(
    segments: Sequence[Segment],
    days: int,
    multiplier: float | Sequence[float],
    cap: tuple[int, int] | None = None,
    wear: float = 0.43,
    seed: int = 0,
    spread: bool = True,
    focus: float = 1.0,
    blocks: int = BLOCKS,
) -> Outcome:
    """Simulate a campaign of ``days`` days.

    ``multiplier`` turns value into a bid, one for all days or one a day; infinity wins every slot. ``cap`` is
    (showings, days) a person. The same seed gives the same counts. ``spread`` and ``focus`` say how people are
    sampled (people.py) and leave the expectation as it is.
    """
    log_multiplier = np.log(np.broadcast_to(np.asarray(multiplier, dtype=float), (days,)))
    limits = cap if cap is not None else (np.iinfo(np.int64).max, days)
    by_segment = [
        _simulate_blocks(segment, log_multiplier, limits, wear, spread, focus, of_segment.spawn(blocks))
        for segment, of_segment in zip(segments, np.random.SeedSequence(seed).spawn(len(segments)), strict=True)
    ]
    counted = np.stack([each[0] for each in by_segment], axis=-1)
    reach = np.stack([each[1] for each in by_segment], axis=1)
    shown_on = np.concatenate([each[2] for each in by_segment], axis=1)
    return Outcome(*np.moveaxis(counted, 1, 0), reach, shown_on)


def _simulate_blocks(
    segment: Segment,
    log_multiplier: np.ndarray,
    cap: tuple[int, int],
    wear: float,
    spread: bool,
    focus: float,
    seeds: Sequence[np.random.SeedSequence],
) -> tuple[np.ndarray, ...]:
    """Simulate all blocks of a segment: return the five sums, reach, showings by platform, block first."""
    sizes = np.diff(np.linspace(0, segment.people, len(seeds) + 1).astype(np.int64))
    blocks = [
        _simulate_block(segment, int(size), log_multiplier, cap, wear, spread, focus, seed)
        for size, seed in zip(sizes, seeds, strict=True)
    ]
    return tuple(np.stack(each) for each in zip(*blocks, strict=True))
