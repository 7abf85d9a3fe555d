"""The towns inside a place, for a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.places.cover import people_inside
from simulator.places.people import circle_of
from simulator.places.regions import cells_of
from simulator.places.search import Found, found_at
from simulator.places.tables import all_towns

if TYPE_CHECKING:
    from simulator.campaign import Place


def towns_within(place: Place) -> list[tuple[Found, float]]:
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
