"""What the user decides: whom to reach, with how much money, for how long, to what end.

All three models are frozen and validated at birth; an error says what was received and what is allowed.
Names of places, interests and currencies are checked against the package's tables: those look-ups are
imported inside the methods, the one exception to the direction of the layers on this page.
"""

from __future__ import annotations

import datetime
import math
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from simulator.errors import InvalidInput, shown
from simulator.validated import Number, Text, Validated, Whole, between, figure, in_range, list_up_to, one_of

OBJECTIVES = (
    *("reach", "impressions", "link_clicks", "engagement", "leads", "boosted_post"),
    *("sales", "messages", "calls", "video_views", "profile_visits", "page_likes"),
    *("landing_page_views", "app_installs", "unknown"),
)
PLATFORMS = ("facebook", "instagram")
GENDERS = ("all", "women", "men")
CREATIVE_FORMATS = ("photo", "video", "link", "status")
PLACE_KINDS = ("circle", "region", "country")

RADIUS_KM = (1.0, 80.0)
AGES = (13, 65)
DURATION_DAYS = (1, 365)
DAILY_BUDGET_EUR = (0.0, 100_000.0)
"""Above 0, up to this much a day in euro value."""
AUDIENCE_SIZE = (1.0, 5e9)
MAX_PLACES = 200
MAX_INTERESTS = 50
MAX_PLATFORMS = 20
CAP_TIMES = (1, 1000)
START = (datetime.date(2010, 1, 1), datetime.date(2100, 12, 31))
"""The years in which prices by month and their trend mean anything, generously."""


def _date(value: object) -> datetime.date:
    allowed = "a date such as 2026-12-01"
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed) from None
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
    from simulator.interests import find_interest

    codes = []
    for position, name in enumerate(names):
        try:
            codes.append(find_interest(name).code)
        except InvalidInput as error:
            raise error.at(str(position)) from None
    return tuple(dict.fromkeys(codes))


def _currency(code: str) -> str:
    from simulator.parameters import units_per_euro

    try:
        units_per_euro(code)
    except InvalidInput as error:
        raise error.at("") from None
    return code


def _objective(name: str) -> str:
    one_of("", name, OBJECTIVES)
    return name


def _trade(code: str) -> str:
    from simulator.parameters import trades

    one_of("", code, trades())
    return code


def _country(code: object) -> None:
    """Refuse what is no country; small letters and spaces are named, not corrected in silence."""
    from simulator.places import check_country

    try:
        check_country(code)  # type: ignore[arg-type]
    except InvalidInput as error:
        meant = code.strip().upper() if isinstance(code, str) else code
        if meant == code:
            raise
        check_country(meant)  # type: ignore[arg-type]
        raise InvalidInput(error.code, **{**error.data, "advice": f": {meant}"}) from None


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


class Place(Validated):
    """A circle, a region or a country; keeps its coordinates, so that it never moves with a new table."""

    kind: Literal["circle", "region", "country"]
    country_code: Text
    code: Text = ""
    latitude: Annotated[Number, between(-90, 90, "°")] | None = None
    longitude: Annotated[Number, between(-180, 180, "°")] | None = None
    radius_km: Annotated[Number, between(*RADIUS_KM, "km")] | None = None
    label: Text = ""

    @classmethod
    def around(cls, name: str, country: str = "FR", radius_km: float = 25) -> Self:
        """Return the circle of ``radius_km`` (1 to 80) around a town found by name, postal code or code."""
        from simulator.places import find_place

        _country(country)
        found = find_place(name, country)
        return cls(
            kind="circle",
            country_code=found.country_code,
            code=found.code,
            latitude=found.latitude,
            longitude=found.longitude,
            radius_km=radius_km,
            label=found.name,
        )

    @classmethod
    def at(cls, latitude: float, longitude: float, country: str = "FR", radius_km: float = 25, label: str = "") -> Self:
        """Return the circle around a point given in degrees (WGS 84)."""
        circle: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "radius_km": radius_km}
        return cls(kind="circle", country_code=country, label=label, **circle)

    @classmethod
    def region(cls, code: str) -> Self:
        """Return a region by code: ``FR-64`` (département), ``FR-NAQ``, ``CA-QC``, ``CA-QC-03``."""
        return cls(kind="region", country_code=str(code)[:2], code=code)

    @classmethod
    def country(cls, code: str) -> Self:
        """Return a country by its two-letter code."""
        return cls(kind="country", country_code=code, code=code)

    @property
    def population(self) -> float:
        """People living there, all ages."""
        from simulator.places import population

        return population(self)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, entries: Any) -> Any:
        """Complete the label of a region or a country from the table; a wrong code is refused afterwards."""
        from simulator.places import region_label

        if not isinstance(entries, dict):
            return entries
        texts = [entries.get(name, "") for name in ("kind", "code", "label")]
        if not all(isinstance(one, str) for one in texts) or texts[0] not in ("region", "country") or texts[2]:
            return entries  # what is no text is refused by its own check
        try:
            return {**entries, "label": region_label(texts[1])}
        except InvalidInput:
            return entries

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "region":
            self._check_region()
        _country(self.country_code)
        if self.kind == "country" and self.code != self.country_code:
            raise InvalidInput("unknown_choice", field="code", received=shown(self.code), allowed=self.country_code)
        for field in ("latitude", "longitude", "radius_km"):
            value = getattr(self, field)
            if self.kind == "circle" and value is None:
                raise InvalidInput("missing", field=field, allowed="a value")
            if self.kind != "circle" and value is not None:
                allowed = f"nothing for a {self.kind}"
                raise InvalidInput("wrong_type", field=field, received=figure(value), allowed=allowed)
        return self

    def _check_region(self) -> None:
        from simulator.places import region_label

        region_label(self.code)
        if self.code[:2] != self.country_code or len(self.code) == 2:
            allowed = f"a region of {shown(self.country_code)} is needed; for a whole country use Place.country"
            raise InvalidInput("unknown_region", field="code", received=shown(self.code), allowed=allowed)


class Targeting(Validated):
    """Who may be shown the advertisement.

    ``age_max`` 65 means 65 and over. ``audience_size`` (people) replaces the estimate: fans of a page,
    a lookalike, a figure read on the platform. Interests are alternatives: one of them is enough.
    """

    places: Annotated[tuple[Place, ...], list_up_to(MAX_PLACES)]
    age_min: Age = 18
    age_max: Age = 65
    gender: Literal["all", "women", "men"] = "all"
    interests: Annotated[tuple[Text, ...], list_up_to(MAX_INTERESTS), AfterValidator(_interest_codes)] = ()
    audience_size: Annotated[Number, AfterValidator(_audience_size)] | None = None
    excluded_places: Annotated[tuple[Place, ...], list_up_to(MAX_PLACES)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.places:
            raise InvalidInput("empty_choice", field="places", allowed="places such as Place.around('Pau')")
        if self.age_min > self.age_max:
            raise InvalidInput("age_order", field="age_min", received=f"{self.age_min}, {self.age_max}")
        return self


class Campaign(Validated):
    """One advertisement campaign: exactly one of ``daily_budget`` and ``total_budget``, in ``currency``.

    ``frequency_cap`` is (times, days): at most so many showings to a person in so many days.
    """

    targeting: Targeting
    daily_budget: Number | None = None
    duration_days: Days = 7
    total_budget: Number | None = None
    currency: Annotated[Text, AfterValidator(_currency)] = "EUR"
    start: Date | None = None
    objective: Annotated[Text, AfterValidator(_objective)] = "link_clicks"
    platforms: Annotated[tuple[Text, ...], list_up_to(MAX_PLATFORMS), AfterValidator(_platforms)] = PLATFORMS
    creative_format: Literal["photo", "video", "link", "status"] = "photo"
    trade: Annotated[Text, AfterValidator(_trade)] | None = None
    frequency_cap: Annotated[tuple[Times, Days], BeforeValidator(_pair)] | None = None

    @property
    def spend_per_day(self) -> float:
        """Money a day, in ``currency``, whichever budget was given."""
        if self.daily_budget is not None:
            return self.daily_budget
        return (self.total_budget or 0.0) / self.duration_days

    @property
    def spend_planned(self) -> float:
        """Money over the whole campaign, in ``currency``."""
        return self.spend_per_day * self.duration_days

    @property
    def most_per_day(self) -> int:
        """Largest daily budget, in ``currency``; rounded down, so that all up to the printed amount is allowed."""
        from simulator.parameters import units_per_euro

        return math.floor(DAILY_BUDGET_EUR[1] * units_per_euro(self.currency))

    def with_daily_budget(self, daily_budget: float) -> Self:
        """Return the same campaign with another daily budget."""
        return self.replace(daily_budget=daily_budget, total_budget=None)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.daily_budget is None and self.total_budget is None:
            raise InvalidInput("no_budget", field="daily_budget")
        if self.daily_budget is not None and self.total_budget is not None:
            received = f"{figure(self.daily_budget)} and {figure(self.total_budget)}"
            raise InvalidInput("both_budgets", field="daily_budget", received=received)
        field, days = ("daily_budget", 1) if self.total_budget is None else ("total_budget", self.duration_days)
        value = getattr(self, field)
        most = self.most_per_day * days
        if not DAILY_BUDGET_EUR[0] < value <= most:
            allowed = f"above 0, up to {most:,} {self.currency}"
            limits = {"low": DAILY_BUDGET_EUR[0], "high": float(most), "unit": self.currency}
            raise InvalidInput("out_of_range", field=field, received=figure(value), allowed=allowed, **limits)
        return self
