"""Money: reference rates of the European Central Bank on one day."""

from __future__ import annotations

from simulator.base.errors import InvalidInput, shown
from simulator.reference.parameters.collection import Parameters, load_parameters

TABLE = "exchange_rates.units_per_euro"


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
    entries = load_parameters() if parameters is None else parameters
    found = entries.get(f"{TABLE}.{currency}")
    if found is None:
        allowed = ", ".join(currencies())
        raise InvalidInput("unknown_currency", field="currency", received=shown(currency), allowed=allowed)
    return float(found.value)


def currencies() -> tuple[str, ...]:
    """Return the known currencies, by their three letters, in alphabetical order."""
    return tuple(sorted(load_parameters().table(TABLE)))
