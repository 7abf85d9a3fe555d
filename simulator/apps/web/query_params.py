"""A campaign carried to Simuler: as the choices of that page, written in its address."""

from __future__ import annotations

from typing import Any

from simulator.apps.web import address
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.place_lookup import key_of, town
from simulator.campaign.campaign import Campaign
from simulator.reference.places.place import Place

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
    given = {name: value for name, value in address.write({**DEFAULTS, **where}, a_day, seed).items() if value}
    reading = address.read({name: [value] for name, value in given.items()})
    made = attempt({**DEFAULTS, **reading.values}, "en").campaign
    if reading.rejected or made is None or _told(made) != _told(a_day):
        return None
    # Never empty: a bare address would mean "as I left it".
    return {"duration_days": given["duration_days"], **address.without_defaults(given)}


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
