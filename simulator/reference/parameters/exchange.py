"""Money: reference rates of the European Central Bank on one day, parities, and rates that are only assumed."""

from __future__ import annotations

from simulator.base.errors import InvalidInput, shown
from simulator.reference.parameters.collection import Parameters, load_parameters
from simulator.reference.parameters.entry import Parameter

TABLES = ("exchange_rates.units_per_euro", "exchange_rates_other.pegged", "exchange_rates_other.floating")


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


def is_rate_assumed(currency: str, parameters: Parameters | None = None) -> bool:
    """Whether the rate of a currency is no official one; raises as ``units_per_euro``."""
    return _rate(currency, parameters).origin == "assumption"


def rate_key(currency: str, parameters: Parameters | None = None) -> str:
    """Return the parameter that holds the rate of a currency; raises as ``units_per_euro``."""
    return _rate(currency, parameters).key


def currencies() -> tuple[str, ...]:
    """Return the known currencies, by their three letters, in alphabetical order."""
    entries = load_parameters()
    return tuple(sorted(code for table in TABLES for code in entries.table(table)))


def _rate(currency: str, parameters: Parameters | None) -> Parameter:
    entries = load_parameters() if parameters is None else parameters
    keys = (f"{table}.{currency}" for table in TABLES)
    found: Parameter | None = next((entries[key] for key in keys if key in entries), None)
    if found is None:
        allowed = ", ".join(currencies())
        raise InvalidInput("unknown_currency", field="currency", received=shown(currency), allowed=allowed)
    return found
