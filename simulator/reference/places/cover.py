"""The share of each point's disc that a set of circles covers."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet

import numpy as np

from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle, covered_share, disc_shares, distances_km
from simulator.reference.places.points import Points
from simulator.reference.places.tables import Floats, Ints, unit_vectors

_ROUNDING = 1e-14
"""Error of a scalar product of unit vectors, generously: 1 m at 1 km."""


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
