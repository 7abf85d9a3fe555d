"""What the model expects of a campaign row, given normal scores: price, reach, click rate.

A row tells money, days and counts, not the towns and ages behind them, so its audience is taken as one group
of people; the model is otherwise the very same as in a forecast.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.calibration.latents import UNTOLD_AUDIENCE
from simulator.calibration.rows import WORLD, Rows
from simulator.metrics import AGE_BANDS
from simulator.model.auction import mean_price
from simulator.model.engagement import exposure_and_response
from simulator.model.exposure import reach_shares
from simulator.parameters import CpmLevel, Parameters, cpm_level, units_per_euro

Array = NDArray[np.float64]
Scores = Mapping[str, Array]

NODES = 16
Z_FULL = 6.0
DAYS_A_YEAR = 365.25


def level_of(country: str, parameters: Parameters) -> CpmLevel:
    """Return the price level of a row's country; where it is unknown the world's, with the doubt of a fall-back."""
    if country != WORLD:
        return cpm_level(country, parameters)
    entry, doubt = parameters[f"prices.cpm.{WORLD}"], parameters["prices.fallback_error"]
    return CpmLevel(
        median=entry.value / units_per_euro(entry.currency, parameters),
        log_sd=math.hypot(entry.log_sd, doubt.log_sd),
        is_assumption=True,
        price_date=datetime.date(entry.price_year, 7, 1),
        keys=(entry.key, doubt.key),
    )


@dataclass(frozen=True, eq=False)
class Predictor:
    """The model seen from rows; scores have shape (row,) or (draw, row)."""

    rows: Rows
    parameters: Parameters

    def drawn(self, key: str, score: Array) -> Array:
        """Return a parameter at a normal score."""
        return self.parameters[key].quantile(ndtr(score))

    def by_objective(self, stem: str, score: Array) -> Array:
        """Return a parameter that has one entry an objective."""
        result = np.empty(np.broadcast_shapes(np.shape(score), self.rows.objective.shape))
        full = np.broadcast_to(score, result.shape)
        for objective in np.unique(self.rows.objective):
            of = self.rows.objective == objective
            result[..., of] = self.drawn(f"{stem}.{objective}", full[..., of])
        return result

    def published_cpm(self, scores: Scores) -> Array:
        """Return the published cost of 1,000 impressions behind each row, EUR."""
        rows = self.rows
        log_cpm = np.zeros(np.broadcast_shapes(np.shape(scores["price_level"]), rows.spend.shape))
        trend = self.drawn("prices.trend", scores["price_trend"])
        for code in np.unique(rows.country):
            of = rows.country == code
            level = level_of(str(code), self.parameters)
            years = (rows.start[of] - np.datetime64(level.price_date)).astype(float) / DAYS_A_YEAR
            years = np.where(np.isfinite(years), years, 0.0)
            log_cpm[..., of] = (
                np.log(level.median) + level.log_sd * scores["price_level"][..., of] + trend[..., of] * years
            )
        cpm = np.exp(log_cpm) * self.by_objective("prices.objective", scores["price_objective"])
        return cpm * self._month(scores["price_month"]) * self._age("prices.age", scores["price_age"])

    def audience(self, scores: Scores) -> Array:
        """Return people in each row's audience; what rows do not tell moves together."""
        untold = scores[UNTOLD_AUDIENCE] * self.rows.audience_common_log_sd
        return np.asarray(np.maximum(self.rows.audience * np.exp(untold), self.rows.reach))

    def cpm(self, scores: Scores) -> Array:
        """Return the expected cost of 1,000 impressions, EUR."""
        rows = self.rows
        dispersion = self.by_objective("delivery.price_dispersion", scores["price_dispersion"])
        anchor = self.drawn("delivery.anchor_win_share", scores["anchor_win_share"])
        price = mean_price(self.published_cpm(scores), anchor, dispersion)
        slots = self.audience(scores) * self.slots(scores)
        bought = np.minimum(rows.spend / rows.days / (slots * price), 1.0)
        won = ndtr(ndtri(bought) + dispersion)
        return np.asarray(1000.0 * price * bought / won)

    def slots(self, scores: Scores) -> Array:
        """Return eligible slots a person and day."""
        return self.by_objective("delivery.slots_per_day", scores["slots_per_day"])

    def reach(self, scores: Scores, impressions: Array) -> Array:
        """Return people reached by so many impressions."""
        audience = self.audience(scores)
        per_person = impressions / audience
        slots = np.maximum(self.slots(scores) * self.rows.days, per_person)
        z = np.minimum(ndtri(np.minimum(per_person / slots, 1.0)), Z_FULL)
        shape = self.drawn("delivery.activity_shape", scores["activity_shape"])
        persistence = self.by_objective("delivery.persistence", scores["persistence"])
        return np.asarray(
            np.minimum(audience * reach_shares(z, slots, shape, persistence, 1, NODES)[..., 0], impressions)
        )

    def ctr_link(self, scores: Scores, impressions: Array) -> Array:
        """Return expected link clicks per impression of an average advertisement."""
        anchor = self.drawn("delivery.anchor_win_share", scores["anchor_win_share"])
        days = self.parameters.value("delivery.anchor_days")
        slots = self.slots(scores)
        at_anchor = self._answers(scores, anchor, slots * days)
        per_person = impressions / self.audience(scores)
        own_slots = np.maximum(slots * self.rows.days, per_person)
        here = self._answers(scores, per_person / own_slots, own_slots)
        rate = self.by_objective("response.ctr_link", scores["ctr_link"])
        return rate * here / at_anchor * self._age("response.age", scores["response_age"])

    def _answers(self, scores: Scores, won: Array, slots: Array) -> Array:
        """Return answers per impression at a share of slots won."""
        z = np.minimum(ndtri(np.minimum(won, 1.0)), Z_FULL)
        entries = (
            z,
            slots,
            self.drawn("delivery.activity_shape", scores["activity_shape"]),
            self.by_objective("delivery.persistence", scores["persistence"]),
            self.drawn("delivery.value_dispersion", scores["value_dispersion"]),
            self.drawn("response.wear_out", scores["wear_out"]),
        )
        full = np.broadcast_arrays(*entries)
        z, slots, shape, persistence, value, wear_out = (entry.reshape(-1) for entry in full)
        ones = np.ones((1, z.size))
        response = exposure_and_response(z[None], slots[None], ones, shape, persistence, value, wear_out, 1, NODES)
        return np.asarray((response.answered / (slots * ndtr(z))).reshape(full[0].shape))

    def _month(self, score: Array) -> Array:
        """Return the month index of each row's middle, 1 where its start is unknown."""
        table = self.parameters.table("prices.month")
        start = self.rows.start
        known = ~np.isnat(start)
        middle = np.where(known, start, np.datetime64("2025-01-01")) + (self.rows.days / 2).astype("timedelta64[D]")
        months = middle.astype("datetime64[M]").astype(int) % 12 + 1
        index = np.array([table[str(month)] for month in months])
        entry = self.parameters["prices.month.1"]
        factor = entry.quantile(ndtr(score)) / entry.value
        return np.asarray(np.where(known, index * factor, 1.0))

    def _age(self, stem: str, score: Array) -> Array:
        """Return the factor of each row's age band, its gradient drawn; 1 for rows of all ages."""
        entry = self.parameters[f"{stem}.{AGE_BANDS[0]}"]
        table = self.parameters.table(stem)
        bands = self.rows.age_band
        base = np.array([table.get(band, 1.0) for band in bands])
        middle = (len(AGE_BANDS) - 1) / 2
        place = np.array([(AGE_BANDS.index(band) - middle) / middle if band in AGE_BANDS else 0.0 for band in bands])
        return np.asarray(base * np.exp(np.log(entry.quantile(ndtr(score)) / entry.value) * place))
