"""Needs: from people who saw an advertisement to those who ask and buy, now or months later.

Whoever sees it rarely needs the trade that day. Two clocks run from then on: forgetting, and the next need for
which the person turns to this business. An enquiry comes when the second rings first, and only once: what a
person orders after that is the business's own merit.

Assumptions
-----------
1. Showings are spread evenly over the campaign; the clock starts at the first one a person remembers.
2. Forgetting is exponential, needs come at random moments (Poisson), independent of forgetting.
3. From an enquiry to the sale there is an exponential delay.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

APART = 1e-6
"""Relative distance that two rates of the same clock are kept apart: an error of the same size."""


def waiting(rate: Array, duration: float, horizon: float) -> Array:
    """Return the mean share not yet rung at ``horizon`` of clocks started evenly over the campaign.

    Parameters
    ----------
    rate : ndarray
        Per day, ≥ 0.
    duration : float
        Days of the campaign, above 0.
    horizon : float
        Days since its first, at least ``duration``.

    Returns
    -------
    ndarray, shape of ``rate``
        The mean over s in (0, duration) of exp(−rate·(horizon − s)).
    """
    started = np.maximum(rate * duration, 1e-12)
    return np.asarray(np.exp(-rate * (horizon - duration)) * -np.expm1(-started) / started)


def asked(need: Array, forgetting: Array, duration: float, horizon: float) -> Array:
    """Return the share of those who remember an advertisement who have asked by ``horizon``.

    Parameters
    ----------
    need : ndarray
        Rate per day of needs for which the person turns to this business, ≥ 0.
    forgetting : ndarray
        Rate per day, above 0: ln 2 over the half-life.
    duration, horizon : float
        See ``waiting``.
    """
    either = need + forgetting
    return np.asarray(need / either * (1.0 - waiting(either, duration, horizon)))


def asked_and_settled(need: Array, forgetting: Array, settling: Array, duration: float, horizon: float) -> Array:
    """Return the share of those who remember who have asked, and whose delay has passed, by ``horizon``.

    The sum of the two waiting times is hypo-exponential: its tail is (δ·e^(−a·t) − a·e^(−δ·t))/(δ − a) with
    a = need + forgetting and δ = ``settling``, the rate per day at which enquiries are settled.
    """
    either = need + forgetting
    settling = np.where(np.abs(settling - either) < APART * either, either * (1.0 + APART), settling)
    late = settling * waiting(either, duration, horizon) - either * waiting(settling, duration, horizon)
    return np.asarray(np.maximum(need / either * (1.0 - late / (settling - either)), 0.0))


def chance_of_some(expected: Array) -> float:
    """Return the probability of at least one, mean over the draws of 1 − e^(−expected)."""
    return float(-np.expm1(-expected).mean())
