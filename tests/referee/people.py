"""The people of the referee: who they are, and how a block of them is sampled.

A block is a stratified sample: activity and one combination of the traits come from an evenly spread sequence
with a random start, so that every block represents the whole population. With ``focus`` above 1 more people are
drawn among the easily won and each counts for less, as a survey does with a rare group.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.special import gammaincinv

from tests.referee.random_numbers import next_normal, normal_quantile

ACTIVITY_GROUPS = 1 << 16
"""Equal groups of people by activity; the groups' own mean is within 1e-5 of 1 for shapes from 0.5."""
SMALLEST_POINT = 2.0**-53
_SPREAD = 1.324717957244746
_STRIDES = np.array([_SPREAD**-1, _SPREAD**-2])
"""Evenly spread points in two dimensions: powers of the real root of x**3 = x + 1 (Roberts 2018)."""


@dataclass(frozen=True)
class Platform:
    """Where slots arise: its share of a person's slots, its price and its response beside the common ones."""

    share: float = 1.0
    log_price_shift: float = 0.0
    appeal: float = 1.0


@dataclass(frozen=True)
class Segment:
    """Alike people: activity, prices and values they draw from.

    ``people`` is a count, ``slots_per_day`` eligible slots a person and day on all platforms together; prices in
    any one currency per slot. A person has one activity and one pair of traits, whatever the platform.
    """

    people: int
    slots_per_day: float = 3.0
    activity_shape: float = 0.9
    persistence: float = 0.3
    price_log_sd: float = 0.5
    value_log_sd: float = 0.4
    log_price_mean: float = 0.0
    log_value_mean: float = 0.0
    platforms: tuple[Platform, ...] = (Platform(),)


@functools.lru_cache(maxsize=8)
def activity_groups(shape: float) -> np.ndarray:
    """Return the activity of equal groups of people, shape (65536,): the middle of each group, mean 1."""
    middle = (np.arange(ACTIVITY_GROUPS) + 0.5) / ACTIVITY_GROUPS
    return gammaincinv(shape, middle) / shape


@njit(cache=True)
def _evenly_spread(state, points, groups, angle, focus, activity, price_trait, value_trait, weight):
    cosine, sine = math.cos(angle), math.sin(angle)
    first, second = points[0], points[1]
    for person in range(activity.size):
        activity[person] = groups[int(first * groups.size)]
        share, weight[person] = second, 1.0
        if focus > 1.0:
            share, weight[person] = second**focus, focus * second ** (focus - 1.0)
        along = normal_quantile(max(share, SMALLEST_POINT))
        state, across = next_normal(state)
        price_trait[person] = cosine * along + sine * across
        value_trait[person] = cosine * across - sine * along
        first += _STRIDES[0]
        first -= math.floor(first)
        second += _STRIDES[1]
        second -= math.floor(second)
    points[0], points[1] = first, second
    return state


class Population:
    """A block of people of one segment, handed out group after group.

    The two traits of a person are independent standard normal numbers. A rotation leaves them so; the angle is
    chosen such that the evenly spread number lies where people differ most in being won, which sharpens the
    counts and nothing else (``spread=False`` draws everything at random and must agree).
    """

    def __init__(self, segment: Segment, seed: np.random.SeedSequence, spread: bool, focus: float) -> None:
        self._rng = np.random.default_rng(seed)
        self._shape = segment.activity_shape
        self._angle = math.atan2(segment.value_log_sd, segment.price_log_sd)
        self._points = self._rng.random(2)
        self._state = self._rng.integers(0, 2**64, dtype=np.uint64)
        self._spread = spread
        self._focus = focus

    def next_people(self, count: int) -> np.ndarray:
        """Return activity, price trait, value trait and weight of the next people, shape (4, count)."""
        people = np.empty((4, count))
        if self._spread:
            groups = activity_groups(self._shape)
            self._state = np.uint64(
                _evenly_spread(self._state, self._points, groups, self._angle, self._focus, *people)
            )
            return people
        people[0] = self._rng.gamma(self._shape, 1.0 / self._shape, count)
        people[1:3] = self._rng.standard_normal((2, count))
        people[3] = 1.0
        return people
