"""A campaign to be judged: who, where, at what prices, with how much money; told to referee and reference alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.referee.dense import Group
from tests.referee.market import Outcome, run
from tests.referee.pacing import multiplier_for
from tests.referee.people import Platform, Segment


@dataclass(frozen=True)
class Case:
    """One setting of the comparison.

    Attributes
    ----------
    budget_share : float
        Daily budget over the money that all eligible slots of a day cost; above 1 the inventory ends first.
    opportunities : float
        Eligible slots to simulate: sets the size of the audience.
    slots_per_day, platform_price, platform_appeal : tuple of float (platform,)
        Eligible slots a person and day, price and response beside the common ones.
    presence : tuple (row, platform)
        Platforms on which the people of a row are met.
    cell_price : tuple of float (cell,)
        Mean competing price of a slot at a platform price of one.
    cap : (showings, days), optional
    focus : float
        Sampling of people by the referee (people.py).
    """

    name: str
    days: int
    budget_share: float
    opportunities: float
    persistence: float = 0.4
    activity_shape: float = 0.9
    price_dispersion: float = 0.4
    value_dispersion: float = 0.3
    wear: float = 0.43
    slots_per_day: tuple[float, ...] = (3.0,)
    platform_price: tuple[float, ...] = (1.0,)
    platform_appeal: tuple[float, ...] = (1.0,)
    presence: tuple[tuple[bool, ...], ...] = ((True,),)
    cell_price: tuple[float, ...] = (0.004,)
    cap: tuple[int, int] | None = None
    focus: float = 1.0
    seed: int = 0

    @property
    def people(self) -> int:
        """People in each row of each cell."""
        of_rows = sum(sum(self._of_row(row, self.slots_per_day)) for row in self.presence)
        return round(self.opportunities / (self.days * of_rows * len(self.cell_price)))

    @property
    def price_log_sd(self) -> float:
        """σp, from σe = σp²/s and δ = σv²/s, whose sum is s."""
        return math.sqrt(self.price_dispersion * (self.price_dispersion + self.value_dispersion))

    @property
    def value_log_sd(self) -> float:
        """σv."""
        return math.sqrt(self.value_dispersion * (self.price_dispersion + self.value_dispersion))

    @property
    def daily_budget(self) -> float:
        """Money a day."""
        of_rows = sum(
            sum(slots * price for slots, price in zip(*self._slots_and_prices(row), strict=True))
            for row in self.presence
        )
        return self.budget_share * self.people * of_rows * sum(self.cell_price)

    def segments(self) -> list[Segment]:
        """Return the people for the referee, row after row, cells within."""
        return [self._segment(row, price) for row in self.presence for price in self.cell_price]

    def groups(self) -> list[Group]:
        """Return the people for the dense reference, in the same order."""
        return [self._group(row, price) for row in self.presence for price in self.cell_price]

    def judged(self) -> Outcome:
        """Let the referee count. Its bid is set for the budget as if there were no cap."""
        segments = self.segments()
        multiplier = multiplier_for(segments, self.daily_budget)
        return run(segments, self.days, multiplier, self.cap, self.wear, self.seed, focus=self.focus)

    def _of_row(self, row: tuple[bool, ...], values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(value for value, present in zip(values, row, strict=True) if present)

    def _slots_and_prices(self, row: tuple[bool, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return self._of_row(row, self.slots_per_day), self._of_row(row, self.platform_price)

    def _segment(self, row: tuple[bool, ...], cell_price: float) -> Segment:
        slots, prices = self._slots_and_prices(row)
        appeals = self._of_row(row, self.platform_appeal)
        entries = zip(slots, prices, appeals, strict=True)
        return Segment(
            people=self.people,
            slots_per_day=sum(slots),
            activity_shape=self.activity_shape,
            persistence=self.persistence,
            price_log_sd=self.price_log_sd,
            value_log_sd=self.value_log_sd,
            log_price_mean=math.log(cell_price) - 0.5 * self.price_log_sd**2,
            log_value_mean=-0.5 * self.value_log_sd**2,
            platforms=tuple(Platform(each / sum(slots), math.log(price), appeal) for each, price, appeal in entries),
        )

    def _group(self, row: tuple[bool, ...], cell_price: float) -> Group:
        slots, prices = self._slots_and_prices(row)
        return Group(
            people=self.people,
            shape=self.activity_shape,
            persistence=self.persistence,
            price_log_sd=self.price_log_sd,
            value_log_sd=self.value_log_sd,
            slots_per_day=slots,
            mean_price=tuple(cell_price * price for price in prices),
            appeal=self._of_row(row, self.platform_appeal),
        )
