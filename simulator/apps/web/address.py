"""The choices in the address of the page: names of the campaign's fields, codes, the same in both languages.

Read once when a visit starts; a broken or hostile entry gives the starting value and is named in a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from simulator.apps.web.address_entries import BETWEEN, READERS, Rejected, code, goal_entry
from simulator.apps.web.choices import DEFAULTS, OTHER, attempt
from simulator.apps.web.place_lookup import key_of, meant_by, town
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign
from simulator.reference.places import find_place

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
    country = reading.values.get("country_code", DEFAULTS["country_code"])
    try:
        found = town(reading.values["place"], country) or find_place(reading.values["place"], country)
        reading.values.update(place=key_of(found), place_text=found.name)
    except InvalidInput:
        reading.values["place"] = None


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
