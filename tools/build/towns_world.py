"""Towns of the world for the package's table: which records count, and what tells namesakes apart.

Reasons stand in docs/decisions/places.md. How many people live where is told by tables of points (tools/build/points.py).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scipy.spatial import cKDTree

from simulator.reference.places.circles import EARTH_RADIUS_KM
from simulator.reference.places.names import fold
from simulator.reference.places.tables import Floats, unit_vectors
from tools.build.geonames import Record
from tools.build.place_tables import Town

NO_TOWN = {"PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH"}
"""Quarters; places that are historical, abandoned or destroyed."""
SEATS = {"PPLC", "PPLA", "PPLA2", "PPLA3", "PPLA4"}
ELSEWHERE = {"FR", "GP", "MQ", "GF", "RE", "YT"}
"""Countries of GeoNames whose people stand in the table of communes."""
QUEBEC = ("CA", "10")

NOT_THERE = {2703546, 2518597, 3218745}
"""Records with nobody within 5 km by the census: an Insjön and an El Casar in a wrong place, a hamlet of Slovenia."""

WHOLE_MUNICIPALITY = {"BE": "admin4", "CA": "admin3", "CH": "admin3", "DE": "admin4", "FI": "admin3", "IT": "admin3"}
"""Countries where a town's figure is that of its municipality: further records in it are parts, unless seats."""
CITIES_OF_QUARTERS = {
    2643743: ("GB", "ENG", 20.5),  # London
    5128581: ("US", "NY", 24.2),  # New York
    3530597: ("MX", "09", 60.0),  # Mexico City
    745044: ("TR", "34", 90.0),  # Istanbul
    1796236: ("CN", "23", 90.0),  # Shanghai
    1566083: ("VN", "79", 40.0),  # Ho Chi Minh City
    1668341: ("TW", None, 20.0),  # Taipei, its figure that of the conurbation
    1819729: ("HK", None, 60.0),  # Hong Kong
    993800: ("ZA", "06", 30.0),  # Johannesburg, its figure that of the conurbation
    756135: ("PL", "78", 14.0),  # Warsaw
    6324729: ("CA", "07", 12.0),  # Halifax, with Dartmouth
}
"""Cities whose figure includes records that GeoNames does not mark as quarters: country, first division, km."""
ADDED = {6180170, 6136944, 5913414, 5969721, 6180176, 5906831}
"""Canadian towns that only the newer list has.

Whitby, Saanich, Caledon, Halton Hills, Whitchurch-Stouffville, Bowmanville.
"""

MIN_PEOPLE = 1000
SETTLED_SHARE = 2 / 3
"""Where known towns hold this share of the country, records that only the newer list has are mostly quarters."""
SUBURB_DENSITY = 1500.0
"""People per km² of a city with its suburbs; a new record inside that disc counts as its quarter."""

ALIAS_PEOPLE = 15_000
PROVINCES = dict(
    zip(
        ("01", "02", "03", "04", "05", "07", "08", "09", "11", "12", "13", "14"),
        ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "SK", "YT", "NT", "NU"),
        strict=True,
    )
)


def chosen(records: Iterable[Record], totals: Mapping[str, float]) -> list[Record]:
    """Return the records that count as towns, quarters left out."""
    kept = [
        record
        for record in records
        if record.population > 0
        and record.country in totals
        and record.country not in ELSEWHERE
        and (record.country, record.admin1) != QUEBEC
        and record.feature not in NO_TOWN
        and record.number not in NOT_THERE
    ]
    known = _without_quarters([record for record in kept if record.feature])
    newer = [record for record in kept if not record.feature]
    return known + _towns_of(newer, known, totals)


def _without_quarters(records: list[Record]) -> list[Record]:
    """Leave out parts of municipalities and of the great cities."""
    largest: dict[tuple[str, str], int] = {}
    for record in sorted(records, key=lambda record: -record.population):
        largest.setdefault(_municipality(record), record.number)
    parts = {
        record.number
        for record in records
        if record.feature not in SEATS and largest[_municipality(record)] != record.number
    }
    parts |= {record.number for record in records if record.country == "ES" and record.admin4.isdigit()}
    parts |= _of_great_cities(records)
    return [record for record in records if record.number not in parts]


def _municipality(record: Record) -> tuple[str, str]:
    code = getattr(record, WHOLE_MUNICIPALITY.get(record.country, "number"))
    return (record.country, f"{record.admin1}:{code}" if code else str(record.number))


def _of_great_cities(records: list[Record]) -> set[int]:
    cities = [record for record in records if record.number in CITIES_OF_QUARTERS]
    parts = set()
    for city in cities:
        country, admin1, radius = CITIES_OF_QUARTERS[city.number]
        near = [
            record
            for record in records
            if record.country == country
            and (admin1 is None or record.admin1 == admin1)
            and record.population < city.population
            and _apart(record, city) <= radius
        ]
        parts |= {record.number for record in near}
    return parts


def _towns_of(newer: list[Record], known: list[Record], totals: Mapping[str, float]) -> list[Record]:
    """Return records of the newer list only that stand apart from larger towns, where towns are missing."""
    people: dict[str, float] = defaultdict(float)
    for record in known:
        people[record.country] += record.population
    candidates = [
        record
        for record in newer
        if record.number in ADDED
        or (record.population >= MIN_PEOPLE and people[record.country] < SETTLED_SHARE * totals[record.country])
    ]
    cities = [record for record in [*known, *candidates] if record.population >= 30_000]
    places = cKDTree(_vectors(candidates) * EARTH_RADIUS_KM)
    inside = set()
    for city, vector in zip(cities, _vectors(cities) * EARTH_RADIUS_KM, strict=True):
        reach = math.sqrt(city.population / SUBURB_DENSITY / math.pi)
        near = [candidates[row] for row in places.query_ball_point(vector, reach)]
        inside |= {record.number for record in near if record.population < city.population}
    return [record for record in candidates if record.number in ADDED or record.number not in inside]


def towns(records: Sequence[Record], cells: Mapping[str, str]) -> list[Town]:
    """Return the towns, each with the people that GeoNames states."""
    by_country: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_country[record.country].append(record)
    kinds = {number: kind for members in by_country.values() for number, kind in _kinds(members).items()}
    return [
        Town(
            code=str(record.number),
            name=record.name,
            latitude=record.latitude,
            longitude=record.longitude,
            population=float(record.population),
            cell=cells[record.country],
            kind=kinds.get(record.number, ""),
            aliases=_aliases(record),
            has_code=False,
        )
        for record in records
    ]


def _kinds(records: Sequence[Record]) -> dict[int, str]:
    """Return, for towns that share their name within a country, what tells them apart: state or nearest city."""
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_name[fold(record.name)].append(record)
    cities = [record for record in records if record.population >= 50_000]
    kinds = {}
    for members in by_name.values():
        for record in members if len(members) > 1 else ():
            division = PROVINCES.get(record.admin1, "") if record.country == "CA" else record.admin1
            others = [city for city in cities if fold(city.name) != fold(record.name)]
            if division.isalpha():
                kinds[record.number] = division
            elif others:
                kinds[record.number] = min(others, key=lambda city: _apart(record, city)).name
    return kinds


def _aliases(record: Record) -> tuple[str, ...]:
    """Return parts of a double name, and names of larger towns and capitals in languages with Latin letters.

    GeoNames writes transliterations in small letters: those nobody types.
    """
    parts = [part.strip() for part in record.name.split("/")] if "/" in record.name else []
    is_known_abroad = record.population >= ALIAS_PEOPLE or record.feature == "PPLC"
    listed = [name for name in record.names if name[:1].isupper()] if is_known_abroad else []
    folded: dict[str, str] = {}
    for name in [*parts, *listed]:
        key = fold(name)
        if 4 <= len(key) <= 30 and key.replace(" ", "").isascii() and not any(letter.isdigit() for letter in key):
            folded.setdefault(key, name)
    return tuple(folded.values())


def _vectors(records: Sequence[Record]) -> Floats:
    return unit_vectors([record.latitude for record in records], [record.longitude for record in records])


def _apart(one: Record, other: Record) -> float:
    """Return roughly how far apart two places are, km: only to rank and to draw city limits."""
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude + 180) % 360 - 180
    return math.hypot(north, east * math.cos(math.radians(one.latitude))) * math.pi / 180 * EARTH_RADIUS_KM
