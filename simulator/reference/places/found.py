"""A town of the tables: what is known of it, what tells it from its namesakes, and the towns a text may name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import MAX_TEXT
from simulator.reference.places.names import exact, fold, query_variants, row_of
from simulator.reference.places.regions import check_country, region_label
from simulator.reference.places.tables import (
    ALIAS,
    CODE,
    NAME,
    POSTAL,
    Ints,
    Towns,
    cells,
    rows_of,
    towns,
    unit_vectors,
)

MUCH_LARGER = 10.0
"""Among towns of one name the largest is meant if it has this many times the people of the next."""
POSTAL_AREA = "postal-"
"""Begins the code of all communes of one postal code together: ``postal-64300``."""

TownHit = tuple[Towns, int]
"""A table and the row of a town in it."""


@dataclass(frozen=True)
class Found:
    """A town of the tables.

    Attributes
    ----------
    code : str
        INSEE code of a commune, geographic code of a municipality of Québec, else GeoNames number; ``postal-64300``
        stands for all communes of a postal code.
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
    kind : str
        What tells it from a namesake of its region or country: ville or canton in Québec, the state in the USA.
    """

    code: str
    name: str
    country_code: str
    latitude: float
    longitude: float
    population: float
    region: str
    postal_codes: tuple[str, ...]
    kind: str = ""


def town_of_code(code: str, country: str | None = None) -> Found | None:
    """Return the town with this very code, None where no town has it; a bare postal code is none.

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
    if code.startswith(POSTAL_AREA):
        return postal_area(code.removeprefix(POSTAL_AREA), country)
    for table in tables_of(country):
        row = row_of(table.codes, code)
        found = None if row is None else found_at(table, row)
        if found and country in (None, found.country_code):
            return found
    return None


def exact_rows(text: str, country: str | None) -> list[TownHit]:
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


def postal_area(code: str, country: str | None = None) -> Found | None:
    """Return all communes of a postal code as one: their people together, around the common centre of these people.

    None where no commune has the code, or one alone; where another town has that very official code and more people,
    the code may mean that.
    """
    hits = exact_rows(code, country)
    if len(hits) < 2 or not all(_has_postal_code(hit, code) for hit in hits):
        return None
    towns_ = [found_at(table, row) for table, row in hits]
    weights = np.array([town.population for town in towns_]) + 1.0  # a few communes are empty
    positions = unit_vectors([town.latitude for town in towns_], [town.longitude for town in towns_])
    east, north, up = weights @ positions
    return Found(
        code=f"{POSTAL_AREA}{query_variants(code)[0]}",
        name=query_variants(code)[0],
        country_code=towns_[0].country_code,
        latitude=round(math.degrees(math.atan2(up, math.hypot(east, north))), 4),
        longitude=round(math.degrees(math.atan2(north, east)), 4),
        population=sum(town.population for town in towns_),
        region=towns_[0].region,
        postal_codes=(query_variants(code)[0],),
        kind=towns_[0].name,
    )


def _has_postal_code(hit: TownHit, code: str) -> bool:
    table, row = hit
    return query_variants(code)[0] in table.postal_codes[row].split("|")


_QUALIFIED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<name>.+?)\s*\((?P<which>[^()]+)\)\s*$",  # Saint-Denis (974)
        r"^(?P<name>.+),\s*(?P<which>[^,]+?)\s*$",  # Orthez, France
        r"^(?P<name>\D+?)\s+(?P<which>\d[\dAB]\d{0,3})\s*$",  # Orthez 64300
        r"^(?P<which>\d[\dAB]\d{3})\s+(?P<name>\D+)$",  # 64300 Orthez
    )
)
"""How people say which of several towns they mean."""
MOST_QUALIFIERS = 3
"""Of one name; each is looked up alone, so that many would take long."""
_ALSO_CALLED = {"usa": "US", "uk": "GB", "england": "GB", "angleterre": "GB", "scotland": "GB", "ecosse": "GB"}


def named_rows(
    text: str, country: str | None, look_up: Callable[[str, str | None], list[TownHit]] | None = None
) -> list[TownHit]:
    """Return the towns that ``text`` may name, also by a name with what tells it from its namesakes.

    Where the text itself says another country than ``country`` ("Cork, Irlande"), that one counts. ``look_up`` finds
    the towns of a name in a country: those of that very name, largest first, if it is not given.
    """
    look_up = look_up or exact_rows
    hits = look_up(text, country) if fold(text) else []
    patterns = _QUALIFIED if text.count(",") + text.count("(") <= MOST_QUALIFIERS else ()
    for match in (pattern.match(text) for pattern in patterns):
        for within in dict.fromkeys((country, None)):
            if match and not hits:
                which = fold(match["which"])
                hits = [hit for hit in named_rows(match["name"], within, look_up) if which in qualifiers(hit)]
    return hits


def qualifiers(hit: TownHit) -> set[str]:
    """Return every folded text that may stand beside the name of a town to tell it from its namesakes."""
    table, row = hit
    cell = int(table.cell[row])
    country = cells().countries[cell]
    names = [region_label(country, language) for language in ("fr", "en")]
    called = [name for name, code in _ALSO_CALLED.items() if code == country]
    regions = _regions_of(cells().codes[cell])
    told = [_where(found_at(table, row), language) for language in ("fr", "en")]
    codes = table.postal_codes[row].split("|")
    said = (*described(hit), *told, *regions, cells().regions[cell], country, *names, *called, *codes, table.codes[row])
    return {fold(text) for text in said} - {""}


@cache
def _regions_of(cell: str) -> tuple[str, ...]:
    """Return the names and codes of the regions around a cell: Nouvelle-Aquitaine, Québec, QC."""
    around = [row for row in rows_of("regions") if cell in row["cells"].split()]
    return tuple(text for row in around for text in (row["fr"], row["en"], row["code"].rpartition("-")[2]))


def described(hit: TownHit) -> tuple[str, ...]:
    """Return what people say to tell a town from its namesakes, shortest first."""
    table, row = hit
    cell = int(table.cell[row])
    region, country = cells().regions[cell], cells().countries[cell]
    if country == "FR":
        return (region.removeprefix("FR-"), region_label(region))
    return (region_label(region) if region else "", table.kinds[row], country)


def told_apart(town: Found, language: str = "fr") -> str:
    """Return a town with what tells it from its namesakes everywhere: Springfield (IL, États-Unis).

    Parameters
    ----------
    town : Found
    language : {"fr", "en"}
    """
    return f"{town.name} ({_where(town, language)})"


def _where(town: Found, language: str) -> str:
    # What tells namesakes of one region apart in Québec is only noise beside other names.
    alone = (
        bool(town.region)
        and sum(
            cells().regions[int(table.cell[row])] == town.region
            for table, row in exact_rows(town.name, town.country_code)
        )
        == 1
    )
    return ", ".join(
        filter(None, ("" if alone else town.kind, region_label(town.region or town.country_code, language)))
    )


def _exact_of(text: str, country: str | None, kinds: tuple[int, ...]) -> list[TownHit]:
    hits = []
    for table in tables_of(country):
        keys = exact(table, query_variants(text)[0])
        rows = rows_of_keys(table, keys[np.isin(table.key_kind[keys], kinds)], country)
        hits += [(table, row) for row in rows.tolist()]
    return hits


def _people(hit: TownHit) -> float:
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
    return rows if country is None else rows[of_country(table, rows, country)]


def keys_of(table: Towns, country: str | None) -> NDArray[np.bool_]:
    """Return which keys of a table lead to towns of ``country``, (key,); all of them for None."""
    if country is None:
        return np.ones(len(table.key_town), dtype=bool)
    return of_country(table, table.key_town, country)


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
        kind=table.kinds[row],
    )


def checked_text(text: object, field: str) -> None:
    """Refuse what is no text, or too long to be the name of a place."""
    if not isinstance(text, str):
        raise InvalidInput("wrong_type", field=field, received=shown(text), allowed="a text")
    if len(text) > MAX_TEXT:
        raise InvalidInput("too_long", field=field, received=len(text), allowed=f"at most {MAX_TEXT}")


def of_country(table: Towns, rows: Ints, country: str) -> NDArray[np.bool_]:
    """Return which of some rows of a table are towns of ``country``, (row,)."""
    wanted = np.array([code == country for code in cells().countries])
    return wanted[table.cell[rows]]
