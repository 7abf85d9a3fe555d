"""The platform's sample curve of 2017, goal impressions: the shape of the model fitted to it.

Fitted are the price level, the persistence (ρ) and the price dispersion (σe) of the goal. Who was entitled to the
advertisement is not known: once the audience is free, once it is the stated daily users. One curve, whose points
share their errors, cannot tell the audience; the fit is equally good from a fiftieth of these users upwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit, ndtr, ndtri

from simulator.model.exposure import reach_shares
from simulator.reference.parameters import Parameters
from tools.research.evidence import CURVE, CURVE_DAILY_USERS

Array = NDArray[np.float64]

STARTS = [(price, trait) for price in (0.001, 0.01, 0.1) for trait in (0.0, 1.5)]
"""Prices a slot and logits of ρ from which the search begins."""
FEWEST = 50
"""The audience is taken to hold at least one in so many of the stated daily users."""


@dataclass(frozen=True)
class Shape:
    """A fit: people entitled, ρ, σe, and root mean square of the log errors (all, impressions, reach)."""

    audience: float
    persistence: float
    price_dispersion: float
    rms: float
    rms_impressions: float
    rms_reach: float


def fitted(parameters: Parameters, audience: float | None) -> Shape:
    """Fit the curve with a given audience, or a free one."""
    size = np.log(CURVE_DAILY_USERS if audience is None else audience)

    def errors(values: Array) -> Array:
        return _errors(values, float(values[3]) if audience is None else size, parameters)

    tries = []
    for price, trait in STARTS:
        first = [np.log(price), trait, 0.0, *([size - 2.0] if audience is None else [])]
        tries.append(least_squares(errors, first))
    best = min(tries, key=lambda one: float(one.cost))
    off = np.asarray(best.fun).reshape(2, -1)
    return Shape(
        audience=float(np.exp(best.x[3] if audience is None else size)),
        persistence=float(expit(best.x[1])),
        price_dispersion=float(np.exp(best.x[2])),
        rms=float(np.sqrt(np.mean(off**2))),
        rms_impressions=float(np.sqrt(np.mean(off[0] ** 2))),
        rms_reach=float(np.sqrt(np.mean(off[1] ** 2))),
    )


def smallest(parameters: Parameters) -> Shape:
    """Return the fit at the smallest audience that is taken for possible."""
    return fitted(parameters, CURVE_DAILY_USERS / FEWEST)


def everyone(parameters: Parameters) -> Shape:
    """Return the fit whose audience is the stated daily users."""
    return fitted(parameters, CURVE_DAILY_USERS)


def _errors(values: Array, log_size: float, parameters: Parameters) -> Array:
    """Return log errors of impressions, then of reach."""
    spend, reach, impressions = CURVE.T
    people, slots = np.exp(log_size), parameters.value("delivery.slots_per_day.impressions")
    price, persistence, dispersion = np.exp(values[0]), expit(values[1]), np.exp(values[2])
    bought = np.minimum(spend / 100.0 / (people * slots * price), 1.0 - 1e-12)
    z = np.minimum(ndtri(bought) + dispersion, 6.0)
    shape = parameters.value("delivery.activity_shape")
    shares = reach_shares(z, np.full(len(z), slots), shape, persistence, 1)[:, 0]
    return np.concatenate([np.log(people * slots * ndtr(z) / impressions), np.log(people * shares / reach)])
