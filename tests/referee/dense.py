"""Dense reference: model.md sections 2 to 4 written out with 2001 nodes, slow and plain, for checks only.

It shares no code with the product. The person's trait u is integrated by the trapezoid on [-12, 12]; counts are
scipy's incomplete beta function, term by term. One ``Group`` is one kind of people, met on one or several
platforms; thresholds z are given for each platform, arrays of shape (platform,).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, ndtr

TRAITS = np.linspace(-12.0, 12.0, 2001)
TRAIT_WEIGHTS = np.exp(-0.5 * TRAITS**2) / math.sqrt(2.0 * math.pi) * (TRAITS[1] - TRAITS[0])
TINY = 1e-300
"""Keeps 0 / 0 out of traits that are never won."""


@dataclass(frozen=True)
class Group:
    """One kind of people as model.md names it: A, α, ρ, σp, σv, and for each platform λ, p̄ and appeal.

    Mean values are alike everywhere (1); a person has one trait and one activity on all platforms.
    """

    people: float
    shape: float
    persistence: float
    price_log_sd: float
    value_log_sd: float
    slots_per_day: tuple[float, ...]
    mean_price: tuple[float, ...]
    appeal: tuple[float, ...] = (1.0,)

    @property
    def log_sd(self) -> float:
        """s = sqrt(σp² + σv²)."""
        return math.hypot(self.price_log_sd, self.value_log_sd)

    @property
    def price_dispersion(self) -> float:
        """σe = σp² / s."""
        return self.price_log_sd**2 / self.log_sd

    @property
    def value_dispersion(self) -> float:
        """δ = σv² / s."""
        return self.value_log_sd**2 / self.log_sd

    def thresholds(self, log_multiplier: float) -> np.ndarray:
        """Return z on each platform when the bid is multiplier × value."""
        middle_price = np.log(self.mean_price) - 0.5 * self.price_log_sd**2
        middle_value = -0.5 * self.value_log_sd**2
        return (log_multiplier + middle_value - middle_price) / self.log_sd

    def win_share_by_trait(self, z: float) -> np.ndarray:
        """p(u), shape (2001,)."""
        return ndtr((z - math.sqrt(self.persistence) * TRAITS) / math.sqrt(1.0 - self.persistence))

    def tilted_share_by_trait(self, z: float, shift: float) -> np.ndarray:
        """V(u) · p(u) for shift = δ, C(u) · p(u) for shift = −σe, shape (2001,)."""
        root, rest = math.sqrt(self.persistence), 1.0 - self.persistence
        level = np.exp(-root * shift * TRAITS - 0.5 * self.persistence * shift**2)
        return level * ndtr((z - root * TRAITS + rest * shift) / math.sqrt(rest))

    def mean_count(self, z: np.ndarray, days: int) -> np.ndarray:
        """Σ_platform λ · D · p(u), shape (2001,)."""
        shares = zip(self.slots_per_day, z, strict=True)
        return days * sum(slots * self.win_share_by_trait(each) for slots, each in shares)

    def mean_of_showing(self, z: np.ndarray, worth: Sequence[float], shift: float) -> np.ndarray:
        """Return the mean worth of a showing to trait u: value (shift δ) or price (shift −σe), shape (2001,)."""
        entries = list(zip(self.slots_per_day, worth, z, strict=True))
        total = sum(slots * each_worth * self.tilted_share_by_trait(each, shift) for slots, each_worth, each in entries)
        return total / np.maximum(self.mean_count(z, 1), TINY)


def spend_per_day(group: Group, z: np.ndarray) -> float:
    """Σ_platform O · p̄ · x with x = Φ(z − σe), without a cap."""
    entries = zip(group.slots_per_day, group.mean_price, z, strict=True)
    each_platform = (slots * price * ndtr(each - group.price_dispersion) for slots, price, each in entries)
    return group.people * float(sum(each_platform))


def spending_multiplier(groups: Sequence[Group], daily_budget: float, days: int, cap: tuple[int, int] | None) -> float:
    """Return the logarithm of the one multiplier that spends the budget; infinity where inventory ends first."""

    def left(log_multiplier: float) -> float:
        return sum(spend(g, g.thresholds(log_multiplier), days, cap) for g in groups) - daily_budget * days

    return math.inf if left(80.0) <= 0.0 else brentq(left, -80.0, 80.0, xtol=1e-12)


def at_least(group: Group, mean: np.ndarray, k: int) -> np.ndarray:
    """P(Y ≥ k | u) of a negative binomial of this mean: the regularised incomplete beta function I_q(k, α)."""
    return betainc(k, group.shape, mean / (mean + group.shape))


def count_up_to(group: Group, mean: np.ndarray, most: int) -> np.ndarray:
    """E[min(Y, most) | u] = Σ_{k ≤ most} P(Y ≥ k | u)."""
    return sum((at_least(group, mean, k) for k in range(1, most + 1)), np.zeros_like(mean))


def spend(group: Group, z: np.ndarray, days: int, cap: tuple[int, int] | None = None) -> float:
    """Return the money of the campaign; with a cap p̄ · A · E_u[C(u) · E min(Y, c)] in each window."""
    if cap is None:
        return days * spend_per_day(group, z)
    price = group.mean_of_showing(z, group.mean_price, -group.price_dispersion)
    counts = (count_up_to(group, group.mean_count(z, length), cap[0]) for length in windows(days, cap))
    return group.people * sum(float(TRAIT_WEIGHTS @ (price * count)) for count in counts)


def impressions(group: Group, z: np.ndarray, days: int, cap: tuple[int, int] | None = None) -> np.ndarray:
    """Return A · λ · D · w by platform; with a cap A · E_u[E min(Y, c)] in each window, split as u's slots are won."""
    if cap is None:
        return group.people * days * np.array(group.slots_per_day) * ndtr(z)
    count = sum(count_up_to(group, group.mean_count(z, length), cap[0]) for length in windows(days, cap))
    daily = np.maximum(group.mean_count(z, 1), TINY)
    shares = (
        slots * group.win_share_by_trait(each) / daily for slots, each in zip(group.slots_per_day, z, strict=True)
    )
    return group.people * np.array([float(TRAIT_WEIGHTS @ (share * count)) for share in shares])


def windows(days: int, cap: tuple[int, int]) -> list[int]:
    """Return the lengths of the calendar windows of a cap in days; the last may be shorter."""
    return [min(cap[1], days - start) for start in range(0, days, cap[1])]


def reach(group: Group, mean: np.ndarray, k_max: int = 10) -> np.ndarray:
    """R_k = A · E_u P(Y ≥ k | u), shape (k_max,), from the mean count by trait."""
    return np.array([group.people * float(TRAIT_WEIGHTS @ at_least(group, mean, k)) for k in range(1, k_max + 1)])


def responses(group: Group, z: np.ndarray, days: int, wear: float, most: int | None = None) -> float:
    """A · E_u[V(u) · Σ_k k^(−γ) · P(Y ≥ k | u)] at r₁ = 1, at most ``most`` showings a person."""
    keen = group.mean_of_showing(z, group.appeal, group.value_dispersion)
    return group.people * float(TRAIT_WEIGHTS @ (keen * _worn_count(group, group.mean_count(z, days), wear, most)))


def _worn_count(group: Group, mean: np.ndarray, wear: float, most: int | None) -> np.ndarray:
    """Σ_k k^(−γ) · P(Y ≥ k | u), until what is left is below 1e-9 of the sum, shape (2001,)."""
    total = np.zeros_like(mean)
    ratio = mean / (mean + group.shape)
    exactly = np.exp(-group.shape * np.log1p(mean / group.shape))
    above = -np.expm1(-group.shape * np.log1p(mean / group.shape))
    k = 1
    while most is None or k <= most:
        total += above * float(k) ** -wear
        exactly = exactly * ratio * (k - 1 + group.shape) / k
        above = np.maximum(above - exactly, 0.0)
        k += 1
        if k % 256 == 0 and float(TRAIT_WEIGHTS @ above) * k < 1e-9 * float(TRAIT_WEIGHTS @ total):
            break
    return total


def at_least_with_windows(group: Group, z: np.ndarray, days: int, cap: tuple[int, int], k_max: int) -> np.ndarray:
    """P(N ≥ k | u), k = 1 … k_max, N the showings when at most c are made in every d days: shape (k_max, 201).

    Given trait AND activity the windows are independent Poisson counts cut at c; their sum is convolved, then
    averaged over ln g (400 points). Traits are every tenth of ``TRAITS``.
    """
    log_activity = np.linspace(-30.0, math.log(60.0), 400)
    activity = np.exp(log_activity)
    density = np.exp(group.shape * (math.log(group.shape) + log_activity - activity) - math.lgamma(group.shape))
    total = np.zeros((k_max + 1, len(TRAITS[::10]), len(activity)))
    total[0] = 1.0
    for length in windows(days, cap):
        window = _cut_poisson(group.mean_count(z, length)[::10, None] * activity, min(cap[0], k_max))
        longer = np.zeros_like(total)
        for so_far in range(k_max + 1):
            for more in range(len(window)):
                longer[min(so_far + more, k_max)] += total[so_far] * window[more]
        total = longer
    exactly = total @ (density * (log_activity[1] - log_activity[0]))
    return np.cumsum(exactly[::-1], axis=0)[::-1][1:]


def reach_with_windows(group: Group, z: np.ndarray, days: int, cap: tuple[int, int], k_max: int = 10) -> np.ndarray:
    """R_k under a cap of c per d days, shape (k_max,)."""
    above = at_least_with_windows(group, z, days, cap, k_max)
    return group.people * above @ (10.0 * TRAIT_WEIGHTS[::10])


def responses_with_windows(group: Group, z: np.ndarray, days: int, cap: tuple[int, int], wear: float) -> float:
    """Responses at r₁ = 1 under a cap of c per d days; the wear-out runs on over the whole campaign."""
    most = cap[0] * len(windows(days, cap))
    above = at_least_with_windows(group, z, days, cap, most)
    keen = group.mean_of_showing(z, group.appeal, group.value_dispersion)[::10]
    worn = np.arange(1.0, most + 1.0) ** -wear @ above
    return group.people * float(worn * keen @ (10.0 * TRAIT_WEIGHTS[::10]))


def _cut_poisson(mean: np.ndarray, most: int) -> np.ndarray:
    """Return P(min(N, most) = n) for n = 0 … most, N Poisson."""
    terms = [np.exp(-mean)]
    terms += [terms[0] * mean**n / math.factorial(n) for n in range(1, most)]
    return np.stack([*terms, np.maximum(1.0 - sum(terms), 0.0)])
