"""People as points: where no area is known, a town's people stand on fixed points over an assumed disc.

Each point lies in a circle or not, so that people in unions and exclusions add up like sets, however many
circles overlap. A commune of France is one point, its town hall. Points are laid out only for towns that a
circle cuts: a town wholly inside needs none.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle
from simulator.reference.places.tables import Floats, Ints, Towns, unit_vectors

TOWN_SPACING_KM = 1.0
RURAL_SPACING_KM = 10.0
"""Radius of the disc that one point stands for, in towns and around them."""

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_ROUNDING_KM = 1e-6


def people_on_points(towns: Towns, circles: set[Circle]) -> Floats:
    """Return the people of each town whose points lie in at least one of ``circles``, (town,)."""
    inside = towns.population * _shares(towns, towns.radius_km, TOWN_SPACING_KM, circles)
    if towns.rural_population.any():
        inside += towns.rural_population * _shares(towns, towns.rural_km, RURAL_SPACING_KM, circles)
    return inside


def _shares(towns: Towns, radius_km: Floats, spacing_km: float, circles: set[Circle]) -> Floats:
    """Return the share of each town's points that at least one circle holds, (town,)."""
    share = np.zeros(len(towns))
    cut: list[tuple[Ints, Circle]] = []
    reach = float(radius_km.max(initial=0.0))
    for circle in circles:
        rows, apart = _reached(towns, circle, reach)
        # Straight lines on both sides: a disc this near or far has all or none of its points inside.
        chord = _chord_km(circle)
        whole = apart <= chord - radius_km[rows] - _ROUNDING_KM
        share[rows[whole]] = 1.0
        cut.append((rows[~whole & (apart <= chord + radius_km[rows] + _ROUNDING_KM)], circle))
    _add_cut(towns, radius_km, spacing_km, cut, share)
    return share


def _reached(towns: Towns, circle: Circle, reach_km: float) -> tuple[Ints, Floats]:
    """Return the towns of which a disc of ``reach_km`` may touch the circle, and their chords from its centre, km."""
    margin = math.degrees((circle.radius_km + reach_km) / EARTH_RADIUS_KM) + 1e-6
    first, last = np.searchsorted(towns.latitude, [circle.latitude - margin, circle.latitude + margin])
    apart = towns.vectors[first:last] - unit_vectors(circle.latitude, circle.longitude)
    squares = np.einsum("ij,ij->i", apart, apart)
    near = np.flatnonzero(squares <= ((circle.radius_km + reach_km) / EARTH_RADIUS_KM) ** 2)
    return near + first, np.sqrt(squares[near]) * EARTH_RADIUS_KM


def _add_cut(towns: Towns, radius_km: Floats, spacing_km: float, cut: list[tuple[Ints, Circle]], share: Floats) -> None:
    """Write into ``share`` the towns that no circle holds wholly."""
    rows = np.unique(np.concatenate([rows for rows, _ in cut])) if cut else np.zeros(0, dtype=np.int64)
    rows = rows[share[rows] < 1.0]
    points, starts = _points(towns.vectors[rows], radius_km[rows], spacing_km)
    covered = np.zeros(len(points), dtype=bool)
    for reached, circle in cut:
        first, last = np.searchsorted(rows, [reached[0], reached[-1] + 1]) if len(reached) else (0, 0)
        near = slice(int(starts[first]), int(starts[last]))
        apart = points[near] - unit_vectors(circle.latitude, circle.longitude)
        covered[near] |= np.einsum("ij,ij->i", apart, apart) <= (_chord_km(circle) / EARTH_RADIUS_KM) ** 2
    held = np.concatenate([[0], np.cumsum(covered)])
    share[rows] = np.diff(held[starts]) / np.maximum(np.diff(starts), 1)


def _chord_km(circle: Circle) -> float:
    """Return the straight distance through the Earth from a circle's centre to its rim."""
    return 2 * EARTH_RADIUS_KM * math.sin(circle.radius_km / EARTH_RADIUS_KM / 2)


def _points(centres: Floats, radius_km: Floats, spacing_km: float) -> tuple[Floats, Ints]:
    """Spread points evenly over discs, on a sunflower's spiral; one point alone sits at the centre.

    Returns
    -------
    array (point, 3)
        Unit vectors, disc by disc.
    array (disc + 1,)
        First point of each disc.
    """
    count = np.maximum(np.ceil((radius_km / spacing_km) ** 2), 1).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(count)])
    disc = np.repeat(np.arange(len(count)), count)
    step = np.arange(starts[-1]) - starts[disc]
    outward = np.where(count[disc] == 1, 0.0, radius_km[disc] * np.sqrt((step + 0.5) / count[disc])) / EARTH_RADIUS_KM
    east, north = _directions(centres)
    bearing = step * _GOLDEN_ANGLE
    sideways = (outward * np.sin(bearing))[:, None] * east[disc]
    upwards = (outward * np.cos(bearing))[:, None] * north[disc]
    # On the tangent plane: at 60 km a point strays from the sphere by 0.3 km, its distance by 2 m.
    return centres[disc] + sideways + upwards, starts


def _directions(centres: Floats) -> tuple[Floats, Floats]:
    """Return unit vectors to the east and the north of each centre; at a pole any two that fit."""
    east = np.stack([-centres[:, 1], centres[:, 0], np.zeros(len(centres))], axis=1)
    length = np.linalg.norm(east, axis=1, keepdims=True)
    east = np.where(length > 1e-12, east / np.where(length > 0, length, 1.0), [0.0, 1.0, 0.0])
    return east, np.cross(centres, east)
