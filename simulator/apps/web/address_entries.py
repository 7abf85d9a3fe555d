"""How each entry of the address is read: from a text to the value of a widget, or refused."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.apps.web.choices import AGE_CHOICES, DAYS, GOAL_KINDS, GOAL_SURE, MOST_MORE, OTHER
from simulator.campaign.campaign import CREATIVE_FORMATS, DURATION_DAYS, GENDERS, MAX_INTERESTS, OBJECTIVES, PLATFORMS
from simulator.reference.interests import find_interest
from simulator.reference.parameters import currencies, trades
from simulator.reference.places import check_country, region_label
from simulator.reference.places.place import RADIUS_KM

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
    "start": _start,
    "objective": _one_of("objective", OBJECTIVES),
    "platforms": _platforms,
    "creative_format": _one_of("creative_format", CREATIVE_FORMATS),
    "trade": lambda text, values: _one_of("trade", ("", *trades()))(text, values),
    "frequency_cap": _cap,
    "seed": _seed,
    "goal": _goal,
}
