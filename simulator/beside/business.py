"""What somebody knows of the own business; what is left open is taken from the figures of the trade."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

from simulator.parameters import Parameters, trades, units_per_euro
from simulator.validated import Number, Text, Validated, between, one_of

ANY = "any"
"""Stands for a trade that is not in the list."""
BASKET = 1_000_000.0
"""Largest amount of one order, in euro value."""
LEAST_BASKET = 0.01
"""Smallest one: below a cent nothing is sold, and the orders to break even are beyond counting."""
LEAST_MARGIN = 0.001
"""Smallest share that remains of an order, for the same reason."""
TABLES = ("enquiry_rate", "need_rate", "chosen", "memory_half_life", "conversion", "delay", "basket")
"""Tables of ``customers.toml`` with one entry a trade."""
EVERY_TRADE = ("remembered", "margin")
"""Numbers of ``customers.toml`` that no trade has for itself."""


def _trade(code: str) -> str:
    if code != ANY:
        one_of("", code, (*trades(), ANY))
    return code


Share = Annotated[Number, between(0.0, 1.0)]
Amount = Annotated[Number, between(LEAST_BASKET, BASKET)]
Days = Annotated[Number, between(0.01, 3650.0, "days")]


class Business(Validated):
    """The trade, and whatever of it somebody knows better than our figures: taken as typed, without doubt.

    Attributes
    ----------
    trade : str, optional
        One of ``simulator.parameters.trades()``; that of the campaign where absent.
    basket : float, optional
        Amount of one order, in the campaign's currency, 0.01 to 1,000,000.
    margin : float, optional
        What remains of an order, share, 0.001 to 1.
    enquiry_rate, conversion : float, optional
        Enquiries per link click; sales per enquiry.
    need_rate : float, optional
        Times an adult needs the trade, a year.
    chosen, remembered : float, optional
        Share of those needs, while the advertisement is remembered, that come to this business; share of the
        people reached who remember it.
    memory_half_life, delay : float, optional
        Days until half have forgotten; mean days from the enquiry to the sale; 0.01 to 3650.
    """

    trade: Annotated[Text, AfterValidator(_trade)] | None = None
    basket: Amount | None = None
    margin: Annotated[Number, between(LEAST_MARGIN, 1.0)] | None = None
    enquiry_rate: Share | None = None
    conversion: Share | None = None
    need_rate: Annotated[Number, between(0.0, 1000.0, "times/year")] | None = None
    chosen: Share | None = None
    remembered: Share | None = None
    memory_half_life: Days | None = None
    delay: Days | None = None

    def key(self, name: str) -> str:
        """Return the key of the parameter behind an entry."""
        return f"customers.{name}" if name in EVERY_TRADE else f"customers.{name}.{self.trade or ANY}"

    def overrides(self, currency: str = "EUR") -> dict[str, Any]:
        """Return what was typed as changes of parameters, as ``Scenario.overrides`` keeps them.

        Parameters
        ----------
        currency : str
            Of ``basket``; the parameter is in euros.
        """
        changes = {}
        for name in (*TABLES, *EVERY_TRADE):
            value = getattr(self, name)
            if value is not None:
                typed = value / units_per_euro(currency) if name == "basket" else value
                changes[self.key(name)] = {"value": typed, "range": {"family": "fixed"}}
        return changes

    def amount(self, parameters: Parameters, currency: str) -> float:
        """Return the amount of one order in ``currency``, to the cent."""
        if self.basket is not None:
            return self.basket
        return max(round(parameters.value(self.key("basket")) * units_per_euro(currency), 2), 0.01)
