"""A good split that may be had at once: who gets money is chosen by what the minimum brings for its price.

What a split falls back on when the search for the best one is given up: it always spends money where any minimum
can be paid.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUNDING = 1e-12
"""Share of the money by which a sum of minimums may pass it."""


def by_result_per_money(
    result: Callable[[Array], float],
    solved: Callable[[Array, Array], tuple[float, Array]],
    total: float,
    least: Array,
    most: Array,
) -> tuple[float, Array]:
    """Return the result and the amounts, shape (curve,), of the best split met on the way.

    One curve after another is let in, the one whose minimum adds most for its money to the minimums of those
    within; what is left is split among them so that the last unit brings the same in each.

    Parameters
    ----------
    result : callable
        Result of amounts, people in common counted once.
    solved : callable
        Result and amounts of the best split between a floor and a ceiling for each curve.
    total : float
        Money to split.
    least, most : ndarray (curve,)
        Bounds of each amount that is not zero.
    """
    within, minimums = np.zeros(len(least), dtype=bool), np.zeros(len(least))
    best, found = 0.0, np.zeros(len(least))
    while True:
        room = total * (1.0 + ROUNDING) - minimums.sum()
        open_to = np.flatnonzero(~within & (least <= room) & (least <= most))
        if not len(open_to):
            return best, found
        before = result(minimums)
        price = np.maximum(least, ROUNDING * total)
        adds = [(result(_with(minimums, int(place), float(price[place]))) - before) / price[place] for place in open_to]
        place = int(open_to[int(np.argmax(adds))])
        within[place], minimums[place] = True, least[place]
        value, amounts = solved(minimums, np.where(within, most, 0.0))
        if value > best:
            best, found = value, amounts


def _with(amounts: Array, place: int, money: float) -> Array:
    other = amounts.copy()
    other[place] = money
    return other
