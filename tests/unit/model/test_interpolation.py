"""One curve in z per draw: knots at fixed places, six of them to a point."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model.interpolation import STENCIL, STEP, knots_for, spread_out, weights

POINTS = np.array([[-3.21, 0.0, 0.24, 4.99], [-7.5, -7.49, -7.3, -7.0]])


def interpolated(function: object, points: np.ndarray) -> np.ndarray:
    """Return the function at the points by its values at the knots, the same function in every draw."""
    knots = knots_for(points)
    values = spread_out(function(knots.z)[:, None], knots)
    return (weights(points, knots) @ values)[..., 0]


@settings(max_examples=60)
@given(st.lists(st.floats(-30.0, 6.0), min_size=1, max_size=6), st.integers(0, STENCIL - 1))
def test_polynomials_of_degree_five_are_exact(points: list[float], degree: int) -> None:
    z = np.array([points])
    expected = (0.1 * z + 0.3) ** degree
    np.testing.assert_allclose(interpolated(lambda at: (0.1 * at + 0.3) ** degree, z), expected, rtol=1e-9, atol=1e-9)


def test_knots_stand_where_they_stand_whatever_else_is_asked() -> None:
    alone, together = POINTS[:1, 1:2], np.array([[-20.0, 0.0, 5.5]])
    np.testing.assert_allclose(interpolated(np.sin, alone)[0, 0], interpolated(np.sin, together)[0, 1], rtol=1e-13)
    for points in (alone, together, POINTS):
        np.testing.assert_allclose(knots_for(points).z / STEP, np.round(knots_for(points).z / STEP), atol=1e-12)


def test_a_point_on_a_knot_takes_its_value() -> None:
    points = STEP * np.array([[-5.0, 0.0, 3.0]])
    np.testing.assert_allclose(interpolated(np.cos, points), np.cos(points), rtol=1e-13)


def test_draws_keep_their_own_knots() -> None:
    """Draws of different ranges need different numbers of knots; each gets its own values back."""
    knots = knots_for(POINTS)
    assert knots.used.sum(axis=1)[0] > knots.used.sum(axis=1)[1]
    assert len(knots.z) == len(knots.draw) == knots.used.sum()
    values = spread_out((np.exp(0.2 * knots.z) * (1.0 + knots.draw))[:, None], knots)
    found = (weights(POINTS, knots) @ values)[..., 0]
    np.testing.assert_allclose(found, np.exp(0.2 * POINTS) * np.array([[1.0], [2.0]]), rtol=1e-6)
    np.testing.assert_allclose(weights(POINTS, knots).sum(axis=-1), 1.0, rtol=1e-12)


def test_polynomials_of_degree_five_are_exact_at_some_points() -> None:
    np.testing.assert_allclose(
        interpolated(lambda at: (0.1 * at + 0.3) ** 5, POINTS), (0.1 * POINTS + 0.3) ** 5, rtol=1e-9
    )
