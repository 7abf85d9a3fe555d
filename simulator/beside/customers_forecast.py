"""What a campaign brings: enquiries and sales, their chance, what they cost, and what pays it back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.forecast import QUANTILES, Band

Array = NDArray[np.float64]

FIGURES = (
    *("enquiries_campaign", "enquiries_year", "sales_campaign", "sales_year", "cost_per_enquiry"),
    *("earned_year", "negative_reactions"),
)
"""Bands of a ``CustomersForecast``, in the order of display."""
CHANCES = ("enquiry_campaign", "enquiry_year", "sale_campaign", "sale_year", "paid_back")


def counted(counts: Array) -> Band:
    """Summarise whole numbers: quantiles that are whole numbers themselves."""
    p10, p50, p90 = (float(value) for value in np.quantile(counts, QUANTILES, method="inverted_cdf"))
    return Band(p10, p50, p90, float(counts.mean()))


def orders_to_break_even(spend: float, basket: float, margin: float = 1.0) -> int:
    """Return how many orders pay back ``spend``, exactly, whatever the binary form of the amounts.

    Parameters
    ----------
    spend, basket : float
        Same currency; 0.1 means a tenth.
    margin : float
        What remains of an order, share above 0.
    """
    exact = [Fraction(repr(float(value))) for value in (spend, basket, margin)]
    return math.ceil(exact[0] / (exact[1] * exact[2]))


@dataclass(frozen=True)
class CustomersForecast:
    """Enquiries and sales that a campaign brings, with their bands.

    Attributes
    ----------
    enquiries_campaign, enquiries_year : Band
        Calls, messages, bookings, visits while it runs and within twelve months of its first day: from clicks,
        and from people who remember it when they need the trade.
    sales_campaign, sales_year : Band
        Those of them that end in an order, once the delay of the trade has passed.
    cost_per_enquiry : Band
        Spend over the expected enquiries of twelve months; infinite where none is expected.
    earned_year : Band
        Sales of twelve months times what remains of an order, less the spend: may be a loss.
    negative_reactions : Band
        People who hide or report it.
    from_memory : float
        Share of the expected enquiries of twelve months that no click brought.
    chances : mapping of str to float
        Probability of at least one enquiry or sale, and that the sales of twelve months pay the campaign back.
    break_even_orders : int
        Orders that pay back the money planned, exact; 0 where nothing is spent.
    basket, margin, spend : float
        Behind the break-even: amount of an order, what remains of it, money spent.
    assumed : tuple of str
        Keys of the parameters used that nobody has published.
    expected : mapping of str to ndarray (draw,)
        Means of the counts in every draw.
    """

    trade: str
    currency: str
    duration_days: int
    enquiries_campaign: Band
    enquiries_year: Band
    sales_campaign: Band
    sales_year: Band
    cost_per_enquiry: Band
    earned_year: Band
    negative_reactions: Band
    from_memory: float
    chances: Mapping[str, float] = field(hash=False)
    break_even_orders: int
    basket: float
    margin: float
    spend: float
    seed: int
    parameter_digest: str
    assumed: tuple[str, ...] = ()
    draws: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)
    expected: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)

    def band(self, name: str) -> Band:
        """Return one of ``FIGURES``."""
        value: Band = getattr(self, name)
        return value

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``; an infinite cost is ``None``."""
        bands = {name: self.band(name).to_dict() for name in FIGURES}
        finite = {
            name: {key: value if math.isfinite(value) else None for key, value in band.items()}
            for name, band in bands.items()
        }
        names = ("trade", "currency", "duration_days", "basket", "margin", "spend", "break_even_orders")
        plain = {name: getattr(self, name) for name in (*names, "from_memory", "seed", "parameter_digest")}
        return {**finite, **plain, "chances": dict(self.chances), "assumed": list(self.assumed)}

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a figure for tables and reports, without words: name, unit, p10, p50, p90, mean."""
        units = dict.fromkeys(FIGURES, "count") | {"cost_per_enquiry": self.currency, "earned_year": self.currency}
        units["negative_reactions"] = "people"
        return [{"name": name, "unit": units[name], **self.band(name).to_dict()} for name in FIGURES]
