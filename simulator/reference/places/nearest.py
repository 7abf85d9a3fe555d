"""What lies nearest to a point: its town, its country."""

from __future__ import annotations

import numpy as np

from simulator.reference.places.circles import Circle, distances_km
from simulator.reference.places.points import points_near
from simulator.reference.places.tables import Floats, Ints, all_towns, cells, towns, unit_vectors

SEARCHED_KM = 20.0
"""Points are looked at this far around; where nobody lives as near, the nearest town decides."""
_NEAR_DEGREES = 1.0
"""Towns this much farther north or south than a point may be its nearest; where there are none, all are looked at."""


def country_at(latitude: float, longitude: float) -> str:
    """Return the country of those who live nearest to a point given in degrees (WGS 84)."""
    here = unit_vectors(latitude, longitude)
    known = [(near.vectors, near.area) for near in points_near({Circle(latitude, longitude, SEARCHED_KM)})]
    lived_in = [_nearest(vectors, area, here) for vectors, area in known]
    best = min(lived_in, default=(np.inf, -1))
    if best[0] > SEARCHED_KM:
        best = min(_nearest(table.vectors, table.cell, here) for table in all_towns())
    return cells().countries[best[1]]


def _nearest(vectors: Floats, area: Ints, here: Floats) -> tuple[float, int]:
    """Return the distance (km) and the area of the nearest of some positions."""
    row = int(np.argmax(vectors @ here))
    return float(distances_km(vectors[row], here)), int(area[row])


def nearest_towns(area: int, vectors: Floats) -> Ints:
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
