"""Circles on the Earth: distances, what share of a town's disc or points they cover, how many people that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.reference.places.tables import Floats, Ints, Towns, unit_vectors

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


@dataclass(frozen=True, order=True)
class Circle:
    """A circle on the Earth: centre in degrees, radius in km."""

    latitude: float
    longitude: float
    radius_km: float


def distances_km(vectors: Floats, centre: Floats) -> Floats:
    """Return great-circle distances in km from ``centre`` (3,) to ``vectors`` (town, 3), all unit vectors."""
    half_chord = np.linalg.norm(vectors - centre, axis=-1) / 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half_chord, 1.0))
    return distance


def disc_shares(distance_km: Floats, radius_km: float, disc_km: Floats) -> Floats:
    """Return the share (0 to 1) of each disc that one circle covers.

    Parameters
    ----------
    distance_km, disc_km : arrays (town,)
        Distance of the disc's centre from that of the circle, and the radius of the disc; a disc of radius 0
        is a point, inside when its distance is at most ``radius_km``.
    radius_km : float
        Radius of the circle.

    Returns
    -------
    array (town,)
        Area of the lens common to both, over the area of the disc. Plane geometry: at 100 km the Earth's
        curvature changes it by about 1e-4.
    """
    share = np.where(distance_km <= radius_km - disc_km, 1.0, 0.0)
    share[disc_km <= 0] = distance_km[disc_km <= 0] <= radius_km
    cut = (disc_km > 0) & (np.abs(radius_km - disc_km) < distance_km) & (distance_km < radius_km + disc_km)
    share[cut] = _lens_area(distance_km[cut], radius_km, disc_km[cut]) / (math.pi * disc_km[cut] ** 2)
    swallowing = (disc_km > radius_km) & (distance_km <= disc_km - radius_km)
    share[swallowing] = (radius_km / disc_km[swallowing]) ** 2
    # Rounding near tangency may leave 1 + 1e-16.
    return np.clip(share, 0.0, 1.0)


def _lens_area(distance: Floats, first: float, second: Floats) -> Floats:
    """Return the area common to two circles that cut each other (both radii and the distance in km)."""
    from_first = (distance**2 + first**2 - second**2) / (2 * distance)
    from_second = distance - from_first
    # |cosine| ≤ 1 holds for circles that cut each other; rounding may exceed it by 1e-16.
    angle_first = np.arccos(np.clip(from_first / first, -1.0, 1.0))
    angle_second = np.arccos(np.clip(from_second / second, -1.0, 1.0))
    chord = np.sqrt(np.maximum(first**2 - from_first**2, 0.0))
    return first**2 * angle_first + second**2 * angle_second - distance * chord


def covered_share(disc_km: float, centre: Floats, circles: Floats, radii_km: Floats) -> float:
    """Return the share (0 to 1) of one disc that the union of several circles covers.

    Parameters
    ----------
    disc_km : float
        Radius of the disc, above 0.
    centre, circles : arrays (3,), (circle, 3)
        Unit vectors of the disc's centre and of the circles' centres.
    radii_km : array (circle,)
        Radii of the circles; each must reach the disc.
    """
    flat = _around(centre, circles, radii_km)
    disc = np.array([[0.0, 0.0, disc_km]])
    outside = union_area(np.concatenate([flat, disc])) - union_area(flat)
    return 1.0 - outside / (math.pi * disc_km**2)


def _around(centre: Floats, circles: Floats, radii_km: Floats) -> Floats:
    """Return circles (x, y, radius) in km on the plane that keeps distances and bearings from ``centre``."""
    east = np.cross([0.0, 0.0, 1.0], centre)
    length = np.linalg.norm(east)
    east = east / length if length > 1e-12 else np.array([0.0, 1.0, 0.0])
    north = np.cross(centre, east)
    across = np.stack([circles @ east, circles @ north], axis=-1)
    span = np.linalg.norm(across, axis=-1, keepdims=True)
    distance = distances_km(circles, centre)[:, None]
    flat = np.divide(across * distance, span, out=np.zeros_like(across), where=span > 0)
    return np.concatenate([flat, radii_km[:, None]], axis=1)


def union_area(circles: Floats) -> float:
    """Return the area of the union of plane circles, shape (circle, 3): x, y, radius.

    Green's theorem along the arcs that lie inside no other circle: exact, whatever the overlaps.
    """
    kept = _outermost(circles)
    if len(kept) == 0:
        return 0.0
    return sum(_outer_arcs(kept, row) for row in range(len(kept)))


def _outermost(circles: Floats) -> Floats:
    """Drop circles that lie inside another; of equal ones keep the first."""
    apart = np.hypot(circles[:, None, 0] - circles[:, 0], circles[:, None, 1] - circles[:, 1])
    inside = apart + circles[:, None, 2] <= circles[:, 2]
    equal = inside & inside.T
    later = np.tril(np.ones_like(inside), -1)
    dropped = (inside & ~equal) | (equal & later)
    return circles[~dropped.any(axis=1)]


def _outer_arcs(circles: Floats, row: int) -> float:
    """Return the part of the union's area that the free arcs of one circle contribute."""
    x, y, radius = circles[row]
    east, north = circles[:, 0] - x, circles[:, 1] - y
    apart = np.hypot(east, north)
    touching = apart < radius + circles[:, 2]
    touching[row] = False
    apart, others = apart[touching], circles[touching, 2]
    towards = np.arctan2(north[touching], east[touching])
    # Neither contains the other here, so that the cosine is within [-1, 1] but for rounding.
    half = np.arccos(np.clip((radius**2 + apart**2 - others**2) / (2 * radius * apart), -1.0, 1.0))
    start, end = _free_arcs((towards - half) % (2 * math.pi), 2 * half)
    swing_x, swing_y = np.sin(end) - np.sin(start), np.cos(end) - np.cos(start)
    return float(np.sum(radius * (radius * (end - start) + x * swing_x - y * swing_y)) / 2)


def _free_arcs(start: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Return starts and ends (radians) of what the arcs ``start … start + width`` leave free of a circle."""
    turn = 2 * math.pi
    end = start + width
    over = end > turn
    starts = np.concatenate([start, np.zeros(int(over.sum()))])
    ends = np.concatenate([np.minimum(end, turn), end[over] - turn])
    order = np.argsort(starts)
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    free_start = np.concatenate([[0.0], ends])
    free_end = np.concatenate([starts, [turn]])
    free = free_end > free_start
    return free_start[free], free_end[free]


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
