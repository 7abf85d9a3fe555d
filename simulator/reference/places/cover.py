"""How many people of each town a set of circles covers."""

from __future__ import annotations

import numpy as np

from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle, covered_share, disc_shares, distances_km
from simulator.reference.places.cloud import people_on_points
from simulator.reference.places.tables import Floats, Ints, Towns, unit_vectors


def people_inside(towns: Towns, circles: set[Circle]) -> Floats:
    """Return the people of each town who live in at least one of ``circles``, (town,).

    A town of known area counts by the share of its disc, any other by its points.
    """
    if towns.area_is_known:
        return town_shares(towns, circles) * towns.population
    return people_on_points(towns, circles)


def town_shares(towns: Towns, circles: set[Circle]) -> Floats:
    """Return the share (0 to 1) of each town's disc that at least one of ``circles`` covers, (town,).

    A town covered in part by several circles counts with the area of their union.
    """
    share = np.zeros(len(towns))
    partly: list[tuple[Ints, Floats, Circle]] = []
    for circle in sorted(circles):
        rows, part = _one_circle(towns, circle)
        whole = part >= 1.0
        share[rows[whole]] = 1.0
        partly.append((rows[~whole], part[~whole], circle))
    _add_parts(towns, share, partly)
    return share


def _one_circle(towns: Towns, circle: Circle) -> tuple[Ints, Floats]:
    """Return rows and shares (above 0) of the towns that one circle touches."""
    margin = np.degrees((circle.radius_km + float(towns.radius_km.max(initial=0.0))) / EARTH_RADIUS_KM)
    first, last = np.searchsorted(towns.latitude, [circle.latitude - margin, circle.latitude + margin * (1 + 1e-9)])
    near = slice(int(first), int(last))
    centre = unit_vectors(circle.latitude, circle.longitude)
    distance = distances_km(towns.vectors[near], centre)
    radius = towns.radius_km[near]
    touched = np.flatnonzero(distance <= circle.radius_km + radius)
    share = disc_shares(distance[touched], circle.radius_km, radius[touched])
    return touched[share > 0] + first, share[share > 0]


def _add_parts(towns: Towns, share: Floats, partly: list[tuple[Ints, Floats, Circle]]) -> None:
    """Write into ``share`` the towns that no circle covers wholly."""
    touching: dict[int, list[tuple[float, Circle]]] = {}
    for rows, parts, circle in partly:
        open_towns = share[rows] < 1.0
        for row, part in zip(rows[open_towns].tolist(), parts[open_towns].tolist(), strict=True):
            touching.setdefault(row, []).append((part, circle))
    for row, parts_of_town in touching.items():
        share[row] = _union_share(towns, row, parts_of_town)


def _union_share(towns: Towns, row: int, parts: list[tuple[float, Circle]]) -> float:
    alone = [part for part, _ in parts]
    if len(parts) == 1:
        return alone[0]
    centres = unit_vectors([circle.latitude for _, circle in parts], [circle.longitude for _, circle in parts])
    radii = np.array([circle.radius_km for _, circle in parts])
    joint = covered_share(float(towns.radius_km[row]), towns.vectors[row], centres, radii)
    # Exact up to rounding; the bounds hold for any union.
    return min(max(joint, *alone), 1.0, sum(alone))
