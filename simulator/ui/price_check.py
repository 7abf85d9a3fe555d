"""Am I paying too much: an own price beside what advertisers pay in that country, that month, for that goal.

The middle is the published price of the country, brought to the month by trend and season; the band holds what
is not known of these, and how much one campaign differs from the next.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from simulator import load_parameters
from simulator.forecast import Band
from simulator.parameters import cpm_level, units_per_euro

KINDS = ("cpm", "cpc")
"""What can be compared: the price of a thousand showings, and of a click on the link."""
MONTHS_BACK = 18
MOST = 100_000.0
"""Highest price that is compared, in any money."""
DRAWS = 4096
SEED = 0
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Comparison:
    """Where a price lies: below, within or above the band of 8 campaigns in 10; of which year the source is."""

    place: str
    band: Band
    price_year: int
    is_assumption: bool


def compare(price: float, kind: str, country: str, month: datetime.date, goal: str, currency: str) -> Comparison:
    """Compare a price in ``currency`` with the band of its country, month and goal.

    Raises
    ------
    InvalidInput
        Unless the country and the currency are known.
    """
    parameters = load_parameters()
    rng = np.random.default_rng(SEED)

    def drawn(key: str) -> np.ndarray:
        return parameters[key].quantile(rng.uniform(1e-9, 1.0, DRAWS))

    level = cpm_level(country, parameters)
    years = (month.replace(day=15) - level.price_date).days / DAYS_A_YEAR
    draws = level.median * np.exp(level.log_sd * rng.standard_normal(DRAWS) + years * drawn("prices.trend"))
    draws *= drawn(f"prices.month.{month.month}") * drawn(f"prices.objective.{goal}") * drawn("delivery.model_error")
    draws *= units_per_euro(currency)
    if kind == "cpc":
        draws /= 1000.0 * drawn(f"response.ctr_link.{goal}") * drawn("response.creative_spread")
    band = Band.of(draws)
    place = "below" if price < band.p10 else "above" if price > band.p90 else "within"
    return Comparison(place, band, level.price_date.year, level.is_assumption)


def months(today: datetime.date) -> list[datetime.date]:
    """Return the first days of this month and of those before it, the newest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(MONTHS_BACK)]
