"""Per-person tables over the bid: what money buys, so that a variant costs one root and one look-up.

With every parameter at its median, exposure depends on the bid alone. On fixed knots of the bid's place z (as in
``model.interpolation``, six neighbours, step ½) a table holds, for a person of each segment, the spend a day, the
showings, the answers, and the chances of being shown it at least 1 … 10 times. Sums over people are linear; the
logarithm of a sum is interpolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.campaign import Campaign
from simulator.metrics import K_MAX
from simulator.model.interpolation import STEP
from simulator.model.simulation import Setting, expose
from simulator.parameters import Parameters
from simulator.planning.segments import one_of_each
from simulator.sample import Learnt, draw_sample

Array = NDArray[np.float64]

KNOTS = STEP * np.arange(-20, 19)
"""Places of the knots, relative to the price of the first area: win shares from 1e-23 to all."""
SPEND, IMPRESSIONS, ANSWERED, REACHED = 0, 1, 2, 3
"""Columns of a table; the chances of at least k showings begin at the last."""
COLUMNS = REACHED + K_MAX


class PerPerson(NamedTuple):
    """What comes of one person of each segment.

    Attributes
    ----------
    values : ndarray (segment, knot × column)
    active : float
        Share of the people who come in the flight: already in ``values``.
    clicks_per_answer : float
        Link clicks, without a trade.
    """

    values: Array
    active: float
    clicks_per_answer: float


class Medians:
    """Every parameter at its median, or where past campaigns have moved it."""

    def __init__(self, learnt: Learnt | None) -> None:
        self.learnt = learnt

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:
        """Return points of one half, shape as given."""
        middle = np.full_like(points, 0.5)
        return middle if self.learnt is None else self.learnt.moved(middle, roles, country, objective)


def central_setting(
    campaign: Campaign, area: str, parameters: Parameters, learnt: Learnt | None
) -> tuple[Setting, float]:
    """Return one person of every segment of an area at the median parameters, and clicks per answer."""
    sample = draw_sample(campaign, one_of_each(area, campaign), parameters, 0, 1, Medians(learnt))
    return sample.setting, float(sample.rates["link_clicks"][0])


def reference_price(setting: Setting) -> float:
    """Return the logarithm of the price from which the knots are counted."""
    return float(np.log(setting.cell_price[0]).mean())


def per_person(
    campaign: Campaign, area: str, reference: float, parameters: Parameters, learnt: Learnt | None
) -> PerPerson:
    """Return the table of an area for a campaign of this duration.

    Parameters
    ----------
    reference : float
        Logarithm of the price at which the knots stand, the same for all areas of a sweep.
    """
    setting, clicks = central_setting(campaign, area, parameters, learnt)
    spread = float((setting.price_dispersion + setting.value_dispersion)[0])
    z = KNOTS[:, None] - (np.log(setting.cell_price[0]) - reference) / spread
    exposed = expose(setting, z[None], setting.duration_days, K_MAX)
    if setting.cap is None:
        spend, impressions = _bought(setting, z, spread)
    else:
        spend = exposed.cost[0] * setting.cell_price[0] / setting.duration_days
        impressions = exposed.impressions[0].sum(axis=2)
    reached = np.minimum(exposed.reached[0], impressions[..., None])
    answered = exposed.answered[0] * setting.cell_appeal[0]
    values = np.concatenate((np.stack((spend, impressions, answered), axis=-1), reached), axis=-1)
    active = float(setting.people[0, 0, 0])
    by_segment = np.moveaxis(values, 0, 2).reshape(-1, len(KNOTS) * COLUMNS)
    return PerPerson(by_segment * active, active, clicks)


def _bought(setting: Setting, z: Array, spread: float) -> tuple[Array, Array]:
    """Return spend a day and showings over the campaign, shape (knot, presence, cell), without a cap."""
    price = setting.platform_price[0][:, None]
    on_each = z[:, None, :] - np.log(price) / spread
    slots = setting.slots_per_day[0][:, None]
    shown = ndtr(on_each) * slots * setting.duration_days
    spent = ndtr(on_each - setting.price_dispersion[0]) * slots * price * setting.cell_price[0]
    presence = setting.presence.astype(float)
    return np.einsum("rj,kjc->krc", presence, spent), np.einsum("rj,kjc->krc", presence, shown)
