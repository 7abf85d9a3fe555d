"""What the forecaster expects of past campaigns: its price, reach and click rate as functions of the scores.

A past campaign is a ``Campaign`` that goes through the same sample and the same model as a forecast. Rows of one
country, goal and aim differ in money, days, dates and audience only, and these the model knows by few numbers:
people and money scaled together change no ratio, and a price all slots share divides the money. So the forecaster is
run once for each such group, over a grid of money and days, at the middle of the parameters and on either side of it
(Taylor's second order in each score alone); rows are read off between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.special import ndtr

from simulator.base.metrics import AGE_BANDS
from simulator.campaign.campaign import PLATFORMS, Campaign
from simulator.campaign.objectives import nearest_known
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.sample import ROLES, draw_sample, month_index, price_day, small_audience_price
from simulator.learning.aims import Aim, Aims
from simulator.learning.impute import WORLD, level_of
from simulator.learning.random_effects import UNTOLD_AUDIENCE
from simulator.learning.rows import Rows
from simulator.model.simulation import run
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Scores = Mapping[str, Array]

SHAPES = (
    "active_share", "price_age", "price_sex", "price_platform", "price_dispersion", "value_dispersion",
    "slots_per_day", "slots_facebook", "slots_instagram", "activity_shape", "persistence", "wear_out",
    "anchor_win_share", "response_age", "response_sex", "response_facebook", "response_instagram",
)  # fmt: skip
"""Roles that bend the curves; the others only scale money or clicks."""
PRICES = (
    "price_level", "price_trend", "price_month", "month_strength", "price_objective", "price_audience", "price_drift",
)  # fmt: skip
AUDIENCES = ("audience_size", UNTOLD_AUDIENCE)
STEP = 0.7
"""Standard deviations on either side of the middle at which the forecaster is run."""
FARTHEST = 2.5
"""Beyond, a curve goes on straight."""
PEOPLE = 1e7
"""People of the campaign that is run: all audiences scale, and one of this size pays the plain price."""
LOG_MONEY = np.array([-17.0, -13.0, -10.0, -8.0, -6.5, -5.0, -4.0, -3.2, -2.4, -1.6, -0.8, 0.0, 0.8, 1.6, 3.0])
"""Money a day over what one showing to everybody costs at the plain price, logarithm."""
DAYS = np.array([1.0, 3.0, 10.0, 30.0, 100.0, 365.0])
SHOWN = 24
"""Points of the curves over showings a person and day."""
STAND_IN = "FR"
"""Country whose ages and platforms stand in for those of a country that nobody tells."""
DAYS_A_YEAR = 365.25
NUDGE = 0.01


class Group(NamedTuple):
    """What rows have in common that go through the forecaster together."""

    country: str
    objective: str
    aim: Aim
    age_band: str
    platform: str

    def campaign(self, duration_days: int = 7, audience_size: float | None = PEOPLE) -> Campaign:
        """Return the campaign, of 10 EUR a day; the people of the aim where ``audience_size`` is None."""
        aim = self.aim if audience_size is None else replace(self.aim, interests=())
        if self.age_band:
            low, _, high = self.age_band.replace("+", "-65").partition("-")
            aim = replace(aim, age_min=int(low), age_max=int(high))
        platforms = (self.platform,) if self.platform else aim.platforms or PLATFORMS
        return Campaign(
            targeting=aim.targeting(self.place, audience_size),
            daily_budget=10.0,
            duration_days=duration_days,
            objective=self.objective,  # type: ignore[arg-type]
            platforms=platforms,
        )

    @property
    def place(self) -> str:
        """Country whose people they are."""
        return STAND_IN if self.country == WORLD else self.country


class Fixed:
    """A calibration that puts the draws where one wants them."""

    digest = ""

    def __init__(self, points: Array) -> None:
        self.points = points

    def aimed_at(self, campaign: Campaign, audience: Audience, parameters: Parameters) -> Fixed:  # noqa: ARG002
        return self

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:  # noqa: ARG002
        return self.points


@dataclass(frozen=True, eq=False)
class Curves:
    """The forecaster's answers for a group around a centre of scores.

    Attributes
    ----------
    centre : mapping of str to float
        Scores of ``SHAPES``.
    price : CubicSpline
        Log price over the plain one, of log money; shape (…, run).
    reach, clicks : CubicSpline
        Log people reached over those of the audience, log clicks a showing, of log showings a person and day; shape
        (…, day, run).
    """

    centre: Mapping[str, float]
    price: CubicSpline
    reach: CubicSpline
    clicks: CubicSpline


@lru_cache(maxsize=128)
def curves(group: Group, centre: tuple[float, ...], parameters: Parameters) -> Curves:
    """Run the forecaster for a group, at a centre and a step on either side of it in each of ``SHAPES``."""
    place = [list(ROLES).index(role) for role in SHAPES]
    scores = np.zeros((1 + 2 * len(SHAPES), len(ROLES)))
    scores[:, place] = centre
    for number, column in enumerate(place):
        scores[1 + 2 * number, column] += STEP
        scores[2 + 2 * number, column] -= STEP
    campaign = group.campaign()
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    sample = draw_sample(campaign, audience, parameters, 0, len(scores), Fixed(ndtr(scores)))
    plain = _plain_price(audience.main_country, group.objective, parameters)
    budgets = np.exp(LOG_MONEY) * plain * PEOPLE / 1000.0
    log_price, log_shown, log_reach, log_rate = [], [], [], []
    for days in DAYS:
        outcome = run(replace(sample.setting, duration_days=int(days)), budgets, 1)
        impressions = outcome.impressions.sum(axis=(2, 3, 4))
        answered = outcome.answered.sum(axis=(2, 3)) * sample.rates["link_clicks"][:, None]
        log_price.append(np.log(1000.0 * budgets * days / impressions / plain))
        log_shown.append(np.log(impressions / (PEOPLE * days)))
        log_reach.append(np.log(outcome.reach_kplus.sum(axis=(2, 3))[..., 0] / PEOPLE))
        log_rate.append(np.log(answered / impressions))
    low, high = max(float(shown[:, 0].max()) for shown in log_shown), max(float(shown.max()) for shown in log_shown)
    grid = high - (high - low) * np.linspace(1.0, 0.0, SHOWN) ** 1.5
    days = zip(log_shown, log_reach, log_rate, strict=True)
    answers = np.stack([_on_grid(grid, shown, np.stack(both, axis=2)) for shown, *both in days], axis=1)
    return Curves(
        dict(zip(SHAPES, centre, strict=True)),
        CubicSpline(LOG_MONEY, log_price[0].T),
        CubicSpline(grid, answers[..., 0]),
        CubicSpline(grid, answers[..., 1]),
    )


def _on_grid(grid: Array, shown: Array, values: Array) -> Array:
    """Return the values (run, budget, answer) of each run, shape (grid, run, answer), straight on beyond its ends."""
    found = np.empty((len(grid), len(shown), values.shape[2]))
    for number, (at, value) in enumerate(zip(shown, values, strict=True)):
        rising = np.concatenate(([True], np.diff(at) > 1e-6))
        curve = PchipInterpolator(at[rising], value[rising])
        found[:, number] = curve(np.clip(grid, at[0], at[rising][-1]))
    return found


def _plain_price(country: str, objective: str, parameters: Parameters) -> float:
    """Return what a campaign without dates pays a thousand showings at the middle of all prices, EUR."""
    level = level_of(country, parameters)
    years = (price_day(None, 0, parameters) - level.price_date).days / DAYS_A_YEAR
    goal = parameters.value(f"prices.objective.{objective}")
    trend = parameters.value("prices.trend")
    return float(level.median * np.exp(trend * years) * goal)


class Seen(NamedTuple):
    """What is expected of rows (row,), its slopes by role, and by the logarithm of the audience."""

    value: Array
    slopes: dict[str, Array]
    by_audience: Array


@dataclass(frozen=True, eq=False)
class Expectation:
    """The forecaster seen from rows; scores have shape (row,).

    Attributes
    ----------
    rows : Rows
    aims : Aims
        Whom they aimed at.
    parameters : Parameters
    centres : mapping of Group to tuple of float
        Scores of ``SHAPES`` around which each group is run; the middle where absent.
    """

    rows: Rows
    aims: Aims
    parameters: Parameters
    centres: Mapping[Group, tuple[float, ...]]

    def take(self, chosen: NDArray[Any]) -> Expectation:
        """Return the same of some of the rows."""
        return Expectation(self.rows.take(chosen), self.aims.take(chosen), self.parameters, self.centres)

    def at(self, centres: Mapping[Group, tuple[float, ...]]) -> Expectation:
        """Return the same around other scores."""
        return replace(self, centres=centres)

    @cached_property
    def groups(self) -> list[tuple[Group, Codes]]:
        """The groups and the rows of each."""
        rows = self.rows
        keys: dict[Group, list[int]] = {}
        entries = zip(rows.country, rows.objective, self.aims.of_row, rows.age_band, rows.platform, strict=True)
        for row, (country, objective, aim, age, platform) in enumerate(entries):
            band = str(age) if str(age) in AGE_BANDS else ""
            group = Group(str(country), str(objective), self.aims.all[aim], band, str(platform))
            keys.setdefault(group, []).append(row)
        return [(group, np.array(of, dtype=np.int64)) for group, of in keys.items()]

    def log_audience(self, scores: Scores) -> Array:
        """Return the logarithm of the people in each row's audience."""
        base, doubt, common = self.audience
        return np.asarray(base + doubt * scores["audience_size"] + common * scores[UNTOLD_AUDIENCE])

    def log_price(self, scores: Scores, aside: Array | float = 0.0) -> Seen:
        """Return the expected log of the cost of 1,000 impressions, EUR; ``aside`` moves the log audience."""
        rows, log_audience = self.rows, self.log_audience(scores) + aside
        plain, slopes, small = self._log_plain(scores, log_audience)
        money = np.log(1000.0 * rows.spend / rows.days) - plain - log_audience
        value, bend, shapes = self._read("price", np.clip(money, LOG_MONEY[0], LOG_MONEY[-1]), scores)
        slopes = {role: slope * (1.0 - bend) for role, slope in slopes.items()} | shapes
        by_audience = small * (1.0 - bend) - bend
        return Seen(plain + value, slopes | self._by_audience(by_audience), by_audience)

    def log_reach(self, scores: Scores, aside: Array | float = 0.0) -> Seen:
        """Return the expected log of the people reached by the row's impressions."""
        log_audience = self.log_audience(scores) + aside
        value, bend, shapes = self._read("reach", self._log_shown(log_audience), scores)
        value = np.minimum(log_audience + value, np.log(self.rows.impressions))
        return Seen(value, shapes | self._by_audience(1.0 - bend), 1.0 - bend)

    def log_rate(self, scores: Scores, aside: Array | float = 0.0) -> Seen:
        """Return the expected log of the link clicks of an impression."""
        log_audience = self.log_audience(scores) + aside
        value, bend, shapes = self._read("clicks", self._log_shown(log_audience), scores)
        own, slope = self._by_goal("response.ctr_link", scores["ctr_link"])
        return Seen(value + own, shapes | {"ctr_link": slope} | self._by_audience(-bend), -bend)

    def _log_shown(self, log_audience: Array) -> Array:
        return np.asarray(np.log(self.rows.impressions / self.rows.days) - log_audience)

    def _by_audience(self, slope: Array) -> dict[str, Array]:
        _, doubt, common = self.audience
        return {"audience_size": slope * doubt, UNTOLD_AUDIENCE: slope * common}

    def _read(self, name: str, at: Array, scores: Scores) -> tuple[Array, Array, dict[str, Array]]:
        """Return a curve of each row's group at ``at`` (row,), its slope there, and its slopes by role."""
        value, bend = np.empty(len(at)), np.empty(len(at))
        slopes = {role: np.empty(len(at)) for role in SHAPES}
        for group, of in self.groups:
            found = curves(group, self.centres.get(group, (0.0,) * len(SHAPES)), self.parameters)
            curve: CubicSpline = getattr(found, name)
            low, high = curve.x[0], curve.x[-1]
            inside = np.clip(at[of], low, high)
            runs, along = curve(inside), curve(inside, 1)[..., 0]
            if name != "price":
                runs, along = self._between_days(runs, of), self._between_days(along[..., None], of)[:, 0]
            straight = (at[of] - inside) * (name == "reach")  # few showings reach one person each
            straight = np.minimum(straight, 0.0)
            middle, above, below = runs[:, 0], runs[:, 1::2], runs[:, 2::2]
            first, second = (above - below) / (2.0 * STEP), (above - 2.0 * middle[:, None] + below) / STEP**2
            centre = np.array([found.centre[role] for role in SHAPES])
            move = np.stack([scores[role][of] for role in SHAPES], axis=1) - centre
            near = np.clip(move, -FARTHEST, FARTHEST)
            slope = first + second * near
            value[of] = middle + (first * near + 0.5 * second * near**2 + slope * (move - near)).sum(axis=1) + straight
            outside = (at[of] < low) | (at[of] > high)
            bend[of] = np.where(outside, (at[of] < low) * (name == "reach") * 1.0, along)
            for number, role in enumerate(SHAPES):
                slopes[role][of] = slope[:, number]
        return value, bend, slopes

    def _between_days(self, runs: Array, of: Codes) -> Array:
        """Return values by day, shape (row, day, run), at the days of each row."""
        return np.asarray(np.einsum("rd,rdk->rk", self._day_weights[of], runs))

    @cached_property
    def _day_weights(self) -> Array:
        """Weights of the days of the grid in each row, shape (row, day)."""
        basis = CubicSpline(np.log(DAYS), np.eye(len(DAYS)))
        return np.asarray(basis(np.log(np.clip(self.rows.days, DAYS[0], DAYS[-1]))))

    @cached_property
    def audience(self) -> tuple[Array, Array, Array]:
        """Log of each row's people, its spread by the score of the audience, and by that of untold ones."""
        rows, untold = self.rows, self.parameters["calibration.untold_aim"].log_sd
        base, doubt = np.log(rows.audience), np.zeros(len(rows))
        common = np.array(rows.audience_common_log_sd, dtype=float)
        for group, of in self.groups:
            if group.aim.places is None:
                continue
            campaign = group.campaign()
            targeting = campaign.targeting.replace(interests=group.aim.interests, audience_size=group.aim.audience_size)
            found = estimate_audience(targeting, self.parameters, campaign.platforms)
            free = of[~rows.is_told[of]]
            base[free], doubt[free] = np.log(max(found.size, 1.0)), found.log_sd
            common[free] = untold if group.aim.is_assumed else 0.0
        return base, doubt, common

    def own_log_sd(self) -> Array:
        """Return the spread of each row's log audience by itself."""
        rows = self.rows
        own = np.array(rows.audience_log_sd, dtype=float)
        for group, of in self.groups:
            if group.aim.places is not None:
                free = of[~rows.is_told[of]]
                own[free] = self.parameters["calibration.told_audience"].log_sd
        return own

    def _log_plain(self, scores: Scores, log_audience: Array) -> tuple[Array, dict[str, Array], Array]:
        """Return the log of what a thousand showings cost before any bend, slopes by role, slope by log audience."""
        parameters = self.parameters
        median, spread, years = self._levels
        index, known = self._log_month
        trend, trend_slope = _drawn(parameters, "prices.trend", scores["price_trend"], is_log=False)
        strength, strength_slope = _drawn(parameters, "calibration.month_strength", scores["month_strength"], False)
        goal, goal_slope = self._by_goal("prices.objective", scores["price_objective"])
        month_sd = parameters["prices.month.1"].log_sd * known
        drift_sd = parameters["calibration.price_drift"].log_sd
        size = np.exp(log_audience)
        slope, along = _drawn(parameters, "prices.audience_slope", scores["price_audience"], is_log=False)
        small = np.log(small_audience_price(size, slope, parameters))
        larger = np.log(small_audience_price(size * np.exp(NUDGE), slope, parameters))
        value = (
            median + spread * scores["price_level"] + trend * years + strength * index
            + month_sd * scores["price_month"] + self._goal_middle + goal + small - drift_sd * scores["price_drift"]
        )  # fmt: skip
        slopes = {
            "price_level": spread,
            "price_trend": trend_slope * years,
            "month_strength": strength_slope * index,
            "price_month": month_sd,
            "price_objective": goal_slope,
            "price_audience": small * along / slope,
            "price_drift": np.full(len(value), -drift_sd),
        }
        return value, slopes, (larger - small) / NUDGE

    @cached_property
    def _goal_middle(self) -> Array:
        """Log of the middle of the price of each row's goal."""
        return np.log([self.parameters.value(f"prices.objective.{goal}") for goal in self.rows.objective])

    def _by_goal(self, stem: str, score: Array) -> tuple[Array, Array]:
        """Return the log of a parameter over its middle, one entry a goal, and its slope, shape (row,)."""
        value, slope = np.empty(len(score)), np.empty(len(score))
        for goal in np.unique(self.rows.objective):
            of = self.rows.objective == goal
            name = str(goal) if f"{stem}.{goal}" in self.parameters else nearest_known(str(goal))
            found, along = _drawn(self.parameters, f"{stem}.{name}", score[of], is_log=True)
            value[of], slope[of] = found - np.log(self.parameters.value(f"{stem}.{name}")), along
        return value, slope

    @cached_property
    def _levels(self) -> tuple[Array, Array, Array]:
        """Log of the median price, its spread and the years since its date, shape (row,) each."""
        rows = self.rows
        countries, place = np.unique(rows.country, return_inverse=True)
        levels = [level_of(str(code), self.parameters) for code in countries]
        median, spread = (np.array([[level.median, level.log_sd] for level in levels]).reshape(-1, 2)[place]).T
        dates = np.array([level.price_date for level in levels], dtype="datetime64[D]")[place]
        newest = np.datetime64(price_day(None, 0, self.parameters), "D")
        day = np.where(np.isnat(rows.start), newest, np.minimum(middle_of(rows), newest))
        years = (day - dates).astype("timedelta64[D]").astype(float) / DAYS_A_YEAR
        return np.log(median), spread, years

    @cached_property
    def _log_month(self) -> tuple[Array, Array]:
        """Log of the mean month index over the days of each row, and whether its start is known (1 or 0)."""
        rows = self.rows
        known = ~np.isnat(rows.start)
        index = np.zeros(len(rows))
        for row in np.flatnonzero(known):
            days = int(np.clip(np.round(rows.days[row]), 1, 366))
            index[row] = _log_index(rows.start[row].astype(object), days, self.parameters)
        return index, known.astype(float)


@lru_cache(maxsize=4096)
def _log_index(start: Any, days: int, parameters: Parameters) -> float:
    return float(np.log(month_index(start, days, parameters)))


def _drawn(parameters: Parameters, key: str, score: Array, is_log: bool = True) -> tuple[Array, Array]:
    """Return a parameter at normal scores, or its logarithm, and the slope."""
    entry = parameters[key]
    here, there = (entry.quantile(ndtr(np.clip(score + step, -8.0, 8.0))) for step in (0.0, NUDGE))
    if is_log:
        here, there = np.log(here), np.log(there)
    return np.asarray(here), np.asarray((there - here) / NUDGE)


def middle_of(rows: Rows) -> NDArray[np.datetime64]:
    """Return the day in the middle of each row, NaT where its start is unknown."""
    return np.asarray(rows.start + (rows.days / 2.0).astype("timedelta64[D]"))


def centre_near(scores: Array) -> tuple[float, ...]:
    """Return scores of ``SHAPES`` to run a group around: rounded to halves, so that fits nearby share the runs."""
    return tuple(float(value) for value in np.clip(np.round(2.0 * scores) / 2.0, -4.0, 4.0))


__all__ = ["SHAPES", "Curves", "Expectation", "Group", "Seen", "centre_near", "curves", "middle_of"]
