"""How a forecast of many groups of people differs from the same forecast of one group.

A row of an export tells neither the ages nor the platforms behind it. A forecast does: it buys more of what is
cheap, and its people answer differently on each platform. So what a row teaches is brought to the level of a
forecast by the two factors that an ordinary campaign, for all adults on both platforms, has in the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import draw_sample
from simulator.learning.prediction import Mix, Predictor
from simulator.learning.random_effects import ALL
from simulator.learning.rows import Rows
from simulator.model.simulation import run
from simulator.reference.parameters import Parameters, cpm_level
from simulator.reference.places.place import Place

Array = NDArray[np.float64]

COUNTRY = "FR"
GOAL: Final = "link_clicks"
PEOPLE = 1e6
DAYS = 14
WON = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5)
"""Shares of slots bought for which the mix is worked out: the smaller, the more a campaign keeps to what is cheap."""


class _Middle:
    """A calibration that puts every parameter at its middle."""

    digest = ""

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:  # noqa: ARG002
        return np.full_like(points, 0.5)


@lru_cache(maxsize=64)
def ordinary_mix(parameters: Parameters) -> Mix:
    """Return the mix of campaigns for all adults on both platforms, every parameter at its middle."""
    slots = PEOPLE * parameters.value(f"delivery.slots_per_day.{GOAL}")
    budgets = np.array(WON) * slots * cpm_level(COUNTRY, parameters).median / 1000.0
    targeting = Targeting(places=(Place.country(COUNTRY),), audience_size=PEOPLE)
    campaign = Campaign(targeting=targeting, daily_budget=float(budgets[0]), duration_days=DAYS, objective=GOAL)
    audience = estimate_audience(targeting, parameters)
    sample = draw_sample(campaign, audience, parameters, 0, 1, _Middle())
    outcome = run(sample.setting, budgets, 1)
    impressions = outcome.impressions[0].sum(axis=(1, 2, 3))
    paid = 1000.0 * outcome.spend[0] / impressions
    rate = sample.rates["link_clicks"][0] * outcome.answered[0].sum(axis=(1, 2)) / impressions
    one_group = Predictor(_rows(budgets, parameters), parameters)
    middle = dict.fromkeys(ALL, np.zeros(len(WON)))
    log_price = np.log(paid / one_group.cpm(middle))
    log_ctr = np.log(rate / one_group.ctr_link(middle, impressions))
    return Mix(tuple(np.log(WON)), tuple(log_price.tolist()), tuple(log_ctr.tolist()))


def _rows(budgets: Array, parameters: Parameters) -> Rows:
    """Return the same campaigns as rows of one group; its people are those who really come."""
    count = len(budgets)
    unknown, nothing, blank = np.full(count, np.nan), np.zeros(count), np.full(count, "")
    return Rows(
        index=np.arange(count),
        spend=budgets * DAYS,
        impressions=unknown,
        reach=unknown,
        link_clicks=unknown,
        days=np.full(count, float(DAYS)),
        start=np.full(count, np.datetime64("NaT", "D")),
        audience=np.full(count, PEOPLE * parameters.value("delivery.active_share")),
        audience_log_sd=nothing,
        audience_common_log_sd=nothing,
        is_told=np.ones(count, dtype=bool),
        country=np.full(count, COUNTRY),
        objective=np.full(count, str(GOAL)),
        age_band=blank,
        platform=blank,
        account=blank,
        campaign=np.arange(count),
        is_part=np.zeros(count, dtype=bool),
        dropped=(),
    )
