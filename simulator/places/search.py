"""Find towns by what somebody types: a name, its beginning, a postal code or an official code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.errors import InvalidInput, shown
from simulator.places.keys import BEGINS, EXACT, WORD, beginning, exact, with_word
from simulator.places.names import query_variants
from simulator.places.regions import check_country
from simulator.places.tables import CODE, Ints, Towns, cells, towns
from simulator.validated import MAX_TEXT

MAX_FOUND = 1000
"""Most towns one search may return."""


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
        People of all ages counted there; abroad this includes a share of the country's rural people.
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
    if not isinstance(limit, int) or not 0 <= limit <= MAX_FOUND:
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


def exact_rows(text: str, country: str | None) -> list[tuple[Towns, int]]:
    """Return the towns whose name, alias, postal code or code is ``text``, largest first.

    Five digits may be a postal code and, of another commune, the official code: people type the former, so that
    the latter only counts for a larger commune (97411: Saint-Paul by post, Saint-Denis by code).
    """
    hits = []
    for table in tables_of(country):
        keys = exact(table, query_variants(text)[0])
        by_code = table.key_kind[keys] == CODE
        typed = rows_of_keys(table, keys[~by_code], country)
        coded = rows_of_keys(table, keys[by_code], country)
        coded = coded[table.population[coded] > table.population[typed].max(initial=-1.0)]
        hits += [(table, row) for row in np.union1d(typed, coded).tolist()]
    return sorted(hits, key=lambda hit: -float(hit[0].population[hit[1]]))


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
    if country is not None:
        wanted = np.array([code == country for code in cells().countries])
        rows = rows[wanted[table.cell[rows]]]
    return rows


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


def _hits(table: Towns, text: str, limit: int, country: str | None) -> list[Hit]:
    """Return at most ``limit`` towns of each kind of answer."""
    hits: list[Hit] = []
    seen = np.zeros(0, dtype=np.int64)
    for quality, look_up in ((EXACT, exact), (BEGINS, beginning), (WORD, with_word)):
        rows = np.setdiff1d(rows_of_keys(table, look_up(table, text), country), seen)
        largest = rows[np.argsort(-table.population[rows], kind="stable")[:limit]]
        hits += [(quality, -float(table.population[row]), table, row) for row in largest.tolist()]
        seen = np.union1d(seen, rows)
        if len(hits) >= limit:
            break
    return hits
