"""Money: the price of a country, its own figure or the world's scaled by income; reference rates of one day."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, replace

from simulator.base.errors import InvalidInput, shown
from simulator.reference.parameters.collection import Parameters, load_parameters
from simulator.reference.parameters.entry import Parameter

RATES = ("exchange_rates.units_per_euro", "exchange_rates_other.pegged", "exchange_rates_other.floating")
"""Of the European Central Bank on one day, parities, and rates that are only assumed."""


def units_per_euro(currency: str, parameters: Parameters | None = None) -> float:
    """Return how many units of ``currency`` one euro buys.

    Parameters
    ----------
    currency : str
        Three letters such as ``CAD``.
    parameters : Parameters, optional
        The shipped ones where not given.

    Raises
    ------
    InvalidInput
        ``unknown_currency``.
    """
    return float(_rate(currency, parameters).value)


def is_rate_assumed(currency: str) -> bool:
    """Whether the rate of a currency is no official one; raises as ``units_per_euro``."""
    return _rate(currency, None).origin == "assumption"


def rate_key(currency: str) -> str:
    """Return the parameter that holds the rate of a currency; raises as ``units_per_euro``."""
    return _rate(currency, None).key


def currencies() -> tuple[str, ...]:
    """Return the known currencies, by their three letters, in alphabetical order."""
    entries = load_parameters()
    return tuple(sorted(code for table in RATES for code in entries.table(table)))


def _rate(currency: str, parameters: Parameters | None) -> Parameter:
    entries = load_parameters() if parameters is None else parameters
    keys = (f"{table}.{currency}" for table in RATES)
    found: Parameter | None = next((entries[key] for key in keys if key in entries), None)
    if found is None:
        allowed = ", ".join(currencies())
        raise InvalidInput("unknown_currency", field="currency", received=shown(currency), allowed=allowed)
    return found


@dataclass(frozen=True, slots=True)
class CpmLevel:
    """Published cost of a thousand impressions in a country, mean over the months of its year.

    Attributes
    ----------
    median : float
        EUR per 1,000 impressions, at the exchange rates of the parameters.
    log_sd : float
        Standard deviation of its logarithm, for one more account: what accounts differ by is in it.
    is_assumption : bool
        Whether no figure of the country itself was found.
    price_date : datetime.date
        Middle of the year that the figure describes; ``prices.trend`` runs from there.
    keys : tuple of str
        Parameters used.
    """

    median: float
    log_sd: float
    is_assumption: bool
    price_date: datetime.date
    keys: tuple[str, ...]


def cpm_level(country_code: str, parameters: Parameters) -> CpmLevel:
    """Return the price level of a country.

    Parameters
    ----------
    country_code : str
        Two letters. A country without a figure gets the world price times
        (income per head / ``prices.income_reference``) ** ``prices.income_elasticity``; one without
        a known income gets the income half of the countries exceed.

    Raises
    ------
    InvalidInput
        ``unknown_country`` unless the code is two capital letters.
    """
    if len(country_code) != 2 or not country_code.isascii() or not country_code.isupper():
        raise InvalidInput("unknown_country", field="country_code", received=shown(country_code))
    own = parameters.get(f"prices.cpm.{country_code}")
    if own is not None:
        median, log_sd, keys = _in_euros(own, parameters)
        level = CpmLevel(median, log_sd, own.is_assumption, _middle(own), keys)
    else:
        level = _by_income(country_code, parameters)
    account = parameters["calibration.account_price"]
    return replace(level, log_sd=math.hypot(level.log_sd, account.sd), keys=(*level.keys, account.key))


def newest_price_day(parameters: Parameters) -> datetime.date:
    """Return the middle of the newest price year, up to which ``prices.trend`` is known and beyond which it is flat."""
    return datetime.date(max(parameters[key].price_year for key in parameters.keys("prices.cpm")), 7, 1)


def _by_income(country_code: str, parameters: Parameters) -> CpmLevel:
    world = parameters["prices.cpm.world"]
    elasticity = parameters["prices.income_elasticity"]
    error = parameters["prices.fallback_error"]
    reference = parameters["prices.income_reference"]
    median, log_sd, keys = _in_euros(world, parameters)
    income, income_keys = _income(country_code, parameters)
    ratio = math.log(income / reference.value)
    median *= math.exp(elasticity.value * ratio) * error.value
    log_sd = math.hypot(log_sd, elasticity.sd * ratio, error.sd)
    used = (*keys, elasticity.key, error.key, reference.key, *income_keys)
    return CpmLevel(median, log_sd, True, _middle(world), used)


def _income(country_code: str, parameters: Parameters) -> tuple[float, tuple[str, ...]]:
    key = f"income.per_head.{country_code}"
    if key in parameters:
        return parameters.value(key), (key,)
    incomes = sorted(parameters.table("income.per_head").values())
    return incomes[len(incomes) // 2], ("income.per_head",)


def _in_euros(price: Parameter, parameters: Parameters) -> tuple[float, float, tuple[str, ...]]:
    """Median in euros and log-sd, widened where the publisher states no currency."""
    rate = units_per_euro(price.currency, parameters)
    keys = [price.key, rate_key(price.currency)]
    log_sd = price.log_sd
    if price.currency_assumed:
        doubt = parameters["prices.currency_error"]
        log_sd = math.hypot(log_sd, doubt.sd)
        keys.append(doubt.key)
    return price.value / rate, log_sd, tuple(keys)


def _middle(price: Parameter) -> datetime.date:
    return datetime.date(price.price_year, 7, 1)
