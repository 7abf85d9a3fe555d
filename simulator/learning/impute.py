"""What a table does not tell, or tells in its own way: money, place, goal, clicks, audience."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.campaign.objectives import OBJECTIVES, nearest_known
from simulator.learning import normalize
from simulator.learning.export.currencies import currency_of
from simulator.learning.normalize import Labels, country_of, goal_of, written
from simulator.reference.parameters import CpmLevel, Parameters, cpm_level, currencies, units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DEFAULT_OBJECTIVE = "link_clicks"
MOST_PEOPLE = 1e10
"""More than there are."""
WIDEST = 4.0
"""Largest spread of a told audience's logarithm that is believed."""


class Audiences(NamedTuple):
    """People, the spread of their logarithm in each row and common to all, and whether the table told them."""

    people: Array
    own_log_sd: Array
    common_log_sd: Array
    is_told: Mask


def money(frame: pd.DataFrame) -> tuple[Array, Mask]:
    """Return units of each row's money per euro, and whether its currency is known.

    Where a row says none, the file's only currency, else EUR.
    """
    codes = _translated(normalize.labels(frame, "currency"), lambda text: currency_of(text) or text.upper())
    known = set(currencies())
    found = {code for code in codes if code in known}
    codes[codes == ""] = found.pop() if len(found) == 1 else "EUR"
    rates = {code: units_per_euro(code) if code in known else 1.0 for code in set(codes)}
    return np.array([rates[code] for code in codes], dtype=float), np.array([code in known for code in codes], bool)


def countries(frame: pd.DataFrame, parameters: Parameters, notes: list[dict[str, Any]]) -> NDArray[np.str_]:
    """Return two-letter codes that have an income or a price of their own, else ``world``."""
    codes = _translated(normalize.labels(frame, "country"), country_of)
    known = set(parameters.table("income.per_head")) | set(parameters.table("prices.cpm")) - {WORLD}
    is_known = np.array([code in known for code in codes], dtype=bool)
    _note(notes, (codes != "") & ~is_known, "country_unknown")
    return np.where(is_known, codes, WORLD).astype(str)


def objectives(frame: pd.DataFrame, notes: list[dict[str, Any]]) -> NDArray[np.str_]:
    """Return the goals; link clicks, the most usual one, where none is known."""
    told = normalize.labels(frame, "objective")
    goals = _translated(told, goal_of)
    is_known = np.asarray(goals != "", dtype=bool)
    _note(notes, (told != "") & ~is_known, "objective_unknown")
    return np.where(is_known, goals, DEFAULT_OBJECTIVE).astype(str)


def link_clicks(frame: pd.DataFrame, impressions: Array) -> Array:
    """Return link clicks; where they are missing, the results of campaigns whose stated goal they are."""
    clicks = normalize.numbers(frame, "link_clicks")
    is_goal = _translated(normalize.labels(frame, "objective"), written) == "link_clicks"  # traffic counts visits too
    clicks = np.where(np.isnan(clicks) & is_goal, normalize.numbers(frame, "results"), clicks)
    return np.where((clicks >= 0.0) & (clicks <= impressions), clicks, np.nan)


def audiences(
    frame: pd.DataFrame, goals: NDArray[np.str_], reach: Array, parameters: Parameters, notes: list[dict[str, Any]]
) -> Audiences:
    """Return audiences as told, else a wide guess by goal; a told one that is below the reach is not believed.

    A doubt that the table states, or that we have for want of a figure, is mostly common to the rows: an
    account goes after similar people from one campaign to the next. A figure without a doubt is taken as it
    is but for each row's own: what is common to an account then shows in how its people are reached.
    """
    given, doubt = normalize.numbers(frame, "audience_size"), normalize.numbers(frame, "audience_log_sd")
    guesses = {name: parameters[f"calibration.unknown_audience.{nearest_known(name)}"] for name in OBJECTIVES}
    is_below = (given >= 1.0) & (given < reach)
    _note(notes, is_below, "audience_below_reach")
    is_told = (given >= 1.0) & (given <= MOST_PEOPLE) & ~is_below
    people = np.where(is_told, given, np.array([guesses[name].value for name in goals]))
    is_sure = is_told & ~(doubt > 0.0)
    spread = np.where(is_told, np.minimum(doubt, WIDEST), np.array([guesses[name].log_sd for name in goals]))
    common = parameters.value("calibration.audience_pooling")
    return Audiences(
        people,
        np.where(is_sure, parameters["calibration.told_audience"].log_sd, spread * np.sqrt(1.0 - common)),
        np.where(is_sure, 0.0, spread * np.sqrt(common)),
        is_told,
    )


def _translated(texts: Labels, meaning: Callable[[str], str]) -> Labels:
    """Return what each text means, every different one looked up once."""
    known = {text: meaning(text) if text else "" for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=object)


def _note(notes: list[dict[str, Any]], mask: Mask, reason: str) -> None:
    notes += [{"row": int(row), "reason": reason} for row in np.flatnonzero(mask)]


WORLD = "world"
"""Context of a country that is missing or unknown."""
DAYS_A_YEAR = 365.25


@lru_cache(maxsize=1024)
def level_of(country: str, parameters: Parameters) -> CpmLevel:
    """Return the price level of a row's country; where it is unknown the world's, with the doubt of a fall-back."""
    if country != WORLD:
        return cpm_level(country, parameters)
    entry, doubt = parameters[f"prices.cpm.{WORLD}"], parameters["prices.fallback_error"]
    account = parameters["calibration.account_price"]
    return CpmLevel(
        median=entry.value / units_per_euro(entry.currency, parameters),
        log_sd=float(np.sqrt(entry.log_sd**2 + doubt.log_sd**2 + account.sd**2)),
        is_assumption=True,
        price_date=datetime.date(entry.price_year, 7, 1),
        keys=(entry.key, doubt.key, account.key),
    )


@lru_cache(maxsize=64)
def all_levels(parameters: Parameters) -> dict[str, tuple[float, float]]:
    """Return middle and spread of the log price of every country, EUR, all brought to the date of the world's."""
    date = level_of(WORLD, parameters).price_date
    trend = parameters.value("prices.trend")
    codes = {*parameters.table("income.per_head"), *parameters.table("prices.cpm")}
    found = {}
    for code in sorted(codes):
        level = level_of(code, parameters)
        years = (date - level.price_date).days / DAYS_A_YEAR
        found[code] = (float(np.log(level.median) + trend * years), float(level.log_sd))
    return found
