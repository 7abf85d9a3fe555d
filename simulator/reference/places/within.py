"""The towns inside a place, for a map."""

from __future__ import annotations

import numpy as np

from simulator.reference.places.cover import people_inside
from simulator.reference.places.people import circle_of
from simulator.reference.places.regions import Area, cells_of
from simulator.reference.places.search import Found, found_at
from simulator.reference.places.tables import all_towns


def towns_within(place: Area) -> list[tuple[Found, float]]:
    """Return each town of which a part lies in ``place``, with the share (0 to 1) inside; largest first.

    The population of each times its share adds up to the population of the place.
    """
    inside = []
    for towns in all_towns():
        if place.kind == "circle":
            share = people_inside(towns, {circle_of(place)}) / np.maximum(towns.people, 1e-9)
        else:
            share = np.isin(towns.cell, cells_of(place)).astype(float)
        inside += [(found_at(towns, row), float(share[row])) for row in np.flatnonzero(share).tolist()]
    return sorted(inside, key=lambda town: -town[0].population * town[1])
