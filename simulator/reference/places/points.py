"""Where people live: points with small discs, read tile by tile, only where a circle reaches.

A point is a square kilometre of a census, a block of houses, a cell of a world grid or a small town. Its people
live evenly over its disc. Each person stands in one point of one table: no two tables count the same people.
"""

from __future__ import annotations

import lzma
import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle, covered_share, disc_shares, distances_km
from simulator.reference.places.tables import TABLES, Floats, Ints, checked, unit_vectors

POINT_TABLES = ("people_fr", "people_qc", "people_ca", "people_europe", "people_world", "people_towns")
"""Tables of points: no person is counted in two of them."""
TILES_KEPT = 160
"""Tiles kept in memory at once, about 0.2 MB each; France is 92."""

PACKING = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 0, "pb": 0}]
"""How a tile is packed: no header, one context for all bytes (they are differences, next to random)."""

COLUMNS, GRID_COLUMNS = 5, 3
"""Numbers of a point: owner, latitude, longitude, people, radius; of a cell of a grid: owner, place, level."""
GRID_WIDTH = 1000
"""The place of a cell within its tile is one number, row × this + column."""
WORLD_CELL = 0.083333333
WORLD_CORNER = (-71.992082844, -180.001249265)
"""Cells of the world's grid, degrees: size, and the south-west corner (latitude, longitude) of the first."""
_ROUNDING = 1e-14
"""Error of a scalar product of unit vectors, generously: 1 m at 1 km."""


@dataclass(frozen=True, eq=False)
class Points:
    """Points of one tile, sorted by latitude.

    Attributes
    ----------
    table : str
    latitude : array (point,)
        Degrees, WGS 84.
    vectors : array (point, 3)
        Positions as unit vectors.
    people : array (point,)
        People of all ages, scaled so that each area adds up to its population.
    radius_km : array (point,)
        Radius of the disc they live on.
    owner : array (point,)
        What the point belongs to: the row of its commune in ``communes_fr``; in Québec its MRC (the first two digits of
        a municipality's code, MRC 99 in three parts: 99, 199, 299); elsewhere the row of its area in ``cells()``.
    area : array (point,)
        Row of its area in ``cells()``.
    reach_km : float
        Radius of the largest disc.
    """

    table: str
    latitude: Floats
    vectors: Floats
    people: Floats
    radius_km: Floats
    owner: Ints
    area: Ints
    reach_km: float

    def __len__(self) -> int:
        return len(self.latitude)


@dataclass(frozen=True, eq=False)
class PointTable:
    """One table of points, packed: its tiles, and where each lies in the block.

    Attributes
    ----------
    count, reach_km : arrays (tile,)
        Points of each tile, and the radius of its largest disc.
    south, north, west, east : arrays (tile,)
        Limits of the points' positions, degrees.
    corner : array (tile, 2)
        First latitude and longitude (1e-4 degrees), or first row and column of the grid.
    areas : array (owner,)
        Row in ``cells()`` of each owner.
    held : set of int
        Rows in ``cells()`` of the areas of which it holds people.
    scale : array (area,)
        Factor that brings the people of each area to its population.
    levels : array (level,)
        People of each level where they are stored as levels, else empty.
    """

    name: str
    count: Ints
    reach_km: Floats
    south: Floats
    north: Floats
    west: Floats
    east: Floats
    corner: Ints
    areas: Ints
    held: set[int]
    scale: Floats
    levels: Floats
    starts: Ints

    @cached_property
    def block(self) -> bytes:
        """All tiles, packed one after the other; read when the first is needed."""
        return bytes(_member(self.name, "block"))

    def touched(self, circle: Circle) -> Ints:
        """Return the tiles that may hold a disc touching ``circle``."""
        reach = (circle.radius_km + self.reach_km) / EARTH_RADIUS_KM
        margin = np.degrees(reach) + 1e-6
        near = (self.south - margin <= circle.latitude) & (circle.latitude <= self.north + margin)
        tiles = np.flatnonzero(near)
        if not len(tiles):
            return tiles
        # Meridians run together: a circle of this reach spans so many degrees of longitude, all where it holds a pole.
        slope = np.sin(reach[tiles]) / max(math.cos(math.radians(circle.latitude)), 1e-12)
        holds_pole = abs(circle.latitude) + margin[tiles] >= 90
        across = np.where(holds_pole, 360.0, np.degrees(np.arcsin(np.minimum(slope, 1.0))) + 1e-6)
        middle, half = (self.west[tiles] + self.east[tiles]) / 2, (self.east[tiles] - self.west[tiles]) / 2
        apart = np.abs((circle.longitude - middle + 180) % 360 - 180)
        return tiles[apart <= half + across]


def points_near(circles: Iterable[Circle]) -> list[Points]:
    """Return the tiles of all tables that may hold people inside one of ``circles``, each once."""
    reached = {
        (name, tile)
        for circle in circles
        for name in POINT_TABLES
        for tile in point_table(name).touched(circle).tolist()
    }
    return [points(name, tile) for name, tile in sorted(reached)]


def point_tables_of(areas: Iterable[int]) -> set[str]:
    """Return the tables that hold the people of some areas (rows in ``cells()``)."""
    return {name for name in POINT_TABLES if not point_table(name).held.isdisjoint(areas)}


@cache
def point_table(name: str) -> PointTable:
    """Return the tiles of one table, none of them unpacked.

    Raises
    ------
    TableError
        If the file is missing or damaged.
    """

    def read(path: Path) -> PointTable:
        with np.load(path, allow_pickle=False) as stored:
            south, north, west, east = (stored["bounds"] / 1e4).T
            return PointTable(
                name=name,
                count=stored["count"].astype(np.int64),
                reach_km=stored["reach"] / 100,
                south=south,
                north=north,
                west=west,
                east=east,
                corner=stored["corner"].astype(np.int64),
                areas=stored["areas"].astype(np.int64),
                held=set(stored["held"].tolist()),
                scale=stored["scale"],
                levels=stored["levels"].astype(float),
                starts=np.concatenate([[0], np.cumsum(stored["size"], dtype=np.int64)]),
            )

    return checked(TABLES / f"{name}.npz", read)


def _member(name: str, member: str) -> NDArray[np.uint8]:
    def read(path: Path) -> NDArray[np.uint8]:
        with np.load(path, allow_pickle=False) as stored:
            return np.asarray(stored[member])

    return checked(TABLES / f"{name}.npz", read)


@lru_cache(maxsize=TILES_KEPT)
def points(name: str, tile: int) -> Points:
    """Return the points of one tile."""
    table = point_table(name)
    packed = table.block[int(table.starts[tile]) : int(table.starts[tile + 1])]
    count = int(table.count[tile])
    first, second = table.corner[tile].tolist()
    if name in GRIDS:
        owner, place, level = unpacked(packed, count, GRID_COLUMNS, differences=2)
        latitude, longitude, radius_km = GRIDS[name](first + place // GRID_WIDTH, second + place % GRID_WIDTH)
        people = table.levels[level]
    else:
        owner, north, east, people, radius = unpacked(packed, count, COLUMNS, differences=3)
        latitude, longitude, radius_km = (first + north) / 1e4, (second + east) / 1e4, radius / 100
    area = table.areas[owner]
    order = np.argsort(latitude, kind="stable")
    return Points(
        table=name,
        latitude=latitude[order],
        vectors=unit_vectors(latitude[order], longitude[order]),
        people=(people * table.scale[area])[order],
        radius_km=radius_km[order],
        owner=owner[order],
        area=area[order],
        reach_km=float(radius_km.max()),
    )


def unpacked(packed: bytes, count: int, columns: int, differences: int) -> Ints:
    """Return the numbers of a tile, (column, point).

    The bytes hold, column by column, the lowest byte of every number, then the next, four in all; of the first
    ``differences`` columns they hold the differences from one point to the next, the sign in the lowest bit.
    """
    planes = np.frombuffer(lzma.decompress(packed, lzma.FORMAT_RAW, filters=PACKING), dtype=np.uint8)
    numbers = planes.reshape(columns, 4, count).transpose(0, 2, 1).copy().view("<u4")[..., 0].astype(np.int64)
    steps = numbers[:differences]
    numbers[:differences] = np.cumsum((steps >> 1) ^ -(steps & 1), axis=1)
    return numbers


def world_cells(row: Ints, column: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the centres (latitude, longitude in degrees) of cells of 5 minutes, and discs (km) of their area."""
    latitude: Floats = np.asarray(WORLD_CORNER[0] + WORLD_CELL * (row + 0.5), dtype=np.float64)
    longitude: Floats = np.asarray(WORLD_CORNER[1] + WORLD_CELL * (column + 0.5), dtype=np.float64)
    side_km = math.radians(WORLD_CELL) * EARTH_RADIUS_KM
    radius_km: Floats = side_km * np.sqrt(np.cos(np.radians(latitude)) / math.pi)
    return latitude, longitude, radius_km


def europe_cells(row: Ints, column: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the centres (latitude, longitude in degrees) of square kilometres of EPSG:3035, and discs of 1 km².

    Inverse of Lambert's azimuthal equal-area projection on the ellipsoid GRS 80 around 52° N 10° E, false origin
    4321 km, 3210 km (Snyder 1987, Map Projections: A Working Manual, USGS 1395, equations 24-17 to 24-29).
    """
    equator, flattening = 6378.137, 1 / 298.257222101
    square = flattening * (2 - flattening)
    eccentricity = math.sqrt(square)

    def authalic(sine: float) -> float:
        logarithm = math.log((1 - eccentricity * sine) / (1 + eccentricity * sine)) / (2 * eccentricity)
        return (1 - square) * (sine / (1 - square * sine**2) - logarithm)

    pole, sine = authalic(1.0), math.sin(math.radians(52))
    middle, radius = math.asin(authalic(sine) / pole), equator * math.sqrt(pole / 2)
    stretch = equator * math.cos(math.radians(52)) / math.sqrt(1 - square * sine**2) / (radius * math.cos(middle))
    east, north = (column + 0.5 - 4321.0) / stretch, (row + 0.5 - 3210.0) * stretch
    away = np.hypot(east, north)
    angle = 2 * np.arcsin(away / (2 * radius))
    along = np.divide(north * np.sin(angle), away, out=np.zeros_like(away), where=away > 0)
    beta = np.arcsin(np.cos(angle) * math.sin(middle) + along * math.cos(middle))
    longitude = np.arctan2(
        east * np.sin(angle), away * math.cos(middle) * np.cos(angle) - north * math.sin(middle) * np.sin(angle)
    )
    latitude = (
        beta
        + (square / 3 + 31 * square**2 / 180 + 517 * square**3 / 5040) * np.sin(2 * beta)
        + (23 * square**2 / 360 + 251 * square**3 / 3780) * np.sin(4 * beta)
        + 761 * square**3 / 45360 * np.sin(6 * beta)
    )
    return np.degrees(latitude), 10.0 + np.degrees(longitude), np.full(len(row), math.sqrt(1 / math.pi))


GRIDS = {"people_europe": europe_cells, "people_world": world_cells}
"""Tables whose points are the occupied cells of a grid."""


def shares_inside(points: Points, circles: AbstractSet[Circle]) -> Floats:
    """Return the share (0 to 1) of each point's disc that at least one of ``circles`` covers, (point,).

    A disc covered in part by several circles counts with the area of their union.
    """
    share = np.zeros(len(points))
    partly: list[tuple[Ints, Floats, Circle]] = []
    for circle in sorted(circles):
        rows, part = _one_circle(points, circle)
        if len(circles) == 1:
            share[rows] = part
            return share
        whole = part >= 1.0
        share[rows[whole]] = 1.0
        partly.append((rows[~whole], part[~whole], circle))
    _add_parts(points, share, partly)
    return share


def _one_circle(points: Points, circle: Circle) -> tuple[Ints, Floats]:
    """Return rows and shares (above 0) of the points that one circle touches."""
    reach_km = circle.radius_km + points.reach_km
    margin = math.degrees(reach_km / EARTH_RADIUS_KM) * (1 + 1e-9)
    first, last = points.latitude.searchsorted([circle.latitude - margin, circle.latitude + margin]).tolist()
    centre = unit_vectors(circle.latitude, circle.longitude)
    # Cosines of the distances settle most points; only those near the rim need their lens.
    cosine = points.vectors[first:last] @ centre
    near = np.flatnonzero(cosine >= math.cos(reach_km / EARTH_RADIUS_KM) - _ROUNDING)
    share = np.ones(len(near))
    deep_km = max(circle.radius_km - points.reach_km, 0.0)
    rim = np.flatnonzero(cosine[near] <= math.cos(deep_km / EARTH_RADIUS_KM) + _ROUNDING)
    near += first
    apart = distances_km(points.vectors[near[rim]], centre)
    share[rim] = disc_shares(apart, circle.radius_km, points.radius_km[near[rim]])
    touched = share > 0
    return near[touched], share[touched]


def _add_parts(points: Points, share: Floats, partly: list[tuple[Ints, Floats, Circle]]) -> None:
    """Write into ``share`` the points that no circle covers wholly."""
    touching: dict[int, list[tuple[float, Circle]]] = {}
    for rows, parts, circle in partly:
        open_points = share[rows] < 1.0
        for row, part in zip(rows[open_points].tolist(), parts[open_points].tolist(), strict=True):
            touching.setdefault(row, []).append((part, circle))
    for row, parts_of_point in touching.items():
        share[row] = _union_share(points, row, parts_of_point)


def _union_share(points: Points, row: int, parts: list[tuple[float, Circle]]) -> float:
    alone = [part for part, _ in parts]
    if len(parts) == 1:
        return alone[0]
    centres = unit_vectors([circle.latitude for _, circle in parts], [circle.longitude for _, circle in parts])
    radii = np.array([circle.radius_km for _, circle in parts])
    joint = covered_share(float(points.radius_km[row]), points.vectors[row], centres, radii)
    # Exact up to rounding; the bounds hold for any union.
    return min(max(joint, *alone), 1.0, sum(alone))
