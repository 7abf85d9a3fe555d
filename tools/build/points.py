"""Pack where people live into tables of points: ``python -m tools.build.points FIGURES GEONAMES``.

FIGURES holds the people in cells (people_*.csv.gz) with municipalities_qc.csv, GEONAMES what ``tools.build.places``
reads. Run after that: the points refer to its towns and areas. Prints the factor that brings each area to its
population.
"""

from __future__ import annotations

import lzma
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from simulator.reference.places.circles import EARTH_RADIUS_KM
from simulator.reference.places.points import GRID_WIDTH, GRIDS, PACKING, WORLD_CELL, WORLD_CORNER
from simulator.reference.places.tables import TABLES, Floats, Ints, Towns, cells, towns, unit_vectors
from tools.build import geonames
from tools.build.geonames import Record
from tools.build.places_quebec import owners, set_into_villages
from tools.build.places_world import REST_OF_CANADA, cell_of
from tools.build.towns_world import ELSEWHERE, QUEBEC

_EUROPE = "AT AX BE BG CH CY CZ DE DK EE ES FI GR HR HU IE IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
EUROPE = frozenset(_EUROPE.split(" "))
"""Countries of the census grid."""
IN_PART = frozenset({"CA", "CY"})
"""Countries where a census table reaches some towns only: not five provinces and territories, nor the north."""
CENSUS_KM = 5.0
"""There a town farther than this from every point of the census lies where it does not reach."""
CENTRE_KM = 1.0
"""A cell of the world with a census point this near to its centre is counted there."""
LEAST_IN_A_CELL = 0.5
"""Cells with fewer people are left out; their people come back with the scaling of their country."""
LEAST_RADIUS = 5
"""Smallest disc of a town, 10 m."""
SMALL_COUNTRY = 0.5
"""Countries with less than this share of their people in the grid, such as Gibraltar or the Vatican."""
BARE_KM = 12.0
"""A town farther than this from every cell lies in a hole of the grid, such as South Australia."""
TILE_DEGREES = {"people_fr": 1.0, "people_qc": 4.0, "people_ca": 4.0, "people_towns": 8.0}
TILE_CELLS = {"people_europe": 100, "people_world": 96}
EXACT_LEVELS = 20
"""Up to so many people a cell of a grid is exact;"""
MOST_IN_A_CELL = {"people_europe": 6e4, "people_world": 5e6}
"""above, levels rise evenly in logarithms up to this (by 3.5 % and 5.4 % a step, so that half a step is the error)."""
TOWN_DENSITY = 4000.0
"""People per km² over which a town's people are spread: an assumption, 2,000 to 10,000 seen in practice."""
LARGEST_TOWN_KM = 4.0
"""A town of a larger disc than this is what the cells say (5 minutes are 9 km), with those whom they lack."""
SPOTS = 24
"""Points on a town's disc, and on a ring around it, that say in which cells they lie."""
NEAR_RING_KM, FAR_RING_KM = 5.0, 20.0
"""A town whose own cells hold too few people takes them from cells this much farther than its disc."""
FINE_GRID = ["AU", "GB", "NZ", "US"]
"""Countries whose censuses of small areas stand behind WorldPop: no wider ring, where GeoNames would be the error."""


@dataclass(frozen=True)
class Raw:
    """Points on their way into a table.

    ``owner`` is as in ``points.Points``, ``areas`` gives the row in ``cells()`` of each owner, ``people`` are those
    before scaling. ``where`` holds latitude and longitude (1e-4 degrees) and radius (10 m), or row, column and, in the
    end, level of a grid.
    """

    owner: Ints
    areas: Ints
    people: Floats
    where: dict[str, Ints]

    @property
    def area(self) -> Ints:
        """Row in ``cells()`` of each point."""
        return self.areas[self.owner]


def main(figures: Path, geo: Path) -> None:
    records = geonames.records(geo)
    tables = {"people_fr": france(figures), "people_qc": quebec(figures), "people_ca": canada(figures)}
    tables["people_europe"] = europe(figures, records)
    census = np.concatenate([unit_vectors(*_degrees(name, table.where)[:2]) for name, table in tables.items()])
    tables["people_towns"], tables["people_world"] = world(figures, records, census)
    levels = {name: _levels(MOST_IN_A_CELL[name]) for name in GRIDS}
    for name in GRIDS:
        level = _nearest_level(tables[name].people, levels[name])
        where = {**tables[name].where, "level": level}
        tables[name] = replace(tables[name], people=levels[name][level], where=where)
    known = cells()
    raw = np.zeros(len(known))
    for table in tables.values():
        raw += np.bincount(table.area, weights=table.people, minlength=len(known))
    empty = [known.codes[row] for row in np.flatnonzero((raw <= 0) & (known.population > 0))]
    if empty:
        raise SystemExit(f"nobody placed in {', '.join(empty)}")
    scale = known.population / np.maximum(raw, 1e-9)
    for row in np.argsort(scale).tolist():
        print(f"{known.codes[row]:12s} {raw[row]:14,.0f} {known.population[row]:14,.0f} {scale[row]:8.4f}")
    for name, table in tables.items():
        write(name, table, scale, levels.get(name, np.zeros(0)))


def france(figures: Path) -> Raw:
    rows = pd.read_csv(figures / "people_fr.csv.gz", dtype={"commune": str})
    table = towns("communes_fr")
    row_of = {table.codes[row]: row for row in range(len(table))}
    owner: Ints = np.asarray(rows["commune"].map(row_of), dtype=np.int64)
    return _scattered(rows, owner, table.cell)


def quebec(figures: Path) -> Raw:
    rows = set_into_villages(figures, pd.read_csv(figures / "people_qc.csv.gz"))
    rows_of = {code: row for row, code in enumerate(cells().codes)}
    owner, codes = owners(figures, rows)
    areas: Ints = np.array([rows_of.get(code, -1) for code in codes], dtype=np.int64)
    return _scattered(rows, owner, areas)


def canada(figures: Path) -> Raw:
    rows = pd.read_csv(figures / "people_ca_other.csv.gz")
    return _scattered(rows, np.full(len(rows), cells().codes.index(REST_OF_CANADA)), _every_area())


def _every_area() -> Ints:
    return np.arange(len(cells()))


def _scattered(rows: pd.DataFrame, owner: Ints, areas: Ints) -> Raw:
    where = {"latitude": rows["lat_e4"], "longitude": rows["lon_e4"], "radius": rows["radius_10m"]}
    numbers = {name: column.to_numpy(np.int64) for name, column in where.items()}
    return Raw(owner, areas, rows["people"].to_numpy(float), numbers)


def _grid(file: Path, down: str, across: str) -> tuple[dict[str, Ints], Floats]:
    rows = pd.read_csv(file)
    column = rows.groupby(down)[across].cumsum()
    where = {"row": rows[down].to_numpy(np.int64), "column": column.to_numpy(np.int64)}
    return where, rows["people"].to_numpy(float)


def _degrees(name: str, where: dict[str, Ints]) -> tuple[Floats, Floats, Floats]:
    """Return latitude and longitude (degrees) and radius (km) of points."""
    if name in GRIDS:
        return GRIDS[name](where["row"], where["column"])
    return where["latitude"] / 1e4, where["longitude"] / 1e4, where["radius"] / 100


def europe(figures: Path, records: Sequence[Record]) -> Raw:
    """Return the square kilometres of the census grid, each of the country of the nearest town."""
    where, people = _grid(figures / "people_europe_1km.csv.gz", "y_km", "x_km_step")
    inside = [record for record in records if record.country in EUROPE]
    latitude, longitude, _ = _degrees("people_europe", where)
    _, nearest = cKDTree(_vectors(inside)).query(unit_vectors(latitude, longitude))
    return Raw(_areas(inside)[nearest], _every_area(), people, where)


def world(figures: Path, records: Sequence[Record], census: Floats) -> tuple[Raw, Raw]:
    """Return the towns that stand in cells of 5 minutes, and the people of these cells outside them.

    ``census`` holds every point (unit vector) of the other tables.
    """
    where, people = _grid(figures / "people_world_5min.csv.gz", "row", "col_step")
    latitude, longitude, _ = _degrees("people_world", where)
    centres, reached = unit_vectors(latitude, longitude), cKDTree(census)

    found = towns("towns_world")
    countries = np.array(cells().countries)[found.cell]
    in_census = np.isin(countries, list(EUROPE | IN_PART))
    apart, _ = cKDTree(centres).query(found.vectors)
    bare = ~in_census & (apart * EARTH_RADIUS_KM > BARE_KM)
    rows = np.flatnonzero(~_by_census(countries, found.vectors, reached) | bare)
    radius_km: Floats = np.sqrt(found.population[rows] / TOWN_DENSITY / math.pi)
    placed, rest = settle(found, rows, radius_km, where, people)
    kept, owner = _kept(records, centres, rest, reached)

    # Countries too small for the grid, and where it has a hole: towns hold the people that are stated for them.
    there = np.bincount(owner, weights=rest[kept], minlength=len(cells()))
    there += np.bincount(found.cell[rows], weights=placed, minlength=len(cells()))
    lacking = bare[rows] | ((there < SMALL_COUNTRY * cells().population)[found.cell[rows]] & ~in_census[rows])
    placed = np.where(lacking, found.population[rows], placed)
    rural = {key: column[kept] for key, column in where.items()}
    return _discs(found, rows, radius_km, placed), Raw(owner, _every_area(), rest[kept], rural)


def _discs(found: Towns, rows: Ints, radius_km: Floats, people: Floats) -> Raw:
    """Return towns as points, those without people left out."""
    lived_in = np.round(people) >= 1
    rows = rows[lived_in]
    numbers = {
        "latitude": found.latitude[rows] * 1e4,
        "longitude": found.longitude[rows] * 1e4,
        "radius": np.maximum(radius_km[lived_in] * 100, LEAST_RADIUS),
    }
    where = {key: np.round(column).astype(np.int64) for key, column in numbers.items()}
    return Raw(found.cell[rows], _every_area(), np.round(people[lived_in]), where)


def _near(vectors: Floats, reached: cKDTree, km: float) -> NDArray[np.bool_]:
    """Return which positions have a census point within ``km``."""
    apart, _ = reached.query(vectors, distance_upper_bound=2 * km / EARTH_RADIUS_KM)
    return np.asarray(apart * EARTH_RADIUS_KM <= km)


def _by_census(countries: NDArray[np.str_], vectors: Floats, reached: cKDTree) -> NDArray[np.bool_]:
    """Return which towns lie where a census table holds the people."""
    whole, part = (np.isin(countries, list(names)) for names in (EUROPE - IN_PART, IN_PART))
    return whole | (part & _near(vectors, reached, CENSUS_KM))


def _kept(records: Sequence[Record], centres: Floats, rest: Floats, reached: cKDTree) -> tuple[Ints, Ints]:
    """Return the cells that no other table counts, and the area of each: that of its nearest town."""
    vectors, area = _vectors(records), _areas(records)
    _, nearest = cKDTree(vectors).query(centres)
    elsewhere = _by_census(np.array([record.country for record in records]), vectors, reached) | (area < 0)
    nearest = np.asarray(nearest, dtype=np.int64)
    kept = np.flatnonzero((rest >= LEAST_IN_A_CELL) & ~elsewhere[nearest] & ~_near(centres, reached, CENTRE_KM))
    return kept, area[nearest[kept]]


def _vectors(records: Sequence[Record]) -> Floats:
    return unit_vectors([record.latitude for record in records], [record.longitude for record in records])


def _areas(records: Sequence[Record]) -> Ints:
    """Return the area (row in ``cells()``) of each record, −1 in France and Québec."""
    rows = {code: row for row, code in enumerate(cells().codes)}
    official = [record.country in ELSEWHERE or (record.country, record.admin1) == QUEBEC for record in records]
    areas: Ints = np.array([rows.get(cell_of(record.country), -1) for record in records], dtype=np.int64)
    areas[official] = -1
    return areas


def settle(
    found: Towns, rows: Ints, radius_km: Floats, where: dict[str, Ints], people: Floats
) -> tuple[Floats, Floats]:
    """Set towns into cells: a small one with all its people, a large one with those its cells lack.

    Towns take from the cells under their discs, then from a ring around, then from a wider one: WorldPop spreads people
    over districts, so that in a large district those whom its capital lacks stand around it. Nobody is added.

    Parameters
    ----------
    found, rows : Towns, array (town,)
    radius_km : array (town,)

    Returns
    -------
    array (town,)
        People set into each town.
    array (cell,)
        People left in each cell.
    """
    cell_of = {place: number for number, place in enumerate((where["row"] * 100_000 + where["column"]).tolist())}
    latitude, longitude = found.latitude[rows], found.longitude[rows]
    small = radius_km <= LARGEST_TOWN_KM
    coarse = ~np.isin([cells().countries[area] for area in found.cell[rows]], FINE_GRID)
    side_km2 = (math.radians(WORLD_CELL) * EARTH_RADIUS_KM) ** 2 * np.cos(np.radians(latitude))
    town, cell, weight = _cells_in_rings(latitude, longitude, np.zeros(len(rows)), radius_km, cell_of)
    known = people[cell] * weight * (math.pi * radius_km**2 / side_km2)[town]
    wanted = found.population[rows] - np.where(small, 0.0, np.bincount(town, weights=known, minlength=len(rows)))
    wanted, placed, rest = np.maximum(wanted, 0.0), np.zeros(len(rows)), people.copy()
    inner = np.zeros(len(rows))
    for farther, takes in ((0.0, small), (NEAR_RING_KM, small), (FAR_RING_KM, coarse)):
        outer = radius_km + farther
        town, cell, weight = _cells_in_rings(latitude, longitude, inner, outer, cell_of)
        _take(town, cell, weight * takes[town], wanted, placed, rest)
        inner = outer
    return placed, rest


def _take(town: Ints, cell: Ints, weight: Floats, wanted: Floats, placed: Floats, rest: Floats) -> None:
    """Move people from cells (``rest``) into towns (``placed``), by pairs of both with a weight.

    Where neighbours want more than a cell holds, each gets the same share of its wish; then once more.
    """
    for _ in range(4):
        room = weight * rest[cell]
        room_of_town = np.bincount(town, weights=room, minlength=len(placed))
        share = np.divide(room, room_of_town[town], out=np.zeros_like(room), where=room > 0)
        wish = (wanted - placed)[town] * share
        wished = np.bincount(cell, weights=wish, minlength=len(rest))
        given = wish * np.minimum(1.0, np.divide(rest[cell], wished[cell], out=np.zeros_like(wish), where=wish > 0))
        placed += np.bincount(town, weights=given, minlength=len(placed))
        np.maximum(rest - np.bincount(cell, weights=given, minlength=len(rest)), 0.0, out=rest)


def _cells_in_rings(
    latitude: Floats, longitude: Floats, inner_km: Floats, outer_km: Floats, cell_of: dict[int, int]
) -> tuple[Ints, Ints, Floats]:
    """Return pairs of towns and cells with people in a ring around them, and the share of the ring in the cell."""
    step = np.arange(SPOTS)
    away = np.sqrt(inner_km[:, None] ** 2 + (step + 0.5) / SPOTS * (outer_km**2 - inner_km**2)[:, None])
    out, angle = np.degrees(away / EARTH_RADIUS_KM), step * math.pi * (3 - math.sqrt(5))
    north = latitude[:, None] + out * np.cos(angle)
    east = longitude[:, None] + out * np.sin(angle) / np.cos(np.radians(latitude))[:, None]
    row = np.floor((north - WORLD_CORNER[0]) / WORLD_CELL).astype(np.int64)
    column = np.floor((east - WORLD_CORNER[1]) / WORLD_CELL).astype(np.int64) % 4320
    number = np.array([cell_of.get(place, -1) for place in (row * 100_000 + column).ravel().tolist()])
    town = np.repeat(np.arange(len(latitude)), SPOTS)[number >= 0]
    pairs, count = np.unique(np.stack((town, number[number >= 0])), axis=1, return_counts=True)
    return pairs[0], pairs[1], count / SPOTS


def _levels(most: float) -> Floats:
    above = np.geomspace(EXACT_LEVELS, most, 256 - EXACT_LEVELS)
    return np.concatenate([np.arange(EXACT_LEVELS), np.round(above)])


def _nearest_level(people: Floats, levels: Floats) -> Ints:
    edges = np.sqrt(np.maximum(levels[:-1], 0.25) * levels[1:])
    return np.maximum(np.searchsorted(edges, people), 1)


def write(name: str, table: Raw, scale: Floats, levels: Floats) -> None:
    """Write one table, its points sorted into tiles."""
    bounds, corners, reach, counts, blocks = [], [], [], [], []
    for rows in _tiles(name, table):
        where = {key: column[rows] for key, column in table.where.items()}
        first, second = ("row", "column") if name in GRIDS else ("latitude", "longitude")
        latitude, longitude, radius = _degrees(name, where)
        corner = (int(where[first].min()), int(where[second].min()))
        down, across = where[first] - corner[0], where[second] - corner[1]
        if name in GRIDS:
            columns = [table.owner[rows], down * GRID_WIDTH + across, where["level"]]
        else:
            people = np.round(table.people[rows]).astype(np.int64)
            columns = [table.owner[rows], down, across, people, where["radius"]]
        south, north, west, east = latitude.min(), latitude.max(), longitude.min(), longitude.max()
        bounds.append([math.floor(limit) for limit in (south * 1e4, north * 1e4 + 1, west * 1e4, east * 1e4 + 1)])
        reach.append(math.ceil(radius.max() * 100))
        corners.append(corner)
        counts.append(len(rows))
        blocks.append(packed(columns, differences=len(columns) - (1 if name in GRIDS else 2)))
    np.savez(
        TABLES / f"{name}.npz",
        bounds=np.array(bounds, dtype=np.int32),
        corner=np.array(corners, dtype=np.int32),
        reach=np.array(reach, dtype=np.uint16),
        count=np.array(counts, dtype=np.int32),
        size=np.array([len(block) for block in blocks], dtype=np.int32),
        areas=table.areas.astype(np.int16),
        held=np.unique(table.area).astype(np.int16),
        scale=scale,
        levels=levels.astype(np.float32),
        block=np.frombuffer(b"".join(blocks), dtype=np.uint8),
    )
    print(f"{name:14s} {sum(counts):9,d} points {len(blocks):5d} tiles {sum(map(len, blocks)):10,d} bytes")


def _tiles(name: str, table: Raw) -> Iterator[Ints]:
    """Yield the points of each tile, by owner, then from south to north."""
    if name in GRIDS:
        down, across = (table.where[key] // TILE_CELLS[name] for key in ("row", "column"))
        order = np.lexsort((table.where["column"], table.where["row"], table.owner, across, down))
    else:
        size = int(TILE_DEGREES[name] * 1e4)
        down, across = (table.where[key] // size for key in ("latitude", "longitude"))
        order = np.lexsort((table.where["longitude"], table.where["latitude"], table.owner, across, down))
    new = np.flatnonzero((np.diff(down[order]) != 0) | (np.diff(across[order]) != 0)) + 1
    yield from np.split(order, new)


def packed(columns: list[Ints], differences: int) -> bytes:
    """Return the numbers of a tile as bytes, the inverse of ``points.unpacked``."""
    stored = []
    for place, column in enumerate(columns):
        numbers = column
        if place < differences:
            step = np.diff(column, prepend=0)
            numbers = (step << 1) ^ (step >> 63)
        stored.append(numbers.astype("<u4").view(np.uint8).reshape(-1, 4).T)
    return lzma.compress(np.stack(stored).tobytes(), lzma.FORMAT_RAW, filters=PACKING)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
