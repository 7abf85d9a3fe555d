"""What the user decides: whom to reach, with how much money, for how long, to what end.

All three models are frozen and validated at birth; an error says what was received and what is allowed.
Names of places, interests and currencies are checked against the package's tables: those look-ups are
imported inside the methods, the one exception to the direction of the layers on this page.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simulator.errors import InvalidInput, shown
from simulator.validated import Number, Text, Validated, Whole, in_range, one_of

OBJECTIVES = ("reach", "impressions", "link_clicks", "engagement", "leads", "boosted_post")
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
CAP_TIMES = (1, 1000)


def _tuple(value: object) -> tuple[Any, ...]:
    """A list or set becomes a tuple; one text is not a list of letters."""
    if isinstance(value, (list, set, frozenset)):
        return tuple(value)
    if isinstance(value, tuple):
        return value
    raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a list")


def _date(value: object) -> object:
    if isinstance(value, datetime.datetime) or not isinstance(value, (str, datetime.date)):
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a date such as 2026-12-01")
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a date such as 2026-12-01") from None


def _interest_codes(value: object) -> object:
    """Replace each interest by its code; a name in French or English is the same choice."""
    from simulator.interests import find_interest

    chosen = _tuple(value)
    if len(chosen) > MAX_INTERESTS:
        raise InvalidInput("too_many", field="", received=len(chosen), allowed=f"at most {MAX_INTERESTS}")
    return tuple(dict.fromkeys(find_interest(name).code for name in chosen))


Texts = Annotated[tuple[Text, ...], BeforeValidator(_tuple)]
Date = Annotated[datetime.date, BeforeValidator(_date)]


class Place(Validated):
    """A circle, a region or a country; keeps its coordinates, so that it never moves with a new table."""

    kind: Literal["circle", "region", "country"]
    country_code: Text
    code: Text = ""
    latitude: Number | None = None
    longitude: Number | None = None
    radius_km: Number | None = None
    label: Text = ""

    @classmethod
    def around(cls, name: str, country: str = "FR", radius_km: float = 25) -> Self:
        """Return the circle of ``radius_km`` (1 to 80) around a town found by name, postal code or code."""
        from simulator.places import find_place

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
        return cls(
            kind="circle",
            country_code=country,
            latitude=latitude,
            longitude=longitude,
            radius_km=radius_km,
            label=label,
        )

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
        """Complete the label of a region or a country from the table."""
        if not isinstance(entries, dict) or entries.get("label") or entries.get("kind") not in ("region", "country"):
            return entries
        from simulator.places import region_label

        code = entries.get("code")
        return {**entries, "label": region_label(code)} if isinstance(code, str) else entries

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        from simulator.places import check_country, region_label

        check_country(self.country_code)
        if self.kind == "circle":
            self._check_circle()
            return self
        region_label(self.code)
        if self.code[:2] != self.country_code:
            raise InvalidInput(
                "unknown_region", field="code", received=shown(self.code), allowed=f"one of {self.country_code}"
            )
        for field in ("latitude", "longitude", "radius_km"):
            if getattr(self, field) is not None:
                raise InvalidInput(
                    "wrong_type",
                    field=field,
                    received=shown(getattr(self, field)),
                    allowed=f"nothing for a {self.kind}",
                )
        return self

    def _check_circle(self) -> None:
        limits = (("latitude", -90.0, 90.0, "°"), ("longitude", -180.0, 180.0, "°"), ("radius_km", *RADIUS_KM, "km"))
        for field, low, high, unit in limits:
            value = getattr(self, field)
            if value is None:
                raise InvalidInput("missing", field=field, allowed=f"{low:g} to {high:g} {unit}")
            in_range(field, value, low, high, unit)


class Targeting(Validated):
    """Who may be shown the advertisement.

    ``age_max`` 65 means 65 and over. ``audience_size`` (people) replaces the estimate: fans of a page,
    a lookalike, a figure read on the platform. Interests are alternatives: one of them is enough.
    """

    places: Annotated[tuple[Place, ...], BeforeValidator(_tuple)]
    age_min: Whole = 18
    age_max: Whole = 65
    gender: Literal["all", "women", "men"] = "all"
    interests: Annotated[tuple[str, ...], BeforeValidator(_interest_codes)] = ()
    audience_size: Number | None = None
    excluded_places: Annotated[tuple[Place, ...], BeforeValidator(_tuple)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.places:
            raise InvalidInput("empty_choice", field="places", allowed="places such as Place.around('Pau')")
        for field in ("places", "excluded_places"):
            count = len(getattr(self, field))
            if count > MAX_PLACES:
                raise InvalidInput("too_many", field=field, received=count, allowed=f"at most {MAX_PLACES}")
        for field in ("age_min", "age_max"):
            in_range(field, getattr(self, field), *AGES, "years")
        if self.age_min > self.age_max:
            raise InvalidInput("age_order", field="age_min", received=f"{self.age_min}, {self.age_max}")
        if self.audience_size is not None and self.audience_size != 0:
            in_range("audience_size", self.audience_size, *AUDIENCE_SIZE, "people")
        return self


class Campaign(Validated):
    """One advertisement campaign: exactly one of ``daily_budget`` and ``total_budget``, in ``currency``.

    ``frequency_cap`` is (times, days): at most so many showings to a person in so many days.
    """

    targeting: Targeting
    daily_budget: Number | None = None
    duration_days: Whole = 7
    total_budget: Number | None = None
    currency: Text = "EUR"
    start: Date | None = None
    objective: Literal["reach", "impressions", "link_clicks", "engagement", "leads", "boosted_post"] = "link_clicks"
    platforms: Texts = PLATFORMS
    creative_format: Literal["photo", "video", "link", "status"] = "photo"
    trade: Text | None = None
    frequency_cap: Annotated[tuple[Whole, Whole], BeforeValidator(_tuple)] | None = Field(default=None)

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

    def with_daily_budget(self, daily_budget: float) -> Self:
        """Return the same campaign with another daily budget."""
        return self.replace(daily_budget=daily_budget, total_budget=None)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        in_range("duration_days", self.duration_days, *DURATION_DAYS, "days")
        self._check_platforms()
        self._check_budget()
        self._check_cap()
        if self.trade is not None:
            from simulator.parameters import trades

            one_of("trade", self.trade, trades())
        return self

    def _check_platforms(self) -> None:
        if not self.platforms:
            raise InvalidInput("empty_choice", field="platforms", allowed=", ".join(PLATFORMS))
        for platform in self.platforms:
            one_of("platforms", platform, PLATFORMS)
            if self.platforms.count(platform) > 1:
                raise InvalidInput("duplicate_choice", field="platforms", received=shown(platform))

    def _check_budget(self) -> None:
        from simulator.parameters import units_per_euro

        if self.daily_budget is None and self.total_budget is None:
            raise InvalidInput("no_budget", field="daily_budget")
        if self.daily_budget is not None and self.total_budget is not None:
            received = f"{self.daily_budget:g} and {self.total_budget:g}"
            raise InvalidInput("both_budgets", field="daily_budget", received=received)
        field = "daily_budget" if self.total_budget is None else "total_budget"
        days = 1 if field == "daily_budget" else self.duration_days
        most = DAILY_BUDGET_EUR[1] * units_per_euro(self.currency) * days
        value = getattr(self, field)
        if not 0 < value <= most:
            allowed = f"above 0, up to {most:,.0f} {self.currency}"
            raise InvalidInput(
                "out_of_range",
                field=field,
                received=f"{value:g}",
                allowed=allowed,
                low=0.0,
                high=most,
                unit=self.currency,
            )

    def _check_cap(self) -> None:
        if self.frequency_cap is None:
            return
        times, days = self.frequency_cap
        in_range("frequency_cap", times, *CAP_TIMES, "times")
        in_range("frequency_cap", days, *DURATION_DAYS, "days")
