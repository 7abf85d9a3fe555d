"""What the model expects of a campaign row, given normal scores: price, reach, click rate.

A row tells money, days and counts, not the towns and ages behind them, so its audience is taken as one group
of people; the model is otherwise the very same as in a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.base.metrics import AGE_BANDS
from simulator.learning.impute import level_of
from simulator.learning.random_effects import UNTOLD_AUDIENCE
from simulator.learning.rows import Rows
from simulator.model.auction import mean_price
from simulator.model.engagement import exposure_and_response
from simulator.model.exposure import reach_shares
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Scores = Mapping[str, Array]

NODES = 16
Z_FULL = 6.0
FARTHEST = 8.0
"""Scores beyond this many standard deviations are all the same to a parameter's quantile."""
DAYS_A_YEAR = 365.25
MOST_KEPT = 256
ANSWERS = ("slots_per_day", "activity_shape", "persistence", "value_dispersion", "wear_out")
"""Roles of people that answers per impression depend on."""


class Mix(NamedTuple):
    """Logarithm of what the mix of people behind a forecast does to price and click rate (see ``mix``).

    Attributes
    ----------
    log_won : tuple of float
        Logarithms of shares of slots won, ascending.
    log_price, log_ctr : tuple of float
        The two factors at each of them.
    """

    log_won: tuple[float, ...] = (0.0,)
    log_price: tuple[float, ...] = (0.0,)
    log_ctr: tuple[float, ...] = (0.0,)


ONE_GROUP = Mix()
"""No correction: a forecast of one group of people."""


def middle_of(rows: Rows) -> NDArray[np.datetime64]:
    """Return the day in the middle of each row, NaT where its start is unknown."""
    return np.asarray(rows.start + (rows.days / 2.0).astype("timedelta64[D]"))


@dataclass(frozen=True, eq=False)
class Predictor:
    """The model seen from rows; scores have shape (row,) or (draw, row)."""

    rows: Rows
    parameters: Parameters
    mix: Mix = ONE_GROUP
    _kept: dict[tuple[Any, ...], tuple[Array, list[Array]]] = field(default_factory=dict, repr=False)

    def once(self, name: str, arrays: Sequence[Array], work_out: Callable[[], Array]) -> Array:
        """Return what depends on some arrays only; asked again with the very same ones, it is not worked out again.

        For derivatives: they move one role at a time and leave the arrays of the others as they are.
        """
        key = (name, *map(id, arrays))  # the arrays are kept with the result, so no other can take over their place
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (work_out(), list(arrays))
        return self._kept[key][0]

    def with_audience(self, audience: Array) -> Predictor:
        """Return the model seen from the same rows with other audiences; it shares what has been worked out."""
        return Predictor(self.rows.with_audience(audience), self.parameters, self.mix, self._kept)

    def drawn(self, key: str, score: Array) -> Array:
        """Return a parameter at a normal score."""
        return self.parameters[key].quantile(ndtr(np.clip(score, -FARTHEST, FARTHEST)))

    def by_objective(self, stem: str, score: Array) -> Array:
        """Return a parameter that has one entry an objective."""
        goals = self._goals
        shape = np.broadcast_shapes(np.shape(score), self.rows.spend.shape)
        if len(goals) == 1:
            return np.broadcast_to(self.drawn(f"{stem}.{goals[0][0]}", score), shape)
        result = np.empty(shape)
        full = np.broadcast_to(score, shape)
        for goal, of in goals:
            result[..., of] = self.drawn(f"{stem}.{goal}", full[..., of])
        return result

    def published_cpm(self, scores: Scores) -> Array:
        """Return the published cost of 1,000 impressions behind each row, EUR."""
        median, spread, years = self._levels
        trend = self._role("prices.trend", scores, "price_trend")
        log_cpm = median + spread * scores["price_level"] + trend * years + self._log_month(scores)
        objective = self._goal_role("prices.objective", scores, "price_objective")
        return np.asarray(np.exp(log_cpm + self._mixed[0]) * objective * self._age("prices.age", scores["price_age"]))

    def audience(self, scores: Scores) -> Array:
        """Return people in each row's audience; what rows do not tell moves together.

        An audience that is told without doubt holds at least those it reached. One that is not is left as it is: to
        lift it by what the row itself has shown would make every audience look smaller than it was.
        """
        rows = self.rows
        people = rows.audience * np.exp(scores[UNTOLD_AUDIENCE] * rows.audience_common_log_sd)
        reached = np.where(np.isfinite(rows.reach), rows.reach, 0.0)
        return np.where(rows.audience_common_log_sd > 0.0, people, np.maximum(people, reached))

    def cpm(self, scores: Scores) -> Array:
        """Return the expected cost of 1,000 impressions, EUR."""
        rows = self.rows
        dispersion = self._goal_role("delivery.price_dispersion", scores, "price_dispersion")
        anchor = self._role("delivery.anchor_win_share", scores, "anchor_win_share")
        price = mean_price(self.published_cpm(scores), anchor, dispersion)
        slots = self.audience(scores) * self.slots(scores)
        bought = np.minimum(rows.spend / rows.days / (slots * price), 1.0)
        won = ndtr(ndtri(bought) + dispersion)
        return np.asarray(1000.0 * price * bought / won)

    def slots(self, scores: Scores) -> Array:
        """Return eligible slots a person and day."""
        return self._goal_role("delivery.slots_per_day", scores, "slots_per_day")

    def _role(self, key: str, scores: Scores, role: str) -> Array:
        return self.once(key, (scores[role],), lambda: self.drawn(key, scores[role]))

    def _goal_role(self, stem: str, scores: Scores, role: str) -> Array:
        return self.once(stem, (scores[role],), lambda: self.by_objective(stem, scores[role]))

    def reach(self, scores: Scores, impressions: Array) -> Array:
        """Return people reached by so many impressions."""
        audience = self.audience(scores)
        per_person = impressions / audience
        slots = np.maximum(self.slots(scores) * self.rows.days, per_person)
        z = np.minimum(ndtri(np.minimum(per_person / slots, 1.0)), Z_FULL)
        shape = self._role("delivery.activity_shape", scores, "activity_shape")
        persistence = self._goal_role("delivery.persistence", scores, "persistence")
        return np.asarray(
            np.minimum(audience * reach_shares(z, slots, shape, persistence, 1, NODES)[..., 0], impressions)
        )

    def ctr_link(self, scores: Scores, impressions: Array) -> Array:
        """Return expected link clicks per impression of an average advertisement."""
        alike = [scores[role] for role in ANSWERS]
        told = scores[UNTOLD_AUDIENCE], impressions, self.rows.audience
        here = self.once("here", (*alike, *told), lambda: self._answers_here(scores, impressions))
        anchor = scores["anchor_win_share"]
        anchored = self.once("anchored", (*alike, anchor), lambda: self._answers_at_anchor(scores))
        rate = self._goal_role("response.ctr_link", scores, "ctr_link")
        age = self._age("response.age", scores["response_age"])
        return np.asarray(rate * here / anchored * np.exp(self._mixed[1]) * age)

    def _answers_here(self, scores: Scores, impressions: Array) -> Array:
        per_person = impressions / self.audience(scores)
        slots = np.maximum(self.slots(scores) * self.rows.days, per_person)
        return self._answers(scores, per_person / slots, slots)

    def _answers_at_anchor(self, scores: Scores) -> Array:
        """Return answers per impression under the conditions of a published rate; one for each kind of row."""
        first, kind, one = self._kinds
        some = {role: np.asarray(score)[..., first] for role, score in scores.items()}
        anchor = one.drawn("delivery.anchor_win_share", some["anchor_win_share"])
        slots = one.slots(some) * self.parameters.value("delivery.anchor_days")
        return np.asarray(one._answers(some, anchor, slots)[..., kind])

    def _answers(self, scores: Scores, won: Array, slots: Array) -> Array:
        """Return answers per impression at a share of slots won."""
        z = np.minimum(ndtri(np.minimum(won, 1.0)), Z_FULL)
        entries = (
            z,
            slots,
            self._role("delivery.activity_shape", scores, "activity_shape"),
            self._goal_role("delivery.persistence", scores, "persistence"),
            self._role("delivery.value_dispersion", scores, "value_dispersion"),
            self._role("response.wear_out", scores, "wear_out"),
        )
        full = np.broadcast_arrays(*entries)
        z, slots, shape, persistence, value, wear_out = (entry.reshape(-1) for entry in full)
        ones = np.ones((1, z.size))
        response = exposure_and_response(z[None], slots[None], ones, shape, persistence, value, wear_out, 1, NODES)
        return np.asarray((response.answered / (slots * ndtr(z))).reshape(full[0].shape))

    @cached_property
    def _goals(self) -> list[tuple[str, Codes]]:
        """The goals and the rows of each."""
        return [(str(goal), np.flatnonzero(self.rows.objective == goal)) for goal in np.unique(self.rows.objective)]

    @cached_property
    def _levels(self) -> tuple[Array, Array, Array]:
        """Log of the median price, its spread and the years since its date, shape (row,) each."""
        countries, place = np.unique(self.rows.country, return_inverse=True)
        levels = [level_of(str(code), self.parameters) for code in countries]
        dates = np.array([level.price_date for level in levels], dtype="datetime64[D]")[place]
        years = (middle_of(self.rows) - dates).astype("timedelta64[D]").astype(float) / DAYS_A_YEAR
        years[np.isnat(self.rows.start)] = 0.0
        median, spread = (np.array([[level.median, level.log_sd] for level in levels]).reshape(-1, 2)[place]).T
        return np.log(median), spread, years

    @cached_property
    def _kinds(self) -> tuple[Codes, Codes, Predictor]:
        """First row of each goal and account (what parameters can differ by), which each row is, and their own view."""
        pairs = np.char.add(np.char.add(self.rows.objective, "\n"), self.rows.account)
        _, first, kind = np.unique(pairs, return_index=True, return_inverse=True)
        return first, kind, Predictor(self.rows.take(first), self.parameters, self.mix)

    @cached_property
    def _mixed(self) -> tuple[Array, Array]:
        """Log factor on price and on click rate of the people and platforms behind each row."""
        rows, middle = self.rows, {UNTOLD_AUDIENCE: np.zeros(1), "slots_per_day": np.zeros(1)}
        bought = 1000.0 * rows.spend / np.exp(self._levels[0])
        known = np.where(np.isfinite(bought), bought, rows.impressions)
        log_won = np.log(known / (rows.audience * self.slots(middle) * rows.days))
        factors = [np.interp(log_won, self.mix.log_won, factor) for factor in (self.mix.log_price, self.mix.log_ctr)]
        for platform in set(rows.platform) - {""}:
            for factor, stem in zip(factors, ("prices.platform", "response.platform"), strict=True):
                factor[..., rows.platform == platform] = np.log(self.parameters.value(f"{stem}.{platform}"))
        return factors[0], factors[1]

    @cached_property
    def _log_index(self) -> Array:
        """Log of the mean month index over the days of each row, 0 where its start is unknown."""
        rows = self.rows
        known = ~np.isnat(rows.start)
        if not known.any():
            return np.zeros(len(rows))
        table = self.parameters.table("prices.month")
        first = rows.start[known].min()
        ends = (rows.start[known] - first).astype(int) + np.maximum(np.round(rows.days[known]), 1).astype(int)
        calendar = first + np.arange(int(ends.max()))
        months = calendar.astype("datetime64[M]").astype(int) % 12
        index = np.array([table[str(month)] for month in range(1, 13)])
        total = np.concatenate(([0.0], np.cumsum(index[months])))
        begins = (rows.start[known] - first).astype(int)
        found = np.zeros(len(rows))
        found[known] = np.log((total[ends] - total[begins]) / (ends - begins))
        return found

    def _log_month(self, scores: Scores) -> Array:
        """Return the log month factor: the index as strong as the account has it, and its own deviation."""
        strength = self._role("calibration.month_strength", scores, "month_strength")
        entry = self.parameters["prices.month.1"]
        own = entry.log_sd * scores["price_month"] * ~np.isnat(self.rows.start)
        return np.asarray(strength * self._log_index + own)

    def _age(self, stem: str, score: Array) -> Array:
        """Return the factor of each row's age band, its gradient drawn; 1 for rows of all ages."""
        bands = self.rows.age_band
        if not (bands != "").any():
            return np.ones(1)
        entry = self.parameters[f"{stem}.{AGE_BANDS[0]}"]
        table = self.parameters.table(stem)
        base = np.array([table.get(band, 1.0) for band in bands])
        middle = (len(AGE_BANDS) - 1) / 2
        place = np.array([(AGE_BANDS.index(band) - middle) / middle if band in AGE_BANDS else 0.0 for band in bands])
        return np.asarray(base * np.exp(np.log(self.drawn(entry.key, score) / entry.value) * place))
