"""Assumptions whose reason names a public source, as they stand where that source is left out.

A default that is fitted is fitted again without the source. An assumption is not fitted, but three of them look at what
the job advertisements cost: how prices rise with income, what a country known by its income alone pays, how much
accounts differ. Left as they are, a forecast of those advertisements would know a part of what it is asked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.learning.impute import WORLD, level_of
from simulator.reference.parameters import Parameter, Parameters, cpm_level
from tools.research import evidence

PRICES = "prices.cpm."
AGENCIES_LOG_SD = 0.4
"""Accounts of one country by agencies' quotes (below 5 to above 15 EUR), the other half of that assumption's reason."""
QUANTILE = 1.2815515655446004


def assumptions(start: Parameters, without: str) -> dict[str, Parameter]:
    """Return the assumptions that are others without a source, by key; none for most sources.

    Parameters
    ----------
    start : Parameters
        What was believed before the evidence: its prices rest on no public ad set.
    """
    if without != evidence.JOBS:
        return {}
    account = start["calibration.account_price"]
    half = float(np.exp(QUANTILE * AGENCIES_LOG_SD))
    return {**income_alone(start), account.key: replace(account, low=1.0 / half, high=half)}


def income_alone(start: Parameters) -> dict[str, Parameter]:
    """Return how a country is priced by its income, by key, as the prices of vendors alone tell it.

    What the job advertisements paid in Poland and Switzerland is learnt from this: from the shipped assumptions, which
    rest on them, they would count twice.
    """
    slope, factor = by_income(start)
    elasticity, fallback = start["prices.income_elasticity"], start["prices.fallback_error"]
    stretch, shift = factor / fallback.value, slope - elasticity.value
    return {
        elasticity.key: replace(elasticity, value=slope, low=elasticity.low + shift, high=elasticity.high + shift),
        fallback.key: replace(fallback, value=factor, low=fallback.low * stretch, high=fallback.high * stretch),
    }


def by_income(parameters: Parameters) -> tuple[float, float]:
    """Return how prices rise with income, and what countries pay of the world's price at their income.

    Least squares of the logarithms over the countries that have a price of their own: slope, and factor in the
    geometric mean at that slope.
    """
    codes = [key.removeprefix(PRICES) for key in parameters if key.startswith(PRICES) and not key.endswith(WORLD)]
    income = parameters.table("income.per_head")
    ratio = np.log([income[code] / parameters.value("prices.income_reference") for code in codes])
    paid = np.log([cpm_level(code, parameters).median / level_of(WORLD, parameters).median for code in codes])
    slope = float(np.polyfit(ratio, paid, 1)[0])
    return float(f"{slope:.3g}"), float(f"{np.exp(np.mean(paid - slope * ratio)):.3g}")
