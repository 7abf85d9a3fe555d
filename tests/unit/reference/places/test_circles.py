"""Areas of circles and discs against answers known without the code."""

import math

import numpy as np
import pytest

from simulator.reference.places.circles import EARTH_RADIUS_KM, covered_share, disc_shares, distances_km, union_area
from simulator.reference.places.tables import unit_vectors


def at(latitude: float, longitude: float) -> np.ndarray:
    return unit_vectors(latitude, longitude)


def share(distance: float, radius: float, disc: float) -> float:
    return float(disc_shares(np.array([distance]), radius, np.array([disc]))[0])


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((0.0, 0.0), (0.0, 90.0), math.pi / 2 * EARTH_RADIUS_KM),
        ((90.0, 12.0), (-90.0, 77.0), math.pi * EARTH_RADIUS_KM),
        ((0.0, 179.9), (0.0, -179.9), math.radians(0.2) * EARTH_RADIUS_KM),
        ((89.9, 0.0), (89.9, 180.0), math.radians(0.2) * EARTH_RADIUS_KM),
        ((43.2946, -0.3708), (43.2946, -0.3708), 0.0),
    ],
)
def test_distances_across_the_date_line_and_the_poles(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    assert distances_km(at(*one)[None, :], at(*other))[0] == pytest.approx(km, abs=1e-6)


def test_a_disc_is_covered_wholly_in_part_or_not_at_all() -> None:
    assert share(5.0, 10.0, 5.0) == 1.0
    assert share(15.0, 10.0, 5.0) == 0.0
    assert 0.0 < share(14.9, 10.0, 5.0) < 0.01
    assert share(1.0, 2.0, 8.0) == pytest.approx((2 / 8) ** 2)


def test_a_point_is_in_or_out() -> None:
    assert share(9.999, 10.0, 0.0) == 1.0
    assert share(10.001, 10.0, 0.0) == 0.0


def test_equal_circles_through_each_others_centres_share_39_percent() -> None:
    """The classical lens: 2π/3 − √3/2 of r², over πr²."""
    assert share(7.0, 7.0, 7.0) == pytest.approx((2 * math.pi / 3 - math.sqrt(3) / 2) / math.pi)


def test_union_of_two_circles_is_the_sum_less_the_lens() -> None:
    lens = share(4.0, 3.0, 5.0) * math.pi * 25
    assert union_area(np.array([[0.0, 0.0, 3.0], [4.0, 0.0, 5.0]])) == pytest.approx(math.pi * (9 + 25) - lens)


def test_union_ignores_repeats_and_circles_inside_others() -> None:
    circles = np.array([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0], [2.0, 2.0, 1.0], [6.0, 2.0, 0.0]])
    assert union_area(circles) == pytest.approx(math.pi * 25)
    assert union_area(np.zeros((0, 3))) == 0.0


def test_union_of_many_circles_agrees_with_a_grid() -> None:
    rng = np.random.default_rng(4)
    circles = np.concatenate([rng.uniform(0, 10, (12, 2)), rng.uniform(0.5, 3, (12, 1))], axis=1)
    step = 0.01
    x, y = np.meshgrid(np.arange(-3, 13, step), np.arange(-3, 13, step))
    inside = np.zeros(x.shape, dtype=bool)
    for east, north, radius in circles:
        inside |= (x - east) ** 2 + (y - north) ** 2 <= radius**2
    assert union_area(circles) == pytest.approx(inside.sum() * step**2, rel=1e-3)


def test_one_circle_covers_the_same_by_either_way() -> None:
    centre = at(46.8, -71.2)
    circle = at(46.9, -71.1)
    distance = float(distances_km(circle[None, :], centre)[0])
    exact = covered_share(12.4, centre, circle[None, :], np.array([10.0]))
    assert exact == pytest.approx(share(distance, 10.0, 12.4), rel=1e-9)


def test_circles_apart_add_up_and_equal_ones_do_not() -> None:
    centre = at(46.8, -71.2)
    west, east = at(46.8, -71.3), at(46.8, -71.1)
    radii = np.array([3.0, 3.0])
    alone = covered_share(12.4, centre, west[None, :], radii[:1])
    assert covered_share(12.4, centre, np.stack([west, east]), radii) == pytest.approx(2 * alone)
    assert covered_share(12.4, centre, np.stack([west, west]), radii) == pytest.approx(alone)


def test_a_disc_at_the_pole_can_be_covered() -> None:
    pole = at(90.0, 0.0)
    halves = np.stack([at(89.95, 0.0), at(89.95, 180.0)])
    assert 0.0 < covered_share(20.0, pole, halves, np.array([10.0, 10.0])) < 0.5
