"""What is chosen or typed on the screen, which town is meant, and the campaign it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.apps.web.formats import parse_number
from simulator.base.errors import InvalidInput, InvalidInputs
from simulator.campaign.campaign import AGES, DURATION_DAYS, PLATFORMS, Campaign, Targeting
from simulator.presentation.charts.curve import STEPS as STEPS
from simulator.reference.parameters import currencies
from simulator.reference.places import Found, currency_of, find_place, search_places, town_of_code
from simulator.reference.places.names import fold
from simulator.reference.places.place import Place

MATCHES, MATCHES_OF_CODE, ABROAD = 12, 60, 3
"""Towns proposed for what was typed, communes of a postal code, and namesakes in other countries."""


@dataclass(frozen=True)
class Lookup:
    """Towns that fit what was typed, the one meant if that is clear, or why there is none."""

    matches: tuple[Found, ...]
    meant: Found | None
    problem: InvalidInput | None


def look_up(text: str, country: str) -> Lookup:
    """Find the town that was typed.

    An exact name wins; a beginning proposes the best match; several towns of the same name ask for a choice.
    """
    if not text.strip():
        return Lookup((), None, InvalidInput("missing", field="place", allowed="a value"))
    try:
        matches = tuple(search_places(text, MATCHES_OF_CODE if text.strip().isdigit() else MATCHES, country))
        matches += _namesakes_abroad(text, country)
        meant = find_place(text, country)
    except InvalidInput as error:
        if error.code != "unknown_place":
            return Lookup(matches if error.code == "ambiguous_place" else (), None, on_field("place", error))
        if matches and len(fold(text)) > 1 and fold(matches[0].name).startswith(fold(text)):
            return Lookup(matches, matches[0], None)
        return Lookup(matches, None, on_field("place", error))
    others = tuple(found for found in matches if found.code != meant.code)
    return Lookup((meant, *others), meant, None)


def _namesakes_abroad(text: str, country: str) -> tuple[Found, ...]:
    """Return the largest towns of that very name in other countries."""
    found = search_places(text, MATCHES, None)
    return tuple(town for town in found if town.country_code != country and fold(town.name) == fold(text))[:ABROAD]


def look_up_anywhere(text: str, country: str) -> Found | None:
    """Find the town that was typed: in the country chosen, else in any, where one of that very name can be meant."""
    lookup = look_up(text, country)
    if lookup.meant or lookup.problem is None or lookup.problem.code != "unknown_place":
        return lookup.meant
    try:
        return find_place(text, None)
    except InvalidInput:
        return None


def key_of(town_: Found) -> str:
    """Return what names a town for good: its official code, abroad its name with its number."""
    return town_.code if town_.region else f"{town_.name} ({town_.code})"


def town(key: str, country: str | None) -> Found | None:
    """Return the town with this key (see ``key_of``), or with this code, if the country (None: any) has one."""
    found = town_of_code(key.rpartition(" (")[2].removesuffix(")"), country)
    return found if found and key in (found.code, key_of(found)) else None


def place_meant(key: str | None, text: str, country: str) -> str | None:
    """Return the key of the town that fits what is typed: the chosen one, else the one meant, None if unclear.

    The choice among namesakes and the text are two fields, and a late message may bring back the choice that belonged
    to an earlier text.
    """
    lookup = look_up(text, country)
    if key and key in map(key_of, lookup.matches):
        return key
    found = town(key, country) if key else None
    if found and fold(found.name) == fold(text):  # one of more namesakes than are proposed
        return key
    return key_of(lookup.meant) if lookup.meant else None


def meant_by(text: str, country: str) -> Lookup:
    """Find a town by its key or by what was typed."""
    found = town(text, country)
    return Lookup((found,), found, None) if found else look_up(text, country)


def on_field(field: str, error: InvalidInput) -> InvalidInput:
    """Return the error as one of a field of the screen."""
    return type(error)(error.code, **{**error.data, "field": field}) if type(error) is InvalidInput else error


DAYS = (3, 7, 14, 30)
OTHER = "other"
AGE_CHOICES = tuple(range(AGES[0], AGES[1] + 1))
MAX_SEED = 10**9
AIMS = ("budget", "goal")
GOAL_KINDS = ("people", "clicks", "enquiries")
GOAL_SURE = (50, 80)
"""Chances in a hundred of reaching a goal."""
MOST_MORE = 9
"""Towns beside the first, each with the same radius."""

GOALS = (
    *("link_clicks", "messages", "calls", "leads", "profile_visits", "boosted_post", "engagement", "video_views"),
    *("page_likes", "reach", "landing_page_views", "sales", "app_installs", "unknown"),
)
"""The goals offered. ``impressions`` is not: what is known of it is one curve of 2017 (docs/decisions/screen.md)."""

DEFAULTS: dict[str, Any] = {
    "place_kind": "circle",
    "country_code": "FR",
    "place_text": "Pau",
    "place": "64445",
    "also_places": [],
    "region": "FR-64",
    "radius_km": 25,
    "age_min": 25,
    "age_max": 54,
    "gender": "all",
    "interests": [],
    "objective": "link_clicks",
    "platforms": list(PLATFORMS),
    "creative_format": "photo",
    "start": "",
    "trade": "",
    "currency": "EUR",
    "tax": "none",
    "bought_in": "web",
    "special_category": "none",
    "all_in": False,
    "daily_budget": 5,
    "amount": "",
    "days": 7,
    "duration_days": "",
    "expert": False,
    "audience_size": "",
    "cap_times": "",
    "cap_days": "",
    "seed": "0",
    "aim": "budget",
    "goal_kind": "people",
    "goal_count": "5000",
    "goal_sure": 50,
}


OTHER_MONEY = "USD"
"""Stands where no rate of a country's own currency is known."""
USUAL_RADIUS_KM = {
    "bakery": 5,
    "butcher": 8,
    "hairdresser": 8,
    "beauty": 10,
    "florist": 10,
    "restaurant": 15,
    "chocolatier": 15,
    "garage": 12,
    "sewing": 12,
    "grooming": 12,
    "taxi": 15,
    "jewellery": 20,
    "brewery": 25,
    "potter": 30,
    "plumber": 25,
    "electrician": 25,
    "landscaper": 25,
    "joiner": 30,
    "mason": 30,
    "photographer": 35,
}
"""How far customers of a trade live, or how far it drives to them, km: an assumption of 29 November 2026."""


def home_currency(country: str) -> str:
    """Return the currency to begin with in a country."""
    return currency_of(country) if currency_of(country) in currencies() else OTHER_MONEY


def usual_radius_km(trade: str) -> int:
    """Return the radius to begin with for a trade, that of the start for another one."""
    return USUAL_RADIUS_KM.get(trade, DEFAULTS["radius_km"])


def country_chosen(state: Mapping[str, Any]) -> str:
    """Return the country of the place that is chosen."""
    return str(state["region"][:2] if state["place_kind"] == "region" else state["country_code"])


def followed(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes with the choices: the money with the country, the radius with the trade.

    What the person set to something else stays, and so does everything else.
    """
    new: dict[str, Any] = {}
    countries = country_chosen(before), country_chosen(now)
    if countries[0] != countries[1] and now["currency"] == home_currency(countries[0]):
        new["currency"] = home_currency(countries[1])
    if before["trade"] != now["trade"] and now["radius_km"] == usual_radius_km(before["trade"]):
        new["radius_km"] = usual_radius_km(now["trade"])
    return new


def goals_with(chosen: str) -> tuple[str, ...]:
    """Return the goals offered, and one more where a kept campaign or an address has it."""
    return GOALS if chosen in GOALS else (*GOALS, chosen)


@dataclass(frozen=True)
class Attempt:
    """A campaign, or what stands in its way: a problem by field of the screen.

    The targeting is there as soon as nothing is wrong with it, whatever the money.
    """

    campaign: Campaign | None
    targeting: Targeting | None
    problems: Mapping[str, InvalidInput]
    seed: int = 0


def attempt(state: Mapping[str, Any], language: str) -> Attempt:
    """Make the campaign of what was chosen, or say by field what is wrong."""
    problems: dict[str, InvalidInput] = {}
    entries = {
        "daily_budget": _daily_budget(state, language, problems),
        "duration_days": _duration(state, language, problems),
        "frequency_cap": _cap(state, language, problems),
        "currency": state["currency"],
        "budget_is": "all_in" if state["all_in"] else "media",
        "tax": state["tax"],
        "bought_in": state["bought_in"],
        "start": state["start"] or None,
        "objective": state["objective"],
        "platforms": tuple(name for name in PLATFORMS if name in (state["platforms"] or ())),
        "creative_format": state["creative_format"],
        "trade": state["trade"] or None,
    }
    seed = _seed(state, language, problems)
    targeting = _targeting(state, language, problems)
    # The rest is checked all the same, on a stand-in, so that every bad entry is explained at once.
    stand_in = targeting or Targeting(places=(Place.country("FR"),))
    usable = {name: value for name, value in entries.items() if name not in problems}
    if "daily_budget" in problems:
        usable["daily_budget"] = 1.0
    campaign = None
    try:
        campaign = Campaign(targeting=stand_in, **usable).in_special_category(state["special_category"])
        targeting = targeting and campaign.targeting
    except InvalidInput as error:
        _collect(error, problems)
    return Attempt(None if problems else campaign, targeting, problems, seed)


def _targeting(state: Mapping[str, Any], language: str, problems: dict[str, InvalidInput]) -> Targeting | None:
    place = _place(state, problems)
    others = _also(state, problems) if place and place.kind == "circle" else ()
    size = _typed(state, "audience_size", language, problems) if state["expert"] else None
    try:
        targeting = Targeting(
            places=(place or Place.country("FR"), *others),
            age_min=state["age_min"],
            age_max=state["age_max"],
            gender=state["gender"],
            interests=tuple(state["interests"]),
            audience_size=size,
        )
    except InvalidInput as error:
        _collect(error, problems)
        return None
    return targeting if place and "also_places" not in problems else None


def _also(state: Mapping[str, Any], problems: dict[str, InvalidInput]) -> tuple[Place, ...]:
    """Return the circles around further towns, all of the first one's radius."""
    chosen = tuple(state["also_places"] or ())
    if len(chosen) > MOST_MORE:
        allowed = f"at most {MOST_MORE}"
        problems["also_places"] = InvalidInput("too_many", field="also_places", received=len(chosen), allowed=allowed)
        return ()
    found = [meant_by(text, state["country_code"]) for text in chosen]
    for lookup in found:
        if lookup.meant is None and lookup.problem is not None:
            problems["also_places"] = on_field("also_places", lookup.problem)
            return ()
    return tuple(_circle(lookup.meant, state["radius_km"]) for lookup in found if lookup.meant)


def _circle(found: Found, radius_km: float) -> Place:
    return Place(
        kind="circle",
        country_code=found.country_code,
        code=found.code,
        latitude=found.latitude,
        longitude=found.longitude,
        radius_km=radius_km,
        label=found.name,
    )


def _place(state: Mapping[str, Any], problems: dict[str, InvalidInput]) -> Place | None:
    try:
        if state["place_kind"] == "country":
            return Place.country(state["country_code"])
        if state["place_kind"] == "region":
            return Place.region(state["region"])
        found = town(state["place"], state["country_code"]) if state["place"] else None
        if found is None:
            lookup = look_up(state["place_text"], state["country_code"])
            problems["place"] = lookup.problem or InvalidInput("missing", field="place", allowed="a value")
            return None
        return _circle(found, state["radius_km"])
    except InvalidInput as error:
        _collect(error, problems)
        return None


def _daily_budget(state: Mapping[str, Any], language: str, problems: dict[str, InvalidInput]) -> float | None:
    typed = _typed(state, "amount", language, problems, field="daily_budget")
    return typed if typed is not None or "daily_budget" in problems else float(state["daily_budget"])


def _duration(state: Mapping[str, Any], language: str, problems: dict[str, InvalidInput]) -> int:
    if state["days"] != OTHER:
        return int(state["days"])
    typed = _typed(state, "duration_days", language, problems, whole=True)
    if typed is None and "duration_days" not in problems:
        low, high = DURATION_DAYS
        problems["duration_days"] = InvalidInput(
            "missing", field="duration_days", allowed=f"{low} to {high} days", low=low, high=high, unit="days"
        )
    return 7 if typed is None else int(typed)


def _cap(state: Mapping[str, Any], language: str, problems: dict[str, InvalidInput]) -> tuple[int, int] | None:
    if not state["expert"]:
        return None
    keys = ("cap_times", "cap_days")
    parts = [_typed(state, key, language, problems, field="frequency_cap", whole=True) for key in keys]
    if all(part is None for part in parts) or "frequency_cap" in problems:
        return None
    if any(part is None for part in parts):
        problems["frequency_cap"] = InvalidInput("missing", field="frequency_cap", allowed="a value")
        return None
    return int(parts[0]), int(parts[1])


def _seed(state: Mapping[str, Any], language: str, problems: dict[str, InvalidInput]) -> int:
    """Return the seed of the draws: typed by experts, else the first."""
    typed = _typed(state, "seed", language, problems, whole=True) if state["expert"] else None
    if typed is not None and not 0 <= typed <= MAX_SEED:
        data = {"low": 0, "high": MAX_SEED, "allowed": f"0 to {MAX_SEED}"}
        problems["seed"] = InvalidInput("out_of_range", field="seed", received=f"{typed:.15g}", **data)
    return int(typed) if typed is not None and "seed" not in problems else 0


def _typed(
    state: Mapping[str, Any],
    key: str,
    language: str,
    problems: dict[str, InvalidInput],
    *,
    field: str | None = None,
    whole: bool = False,
) -> float | None:
    """Read one typed number: None where the field is empty or bad, the problem noted."""
    text = state[key] or ""
    if not text.strip():
        return None
    try:
        return parse_number(text, field or key, language, whole=whole)
    except InvalidInput as error:
        problems[field or key] = error
        return None


def _collect(error: InvalidInput, problems: dict[str, InvalidInput]) -> None:
    for problem in error.problems if isinstance(error, InvalidInputs) else (error,):
        field = field_of(problem)
        problems.setdefault(field, on_field(field, problem))


def field_of(problem: InvalidInput) -> str:
    """Return the field of the screen an error belongs to: ``targeting.places.0.radius_km`` is ``radius_km``."""
    named = [part for part in str(problem.data.get("field", "")).split(".") if part and not part.isdigit()]
    last = named[-1] if named else ""
    return {"name": "place", "places": "place", "code": "region", "age_max": "age_min"}.get(last, last)
