"""Towns by position: the country of a point, the towns of a circle."""

from __future__ import annotations

import numpy as np

from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle, distances_km
from simulator.reference.places.found import Found, found_at
from simulator.reference.places.people import circle_of
from simulator.reference.places.points import points_near, shares_inside
from simulator.reference.places.regions import Area, cells_of
from simulator.reference.places.tables import Floats, Ints, all_towns, cells, towns, unit_vectors

SEARCHED_KM = 20.0
"""Points are looked at this far around; where nobody lives as near, the nearest town decides."""
SQUARES = 24
"""Squares across a circle in which its people are merged to one dot each: about 450 dots."""
_NEAR_DEGREES = 1.0
"""Towns this much farther north or south than a point may be its nearest; where there are none, all are looked at."""


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


def dots_within(place: Area) -> Floats:
    """Return where the people of a circle live, few enough dots to be drawn: latitude, longitude, people, (dot, 3).

    Points of the tables are merged on a grid of ``SQUARES`` squares across; each dot stands at the centre of its
    people. The people add up to those of the circle. A region or a country has no dots.
    """
    if place.kind != "circle" or place.latitude is None or place.radius_km is None:
        return np.zeros((0, 3))
    circles = {circle_of(place)}
    near = points_near(circles)
    counts = np.concatenate([np.zeros(0), *(shares_inside(one, circles) * one.people for one in near)])
    vectors = np.concatenate([np.zeros((0, 3)), *(one.vectors for one in near)])[counts > 0]
    counts = counts[counts > 0]
    latitude = np.degrees(np.arcsin(np.clip(vectors[:, 2], -1.0, 1.0)))
    longitude = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))
    side = np.degrees(2 * place.radius_km / SQUARES / EARTH_RADIUS_KM)
    rows = np.floor(latitude / side)
    columns = np.floor(longitude * np.cos(np.radians(place.latitude)) / side)
    _, square = np.unique(np.stack([rows, columns]), axis=1, return_inverse=True)
    people = np.bincount(square.ravel(), weights=counts)
    sums = np.stack([np.bincount(square.ravel(), weights=counts * vectors[:, axis]) for axis in range(3)], axis=-1)
    north, across = sums[:, 2], np.hypot(sums[:, 0], sums[:, 1])
    east = np.arctan2(sums[:, 1], sums[:, 0])
    found: Floats = np.stack([np.degrees(np.arctan2(north, across)), np.degrees(east), people], axis=-1)
    return found[np.argsort(-people, kind="stable")]


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
