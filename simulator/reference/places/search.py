"""Find towns: by a name or a code; the one town meant, or which it could be; those of a circle; a point's country."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import MAX_TEXT
from simulator.reference.places.circles import Circle, distances_km
from simulator.reference.places.names import (
    BEGINS,
    EXACT,
    WORD,
    beginning,
    exact,
    fold,
    nearly,
    query_variants,
    row_of,
    with_word,
)
from simulator.reference.places.people import circle_of
from simulator.reference.places.points import points_near, shares_inside
from simulator.reference.places.regions import Area, cells_of, check_country, region_label
from simulator.reference.places.tables import (
    ALIAS,
    CODE,
    NAME,
    POSTAL,
    Floats,
    Ints,
    Towns,
    all_towns,
    cells,
    towns,
    unit_vectors,
)

MAX_FOUND = 1000
"""Most towns one search may return."""
MUCH_LARGER = 10.0
"""Among towns of one name the largest is meant if it has this many times the people of the next."""
MAX_KEYS_OF_TOWN = 60
"""Most names of one town that begin alike."""
SEARCHED_KM = 20.0
"""Points are looked at this far around; where nobody lives as near, the nearest town decides."""
_NEAR_DEGREES = 1.0
"""Towns this much farther north or south than a point may be its nearest; where there are none, all are looked at."""


@dataclass(frozen=True)
class Found:
    """A town of the tables.

    Attributes
    ----------
    code : str
        INSEE code of a commune, geographic code of a municipality of Québec, else GeoNames number.
    name : str
    country_code : str
    latitude, longitude : float
        Degrees, WGS 84.
    population : float
        People of all ages in the town: official in France and Québec, elsewhere as GeoNames states.
    region : str
        Code of its region (``FR-64``, ``CA-QC-03``), empty where the tables have none.
    postal_codes : tuple of str
        Known for France only.
    """

    code: str
    name: str
    country_code: str
    latitude: float
    longitude: float
    population: float
    region: str
    postal_codes: tuple[str, ...]


Hit = tuple[int, float, Towns, int]
"""How good (lower is better), minus population, table, row: sorted, the best come first."""


def search_places(text: str, limit: int = 10, country: str | None = None) -> list[Found]:
    """Return towns that fit ``text``, best first: exact names, then beginnings, then later words; larger first.

    Accents, case, hyphens and apostrophes do not count; "St" is "Saint"; digits are French postal codes.

    Parameters
    ----------
    text : str
        What was typed; nothing gives nothing.
    limit : int
        Most towns to return.
    country : str, optional
        Code of the only country to look in.
    """
    checked_text(text, "text")
    if not isinstance(limit, Integral) or isinstance(limit, bool) or not 0 <= limit <= MAX_FOUND:
        raise InvalidInput("out_of_range", field="limit", received=shown(limit), allowed=f"0 to {MAX_FOUND}")
    best: dict[tuple[str, int], Hit] = {}
    for variant in filter(None, query_variants(text)):
        for table in tables_of(country):
            for hit in _hits(table, variant, limit, country):
                kept = best.setdefault((table.table, hit[3]), hit)
                if hit[0] < kept[0]:
                    best[table.table, hit[3]] = hit
    ranked = sorted(best.values(), key=lambda hit: hit[:2])
    return [found_at(table, row) for _, _, table, row in ranked[:limit]]


def town_of_code(code: str, country: str | None = None) -> Found | None:
    """Return the town with this very code, None where no town has it; a postal code is none.

    Parameters
    ----------
    code : str
        As in ``Found.code``.
    country : str, optional
        Code of the only country to look in.
    """
    checked_text(code, "code")
    if not code or "\n" in code:
        return None
    for table in tables_of(country):
        row = row_of(table.codes, code)
        found = None if row is None else found_at(table, row)
        if found and country in (None, found.country_code):
            return found
    return None


def exact_rows(text: str, country: str | None) -> list[tuple[Towns, int]]:
    """Return the towns that ``text`` may name, largest first: by name, alias, postal code or official code.

    An alias only counts for a town much larger than any of that very name. Five digits may be a postal code and,
    of another commune, the official code: people type the former, so that the latter only counts for a larger
    commune (97411: Saint-Paul by post, Saint-Denis by code).
    """
    named = _exact_of(text, country, (NAME, POSTAL))
    for kind, times in ((ALIAS, MUCH_LARGER), (CODE, 1.0)):
        most = max((_people(hit) for hit in named), default=0.0)
        named += [hit for hit in _exact_of(text, country, (kind,)) if _people(hit) > times * most and hit not in named]
    return sorted(named, key=_people, reverse=True)


def _exact_of(text: str, country: str | None, kinds: tuple[int, ...]) -> list[tuple[Towns, int]]:
    hits = []
    for table in tables_of(country):
        keys = exact(table, query_variants(text)[0])
        rows = rows_of_keys(table, keys[np.isin(table.key_kind[keys], kinds)], country)
        hits += [(table, row) for row in rows.tolist()]
    return hits


def _people(hit: tuple[Towns, int]) -> float:
    return float(hit[0].population[hit[1]])


def tables_of(country: str | None) -> Sequence[Towns]:
    """Return the tables that may hold towns of ``country``; every table for None."""
    if country is not None:
        check_country(country)
    known = cells()
    names = {
        table
        for code, table in zip(known.countries, known.town_tables, strict=True)
        if country is None or code == country
    }
    return [towns(name) for name in sorted(names)]


def rows_of_keys(table: Towns, keys: Ints, country: str | None) -> Ints:
    """Return the towns the keys lead to, each once, those of other countries left out."""
    rows: Ints = np.unique(table.key_town[keys])
    return rows if country is None else rows[_of_country(table, rows, country)]


def keys_of(table: Towns, country: str | None) -> NDArray[np.bool_]:
    """Return which keys of a table lead to towns of ``country``, (key,); all of them for None."""
    if country is None:
        return np.ones(len(table.key_town), dtype=bool)
    return _of_country(table, table.key_town, country)


def found_at(table: Towns, row: int) -> Found:
    """Return the town in one row of a table."""
    cell = int(table.cell[row])
    return Found(
        code=table.codes[row],
        name=table.names[row],
        country_code=cells().countries[cell],
        latitude=float(table.latitude[row]),
        longitude=float(table.longitude[row]),
        population=float(table.population[row]),
        region=cells().regions[cell],
        postal_codes=tuple(filter(None, table.postal_codes[row].split("|"))),
    )


def checked_text(text: object, field: str) -> None:
    """Refuse what is no text, or too long to be the name of a place."""
    if not isinstance(text, str):
        raise InvalidInput("wrong_type", field=field, received=shown(text), allowed="a text")
    if len(text) > MAX_TEXT:
        raise InvalidInput("too_long", field=field, received=len(text), allowed=f"at most {MAX_TEXT}")


def _of_country(table: Towns, rows: Ints, country: str) -> NDArray[np.bool_]:
    wanted = np.array([code == country for code in cells().countries])
    return wanted[table.cell[rows]]


def _hits(table: Towns, text: str, limit: int, country: str | None) -> list[Hit]:
    """Return at most ``limit`` towns of one table, best first."""
    hits: dict[int, Hit] = {}
    for quality, look_up in ((EXACT, exact), (BEGINS, beginning), (WORD, with_word)):
        keys = _largest(table, look_up(table, text), country, len(hits) + limit)
        for row in rows_of_keys(table, keys, country).tolist():
            hits.setdefault(row, (quality, -float(table.population[row]), table, row))
        if len(hits) >= limit:
            break
    return sorted(hits.values(), key=lambda hit: hit[:2])[:limit]


def _largest(table: Towns, keys: Ints, country: str | None, count: int) -> Ints:
    """Return the keys of at least ``count`` of the largest towns, all of them if there are few: spares a long sort."""
    enough = MAX_KEYS_OF_TOWN * count
    if len(keys) <= enough:
        return keys
    people = table.population[table.key_town[keys]]
    if country is not None:
        people = np.where(_of_country(table, table.key_town[keys], country), people, -1.0)
    return keys[np.argpartition(-people, enough)[:enough]]


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

TownHit = tuple[Towns, int]


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


def _meant(name: str, hits: list[TownHit]) -> TownHit:
    """Return the first of ``hits`` (largest first) if no other may be meant."""
    people = [float(table.population[row]) for table, row in hits]
    if len(hits) > 1 and people[0] < MUCH_LARGER * people[1]:
        raise InvalidInput("ambiguous_place", field="name", received=shown(name), allowed=_choices(hits))
    return hits[0]


def _choices(hits: list[TownHit]) -> str:
    listed = hits[:MOST_CHOICES]
    left_out = len(hits) - len(listed)
    return ", ".join(_choice(hit, hits) for hit in listed) + (f" and {left_out} more" if left_out else "")


def _choice(hit: TownHit, others: list[TownHit]) -> str:
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


def _described(hit: TownHit) -> tuple[str, ...]:
    """Return what people say to tell a town from its namesakes, shortest first."""
    table, row = hit
    cell = int(table.cell[row])
    region, country = cells().regions[cell], cells().countries[cell]
    if country == "FR":
        return (region.removeprefix("FR-"), region_label(region))
    return (region_label(region) if region else "", table.kinds[row], country)


def _qualifiers(hit: TownHit) -> set[str]:
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


def country_at(latitude: float, longitude: float) -> str:
    """Return the country of those who live nearest to a point given in degrees (WGS 84)."""
    here = unit_vectors(latitude, longitude)
    known = [(near.vectors, near.area) for near in points_near({Circle(latitude, longitude, SEARCHED_KM)})]
    lived_in = [_nearest_area(vectors, area, here) for vectors, area in known]
    best = min(lived_in, default=(np.inf, -1))
    if best[0] > SEARCHED_KM:
        best = min(_nearest_area(table.vectors, table.cell, here) for table in all_towns())
    return cells().countries[best[1]]


def _nearest_area(vectors: Floats, area: Ints, here: Floats) -> tuple[float, int]:
    """Return the distance (km) and the area of the nearest of some positions."""
    row = int(np.argmax(vectors @ here))
    return float(distances_km(vectors[row], here)), int(area[row])


def towns_within(place: Area) -> list[tuple[Found, float]]:
    """Return the towns of ``place`` with the people of each who live inside it, largest first.

    In France a point belongs to its commune, elsewhere to the nearest town of its area; the people add up to those
    of the place. Of a region or a country each town counts with its own population.
    """
    if place.kind != "circle":
        inside = [
            (found_at(table, row), float(table.population[row]))
            for table in all_towns()
            for row in np.flatnonzero(np.isin(table.cell, cells_of(place))).tolist()
        ]
        return sorted(inside, key=lambda town: -town[1])
    circles = {circle_of(place)}
    people: dict[tuple[str, int], float] = {}
    for near in points_near(circles):
        counts = shares_inside(near, circles) * near.people
        lived_in = np.flatnonzero(counts)
        for area in np.unique(near.area[lived_in]).tolist():
            rows = lived_in[near.area[lived_in] == area]
            table = cells().town_tables[area]
            town = near.owner[rows] if near.table == "people_fr" else _nearest_towns(area, near.vectors[rows])
            for row, count in zip(*_sums(town, counts[rows]), strict=True):
                people[table, row] = people.get((table, row), 0.0) + count
    inside = [(found_at(towns(table), row), count) for (table, row), count in people.items()]
    return sorted(inside, key=lambda town: -town[1])


def _sums(rows: Ints, counts: Floats) -> tuple[list[int], list[float]]:
    """Return each row once, with the sum of its counts."""
    once, inverse = np.unique(rows, return_inverse=True)
    return once.tolist(), np.bincount(inverse, weights=counts).tolist()


def _nearest_towns(area: int, vectors: Floats) -> Ints:
    """Return, for each position (unit vector), the row of the nearest town of an area in its table, (point,)."""
    from scipy.spatial import cKDTree  # here for speed: only a map needs it

    known = towns(cells().town_tables[area])
    latitude = np.degrees(np.arcsin(np.clip(vectors[:, 2], -1.0, 1.0)))
    limits = [latitude.min() - _NEAR_DEGREES, latitude.max() + _NEAR_DEGREES]
    first, last = known.latitude.searchsorted(limits).tolist()
    rows = np.flatnonzero(known.cell[first:last] == area) + first
    if not len(rows):
        rows = np.flatnonzero(known.cell == area)
    _, nearest = cKDTree(known.vectors[rows]).query(vectors)
    found: Ints = rows[nearest]
    return found
