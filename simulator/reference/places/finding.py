"""Find the one town somebody means, or say which ones it could be."""

from __future__ import annotations

import difflib
import re

from simulator.base.errors import InvalidInput, shown
from simulator.reference.places.keys import exact, nearly
from simulator.reference.places.names import fold, query_variants
from simulator.reference.places.regions import check_country, region_label
from simulator.reference.places.search import (
    MUCH_LARGER,
    Found,
    checked_text,
    exact_rows,
    found_at,
    keys_of,
    rows_of_keys,
    tables_of,
)
from simulator.reference.places.tables import Towns, cells

MOST_CHOICES = 8
"""Most namesakes an error lists."""
NEAREST = 3
"""Most spellings an error proposes,"""
CANDIDATES = 100
"""chosen among this many of each table."""

_QUALIFIED = re.compile(r"^(?P<name>.+?)\s*\((?P<which>[^()]+)\)\s*$")
_CANADIAN_POSTAL_CODE = re.compile(r"[a-z]\d[a-z] ?\d[a-z]\d|[a-z]\d[a-z]", re.IGNORECASE)
_CODES = {
    "CA": "Postal codes of Canada are not in the tables: give the name of the municipality.",
    "FR": "Postal codes are known for France only: give the name of the town.",
}

Hit = tuple[Towns, int]


def find_place(name: str, country: str | None) -> Found:
    """Return the town called ``name`` in ``country``.

    Accepted are a name, a postal code, an official code, and the choices that an error has listed, such as
    "Saint-Denis (974)".

    Raises
    ------
    InvalidInput
        ``unknown_place`` with the nearest names (see ``_unknown``), or ``ambiguous_place`` with the choices.
    """
    checked_text(name, "name")
    if country is not None:
        check_country(country)
    hits = exact_rows(name, country) if fold(name) else []
    qualified = _QUALIFIED.match(name)
    if not hits and qualified:
        hits = [hit for hit in exact_rows(qualified["name"], country) if fold(qualified["which"]) in _qualifiers(hit)]
    if not hits:
        raise InvalidInput("unknown_place", field="name", received=shown(name), **_unknown(name, country))
    return found_at(*_meant(name, hits))


def _meant(name: str, hits: list[Hit]) -> Hit:
    """Return the first of ``hits`` (largest first) if no other may be meant."""
    people = [float(table.population[row]) for table, row in hits]
    if len(hits) > 1 and people[0] < MUCH_LARGER * people[1]:
        raise InvalidInput("ambiguous_place", field="name", received=shown(name), allowed=_choices(hits))
    return hits[0]


def _choices(hits: list[Hit]) -> str:
    listed = hits[:MOST_CHOICES]
    left_out = len(hits) - len(listed)
    return ", ".join(_choice(hit, hits) for hit in listed) + (f" and {left_out} more" if left_out else "")


def _choice(hit: Hit, others: list[Hit]) -> str:
    """Return a name that tells a town from its namesakes and is accepted as a name itself."""
    table, row = hit
    name = table.names[row]
    namesakes = [other for other in others if fold(other[0].names[other[1]]) == fold(name)]
    if len(namesakes) == 1 and not cells().regions[int(table.cell[row])]:
        return name
    for which in _described(hit):
        if which and sum(fold(which) in _qualifiers(other) for other in namesakes) == 1:
            return f"{name} ({which})"
    return f"{name} ({table.codes[row]})"


def _described(hit: Hit) -> tuple[str, ...]:
    """Return what people say to tell a town from its namesakes, shortest first."""
    table, row = hit
    cell = int(table.cell[row])
    region, country = cells().regions[cell], cells().countries[cell]
    if country == "FR":
        return (region.removeprefix("FR-"), region_label(region))
    return (region_label(region) if region else "", table.kinds[row], country)


def _qualifiers(hit: Hit) -> set[str]:
    """Return every folded text that may stand in brackets after the name of a town."""
    table, row = hit
    cell = int(table.cell[row])
    region, country = cells().regions[cell], cells().countries[cell]
    names = [region_label(country, language) for language in ("fr", "en")]
    return {fold(text) for text in (*_described(hit), region, country, *names, table.codes[row])} - {""}


def _unknown(name: str, country: str | None) -> dict[str, str]:
    """Return what an error says of a name that fits no town.

    ``country``, and of ``codes`` (the country whose postal codes the tables lack or have), ``elsewhere`` with its
    ``elsewhere_country``, and ``nearest`` (names, comma between them) what applies; ``advice`` is all that in English.
    """
    found = {"country": country or "the tables"}
    if _CANADIAN_POSTAL_CODE.fullmatch(name.strip()):
        found["codes"] = "CA"
    else:
        found |= _others(name, country)
        if len(found) == 1 and query_variants(name)[0].isdigit():
            found["codes"] = "FR"
    return {**found, "advice": _advice(found)}


def _others(name: str, country: str | None) -> dict[str, str]:
    """Return a larger town of that very name in another country, and the nearest spellings in this one."""
    others: dict[str, str] = {}
    elsewhere = [found_at(*hit) for hit in exact_rows(name, None)[:1]] if country and fold(name) else []
    close = _nearest(fold(name), country)
    if elsewhere and elsewhere[0].population > max((found.population for found in close), default=0.0):
        others |= {"elsewhere": elsewhere[0].name, "elsewhere_country": elsewhere[0].country_code}
    if close:
        others["nearest"] = ", ".join(found.name for found in close)
    return others


def _advice(found: dict[str, str]) -> str:
    """Say what to do about a name that fits no town."""
    if "codes" in found:
        return _CODES[found["codes"]]
    advice = []
    if "elsewhere" in found:
        code = found["elsewhere_country"]
        advice.append(f"It is {found['elsewhere']} in {region_label(code)}: choose the country {code}.")
    if "nearest" in found:
        advice.append(f"Nearest: {found['nearest']}.")
    return " ".join(advice) or "Check the spelling, or give a larger town nearby."


def _nearest(text: str, country: str | None) -> list[Found]:
    """Return towns with names most like ``text``, best first; none for digits."""
    if text.replace(" ", "").isdigit():
        return []
    candidates = {
        key: table for table in tables_of(country) for key in nearly(table, keys_of(table, country), text, CANDIDATES)
    }
    towns: dict[str, Found] = {}
    for key in difflib.get_close_matches(text, candidates, n=2 * NEAREST, cutoff=0.6):
        rows = rows_of_keys(candidates[key], exact(candidates[key], key), country)
        for row in rows.tolist():
            found = found_at(candidates[key], row)
            towns.setdefault(found.name, found)
    return list(towns.values())[:NEAREST]
