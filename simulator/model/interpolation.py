"""One curve in z per draw, that serves all groups and budgets of that draw.

Within a draw λ, α and ρ are common, so the exposure of every group and budget is the same smooth function of
the normal quantile z of its win share. It is worked out at knots that stand at fixed places on the z axis,
whatever else is asked in the same call, and its logarithm is interpolated between them by the polynomial
through the six nearest: a budget's figures do not depend on the other budgets of the call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Z_CAP = 6.0
"""Beyond this every slot is won but for one in 1e9: the exposure no longer changes."""
Z_FLOOR = -30.0
"""Below this nothing is won that a double could hold."""
STEP = 0.5
"""Distance of the knots: 1e-5 on reach, 1e-3 on the tenth showing."""
STENCIL = 6
BEFORE = 2
"""Knots of the stencil before the interval that a point lies in."""


class Knots(NamedTuple):
    """The knots that the points of each draw need.

    Attributes
    ----------
    first : ndarray (draw,) of int
        Number of the first knot, in steps from zero.
    used : ndarray (draw, knot) of bool
        Knots needed; draws need different numbers.
    """

    first: NDArray[np.int64]
    used: NDArray[np.bool_]

    @property
    def z(self) -> Array:
        """Places of the used knots, shape (used knot,)."""
        places = self.first[:, None] + np.arange(self.used.shape[1])
        return np.asarray(STEP * places[self.used])

    @property
    def draw(self) -> NDArray[np.int64]:
        """Draw of each used knot."""
        return np.nonzero(self.used)[0]


def knots_for(z: Array) -> Knots:
    """Return the knots around points z, shape (draw, point), all finite."""
    first = np.floor(z.min(axis=1) / STEP).astype(np.int64) - BEFORE
    last = np.floor(z.max(axis=1) / STEP).astype(np.int64) + STENCIL - 1 - BEFORE
    count = last - first + 1
    return Knots(first, np.arange(int(count.max())) < count[:, None])


def weights(z: Array, knots: Knots) -> Array:
    """Return the weight of each knot at each point, shape (draw, point, knot): Lagrange's polynomials."""
    place = z / STEP
    cell = np.floor(place).astype(np.int64)
    inside = place - cell
    count = knots.used.shape[1]
    result = np.zeros(z.size * count)
    column = cell - BEFORE - knots.first[:, None] + count * np.arange(z.size).reshape(z.shape)
    for own in range(STENCIL):
        weight = np.ones_like(inside)
        for other in range(STENCIL):
            if other != own:
                weight *= (inside - (other - BEFORE)) / (own - other)
        result[column + own] = weight
    return result.reshape(*z.shape, count)


def spread_out(values: Array, knots: Knots) -> Array:
    """Return values at the used knots, shape (used knot, column), as (draw, knot, column); the rest zero."""
    result = np.zeros((*knots.used.shape, values.shape[-1]))
    result[knots.used] = values
    return result
