"""The choices in the address of the page: names of the campaign's fields, codes, the same in both languages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from simulator.apps.web.choices import (
    AGE_CHOICES,
    DAYS,
    DEFAULTS,
    GOAL_KINDS,
    GOAL_SURE,
    MOST_MORE,
    OTHER,
    attempt,
    country_chosen,
    home_currency,
    key_of,
    look_up_anywhere,
    meant_by,
    town,
)
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import (
    CREATIVE_FORMATS,
    DURATION_DAYS,
    GENDERS,
    MAX_INTERESTS,
    PLATFORMS,
    SPECIAL_CATEGORIES,
    Campaign,
)
from simulator.campaign.objectives import OBJECTIVES
from simulator.reference.interests import find_interest
from simulator.reference.parameters import DOORS, currencies, tax_situations, trades
from simulator.reference.places import check_country, find_place, region_label
from simulator.reference.places.place import RADIUS_KM, Place

BETWEEN = ";"
"""Between towns; names abroad may hold a comma."""


class Rejected(Exception):
    """An entry of the address cannot be taken."""


def code(value: float | None) -> str:
    """Return a number as the address writes it: a dot, no exponent, no needless zero."""
    return "" if value is None else f"{value:.12g}"


Reader = Callable[[str, Mapping[str, Any]], dict[str, Any]]


def _decimal(text: str) -> float:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        raise Rejected
    return float(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise Rejected
    return int(text)


def _one_of(name: str, choices: Sequence[str]) -> Reader:
    def reader(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
        if text not in choices:
            raise Rejected
        return {name: text}

    return reader


def _place(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    """Read a town's code or name, a region's or a country's code; the country is checked when all is read."""
    if re.fullmatch(r"[A-Z]{2}", text, re.ASCII):
        check_country(text)
        return {"place_kind": "country", "country_code": text}
    if re.fullmatch(r"[A-Z]{2}-[A-Z0-9-]+", text, re.ASCII):
        region_label(text)
        return {"place_kind": "region", "region": text, "country_code": text[:2]}
    return {"place_kind": "circle", "place": text}


def _also(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    """Read further towns by code or name; what they are is looked up when the country is known."""
    names = [name.strip() for name in text.split(BETWEEN)]
    if len(names) > MOST_MORE or not all(names):
        raise Rejected
    return {"also_places": list(dict.fromkeys(names))}


def _country(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    check_country(text)
    if values.get("place_kind") in ("region", "country") and values["country_code"] != text:
        raise Rejected
    return {"country_code": text}


def _radius(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _integer(text)
    if not RADIUS_KM[0] <= value <= RADIUS_KM[1]:
        raise Rejected
    return {"radius_km": value}


def _age(name: str) -> Reader:
    def reader(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
        if _integer(text) not in AGE_CHOICES:
            raise Rejected
        return {name: _integer(text)}

    return reader


def _interests(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in text.split(",") if name]
    if len(names) > MAX_INTERESTS:
        raise Rejected
    return {"interests": list(dict.fromkeys(find_interest(name).code for name in names))}


def _platforms(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    names = text.split(",")
    if not set(names) <= set(PLATFORMS):
        raise Rejected
    return {"platforms": [name for name in PLATFORMS if name in names]}


def _budget(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _decimal(text)
    return {"daily_budget": int(value) if value.is_integer() else value}


def _budget_is(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    if text not in ("media", "all_in"):
        raise Rejected
    return {"all_in": text == "all_in"}


def _duration(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _integer(text)
    if not DURATION_DAYS[0] <= value <= DURATION_DAYS[1]:
        raise Rejected
    return {"days": value} if value in DAYS else {"days": OTHER, "duration_days": str(value)}


def _start(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": datetime.date.fromisoformat(text).isoformat() if text else ""}


def _size(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"audience_size": code(_decimal(text)), "expert": True}


def _cap(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    times, days = text.split(",")
    return {"cap_times": str(_integer(times)), "cap_days": str(_integer(days)), "expert": True}


def _seed(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    seed = _integer(text)
    return {"seed": str(seed), "expert": True} if seed else {"seed": "0"}


def goal_entry(state: Mapping[str, Any]) -> str:
    """Return a goal as the address writes it, ``people-5000-50``; nothing where the money is given."""
    if state["aim"] != "goal" or not re.fullmatch(r"\d{1,10}", str(state["goal_count"]), re.ASCII):
        return ""
    return f"{state['goal_kind']}-{state['goal_count']}-{state['goal_sure']}"


def _goal(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    kind, count, sure = text.split("-")
    if kind not in GOAL_KINDS or not re.fullmatch(r"\d{1,10}", count, re.ASCII) or sure not in map(str, GOAL_SURE):
        raise Rejected
    return {"aim": "goal", "goal_kind": kind, "goal_count": count, "goal_sure": int(sure)}


READERS: dict[str, Reader] = {
    "place": _place,
    "also_places": _also,
    "country_code": _country,
    "radius_km": _radius,
    "age_min": _age("age_min"),
    "age_max": _age("age_max"),
    "gender": _one_of("gender", GENDERS),
    "interests": _interests,
    "audience_size": _size,
    "daily_budget": _budget,
    "total_budget": lambda text, _: {"total_budget": _decimal(text)},
    "duration_days": _duration,
    "currency": lambda text, values: _one_of("currency", currencies())(text, values),
    "budget_is": _budget_is,
    "tax": lambda text, values: _one_of("tax", tax_situations())(text, values),
    "bought_in": _one_of("bought_in", DOORS),
    "special_category": _one_of("special_category", SPECIAL_CATEGORIES),
    "start": _start,
    "objective": _one_of("objective", OBJECTIVES),
    "platforms": _platforms,
    "creative_format": _one_of("creative_format", CREATIVE_FORMATS),
    "trade": lambda text, values: _one_of("trade", ("", *trades()))(text, values),
    "frequency_cap": _cap,
    "seed": _seed,
    "goal": _goal,
}


MODEL_VERSION = "model_version"
LANGUAGE = "lang"
_MAX_LENGTH = 600
"""Longest value looked at, characters: fifty interests fit."""


@dataclass
class Reading:
    """What an address says: values by key of ``DEFAULTS``, and the names of entries that would not do."""

    values: dict[str, Any] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    model_version: str = ""


def read(entries: Mapping[str, Sequence[str]], ours: Sequence[str] = ()) -> Reading:
    """Read an address, every entry on its own, then all together.

    Parameters
    ----------
    entries : mapping of str to sequence of str
        Every value given for a name.
    ours : sequence of str
        Further names that are no mistake.
    """
    reading = Reading()
    for name, given in entries.items():
        if name == MODEL_VERSION:
            reading.model_version = given[-1]
        elif name in READERS:
            try:
                if len(given) != 1 or len(given[0]) > _MAX_LENGTH:
                    raise Rejected
                reading.values.update(READERS[name](given[0], reading.values))
            except (Rejected, InvalidInput, ValueError, OverflowError):
                reading.rejected.append(name)
        elif name != LANGUAGE and name not in ours:
            reading.rejected.append(name)
    _settle(entries, reading)
    return reading


def write(state: Mapping[str, Any], campaign: Campaign, seed: int = 0) -> dict[str, str]:
    """Return every entry of the address for the choices and the campaign they make."""
    targeting = campaign.targeting
    entries = {
        "place": _place_code(state),
        "also_places": BETWEEN.join(state["also_places"] or ()),
        "country_code": state["country_code"],
        "radius_km": code(state["radius_km"]),
        "age_min": code(targeting.age_min),
        "age_max": code(targeting.age_max),
        "gender": targeting.gender,
        "interests": ",".join(targeting.interests),
        "audience_size": code(targeting.audience_size),
        "daily_budget": code(campaign.daily_budget),
        "duration_days": code(campaign.duration_days),
        "currency": campaign.currency,
        "budget_is": campaign.budget_is,
        "tax": campaign.tax,
        "bought_in": campaign.bought_in,
        "special_category": campaign.special_category,
        "start": campaign.start.isoformat() if campaign.start else "",
        "objective": campaign.objective,
        "platforms": ",".join(campaign.platforms),
        "creative_format": campaign.creative_format,
        "trade": campaign.trade or "",
        "frequency_cap": ",".join(map(str, campaign.frequency_cap or ())),
        "seed": str(seed),
        "goal": goal_entry(state),
    }
    if state["place_kind"] != "circle":
        del entries["radius_km"], entries["also_places"]
    return entries


def without_defaults(entries: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is as at the start, so that an untouched address stays bare."""
    usual = _default_entries()
    if "country_code" in entries:
        usual = {**usual, "currency": home_currency(entries["country_code"])}
    return {name: value for name, value in entries.items() if value != usual.get(name, "")}


def link(entries: Mapping[str, str], language: str, model_version: str) -> str:
    """Return the query that reproduces the simulation wherever it is opened: every value written out."""
    given = {name: value for name, value in entries.items() if value}
    return urlencode({**given, LANGUAGE: language, MODEL_VERSION: model_version}, safe=",;-")


@cache
def _default_entries() -> dict[str, str]:
    campaign = attempt(DEFAULTS, "en").campaign
    return write(DEFAULTS, campaign) if campaign else {}


def _place_code(state: Mapping[str, Any]) -> str:
    kind = state["place_kind"]
    return {"circle": state["place"] or "", "region": state["region"], "country": state["country_code"]}[kind]


def _resolve(reading: Reading) -> None:
    """Find the town named by its code or its name, now that the country is known."""
    if reading.values.get("place_kind") != "circle":
        return
    text, told = reading.values["place"], reading.values.get("country_code")
    country = told or DEFAULTS["country_code"]
    try:
        found = town(text, country) or (find_place(text, told) if told else look_up_anywhere(text, country))
    except InvalidInput:
        found = None
    reading.values["place"] = key_of(found) if found else None
    if found:
        reading.values.update(country_code=found.country_code, place_text=found.name)


def _resolve_more(reading: Reading) -> None:
    """Find the further towns; a name that is none stays, and is refused with the campaign."""
    country = reading.values.get("country_code", DEFAULTS["country_code"])
    found = [(name, meant_by(name, country).meant) for name in reading.values.get("also_places", ())]
    if found:
        reading.values["also_places"] = [key_of(other) if other else name for name, other in found]


def _spread(reading: Reading) -> None:
    """Turn money in all into money a day, as the screen shows it; both at once are one too many."""
    total = reading.values.pop("total_budget", None)
    if total is None:
        return
    if "daily_budget" in reading.values:
        reading.rejected.append("total_budget")
        return
    days = reading.values.get("days", DEFAULTS["days"])
    a_day = total / (int(reading.values["duration_days"]) if days == OTHER else days)
    reading.values["daily_budget"] = int(a_day) if a_day.is_integer() else a_day


def _settle(entries: Mapping[str, Sequence[str]], reading: Reading) -> None:
    """Take away what does not go together: the campaign must exist when the page opens."""
    _resolve(reading)
    _resolve_more(reading)
    _spread(reading)
    problems = attempt({**DEFAULTS, **reading.values}, "en").problems
    for name in problems:
        keys = _KEYS_OF.get(name, (name,))
        reading.rejected += [entry for entry in keys if entry in entries and entry not in reading.rejected]
        for key in {*keys, *_KEYS_OF.get(name, ()), *_STATE_OF.get(name, ())}:
            reading.values.pop(key, None)
    if problems and attempt({**DEFAULTS, **reading.values}, "en").problems:
        reading.values.clear()
        reading.rejected = [name for name in entries if name not in (LANGUAGE, MODEL_VERSION)]
    money = home_currency(country_chosen({**DEFAULTS, **reading.values}))
    if money != DEFAULTS["currency"]:
        reading.values.setdefault("currency", money)


_KEYS_OF = {
    "daily_budget": ("daily_budget", "total_budget"),
    "age_min": ("age_min", "age_max"),
    "place": ("place", "country_code"),
    "region": ("place", "country_code"),
}
_STATE_OF = {
    "place": ("place_kind", "place_text", "region"),
    "region": ("place_kind", "place_text", "region"),
    "daily_budget": ("amount",),
    "duration_days": ("days",),
    "frequency_cap": ("cap_times", "cap_days"),
}


_CENTS = 6
"""Decimals of an amount in the address."""


def entries_for(campaign: Campaign, seed: int = 0) -> dict[str, str] | None:
    """Return the address of Simuler that holds this campaign; None where the page cannot hold it.

    The page knows towns of one country with one radius, whole kilometres. A budget in all becomes one a day.
    """
    targeting = campaign.targeting
    if targeting.excluded_places:
        return None
    where = _together([_where(place) for place in targeting.places])
    if where is None:
        return None
    a_day = campaign.with_daily_budget(round(campaign.spend_per_day, _CENTS))
    given = {name: value for name, value in write({**DEFAULTS, **where}, a_day, seed).items() if value}
    reading = read({name: [value] for name, value in given.items()})
    made = attempt({**DEFAULTS, **reading.values}, "en").campaign
    if reading.rejected or made is None or _told(made) != _told(a_day):
        return None
    # Never empty: a bare address would mean "as I left it".
    return {"duration_days": given["duration_days"], **without_defaults(given)}


def _where(place: Place) -> dict[str, Any] | None:
    if place.kind == "country":
        return {"place_kind": "country", "country_code": place.country_code}
    if place.kind == "region":
        return {"place_kind": "region", "region": place.code, "country_code": place.country_code}
    found = town(place.code, place.country_code) or town(place.label, place.country_code)
    if found is None or place.radius_km is None or place.radius_km != int(place.radius_km):
        return None
    radius = int(place.radius_km)
    return {"place_kind": "circle", "country_code": place.country_code, "place": key_of(found), "radius_km": radius}


def _together(wheres: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the first place with the others beside it, if the page can show them so."""
    first, *others = wheres
    if first is None or not others:
        return first
    alike = ("place_kind", "country_code", "radius_km")
    for other in others:
        if other is None or other["place_kind"] != "circle" or any(other[name] != first.get(name) for name in alike):
            return None
    return {**first, "also_places": [other["place"] for other in others if other]}


def _told(campaign: Campaign) -> dict[str, Any]:
    """Return what a campaign buys; a place that moved a little with a newer table is the same place."""
    told = campaign.to_dict()
    for place in told["targeting"]["places"]:
        for name in ("latitude", "longitude", "label", "code"):
            place.pop(name)
    return told
