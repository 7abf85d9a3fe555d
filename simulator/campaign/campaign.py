"""What the user decides: whom to reach, with how much money, for how long, to what end.

Both models are frozen and checked when made; an error says what was received and what is allowed.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Text, Validated, Whole, between, figure, in_range, list_up_to, one_of
from simulator.campaign.objectives import CAPPED, Objective, objective_named
from simulator.reference.interests import find_interest
from simulator.reference.parameters import special_radius, tax_situations, trades, units_per_euro
from simulator.reference.places.place import Place

PLATFORMS = ("facebook", "instagram")
GENDERS = ("all", "women", "men")
SPECIAL_CATEGORIES = ("none", "employment", "housing", "credit")
CREATIVE_FORMATS = ("photo", "video", "link", "status")

AGES = (13, 65)
DURATION_DAYS = (1, 365)
DAILY_BUDGET_EUR = (0.0, 100_000.0)
"""Above 0, up to this much a day in euro value."""
AUDIENCE_SIZE = (1.0, 5e9)
MAX_PLACES = 200
MAX_INTERESTS = 50
MAX_PLATFORMS = 20
CAP_TIMES = (1, 90)
CAP_DAYS = (1, 90)
"""Frequency caps that are sold: so many times in so many days."""
START = (datetime.date(2010, 1, 1), datetime.date(2100, 12, 31))
"""The years in which prices by month and their trend mean anything, generously."""


def _date(value: object) -> datetime.date:
    allowed = "a date such as 2026-12-01"
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed) from None
    if isinstance(value, datetime.datetime) and value == value.replace(hour=0, minute=0, second=0, microsecond=0):
        # A day of pandas or numpy; an hour or a zone would be lost without a word.
        value = value if value.tzinfo else value.date()
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed)
    if not START[0] <= value <= START[1]:
        raise InvalidInput("out_of_range", field="", received=shown(value), allowed=f"{START[0]} to {START[1]}")
    return value


def _pair(value: object) -> object:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="two numbers: times, days")
    return tuple(value)


def _interest_codes(names: tuple[str, ...]) -> tuple[str, ...]:
    """Replace each interest by its code; a name in French or English is the same choice."""
    codes = []
    for position, name in enumerate(names):
        try:
            codes.append(find_interest(name).code)
        except InvalidInput as error:
            raise error.at(str(position)) from None
    return tuple(dict.fromkeys(codes))


def _currency(code: str) -> str:
    try:
        units_per_euro(code)
    except InvalidInput as error:
        raise error.at("") from None
    return code


def _trade(code: str) -> str:
    one_of("", code, trades())
    return code


def _tax(situation: str) -> str:
    one_of("", situation, tax_situations())
    return situation


def _audience_size(people: float) -> float:
    """Zero is an answer (nobody), a part of a person is not."""
    if people != 0.0:
        in_range("", people, *AUDIENCE_SIZE, "people")
    return people


def _platforms(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise InvalidInput("empty_choice", field="", allowed=", ".join(PLATFORMS))
    for name in names:
        one_of("", name, PLATFORMS)
        if names.count(name) > 1:
            raise InvalidInput("duplicate_choice", field="", received=shown(name))
    return names


Date = Annotated[datetime.date, BeforeValidator(_date)]
Age = Annotated[Whole, between(*AGES, "years")]
Days = Annotated[Whole, between(*DURATION_DAYS, "days")]
Times = Annotated[Whole, between(*CAP_TIMES, "times")]
CapDays = Annotated[Whole, between(*CAP_DAYS, "days")]


class Targeting(Validated):
    """Who may be shown the advertisement.

    Attributes
    ----------
    places : list of Place
        1 to 200; their union counts, nobody twice.
    age_min, age_max : int
        Years, 13 to 65, both included; an ``age_max`` of 65 means 65 and over.
    gender : str
        all, women or men.
    interests : list of str
        Up to 50, by code or by name in French or English. They are alternatives: one of them is enough.
    audience_size : float, optional
        People, 1 to 5 billion, or 0; replaces the estimate: fans of a page, a lookalike, a figure read on the platform.
    excluded_places : list of Place
        Up to 200; whoever lives there is left out.

    Examples
    --------
    >>> Targeting([Place.around("Pau", radius_km=15)], age_min=25, age_max=54, interests=["cooking"]).gender
    'all'
    """

    places: Annotated[Sequence[Place], list_up_to(MAX_PLACES)]
    age_min: Age = 18
    age_max: Age = 65
    gender: Literal["all", "women", "men"] = "all"
    interests: Annotated[Sequence[Text], list_up_to(MAX_INTERESTS), AfterValidator(_interest_codes)] = ()
    audience_size: Annotated[Number, AfterValidator(_audience_size)] | None = None
    excluded_places: Annotated[Sequence[Place], list_up_to(MAX_PLACES)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.places:
            raise InvalidInput("empty_choice", field="places", allowed="places such as Place.around('Pau')")
        if self.age_min > self.age_max:
            raise InvalidInput("age_order", field="age_min", received=f"{self.age_min}, {self.age_max}")
        return self


class Campaign(Validated):
    """One advertisement campaign: a target, a budget, a duration, an objective.

    Attributes
    ----------
    targeting : Targeting
    daily_budget, total_budget : float, optional
        In ``currency``; exactly one of the two, above 0, up to 100,000 euros in value a day.
    duration_days : int
        1 to 365.
    currency : str
        Three letters such as EUR or CAD.
    start : date, optional
        First day, 2010 to 2100, also as a text such as "2026-12-01". Prices follow the month where it is given.
    objective : str
        One of ``OBJECTIVES``, or the platform's own name for it; ``unknown`` is a mixture of all.
    platforms : list of str
        facebook, instagram or both.
    creative_format : str
        photo, video, link or status.
    trade : str, optional
        One of ``simulator.reference.parameters.trades()``, such as bakery: its response instead of the average one.
    frequency_cap : (int, int), optional
        (times, days): at most so many showings to a person in so many days; 1 to 90 times in 1 to 90
        days, and only with the objectives reach and video_views. It is aimed at, not guaranteed.
    budget_is : str
        media: the budget is the money on showings; all_in: all that may leave the account, fees and tax included.
    tax : str
        Tax situation of the business: none (before taxes), fr_franchise, fr_vat, qc_no_numbers, …; see ``bill``.
    bought_in : str
        Where the advertisement is bought: web, android or ios.
    special_category : str
        none, employment, housing or credit: must be declared in France and in Canada, and then ages are 18 to 65,
        of both sexes, without interests and excluded places, in circles of at least 15 km (Canada 25 km); see
        ``in_special_category``.

    Examples
    --------
    >>> campaign = Campaign(Targeting([Place.around("Pau")]), daily_budget=5, duration_days=14)
    >>> campaign.spend_planned
    70.0
    >>> campaign.replace(daily_budget=8).spend_planned
    112.0
    """

    targeting: Targeting
    daily_budget: Number | None = None
    duration_days: Days = 7
    total_budget: Number | None = None
    currency: Annotated[Text, AfterValidator(_currency)] = "EUR"
    start: Date | None = None
    objective: Annotated[Objective, BeforeValidator(objective_named)] = "link_clicks"
    platforms: Annotated[Sequence[Text], list_up_to(MAX_PLATFORMS), AfterValidator(_platforms)] = PLATFORMS
    creative_format: Literal["photo", "video", "link", "status"] = "photo"
    trade: Annotated[Text, AfterValidator(_trade)] | None = None
    frequency_cap: Annotated[tuple[Times, CapDays], BeforeValidator(_pair)] | None = None
    budget_is: Literal["media", "all_in"] = "media"
    tax: Annotated[Text, AfterValidator(_tax)] = "none"
    bought_in: Literal["web", "android", "ios"] = "web"
    special_category: Literal["none", "employment", "housing", "credit"] = "none"

    @property
    def spend_per_day(self) -> float:
        """Money a day, in ``currency``, whichever budget was given; of the kind that ``budget_is`` says."""
        if self.daily_budget is not None:
            return self.daily_budget
        return (self.total_budget or 0.0) / self.duration_days

    @property
    def spend_planned(self) -> float:
        """Money over the whole campaign, in ``currency``."""
        return self.spend_per_day * self.duration_days

    @property
    def days(self) -> tuple[datetime.date, ...]:
        """The days it runs; none without a start."""
        if self.start is None:
            return ()
        return tuple(self.start + datetime.timedelta(days=day) for day in range(self.duration_days))

    @property
    def most_per_day(self) -> int:
        """Largest daily budget, in ``currency``; rounded down, so that all up to the printed amount is allowed."""
        return math.floor(DAILY_BUDGET_EUR[1] * units_per_euro(self.currency))

    def with_daily_budget(self, daily_budget: float) -> Self:
        """Return the same campaign with another daily budget."""
        return self.replace(daily_budget=daily_budget, total_budget=None)

    def in_special_category(self, category: str) -> Self:
        """Return the campaign in a special category, with the nearest target that can then be had."""
        if category == "none":
            return self.replace(special_category=category)
        return self.replace(targeting=_as_allowed(self.targeting, category), special_category=category)

    @model_validator(mode="after")
    def _special(self) -> Self:
        if self.special_category != "none":
            allowed = _as_allowed(self.targeting, self.special_category)
            for name in Targeting.model_fields:
                received, possible = getattr(self.targeting, name), getattr(allowed, name)
                if received != possible:
                    raise InvalidInput(
                        "special_category",
                        field=f"targeting.{name}",
                        received=self.special_category,
                        allowed=_said(possible),
                    )
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.daily_budget is None and self.total_budget is None:
            raise InvalidInput("no_budget", field="daily_budget")
        if self.daily_budget is not None and self.total_budget is not None:
            received = f"{figure(self.daily_budget)} and {figure(self.total_budget)}"
            raise InvalidInput("both_budgets", field="daily_budget", received=received)
        if self.frequency_cap is not None and self.objective not in CAPPED:
            allowed = ", ".join(CAPPED)
            raise InvalidInput("no_cap", field="frequency_cap", received=self.objective, allowed=allowed)
        field, days = ("daily_budget", 1) if self.total_budget is None else ("total_budget", self.duration_days)
        value = getattr(self, field)
        most = self.most_per_day * days
        if not DAILY_BUDGET_EUR[0] < value <= most:
            allowed = f"above 0, up to {most:,} {self.currency}"
            limits = {"low": DAILY_BUDGET_EUR[0], "high": float(most), "unit": self.currency}
            raise InvalidInput("out_of_range", field=field, received=figure(value), allowed=allowed, **limits)
        return self


def without_unsold_cap(entries: object) -> tuple[object, tuple[str, ...]]:
    """Return a campaign's plain values without a frequency cap that is no longer sold, and what was left out.

    Caps were once taken with every objective, up to 1,000 times in 365 days. What was kept then must open; what
    never was a cap stays, to be refused.
    """
    if not isinstance(entries, Mapping) or isinstance(entries.get("frequency_cap"), (str, type(None))):
        return entries, ()
    try:
        times, days = entries["frequency_cap"]
        once = 1 <= times <= ONCE_TIMES and 1 <= days <= DURATION_DAYS[1]
        sold = times <= CAP_TIMES[1] and days <= CAP_DAYS[1]
        sold = sold and objective_named(entries.get("objective", "link_clicks")) in CAPPED
    except (InvalidInput, TypeError, ValueError):
        return entries, ()
    if sold or not once:
        return entries, ()
    return {**entries, "frequency_cap": None}, ("frequency_cap",)


ONCE_TIMES = 1000
"""The largest cap of version 0.1, times."""


SPECIAL_AGES = (18, AGES[1])


def _as_allowed(targeting: Targeting, category: str) -> Targeting:
    """Return the nearest target that a special category allows."""
    countries = {place.country_code for place in targeting.places}
    changes: dict[str, object] = {"gender": "all", "interests": (), "excluded_places": ()}
    # Credit in Europe may choose ages.
    if category != "credit" or countries != {"FR"}:
        changes.update(age_min=SPECIAL_AGES[0], age_max=SPECIAL_AGES[1])
    changes["places"] = tuple(_widened(place) for place in targeting.places)
    return targeting.replace(**changes)


def _widened(place: Place) -> Place:
    least = special_radius(place.country_code)
    return place.replace(radius_km=least) if place.radius_km is not None and place.radius_km < least else place


def _said(possible: object) -> str:
    """Return what a special category allows, in words."""
    if isinstance(possible, tuple):
        circles = [one for one in possible if isinstance(one, Place) and one.radius_km is not None]
        return f"a radius of at least {special_radius(circles[0].country_code):g} km" if circles else "none"
    return str(possible)
