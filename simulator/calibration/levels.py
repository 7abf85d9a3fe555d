"""Price levels by country, the world's for a row that tells no country."""

from __future__ import annotations

import datetime
from functools import lru_cache

import numpy as np

from simulator.parameters import CpmLevel, Parameters, cpm_level, units_per_euro

WORLD = "world"
"""Context of a country that is missing or unknown."""
DAYS_A_YEAR = 365.25


@lru_cache(maxsize=1024)
def level_of(country: str, parameters: Parameters) -> CpmLevel:
    """Return the price level of a row's country; where it is unknown the world's, with the doubt of a fall-back."""
    if country != WORLD:
        return cpm_level(country, parameters)
    entry, doubt = parameters[f"prices.cpm.{WORLD}"], parameters["prices.fallback_error"]
    return CpmLevel(
        median=entry.value / units_per_euro(entry.currency, parameters),
        log_sd=float(np.hypot(entry.log_sd, doubt.log_sd)),
        is_assumption=True,
        price_date=datetime.date(entry.price_year, 7, 1),
        keys=(entry.key, doubt.key),
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
