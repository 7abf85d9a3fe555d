"""One number with unit, range, origin, date and sources; how large it can be; and those that only the user can give."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, Field
from scipy.special import expit, logit, ndtri

from simulator.base.validation import finite_at, in_range

MONEY = (1e-6, 1e9)
"""Any price in its own currency: no coin is smaller, and nobody orders for more."""
FIGURE = (1e-12, 1e12)
"""Any other number that is not 0, by its size: squares and products of such numbers stay finite."""

CLICK_RATE = "link clicks/impression"
"""Unit of which nobody has more than 1: an impression has one click on its link, or none."""


def beyond(parameter: Parameter) -> tuple[str, str] | None:
    """Return the first number of a parameter that is too large or too small, and what is allowed."""
    least, most = MONEY if parameter.currency else FIGURE
    for number in (parameter.value, parameter.low, parameter.high):
        size = number if parameter.currency else abs(number)
        if not least <= size <= most and (number or parameter.currency):
            zero = "" if parameter.currency else "0, or by its size "
            unit = "" if parameter.unit == "1" else f" {parameter.unit}"
            return f"received {number:g}", f"allowed: {zero}{least:g} to {most:g}{unit}"
        if parameter.unit == CLICK_RATE and number > 1.0:
            return f"received {number:g} (that is {number:.0%})", "allowed: at most 1, which is 100 %; 2 % is 0.02"
    return None


Family = Literal["lognormal", "normal", "logitnormal", "uniform", "fixed"]
Origin = Literal["measured", "published", "calibrated", "assumption"]
Group = Literal["audience", "price", "delivery", "response", "rule"]
GROUPS: tuple[str, ...] = get_args(Group)
State = Literal["", "sure", "said", "to_check"]
STATES: tuple[str, ...] = get_args(State)[1:]
"""How firm a rule of the platform is: in its own words, said by several others, or not yet confirmed."""


Text = Annotated[str, Field(strict=True, pattern=r"\S")]
"""A text that says something."""
Day = Annotated[datetime.date, Field(strict=True)]


class Source(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """Where a number was read, and about whom it speaks."""

    title: Text
    publisher: Text
    locator: Text
    accessed: Day
    population: Text
    licence: Text = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with unit, range, origin, date and sources.

    The interval ``low`` to ``high`` holds the share ``level`` of the belief, with equal shares outside on
    either side, and half of the belief lies below ``value``. A value that is not in the middle of its range
    (on the natural scale of ``family``) has a wider half and a narrower one.

    Attributes
    ----------
    key : str
        ``file.name`` or, for one entry of a keyed table, ``file.name.label``.
    table : str
        Key of the keyed table, whose entries share one relative range; empty for a single number.
    group : str
        Source of uncertainty that its width is attributed to, one of ``GROUPS``.
    valid_from : datetime.date
        Day from which the number holds.
    reason : str
        Why this number, given always for an assumption.
    currency, country : str
        For prices: of what money and where; empty elsewhere.
    price_year : int
        For prices: the year of the price, taken to hold at its middle; 0 elsewhere.
    currency_assumed : bool
        The publisher states no currency: ``currency`` is our assumption.
    state : str
        For a published rule, one of ``STATES``; empty elsewhere.
    recheck_by : datetime.date or None
        For a published rule: the day by which it must be looked at again.
    valid_to : datetime.date or None
        First day on which the number no longer holds; none where it still does.
    """

    key: str
    value: float
    unit: str
    description: str
    family: str
    low: float
    high: float
    level: float
    origin: str
    valid_from: datetime.date
    sources: tuple[Source, ...]
    group: str
    reason: str = ""
    table: str = ""
    currency: str = ""
    country: str = ""
    price_year: int = 0
    currency_assumed: bool = False
    state: str = ""
    recheck_by: datetime.date | None = None
    valid_to: datetime.date | None = None

    def holds_on(self, day: datetime.date | None) -> bool:
        """Return whether the number holds on a day; without a day, whether it holds until further notice."""
        if day is None:
            return self.valid_to is None
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def median(self) -> float:
        """The value: half of the belief lies on either side (``uniform``: see ``quantile``)."""
        return self.value

    @property
    def is_assumption(self) -> bool:
        """Whether nobody has published or measured it."""
        return self.origin == "assumption"

    @property
    def sd(self) -> float:
        """Standard deviation on the natural scale: of the logarithm, the logit or the number itself."""
        if self.family == "fixed":
            return 0.0
        if self.family == "uniform":
            return (self.high - self.low) / self.level / math.sqrt(12.0)
        return sum(self._halves()) / 2.0

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm, exact for ``lognormal``, else to first order."""
        if self.family == "logitnormal":
            return self.sd * (1.0 - self.value)
        if self.family in ("normal", "uniform"):
            return self.sd / abs(self.value) if self.value else math.inf
        return self.sd

    def quantile(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the quantiles at ``u``.

        Parameters
        ----------
        u : array, any shape
            Probabilities strictly between 0 and 1.

        Returns
        -------
        array, shape of ``u``
            In ``unit``. At 0.5 exactly ``value``, except for ``uniform``, which has its middle there.
        """
        chances = np.asarray(u, dtype=np.float64)
        if self.family == "fixed":
            return np.full(chances.shape, self.value)
        if self.family == "uniform":
            margin = (self.high - self.low) * (1.0 / self.level - 1.0) / 2.0
            return (self.low - margin) + (self.high - self.low + 2.0 * margin) * chances
        below, above = self._halves()
        step = ndtri(chances)
        step = np.where(step < 0.0, below, above) * step
        if self.family == "lognormal":
            return np.asarray(self.value * np.exp(step))
        if self.family == "normal":
            return np.asarray(self.value + step)
        moved = expit(logit(self.value) + step)
        return np.where(step == 0.0, self.value, moved)

    def _halves(self) -> tuple[float, float]:
        """Standard deviations below and above the value, on the natural scale."""
        width = float(ndtri(0.5 + self.level / 2.0))
        low, value, high = (to_scale(self.family, number) for number in (self.low, self.value, self.high))
        return (value - low) / width, (high - value) / width


def to_scale(family: str, value: float) -> float:
    """Return ``value`` on the scale on which ``family`` is symmetric."""
    if family == "lognormal":
        return math.log(value)
    if family == "logitnormal":
        return math.log(value / (1.0 - value))
    return value


def from_scale(family: str, value: float) -> float:
    """Undo ``to_scale``."""
    if family == "lognormal":
        return math.exp(value)
    if family == "logitnormal":
        return 1.0 / (1.0 + math.exp(-value))
    return value


# What an account knows of itself stands in no parameter file, since nobody but the user can know it; given, it is a
# parameter as any other, with unit, range and reason, in the digest and in the overrides of a scenario.
OWN_CPM = "own.cpm"
OWN_CLICK_RATE = "own.click_rate"
DOUBT = {OWN_CPM: "delivery.model_error", OWN_CLICK_RATE: "response.creative_spread"}
"""Parameter whose range is the doubt where the user states none: how campaigns of one account differ."""
LIMITS = {OWN_CPM: (0.01, 1_000.0), OWN_CLICK_RATE: (1e-4, 0.5)}
"""Beyond them it is a slip of the unit: euros per 1,000 impressions; link clicks per impression (2 is not 2 %)."""
LEVEL = 0.8
PLACEHOLDER = 0.01
"""Never used: the range of the parameter is built around it, and moves along with what the user gives."""
SPREADS = (1.0, 10.0)
UNITS = {OWN_CPM: "EUR per 1,000 impressions", OWN_CLICK_RATE: "link clicks/impression"}
DESCRIPTIONS = {
    OWN_CPM: "Cost of a thousand impressions that the user's account pays",
    OWN_CLICK_RATE: "Link clicks per impression that the user's account gets",
}
SOURCE = Source(
    title="The user's own campaigns",
    publisher="the user",
    locator="given with the forecast",
    accessed=datetime.date(2026, 11, 29),
    population="one account",
)


def unset(key: str, known: Mapping[str, Parameter]) -> Parameter:
    """Return the parameter to be filled in by the user, its range as wide as campaigns of an account differ."""
    doubt, value = known[DOUBT[key]], PLACEHOLDER
    return Parameter(
        key=key,
        value=value,
        unit=UNITS[key],
        description=DESCRIPTIONS[key],
        family="lognormal",
        low=value * doubt.low / doubt.value,
        high=value * doubt.high / doubt.value,
        level=doubt.level,
        origin="assumption",
        valid_from=doubt.valid_from,
        sources=(SOURCE,),
        group="price" if key == OWN_CPM else "response",
        reason="Not given.",
    )


def change_of(
    key: str,
    field: str,
    given: object,
    spread: object,
    said: str,
    unit: str = "(a fraction: 0.02 is 2 %)",
    rate: float = 1.0,
) -> dict[str, Any]:
    """Return the change that sets what the user gave, ``rate`` units of it to one of the parameter.

    Raises
    ------
    InvalidInput
        ``not_a_number`` or ``out_of_range``, in the unit of the user.
    """
    value = finite_at(field, given)
    low, high = (rate * limit for limit in LIMITS[key])
    in_range(field, value, low, high, unit)
    change: dict[str, Any] = {"value": value / rate, "origin": "assumption", "reason": said}
    if spread is None:
        return change
    factor = finite_at("spread", spread)
    in_range("spread", factor, *SPREADS, "times")
    if factor == 1.0:
        return {**change, "range": {"family": "fixed"}}
    low, high = value / rate / factor, value / rate * factor
    return {**change, "range": {"family": "lognormal", "low": low, "high": high, "level": LEVEL}}
