"""What a table does not tell: money, place, goal, audience, and how long a campaign ran within a report."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.campaign.objectives import nearest_known
from simulator.learning.breakdowns import together
from simulator.reference.parameters import CpmLevel, Parameters, cpm_level, currencies, is_rate_assumed, units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

DEFAULT_OBJECTIVE = "link_clicks"
MOST_PEOPLE = 1e10
"""More than there are."""
WIDEST = 4.0
"""Largest spread of a told audience's logarithm that is believed."""
SEASON = 62
"""Days of a report from which on the month of a campaign within it is anybody's guess."""


class Audiences(NamedTuple):
    """People, the spread of their logarithm in each row and common to all, and whether the table told them."""

    people: Array
    own_log_sd: Array
    common_log_sd: Array
    is_told: Mask


class Guess(NamedTuple):
    """Starts and days, shape (row,), and in which rows they are guessed."""

    start: Days
    days: Array
    is_guess: Mask


def money(frame: pd.DataFrame, notes: list[dict[str, Any]]) -> tuple[Array, Mask]:
    """Return units of each row's money per euro, and whether its currency is known.

    Where a row says none, the file's only currency, else EUR.
    """
    known = set(currencies())
    codes = frame["currency"].to_numpy(copy=True)
    found = {code for code in codes if code in known}
    codes[codes == ""] = found.pop() if len(found) == 1 else "EUR"
    assumed = {code for code in set(codes) & known if is_rate_assumed(code)}
    note(notes, np.flatnonzero([code in assumed for code in codes]), "rate_assumed")
    rates = {code: units_per_euro(code) if code in known else 1.0 for code in set(codes)}
    return np.array([rates[code] for code in codes], dtype=float), np.array([code in known for code in codes], bool)


def countries(frame: pd.DataFrame, parameters: Parameters, notes: list[dict[str, Any]]) -> NDArray[np.str_]:
    """Return two-letter codes that have an income or a price of their own, else ``world``."""
    known = set(parameters.table("income.per_head")) | set(parameters.table("prices.cpm")) - {WORLD}
    codes = frame["country"].to_numpy()
    is_known = np.isin(codes.astype(str), list(known))
    note(notes, np.flatnonzero((codes != "") & ~is_known), "country_unknown")
    return np.where(is_known, codes, WORLD).astype(str)


def objectives(frame: pd.DataFrame, notes: list[dict[str, Any]]) -> NDArray[np.str_]:
    """Return the goals; link clicks, the most usual one, where none is told."""
    told = frame["objective"].to_numpy().astype(str)
    note(notes, np.flatnonzero(told == "unknown"), "objective_unknown")
    return np.where(told == "", DEFAULT_OBJECTIVE, told)


def audiences(
    frame: pd.DataFrame, goals: NDArray[np.str_], reach: Array, parameters: Parameters, notes: list[dict[str, Any]]
) -> Audiences:
    """Return audiences as told, else a wide guess by goal; a told one that is below the reach is not believed.

    A doubt that the table states, or that we have for want of a figure, is mostly common to the rows: an
    account goes after similar people from one campaign to the next. A figure without a doubt is taken as it
    is but for each row's own: what is common to an account then shows in how its people are reached.
    """
    given, doubt = frame["audience_size"].to_numpy(), frame["audience_log_sd"].to_numpy()
    guesses = {name: parameters[f"calibration.unknown_audience.{nearest_known(name)}"] for name in set(goals.tolist())}
    is_below = (given >= 1.0) & (given < reach)
    note(notes, np.flatnonzero(is_below), "audience_below_reach")
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


def guessed_days(start: Days, days: Array, no_start: Mask, no_end: Mask, thing: Codes, at_budget: Array) -> Guess:
    """Return starts and days, guessed where several things share a first or last day of the report: it is no flight.

    A campaign may have run for one day or for all that the file leaves open, any length being as likely on a scale of
    factors: the middle is the square root. Where it tells a daily budget, it is taken to have spent that. It lies at
    the end that is told, else in the middle of a short report; in a long one its month stays unknown.

    Parameters
    ----------
    start, days : ndarray (row,)
        The days that are open: from its start, or that of the report, to its end, or that of the report.
    no_start, no_end : ndarray of bool (row,)
        Whether that day is only the report's.
    thing : ndarray of int (row,)
        What each row is of: rows of one thing do not make a day shared.
    at_budget : ndarray (row,)
        Days that the money lasts at the daily budget, NaN where none is told.
    """
    first, last = start.astype(np.int64), (start + (days - 1.0).astype("timedelta64[D]")).astype(np.int64)
    neither = no_start & no_end
    shared_first, shared_last = _is_shared([first], thing, no_start), _is_shared([last], thing, no_end)
    # Where some rows tell an end, the first day that they have in common with this one is the report's.
    is_report = _is_shared([first, last], thing, neither)
    is_report |= shared_first & np.isin(first, first[no_start & ~no_end])
    is_report |= shared_last & np.isin(last, last[no_end & ~no_start])
    is_guess = np.where(neither, is_report, (no_start & shared_first) | (no_end & shared_last)) & (days > 1.0)
    with np.errstate(invalid="ignore"):  # money for more days than there are: the budget was another one
        length = np.where(at_budget <= days, np.maximum(at_budget, 1.0), np.sqrt(days))
    length = np.where(is_guess, length, days)
    before = np.select([~no_start, ~no_end], [np.zeros(len(days)), days - length], (days - length) / 2.0)
    begin = np.where(is_guess, start + before.astype("timedelta64[D]"), start)
    begin[is_guess & neither & (days > SEASON)] = np.datetime64("NaT", "D")
    return Guess(begin, length, is_guess)


def _is_shared(keys: list[Codes], thing: Codes, among: Mask) -> Mask:
    """Return which of the rows ``among`` have the same keys as one of another thing."""
    code = together(keys)
    pairs = np.unique(np.stack([code, thing], axis=1)[among], axis=0)[:, 0]
    found: Mask = among & (np.bincount(pairs, minlength=int(code.max(initial=0)) + 1)[code] > 1)
    return found


def note(notes: list[dict[str, Any]], rows: NDArray[Any], reason: str) -> None:
    """Add a reason for some rows."""
    notes += [{"row": int(row), "reason": reason} for row in rows]


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
