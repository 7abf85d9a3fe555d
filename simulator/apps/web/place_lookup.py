"""Which town somebody means: by what was typed, and by the choice among namesakes."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.base.errors import InvalidInput
from simulator.reference.places import Found, find_place, search_places, town_of_code
from simulator.reference.places.names import fold

MATCHES = 12
"""Towns proposed for what was typed."""


@dataclass(frozen=True)
class Lookup:
    """Towns that fit what was typed, the one meant if that is clear, or why there is none."""

    matches: tuple[Found, ...]
    meant: Found | None
    problem: InvalidInput | None


def look_up(text: str, country: str) -> Lookup:
    """Find the town somebody typed.

    An exact name wins; a beginning proposes the best match; several towns of the same name ask for a choice.
    """
    if not text.strip():
        return Lookup((), None, InvalidInput("missing", field="place", allowed="a value"))
    try:
        matches = tuple(search_places(text, MATCHES, country))
        meant = find_place(text, country)
    except InvalidInput as error:
        if error.code != "unknown_place":
            return Lookup(matches if error.code == "ambiguous_place" else (), None, on_field("place", error))
        if matches and len(fold(text)) > 1 and fold(matches[0].name).startswith(fold(text)):
            return Lookup(matches, matches[0], None)
        return Lookup(matches, None, on_field("place", error))
    others = tuple(found for found in matches if found.code != meant.code)
    return Lookup((meant, *others), meant, None)


def key_of(town_: Found) -> str:
    """Return what names a town for good: its official code, abroad its name with its number."""
    return town_.code if town_.region else f"{town_.name} ({town_.code})"


def town(key: str, country: str) -> Found | None:
    """Return the town with this key (see ``key_of``), or with this code, if the country has one."""
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
    """Find a town by its key or by what somebody typed."""
    found = town(text, country)
    return Lookup((found,), found, None) if found else look_up(text, country)


def on_field(field: str, error: InvalidInput) -> InvalidInput:
    """Return the error as one of a field of the screen."""
    return type(error)(error.code, **{**error.data, "field": field}) if type(error) is InvalidInput else error
