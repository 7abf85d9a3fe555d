"""The choices in the address of the page: names of the campaign's fields, codes, the same in both languages.

Read once when a visit starts; a broken or hostile entry gives the starting value and is named in a note.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from simulator.campaign import (
    CREATIVE_FORMATS,
    DURATION_DAYS,
    GENDERS,
    MAX_INTERESTS,
    OBJECTIVES,
    PLATFORMS,
    RADIUS_KM,
    Campaign,
)
from simulator.errors import InvalidInput
from simulator.interests import find_interest
from simulator.parameters import currencies, trades
from simulator.places import check_country, find_place, region_label
from simulator.ui.choices import AGE_CHOICES, DAYS, DEFAULTS, OTHER, attempt, key_of, town

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


class _Rejected(Exception):
    """An entry of the address cannot be taken."""


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
        elif name in _READERS:
            try:
                if len(given) != 1 or len(given[0]) > _MAX_LENGTH:
                    raise _Rejected
                reading.values.update(_READERS[name](given[0], reading.values))
            except (_Rejected, InvalidInput, ValueError, OverflowError):
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
        "country_code": state["country_code"],
        "radius_km": _code(state["radius_km"]),
        "age_min": _code(targeting.age_min),
        "age_max": _code(targeting.age_max),
        "gender": targeting.gender,
        "interests": ",".join(targeting.interests),
        "audience_size": _code(targeting.audience_size),
        "daily_budget": _code(campaign.daily_budget),
        "duration_days": _code(campaign.duration_days),
        "currency": campaign.currency,
        "start": campaign.start.isoformat() if campaign.start else "",
        "objective": campaign.objective,
        "platforms": ",".join(campaign.platforms),
        "creative_format": campaign.creative_format,
        "trade": campaign.trade or "",
        "frequency_cap": ",".join(map(str, campaign.frequency_cap or ())),
        "seed": str(seed),
    }
    if state["place_kind"] != "circle":
        del entries["radius_km"]
    return entries


def without_defaults(entries: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is as at the start, so that an untouched address stays bare."""
    usual = _default_entries()
    return {name: value for name, value in entries.items() if value != usual.get(name, "")}


def link(entries: Mapping[str, str], language: str, model_version: str) -> str:
    """Return the query that reproduces the simulation wherever it is opened: every value written out."""
    given = {name: value for name, value in entries.items() if value}
    return urlencode({**given, LANGUAGE: language, MODEL_VERSION: model_version}, safe=",-")


@cache
def _default_entries() -> dict[str, str]:
    campaign = attempt(DEFAULTS, "en").campaign
    return write(DEFAULTS, campaign) if campaign else {}


def _place_code(state: Mapping[str, Any]) -> str:
    kind = state["place_kind"]
    return {"circle": state["place"] or "", "region": state["region"], "country": state["country_code"]}[kind]


def _code(value: float | None) -> str:
    """Return a number as the address writes it: a dot, no exponent, no needless zero."""
    return "" if value is None else f"{value:.12g}"


def _resolve(reading: Reading) -> None:
    """Find the town named by its code or its name, now that the country is known."""
    if reading.values.get("place_kind") != "circle":
        return
    country = reading.values.get("country_code", DEFAULTS["country_code"])
    try:
        found = town(reading.values["place"], country) or find_place(reading.values["place"], country)
        reading.values.update(place=key_of(found), place_text=found.name)
    except InvalidInput:
        reading.values["place"] = None


def _settle(entries: Mapping[str, Sequence[str]], reading: Reading) -> None:
    """Take away what does not go together: the campaign must exist when the page opens."""
    _resolve(reading)
    problems = attempt({**DEFAULTS, **reading.values}, "en").problems
    for name in problems:
        keys = _KEYS_OF.get(name, (name,))
        reading.rejected += [entry for entry in keys if entry in entries and entry not in reading.rejected]
        for key in {*keys, *_KEYS_OF.get(name, ()), *_STATE_OF.get(name, ())}:
            reading.values.pop(key, None)
    if problems and attempt({**DEFAULTS, **reading.values}, "en").problems:
        reading.values.clear()
        reading.rejected = [name for name in entries if name not in (LANGUAGE, MODEL_VERSION)]


_KEYS_OF = {"age_min": ("age_min", "age_max"), "place": ("place", "country_code"), "region": ("place", "country_code")}
_STATE_OF = {
    "place": ("place_kind", "place_text", "region"),
    "region": ("place_kind", "place_text", "region"),
    "daily_budget": ("amount",),
    "duration_days": ("days",),
    "frequency_cap": ("cap_times", "cap_days"),
}

Reader = Callable[[str, Mapping[str, Any]], dict[str, Any]]


def _decimal(text: str) -> float:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        raise _Rejected
    return float(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _Rejected
    return int(text)


def _one_of(name: str, choices: Sequence[str]) -> Reader:
    def reader(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
        if text not in choices:
            raise _Rejected
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


def _country(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    check_country(text)
    if values.get("place_kind") in ("region", "country") and values["country_code"] != text:
        raise _Rejected
    return {"country_code": text}


def _radius(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _integer(text)
    if not RADIUS_KM[0] <= value <= RADIUS_KM[1]:
        raise _Rejected
    return {"radius_km": value}


def _age(name: str) -> Reader:
    def reader(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
        if _integer(text) not in AGE_CHOICES:
            raise _Rejected
        return {name: _integer(text)}

    return reader


def _interests(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in text.split(",") if name]
    if len(names) > MAX_INTERESTS:
        raise _Rejected
    return {"interests": list(dict.fromkeys(find_interest(name).code for name in names))}


def _platforms(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    names = text.split(",")
    if not set(names) <= set(PLATFORMS):
        raise _Rejected
    return {"platforms": [name for name in PLATFORMS if name in names]}


def _budget(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _decimal(text)
    return {"daily_budget": int(value) if value.is_integer() else value}


def _duration(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    value = _integer(text)
    if not DURATION_DAYS[0] <= value <= DURATION_DAYS[1]:
        raise _Rejected
    return {"days": value} if value in DAYS else {"days": OTHER, "duration_days": str(value)}


def _start(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": datetime.date.fromisoformat(text).isoformat() if text else ""}


def _size(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"audience_size": _code(_decimal(text)), "expert": True}


def _cap(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    times, days = text.split(",")
    return {"cap_times": str(_integer(times)), "cap_days": str(_integer(days)), "expert": True}


def _seed(text: str, _: Mapping[str, Any]) -> dict[str, Any]:
    seed = _integer(text)
    return {"seed": str(seed), "expert": True} if seed else {"seed": "0"}


_READERS: dict[str, Reader] = {
    "place": _place,
    "country_code": _country,
    "radius_km": _radius,
    "age_min": _age("age_min"),
    "age_max": _age("age_max"),
    "gender": _one_of("gender", GENDERS),
    "interests": _interests,
    "audience_size": _size,
    "daily_budget": _budget,
    "duration_days": _duration,
    "currency": lambda text, values: _one_of("currency", currencies())(text, values),
    "start": _start,
    "objective": _one_of("objective", OBJECTIVES),
    "platforms": _platforms,
    "creative_format": _one_of("creative_format", CREATIVE_FORMATS),
    "trade": lambda text, values: _one_of("trade", ("", *trades()))(text, values),
    "frequency_cap": _cap,
    "seed": _seed,
}
