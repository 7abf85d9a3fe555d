"""What a campaign draws: from parameters and an audience to the arrays that the model takes.

Every parameter has a role (price level, slots a day, click rate …) and every role one dimension of the
quasi-random points, whatever parameter fills it. So two campaigns, or two budgets, meet the same luck, and
their difference is not blurred by it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.base.metrics import AGE_BANDS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.objectives import nearest_known
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.model import auction, draws
from simulator.model.caps import Cap
from simulator.model.simulation import Setting, anchored_rates
from simulator.reference.parameters import Parameters, cpm_level, newest_price_day, units_per_euro
from simulator.reference.places import Place

Array = NDArray[np.float64]

ROLES = {
    "audience_size": "audience",
    "active_share": "audience",
    "price_level": "price",
    "price_trend": "price",
    "price_month": "price",
    "price_age": "price",
    "price_sex": "price",
    "price_platform": "price",
    "price_objective": "price",
    "anchor_win_share": "response",
    "price_dispersion": "delivery",
    "value_dispersion": "delivery",
    "slots_per_day": "delivery",
    "slots_facebook": "delivery",
    "slots_instagram": "delivery",
    "activity_shape": "delivery",
    "persistence": "delivery",
    "model_error": "delivery",
    "ctr_link": "response",
    "creative": "response",
    "trade": "response",
    "click_share": "response",
    "wear_out": "response",
    "response_age": "response",
    "response_sex": "response",
    "response_facebook": "response",
    "response_instagram": "response",
    "engagement_objective": "response",
    "reactions": "response",
    "comments": "response",
    "shares": "response",
    "noise_shown": "delivery",
    "noise_link_clicks": "response",
    "noise_clicks_other": "response",
    "noise_reactions": "response",
    "noise_comments": "response",
    "noise_shares": "response",
    "price_audience": "price",
}
"""Dimension of the points by role, and the cause to which its width is attributed; append, never reorder."""

INTERACTIONS = ("reactions", "comments", "shares")


@dataclass(frozen=True)
class Sample:
    """The draws of one campaign.

    Attributes
    ----------
    setting : Setting
        What the model takes.
    points : ndarray (draw, role)
        Uniform points, as past campaigns have moved them.
    audience_size : ndarray (draw,)
    rates : mapping of str to ndarray (draw,)
        link_clicks, reactions, comments, shares per answer.
    click_share : ndarray (draw,)
        Link clicks as a share of all clicks.
    """

    setting: Setting
    points: Array
    audience_size: Array
    rates: dict[str, Array]
    click_share: Array

    def point(self, role: str) -> Array:
        """Return the uniform points of a role, shape (draw,)."""
        return role_point(self.points, role)


def role_point(points: Array, role: str) -> Array:
    """Return the column of ``points`` that belongs to ``role``."""
    return points[:, list(ROLES).index(role)]


@runtime_checkable
class Learnt(Protocol):
    """What past campaigns have taught: moves the points of a forecast (see ``calibration.learnt``)."""

    @property
    def digest(self) -> str:
        """What tells one calibration from another, by all that was learnt."""

    def aimed_at(self, campaign: Campaign, audience: Audience, parameters: Parameters) -> Learnt:
        """Return what they teach about a campaign; where nobody says whom they aimed at, they aimed at its people."""

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:
        """Return the points (draw, role) as they are after those campaigns."""


def draw_sample(
    campaign: Campaign,
    audience: Audience,
    parameters: Parameters,
    seed: int,
    count: int,
    calibration: Learnt | None = None,
) -> Sample:
    """Draw every parameter that the campaign uses.

    Parameters
    ----------
    seed : int
        Same seed, same numbers.
    count : int
        Number of draws.
    """
    prior = prior_points(seed, count)
    if calibration is not None:
        calibration = calibration.aimed_at(campaign, audience, parameters)
    by_country = _learnt_points(prior, audience, campaign.objective, calibration)
    points = by_country[audience.main_country]

    def drawn(key: str, role: str) -> Array:
        return parameters[key].quantile(role_point(points, role))

    size = np.exp(audience.log_sd * ndtri(role_point(points, "audience_size"))) * audience.size
    active = drawn("delivery.active_share", "active_share")
    per_person = audience.people / max(audience.size, 1e-300)
    how = nearest_known(campaign.objective)
    anchor = drawn("delivery.anchor_win_share", "anchor_win_share")
    platform_slots = [drawn(f"delivery.platform_slots.{name}", f"slots_{name}") for name in audience.platforms]
    if calibration is None:
        ordinary = partial(_ordinary_price_before_learning, parameters, seed, count, how)
    else:
        ordinary = partial(_ordinary_price, parameters, points, how)
    appeal = [drawn(f"response.platform.{name}", f"response_{name}") for name in audience.platforms]
    setting = Setting(
        people=(size * active)[:, None, None] * per_person,
        presence=audience.presence,
        slots_per_day=drawn(f"delivery.slots_per_day.{how}", "slots_per_day")[:, None]
        * np.stack(platform_slots, axis=1),
        platform_price=_platform_price(audience, parameters, points),
        cell_price=_cell_price(campaign, audience, parameters, by_country, ordinary)
        * smallness(size, parameters, points)[:, None],
        price_dispersion=drawn(f"delivery.price_dispersion.{how}", "price_dispersion"),
        value_dispersion=drawn("delivery.value_dispersion", "value_dispersion"),
        activity_shape=drawn("delivery.activity_shape", "activity_shape"),
        persistence=drawn(f"delivery.persistence.{how}", "persistence"),
        wear_out=drawn("response.wear_out", "wear_out"),
        platform_appeal=np.stack(appeal, axis=1),
        cell_appeal=_cell_appeal(audience, parameters, points),
        duration_days=campaign.duration_days,
        cap=None if campaign.frequency_cap is None else Cap(*campaign.frequency_cap),
    )
    return Sample(
        setting=setting,
        points=points,
        audience_size=size,
        rates=_rates(campaign, parameters, points, setting, anchor),
        click_share=drawn("response.link_share_of_clicks", "click_share"),
    )


@lru_cache(maxsize=8)
def prior_points(seed: int, count: int) -> Array:
    """Return the points of a seed, shape (draw, role), not to be written to: a comparison asks for them again."""
    points = draws.uniform_points(count, len(ROLES), np.random.default_rng(seed))
    points.setflags(write=False)
    return points


def _learnt_points(points: Array, audience: Audience, objective: str, calibration: Learnt | None) -> dict[str, Array]:
    """Return the points to use in each country of the audience."""
    codes = {cell.country_code for cell in audience.cells}
    if calibration is None:
        return dict.fromkeys(codes, points)
    return {code: calibration.moved(points, tuple(ROLES), code, objective) for code in codes}


def _cell_price(
    campaign: Campaign,
    audience: Audience,
    parameters: Parameters,
    learnt: Mapping[str, Array],
    ordinary: Callable[[str], Array],
) -> Array:
    """Return the mean competing price of a slot in each cell, shape (draw, cell), in campaign money.

    An untargeted campaign at an ordinary budget pays the published level: ages, sexes and platforms tilt around it.
    """
    points = learnt[audience.main_country]
    common = _month_factor(campaign, parameters, points) / 1000.0
    common *= parameters[f"prices.objective.{campaign.objective}"].quantile(role_point(points, "price_objective"))
    common *= parameters["delivery.model_error"].quantile(role_point(points, "model_error"))
    common *= units_per_euro(campaign.currency)
    by_country = {
        code: common * _level(code, campaign, parameters, own) / ordinary(code) for code, own in learnt.items()
    }
    tilt = _cell_tilt(audience, parameters, points)
    return np.stack([by_country[cell.country_code] for cell in audience.cells], axis=1) * tilt


def _cell_tilt(audience: Audience, parameters: Parameters, points: Array) -> Array:
    """Return the price of each cell by age and sex relative to a country's, shape (draw, cell)."""
    age = _tilted(parameters, "prices.age", AGE_BANDS, role_point(points, "price_age"))
    sex = _opposed(parameters, "prices.sex", role_point(points, "price_sex"))
    return np.stack([age[cell.age_band] * sex[cell.sex] for cell in audience.cells], axis=1)


@lru_cache(maxsize=32)
def _ordinary_price_before_learning(parameters: Parameters, seed: int, count: int, how: str, code: str) -> Array:
    """Return ``_ordinary_price`` on the points of a seed: no campaign's place, ages or money is in it."""
    price = _ordinary_price(parameters, prior_points(seed, count), how, code)
    price.setflags(write=False)
    return price


def _ordinary_price(parameters: Parameters, points: Array, how: str, code: str) -> Array:
    """Return what an untargeted campaign in a country pays at an ordinary budget, where the tilts are all it pays.

    It buys what is cheap: less than the mean price of all slots. Divided by this, a price is the published one.
    """

    def drawn(key: str, role: str) -> Array:
        return parameters[key].quantile(role_point(points, role))

    everyone = _untargeted(code, parameters)
    on = [drawn(f"delivery.platform_slots.{name}", f"slots_{name}") for name in everyone.platforms]
    per_platform = drawn(f"delivery.slots_per_day.{how}", "slots_per_day")[:, None] * np.stack(on, axis=1)
    people = everyone.presence.astype(float).T @ everyone.people
    offered = per_platform[:, :, None] * people
    tilt = _cell_tilt(everyone, parameters, points)
    price = _platform_price(everyone, parameters, points)[:, :, None] * tilt[:, None]
    return auction.price_paid(
        parameters.value("delivery.ordinary_impressions"),
        offered.reshape(len(points), -1),
        price.reshape(len(points), -1),
        drawn(f"delivery.price_dispersion.{how}", "price_dispersion"),
        drawn("delivery.value_dispersion", "value_dispersion"),
    )


@lru_cache(maxsize=64)
def _untargeted(code: str, parameters: Parameters) -> Audience:
    """Return everybody in a country who could be shown an advertisement, on both platforms."""
    return estimate_audience(Targeting(places=(Place.country(code),)), parameters)


def smallness(size: Array, parameters: Parameters, points: Array) -> Array:
    """Return how much dearer a small audience is: 1 from ``prices.audience_flat`` people upwards.

    Parameters
    ----------
    size : ndarray (draw,)
    points : ndarray (draw | 1, role)
    """
    slope = parameters["prices.audience_slope"].quantile(role_point(points, "price_audience"))
    return small_audience_price(size, slope, parameters)


def small_audience_price(size: Array, slope: Array, parameters: Parameters) -> Array:
    """Return the same for ``prices.audience_slope`` as it is given."""
    below = np.maximum(np.log(parameters.value("prices.audience_flat") / np.maximum(size, 1.0)), 0.0)
    return np.asarray(np.exp(slope * below**2 / (1.0 + below)))


def _level(code: str, campaign: Campaign, parameters: Parameters, points: Array) -> Array:
    level = cpm_level(code, parameters)
    years = (price_day(campaign.start, campaign.duration_days, parameters) - level.price_date).days / 365.25
    trend = parameters["prices.trend"].quantile(role_point(points, "price_trend"))
    spread = level.log_sd * ndtri(role_point(points, "price_level"))
    return np.asarray(level.median * np.exp(spread + trend * years))


def price_day(start: datetime.date | None, duration_days: float, parameters: Parameters) -> datetime.date:
    """Return the day whose prices hold: the middle of the campaign, at most that of the newest price year.

    The trend is known between the years of the sources and not beyond them.
    """
    newest = newest_price_day(parameters)
    return newest if start is None else min(start + datetime.timedelta(days=duration_days / 2), newest)


def month_index(start: datetime.date, duration_days: int, parameters: Parameters) -> float:
    """Return the mean month index over the days of a campaign."""
    days = (start + datetime.timedelta(days=day) for day in range(duration_days))
    months = Counter(day.month for day in days)
    return sum(parameters.value(f"prices.month.{month}") * count for month, count in months.items()) / duration_days


def _month_factor(campaign: Campaign, parameters: Parameters, points: Array) -> Array:
    """Return the month factor of the campaign, 1 without a start, shape (draw,)."""
    if campaign.start is None:
        return np.ones(len(points))
    entry = parameters[f"prices.month.{campaign.start.month}"]
    index = month_index(campaign.start, campaign.duration_days, parameters)
    return np.asarray(entry.quantile(role_point(points, "price_month")) / entry.value * index)


def _platform_price(audience: Audience, parameters: Parameters, points: Array) -> Array:
    """Return the price of each platform relative to the mix, shape (draw, platform)."""
    opposed = _opposed(parameters, "prices.platform", role_point(points, "price_platform"))
    return np.stack([opposed[name] for name in audience.platforms], axis=1)


def _cell_appeal(audience: Audience, parameters: Parameters, points: Array) -> Array:
    age = _tilted(parameters, "response.age", AGE_BANDS, role_point(points, "response_age"))
    sex = _opposed(parameters, "response.sex", role_point(points, "response_sex"))
    return np.stack([age[cell.age_band] * sex[cell.sex] for cell in audience.cells], axis=1)


def _tilted(parameters: Parameters, table: str, labels: tuple[str, ...], point: Array) -> dict[str, Array]:
    """Draw a table whose gradient over its labels is uncertain: the factor pulls the two ends apart."""
    entries = [parameters[f"{table}.{label}"] for label in labels]
    middle = (len(labels) - 1) / 2
    log_factor = np.log(entries[0].quantile(point) / entries[0].value)
    return {
        label: entry.value * np.exp(log_factor * (place - middle) / middle)
        for place, (label, entry) in enumerate(zip(labels, entries, strict=True))
    }


def _opposed(parameters: Parameters, table: str, point: Array) -> dict[str, Array]:
    """Draw a table of two whose ratio is uncertain: half the factor up, half down."""
    first, second = parameters.table(table)
    entry = parameters[f"{table}.{first}"]
    half = np.sqrt(entry.quantile(point) / entry.value)
    return {first: entry.value * half, second: parameters.value(f"{table}.{second}") / half}


def _rates(
    campaign: Campaign, parameters: Parameters, points: Array, setting: Setting, anchor: Array
) -> dict[str, Array]:
    """Return responses per answer, back-solved from published averages, shape (draw,) each."""

    def drawn(key: str, role: str) -> Array:
        return parameters[key].quantile(role_point(points, role))

    days = np.full(len(points), parameters.value("delivery.anchor_days"))
    per_impression, per_person = anchored_rates(setting, anchor, days)
    creative = drawn("response.creative_spread", "creative")
    how = nearest_known(campaign.objective)
    clicks = drawn(f"response.ctr_link.{how}", "ctr_link") * creative / per_impression
    if campaign.trade is not None:
        clicks = clicks * drawn(f"response.trade.{campaign.trade}", "trade")
    factor = creative * drawn(f"response.engagement_by_objective.{how}", "engagement_objective")
    rates = {"link_clicks": clicks}
    for name in INTERACTIONS:
        rates[name] = factor * drawn(f"response.{name}.{campaign.creative_format}", name) / per_person
    return rates
