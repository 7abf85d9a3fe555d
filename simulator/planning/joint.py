"""What several campaigns bring together: people in common are counted once, and so are the slots bought for them.

Campaigns of one advertiser meet the same people in the same auctions. So money that several spend on a group is
like the sum of it spent by one: the group answers as each campaign's own curve says for the sum of money a person,
weighed by its part of that sum. Campaigns are taken to run as if at the same time, and their money to lie evenly
over their audiences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.planning.overlap import Groups
from simulator.planning.split import Curve

Array = NDArray[np.float64]

BEYOND, BEYOND_NODES = 1000.0, 96
"""A group may see so many times more money than a campaign alone ever would; points there."""


@dataclass(frozen=True)
class Joint:
    """Curves of campaigns and the people they have in common.

    Attributes
    ----------
    curves : tuple of Curve
        Result of each campaign alone against money.
    sizes : ndarray (campaign,)
        People of each audience.
    groups : Groups
    answers : tuple of (ndarray, ndarray)
        Money a person and result a person, of each campaign, beyond its own money too.
    """

    curves: tuple[Curve, ...]
    sizes: Array
    groups: Groups
    answers: tuple[tuple[Array, Array], ...]

    @classmethod
    def of(cls, curves: Sequence[Curve], sizes: Array, groups: Groups) -> Joint:
        """Return the joint curves; no group is larger than an audience it is a part of."""
        inside = groups.people @ groups.members
        fits = np.minimum(1.0, np.divide(sizes, inside, out=np.ones_like(sizes), where=inside > 0.0))
        shrunk = groups.people * np.where(groups.members, fits, 1.0).min(axis=1)
        answers = tuple(_carried_on(curve, size) for curve, size in zip(curves, sizes.tolist(), strict=True))
        return cls(tuple(curves), sizes, Groups(shrunk, groups.members), answers)

    def result(self, amounts: Array) -> float:
        """Return what the campaigns bring together."""
        alone = self._alone(amounts)
        return float(alone.sum() - self._twice(amounts, alone)[0].sum())

    def result_and_slope(self, amounts: Array) -> tuple[float, Array]:
        """Return the result and what one more unit of money would add in each campaign."""
        alone = self._alone(amounts)
        twice, by_money = self._twice(amounts, alone)
        pairs = zip(self.curves, amounts, strict=True)
        own = np.array([np.interp(amount, curve.money, curve.slope) for curve, amount in pairs])
        in_groups = (self.groups.people @ self.groups.members) / self.sizes
        return float(alone.sum() - twice.sum()), own * (1.0 - in_groups) + by_money / self.sizes

    def lost_share(self, amounts: Array) -> Array:
        """Return the share of each campaign's own result that is counted too often, shape (campaign,)."""
        alone = self._alone(amounts)
        twice = np.maximum(self._twice(amounts, alone)[0], 0.0)
        return np.divide(twice, alone, out=np.zeros_like(alone), where=alone > 0.0)

    def _alone(self, amounts: Array) -> Array:
        return np.array([curve.at(amount) for curve, amount in zip(self.curves, amounts, strict=True)])

    def _twice(self, amounts: Array, alone: Array) -> tuple[Array, Array]:
        """Return what is counted too often, laid to each campaign, and the slope of the groups by money a person.

        With s the money a person of each campaign, S their sum in a group, f the result against money a person:
        a group brings H = Σ (s/S)·f(S), and dH/ds = (f(S) − H + Σ s·f'(S)) / S.
        """
        members, people = self.groups.members, self.groups.people[:, None]
        parts = np.where(members, amounts / self.sizes, 0.0)
        pooled = np.maximum(parts.sum(axis=1, keepdims=True), 1e-300)
        brought, steepness = np.zeros(members.shape), np.zeros(members.shape)
        for place, (money, result) in enumerate(self.answers):
            rows = members[:, place]
            brought[rows, place] = np.interp(pooled[rows, 0], money, result)
            middles = 0.5 * (money[1:] + money[:-1])
            steepness[rows, place] = np.interp(pooled[rows, 0], middles, np.diff(result) / np.diff(money))
        weight = parts / pooled
        together = (weight * brought).sum(axis=1, keepdims=True)
        apart = np.where(members, alone / self.sizes, 0.0)
        twice = (people * (apart - weight * brought)).sum(axis=0)
        slope = (brought - together + (parts * steepness).sum(axis=1, keepdims=True)) / pooled
        return twice, np.asarray((people * np.where(members, slope, 0.0)).sum(axis=0))


def _carried_on(curve: Curve, size: float) -> tuple[Array, Array]:
    """Return money and result a person, carried on past the last point by the last elasticity, which stays."""
    money, result = curve.money / size, curve.value / size
    elasticity = np.log(result[-1] / result[-2]) / np.log(money[-1] / money[-2])
    further = np.geomspace(1.0, BEYOND, BEYOND_NODES)[1:]
    return np.concatenate((money, money[-1] * further)), np.concatenate((result, result[-1] * further**elasticity))
