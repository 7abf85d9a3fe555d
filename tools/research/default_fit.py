"""What the public evidence teaches about the defaults: the estimator of ``calibrate``, from the starting priors.

Each source is one account; a default is what is learnt for one more account of its kind, so its range holds what
accounts differ by and what the sources leave open.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.learning.fit import Fitted, fit_scores
from simulator.learning.impute import DAYS_A_YEAR, level_of
from simulator.learning.random_effects import Context
from simulator.reference.parameters import Parameters, load_parameters, units_per_euro
from tools.research import age_slopes, evidence, platform_curve, without_source
from tools.research.residual_spread import creative_spread, reach_scatter

Array = NDArray[np.float64]

STARTING = Path(__file__).with_name("starting_priors.toml")
ONLY_FROM_HERE = ("prices.cpm.PL", "prices.cpm.CH")
"""Prices that no other source tells: before, these countries are known by their income."""
COUNTRIES = ("DE", "ES", "PL", "CH")
QUANTILE = 1.2815515655446004
STEPS = np.array([-QUANTILE, 0.0, QUANTILE])
LIKE_LINK_CLICKS = ("engagement", "boosted_post")


@dataclass(frozen=True)
class Default:
    """A value with its 80 % range, and the reason to write beside it; ``values`` for a keyed table."""

    value: float
    low: float
    high: float
    reason: str
    values: Mapping[str, float] = field(default_factory=dict)
    origin: str = "calibrated"


@lru_cache(maxsize=4)
def starting_parameters(without: str = "") -> Parameters:
    """Return what was believed before the evidence; without one source, as assumptions stand without it."""
    start = load_parameters(STARTING)
    known = Parameters({key: entry for key, entry in start.items() if key not in ONLY_FROM_HERE})
    return Parameters({**known, **without_source.assumptions(known, without)})


@lru_cache(maxsize=4)
def before_any_row(without: str = "") -> Parameters:
    """Return what the rows are fitted from: countries without a vendor's price by the vendors' prices elsewhere."""
    start = starting_parameters(without)
    return Parameters({**start, **without_source.income_alone(start)})


@lru_cache(maxsize=4)
def learnt(without: str = "") -> dict[str, Default]:
    """Return the defaults that the evidence gives, all of it or without one source."""
    start = before_any_row(without)
    fits = [fit_scores(evidence.rows(start, without, stretch), start) for stretch in _stretches()]
    found: dict[str, Default] = {}
    for goal in ("link_clicks", "leads"):
        reason = _persistence_reason(goal)
        found[f"delivery.persistence.{goal}"] = _of_goal(fits, "persistence", goal, reason)
    for goal in LIKE_LINK_CLICKS:
        reason = "No campaign with this goal is public: taken from link clicks, whose people are also looked for."
        found[f"delivery.persistence.{goal}"] = replace(
            found["delivery.persistence.link_clicks"], reason=reason, origin="assumption"
        )
    found |= _curve(start)
    found |= {f"prices.cpm.{code}": _price(fits, code) for code in COUNTRIES if _is_told(fits, code)}
    if without != evidence.LEADS:
        found["prices.objective.leads"] = _of_goal(fits, "price_objective", "leads", LEADS_PRICE)
        alone = fit_scores(evidence.unique_clicks(start), start)
        found["response.ctr_link.leads"] = _of_goal([alone], "ctr_link", "leads", LEADS_CLICKS)
    if without != evidence.JOBS:
        found["response.ctr_link.link_clicks"] = _of_goal(fits, "ctr_link", "link_clicks", CLICKS)
    found["response.creative_spread"] = _spread(creative_spread(without))
    found["calibration.reach_scatter"] = _scatter(reach_scatter(fits[0], start, without))
    # Prices by age stay an assumption, see docs/decisions/kernel.md: two accounts with other goals are too few.
    found["response.age"] = _by_age(age_slopes.click_slope(without), "Click rate")
    return found


@lru_cache(maxsize=4)
def fitted_parameters(without: str = "") -> Parameters:
    """Return the starting parameters with what the evidence gives put in their place."""
    start, shipped = starting_parameters(without), load_parameters()
    entries = dict(start)
    for key, default in learnt(without).items():
        for label, value in (default.values or {"": default.value}).items():
            name = f"{key}.{label}" if label else key
            stretch = value / default.value if label else 1.0
            entries[name] = replace(
                start.get(name) or shipped[name],
                value=value,
                low=default.low * stretch,
                high=default.high * stretch,
                level=0.8,
                origin="calibrated",
            )
    return Parameters(entries)


def posterior(fitted: Fitted, role: str, context: Context) -> tuple[float, float]:
    """Return mean and standard deviation of a role's score for an account that was not among those fitted."""
    weights, rest = fitted.layout.weights(role, context)
    return float(weights @ fitted.mean), float(np.sqrt(weights @ fitted.covariance @ weights + rest))


def _stretches() -> tuple[float, float, float]:
    """Return factors on all audiences: none, and one standard deviation of what their sources share either way."""
    common = load_parameters().value("calibration.audience_pooling")
    step = float(np.exp(evidence.PEOPLE_LOG_SD * np.sqrt(common)))
    return 1.0, step, 1.0 / step


def _scores(fits: list[Fitted], role: str, context: Context) -> Array:
    """Return the score at the low, middle and high of 80 %, the doubt about audiences added."""
    found = [posterior(fitted, role, context) for fitted in fits]
    mean, deviation = found[0]
    if len(found) > 1:
        deviation = float(np.hypot(deviation, 0.5 * (found[1][0] - found[2][0])))
    return mean + deviation * STEPS


def _of_goal(fits: list[Fitted], role: str, goal: str, reason: str) -> Default:
    stem = {
        "persistence": "delivery.persistence",
        "ctr_link": "response.ctr_link",
        "price_objective": "prices.objective",
    }[role]
    entry = starting_parameters()[f"{stem}.{goal}"]
    low, value, high = entry.quantile(ndtr(_scores(fits, role, Context(objective=goal))))
    return Default(rounded(value), rounded(low), rounded(high), reason)


def _is_told(fits: list[Fitted], country: str) -> bool:
    return ("price_level", country) in fits[0].layout.places


def _price(fits: list[Fitted], country: str) -> Default:
    """Return a country's price in the money and the year of its entry, for one more account."""
    start, entry = before_any_row(), load_parameters()[f"prices.cpm.{country}"]
    level = level_of(country, start)
    years = (datetime.date(entry.price_year, 7, 1) - level.price_date).days / DAYS_A_YEAR
    found = []
    for fitted in fits:
        weights, rest = fitted.layout.weights("price_level", Context(country=country))
        trend, _ = fitted.layout.weights("price_trend", Context())
        growth = start["prices.trend"]
        middle = float(growth.quantile(ndtr(trend @ fitted.mean)))
        along = level.log_sd * weights + years * growth.sd * trend
        log_price = np.log(level.median) + level.log_sd * float(weights @ fitted.mean) + years * middle
        found.append((log_price, float(np.sqrt(along @ fitted.covariance @ along + level.log_sd**2 * rest))))
    mean, deviation = found[0]
    deviation = float(np.hypot(deviation, 0.5 * (found[1][0] - found[2][0])))
    low, value, high = np.exp(mean + deviation * STEPS) * units_per_euro(entry.currency, start)
    return Default(rounded(value), rounded(low), rounded(high), PRICES[country])


def _curve(start: Parameters) -> dict[str, Default]:
    """Return persistence and price dispersion of the goal impressions from the platform's curve."""
    free, small, all_ = (
        platform_curve.fitted(start, None),
        platform_curve.smallest(start),
        platform_curve.everyone(start),
    )
    found = {}
    for key, name, reason in (
        ("delivery.persistence.impressions", "persistence", CURVE_PERSISTENCE),
        ("delivery.price_dispersion.impressions", "price_dispersion", CURVE_DISPERSION),
    ):
        value, low, high = (rounded(getattr(shape, name)) for shape in (free, small, all_))
        found[key] = Default(value, low, high, reason)
    return found


def _spread(by_source: dict[str, float]) -> Default:
    log_sd = float(np.sqrt(np.mean(np.square(list(by_source.values())))))
    half = float(np.exp(QUANTILE * log_sd))
    said = " and ".join(f"{value:.2f}" for value in by_source.values())
    reason = (
        f"Click rates of advertisements within one campaign, freed of the noise of counting: log-sd {said} "
        f"in the sources; {log_sd:.2f} taken (root mean square)."
    )
    return Default(1.0, rounded(1.0 / half), rounded(half), reason)


def _scatter(by_source: dict[str, float]) -> Default:
    figures = list(by_source.values())
    value = float(np.exp(np.mean(np.log(figures))))
    wide = max(max(figures) / value, value / min(figures), 1.2)
    said = " and ".join(f"{figure:.3f}" for figure in figures)
    reason = f"Root mean square of log reach around the fit, by source: {said}; geometric mean, the range holds both."
    return Default(rounded(value), rounded(value / wide), rounded(value * wide), reason)


def _by_age(slope: age_slopes.Slope, what: str) -> Default:
    low, high = slope.range()
    count = len(slope.sources)
    reason = (
        f"{what} by age in {count} sources, as one slope over the bands, drawn towards none: {slope.mean:.2f} of the "
        f"logarithm from the middle to either end; advertisers differ by {slope.log_sd:.2f}. Nothing is published for "
        "France or Canada. Mean one over the impressions of an untargeted German campaign; 13-17 as 18-24."
    )
    values = {band: rounded(value) for band, value in slope.factors().items()}
    return Default(1.0, rounded(low), rounded(high), reason, values)


def _persistence_reason(goal: str) -> str:
    start = starting_parameters()[f"delivery.persistence.{goal}"]
    rows = {"link_clicks": "36 ad sets of job advertisements and two saturated campaigns", "leads": "15 lead ad sets"}
    return (
        f"Fitted to reach and impressions of {rows[goal]}, given three slots a day and an activity shape of 0.9, from "
        f"{start.value:g} ({start.low:g} to {start.high:g}); half common to both goals. The range is for one more "
        "account and holds a factor of 1.9 on the audiences, which the sources do not tell."
    )


def rounded(value: float) -> float:
    """Return three digits, so that the last bits of a machine change nothing."""
    return float(f"{float(value):.3g}")


CLICKS = (
    "One account's job advertisements (four countries, 2020: 0.3 to 7.3 %) learnt from 1.25 %, the middle of the "
    "vendors' 1.03 and 1.51 %. Brought to an ordinary budget and to both platforms: a small budget on Facebook meets "
    "the keenest. For one more account."
)
LEADS_CLICKS = (
    "One account's unique link clicks (0.44 %, a lower bound) learnt from a vendor's lead campaigns (2.50 % of all "
    "clicks, 57 % of them on the link); not pooled with other goals. For one more account."
)
LEADS_PRICE = (
    "One account's lead campaigns of 2021 (17.7 USD in the middle, five countries) learnt from 1.3 (0.65 to 2.6): "
    "most of their price may be the account's or the countries'."
)
CURVE_PERSISTENCE = (
    "The platform's curve of 2017 fitted with price, persistence and dispersion, given 25 slots a day. Its audience is "
    "not known: value with a free audience, range from a fiftieth of the stated daily users to all of them."
)
CURVE_DISPERSION = CURVE_PERSISTENCE
_PAID = (
    "{country}: learnt from {start} and what one account paid in 2020 for untargeted job advertisements ({paid} EUR); "
    "that account was cheap in {others} as well, so part of it is the account's. For one more account."
)
PRICES = {
    "DE": _PAID.format(country="Germany", start="a vendor's 14.2 USD", paid="2.87", others="Spain"),
    "ES": _PAID.format(country="Spain", start="a vendor's 6.0 USD", paid="1.14", others="Germany"),
    "PL": _PAID.format(country="Poland", start="the price that income suggests", paid="1.14", others="other countries"),
    "CH": _PAID.format(
        country="Switzerland", start="the price that income suggests", paid="4.55", others="other countries"
    ),
}
