"""Dense reference: model.md sections 2 to 4 written out with 2001 nodes, slow and plain, for checks only.

It shares no code with the product. The person's trait u is integrated by the trapezoid on [-12, 12]; the counts
are scipy's negative binomial, term by term.
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


@dataclass(frozen=True)
class Group:
    """One segment as model.md names it: A, λ, α, ρ, σp, σv, mean price and mean value per eligible slot."""

    people: float
    slots_per_day: float
    shape: float
    persistence: float
    price_log_sd: float
    value_log_sd: float
    mean_price: float = 1.0
    mean_value: float = 1.0

    @property
    def log_sd(self) -> float:
        """s = sqrt(σp² + σv²)."""
        return math.hypot(self.price_log_sd, self.value_log_sd)

    @property
    def curvature(self) -> float:
        """σe = σp² / s."""
        return self.price_log_sd**2 / self.log_sd

    @property
    def keenness(self) -> float:
        """δ = σv² / s."""
        return self.value_log_sd**2 / self.log_sd

    def threshold(self, log_multiplier: float) -> float:
        """Return z of this group when the bid is multiplier × value."""
        middle_price = math.log(self.mean_price) - 0.5 * self.price_log_sd**2
        middle_value = math.log(self.mean_value) - 0.5 * self.value_log_sd**2
        return (log_multiplier + middle_value - middle_price) / self.log_sd

    def spend_per_day(self, threshold: float) -> float:
        """O · p̄ · x with x = Φ(z − σe)."""
        return self.people * self.slots_per_day * self.mean_price * float(ndtr(threshold - self.curvature))

    def win_share_by_trait(self, threshold: float) -> np.ndarray:
        """p(u), shape (2001,)."""
        return ndtr((threshold - math.sqrt(self.persistence) * TRAITS) / math.sqrt(1.0 - self.persistence))

    def tilt_by_trait(self, threshold: float, shift: float) -> np.ndarray:
        """V(u) · p(u) for shift = δ, C(u) · p(u) for shift = −σe, shape (2001,)."""
        root, rest = math.sqrt(self.persistence), 1.0 - self.persistence
        level = np.exp(-root * shift * TRAITS - 0.5 * self.persistence * shift**2)
        return level * ndtr((threshold - root * TRAITS + rest * shift) / math.sqrt(rest))


def thresholds(groups: Sequence[Group], daily_budget: float) -> list[float]:
    """Return z of every group under one multiplier that spends the budget; infinity where inventory ends."""
    if sum(g.people * g.slots_per_day * g.mean_price for g in groups) <= daily_budget:
        return [math.inf] * len(groups)

    def left(log_multiplier: float) -> float:
        return sum(g.spend_per_day(g.threshold(log_multiplier)) for g in groups) - daily_budget

    log_multiplier = brentq(left, -60.0, 60.0, xtol=1e-13)
    return [g.threshold(log_multiplier) for g in groups]


def at_least(group: Group, mean: np.ndarray, k: int) -> np.ndarray:
    """P(Y ≥ k | u) of a negative binomial of this mean: the regularised incomplete beta function I_q(k, α)."""
    return betainc(k, group.shape, mean / (mean + group.shape))


def mean_count(group: Group, threshold_by_day: Sequence[float]) -> np.ndarray:
    """λ · Σ_d p_d(u), shape (2001,)."""
    return group.slots_per_day * sum(group.win_share_by_trait(z) for z in threshold_by_day)


def impressions(group: Group, threshold_by_day: Sequence[float]) -> float:
    """A · λ · Σ_d Φ(z_d)."""
    return group.people * group.slots_per_day * float(sum(ndtr(z) for z in threshold_by_day))


def reach(group: Group, threshold_by_day: Sequence[float], k_max: int = 10) -> np.ndarray:
    """R_k = A · E_u P(Y ≥ k | u), shape (k_max,)."""
    mean = mean_count(group, threshold_by_day)
    return np.array([group.people * float(TRAIT_WEIGHTS @ at_least(group, mean, k)) for k in range(1, k_max + 1)])


def value_lift(group: Group, threshold: float) -> float:
    """V = Φ(z + δ) / w."""
    return float(ndtr(threshold + group.keenness) / ndtr(threshold))


def responses(group: Group, threshold: float, days: int, wear: float, most: int | None = None) -> float:
    """A · E_u[V(u) · Σ_k k^(−γ) · P(Y ≥ k | u)] at r₁ = 1, a constant bid, at most ``most`` showings a person."""
    share = group.win_share_by_trait(threshold)
    mean = group.slots_per_day * days * share
    lift = group.tilt_by_trait(threshold, group.keenness) / np.maximum(share, 1e-300)
    return group.people * float(TRAIT_WEIGHTS @ (lift * _weighted_count(group, mean, wear, most)))


def _weighted_count(group: Group, mean: np.ndarray, wear: float, most: int | None) -> np.ndarray:
    """Σ_k k^(−γ) · P(Y ≥ k | u), until the rest is below 1e-9 of the sum, shape (2001,)."""
    total = np.zeros_like(mean)
    ratio = mean / (mean + group.shape)
    term = np.exp(-group.shape * np.log1p(mean / group.shape))
    above = -np.expm1(-group.shape * np.log1p(mean / group.shape))
    k = 1
    while most is None or k <= most:
        total += above * float(k) ** -wear
        term = term * ratio * (k - 1 + group.shape) / k
        above = np.maximum(above - term, 0.0)
        k += 1
        if k % 256 == 0 and float(TRAIT_WEIGHTS @ above) * k < 1e-9 * float(TRAIT_WEIGHTS @ total):
            break
    return total


def capped(group: Group, threshold: float, window_days: int, most: int) -> tuple[float, float]:
    """Return impressions and spend over one window in which a person sees at most ``most`` showings."""
    share = group.win_share_by_trait(threshold)
    mean = group.slots_per_day * window_days * share
    count = sum(at_least(group, mean, k) for k in range(1, most + 1))
    price = group.tilt_by_trait(threshold, -group.curvature) / np.maximum(share, 1e-300)
    seen = group.people * float(TRAIT_WEIGHTS @ count)
    return seen, group.mean_price * group.people * float(TRAIT_WEIGHTS @ (price * count))
