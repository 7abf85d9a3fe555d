"""Circles on the Earth: distances, and the share of a disc that circles cover.

Pure geometry, no tables. The share covered by several circles is the exact area of their union inside the
disc, so that shares add up like sets: nobody is counted twice, and what an exclusion takes away is exactly
what it covers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.reference.places.tables import Floats

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
