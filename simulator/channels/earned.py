"""Word of mouth: what shares bring on top, kept apart from what was paid for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.campaign.forecast import Band, Forecast
from simulator.model import earned as branching
from simulator.model.draws import uniform_points
from simulator.reference.parameters import Parameters, given_or_shipped

Array = NDArray[np.float64]

ROLES = ("people_per_share", "audience_shape", "reshares", "reshare_shape")
"""Dimension of the points by role; append, never reorder."""
STREAM = 2
"""Which child of the seed draws the word of mouth."""
REPEATS = 128
"""Cascades followed in every draw."""
BUZZ = 10
"""A buzz is more than so many times what is usual."""


@dataclass(frozen=True)
class EarnedForecast:
    """People to whom friends bring it: a distribution with a long tail, never one number.

    Attributes
    ----------
    reach : Band
        People, counted once for every share that brings it to them.
    shares : Band
        Shares in all, the first ones and those they bring.
    chance_of_buzz : float
        Probability of more than ten times as many shares as half of such campaigns make (one at least): the
        luck of being passed on alone, given what is expected.
    chance_of_cascade : float
        Probability that one single share grows to more than ten.
    """

    reach: Band
    shares: Band
    chance_of_buzz: float
    chance_of_cascade: float
    draws: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        bands = {"reach": self.reach.to_dict(), "shares": self.shares.to_dict()}
        return {**bands, "chance_of_buzz": self.chance_of_buzz, "chance_of_cascade": self.chance_of_cascade}


def earned(source: Forecast, parameters: Parameters | None = None) -> EarnedForecast:
    """Return what the shares of a campaign bring on top of its paid reach.

    Parameters
    ----------
    source : Forecast
    parameters : Parameters, optional
        The shipped ones where absent.

    Raises
    ------
    InvalidInput
        ``wrong_type``.
    """
    if not isinstance(source, Forecast):
        raise InvalidInput("wrong_type", field="source", received=shown(source), allowed="a Forecast")
    shares = source.expected.get("shares", np.zeros_like(source.draws["reach"]))
    return passed_on(shares, source.seed, given_or_shipped(parameters))


def passed_on(expected_shares: Array, seed: int, parameters: Parameters) -> EarnedForecast:
    """Follow the cascades of first shares, Poisson around ``expected_shares`` (draw,)."""
    rng = np.random.default_rng(seed).spawn(STREAM + 1)[STREAM]
    points = rng.permutation(uniform_points(len(expected_shares), len(ROLES), rng))
    people, circles, mean, shape = (
        parameters[f"organic.earned.{role}"].quantile(point)[:, None]
        for role, point in zip(ROLES, points.T, strict=True)
    )
    first = rng.poisson(np.broadcast_to(expected_shares[:, None], (len(expected_shares), REPEATS))).astype(np.float64)
    total = branching.grown(first, mean, shape, rng)
    reached = people / circles * rng.gamma(circles * total)
    usual = np.maximum(np.median(total, axis=1, keepdims=True), 1.0)
    one = np.ones(len(points))
    return EarnedForecast(
        reach=Band.of(reached.ravel()),
        shares=Band.of(total.ravel()),
        chance_of_buzz=float(np.mean(total > BUZZ * usual)),
        chance_of_cascade=float(branching.chance_beyond(BUZZ, one, mean[:, 0], shape[:, 0]).mean()),
        draws={"reach": reached[:, 0], "shares": total[:, 0]},
    )
