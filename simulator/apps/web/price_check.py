"""Am I paying too much: an own price beside what Simuler expects for the same choices, or beside a whole country.

The first is the very band that Simuler shows for them. For a country, a month and a goal, the middle is the published
price of the country, brought to the month by trend and season; the band holds what is not known of these, and how
much one campaign differs from the next.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import numpy as np

from simulator import load_parameters
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.presentation.formats import symbol
from simulator.reference.parameters import cpm_level, currencies, units_per_euro

KINDS = ("cpm", "cpc")
"""What can be compared: the price of a thousand showings, and of a click on the link."""
METRICS_OF = {"cpm": "cpm", "cpc": "cpc_link"}
MONTHS_BACK = 18
MOST = 100_000.0
"""Highest price that is compared, in any money."""
DRAWS = 4096
SEED = 0
DAYS_A_YEAR = 365.25
_MONEY = re.compile(
    r"(CA|US|AU|NZ)?\s*\$\s*(CA|US|AU|NZ)?|€|£|(?<!\w)euros?(?!\w)|(?<!\w)[a-z]{3}(?!\w)", re.IGNORECASE
)
"""How people write which money they mean: a sign, a word or a code."""


@dataclass(frozen=True)
class Comparison:
    """Where a price lies: below, within or above the band of 8 campaigns in 10; of which year a country's source is."""

    place: str
    band: Band
    price_year: int = 0
    is_assumption: bool = False


def apart(typed: str) -> tuple[str, frozenset[str]]:
    """Return what was typed without its money, and the currencies that this may be; none where none is told."""
    found = _MONEY.search(typed)
    if found is None:
        return typed, frozenset()
    rest = f"{typed[: found.start()]} {typed[found.end() :]}".strip()
    sign = re.sub(r"\s", "", found[0]).upper()
    if "$" in sign:
        dollars = (code for code in currencies() if "$" in symbol(code, "en"))
        return rest, frozenset(code for code in dollars if code.startswith(sign.replace("$", "")))
    known = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP"}.get(sign, sign)
    return (rest, frozenset((known,))) if known in currencies() else (typed, frozenset())


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
    return Comparison(_place(price, band), band, level.price_date.year, level.is_assumption)


def compare_own(price: float, kind: str, forecast: Forecast, currency: str) -> Comparison:
    """Compare a price in ``currency`` with the band of a forecast: the one that Simuler shows for the same choices."""
    rate = units_per_euro(currency) / units_per_euro(forecast.currency)
    shown = forecast.band(METRICS_OF[kind])
    band = Band(*(rate * value for value in (shown.p10, shown.p50, shown.p90, shown.mean)))
    return Comparison(_place(price, band), band)


def is_dear_goal(goal: str) -> bool:
    """Say whether showings for a goal cost more than for clicks."""
    return load_parameters().value(f"prices.objective.{goal}") > 1.0


def in_month(campaign: Campaign, month: datetime.date) -> Campaign:
    """Return a campaign whose middle day, and so its price, falls into a month."""
    return campaign.replace(start=month.replace(day=15) - datetime.timedelta(days=campaign.duration_days // 2))


def middle_day(campaign: Campaign) -> datetime.date | None:
    """Return the day whose month sets the price; None where the campaign runs at any time."""
    if campaign.start is None:
        return None
    ahead = min(campaign.duration_days // 2, (datetime.date.max - campaign.start).days)
    return campaign.start + datetime.timedelta(days=ahead)


def _place(price: float, band: Band) -> str:
    return "below" if price < band.p10 else "above" if price > band.p90 else "within"


def months(today: datetime.date) -> list[datetime.date]:
    """Return the first days of this month and of those before it, the newest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(MONTHS_BACK)]
