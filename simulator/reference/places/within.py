"""The towns inside a place, for a map: each with the people who live in it or nearest to it."""

from __future__ import annotations

import numpy as np

from simulator.reference.places.cover import shares_inside
from simulator.reference.places.nearest import nearest_towns
from simulator.reference.places.people import circle_of
from simulator.reference.places.points import points_near
from simulator.reference.places.regions import Area, cells_of
from simulator.reference.places.search import Found, found_at
from simulator.reference.places.tables import Floats, Ints, all_towns, cells, towns


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
            town = near.owner[rows] if near.table == "people_fr" else nearest_towns(area, near.vectors[rows])
            for row, count in zip(*_sums(town, counts[rows]), strict=True):
                people[table, row] = people.get((table, row), 0.0) + count
    inside = [(found_at(towns(table), row), count) for (table, row), count in people.items()]
    return sorted(inside, key=lambda town: -town[1])


def _sums(rows: Ints, counts: Floats) -> tuple[list[int], list[float]]:
    """Return each row once, with the sum of its counts."""
    once, inverse = np.unique(rows, return_inverse=True)
    return once.tolist(), np.bincount(inverse, weights=counts).tolist()
