"""What ``price_levels`` learnt, as entries of the parameter files: values, ranges and reasons.

Three things that the tables tell less than a parameter asks stay judgements, with the estimates in their reasons:
``delivery.price_dispersion``, ``prices.audience_slope`` and goals of which no table speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from simulator.reference.parameters import Parameters
from tools.research.default_fit import Default, rounded
from tools.research.price_levels import GOAL_MIX, INCOME_PRIOR, SHOPS, TREND_PRIOR, Z80, Learnt, Told

GOAL_IN_ACCOUNT = 0.3
"""How far an account's goals lie apart from the market's, log-sd: shops and app, within a source."""
OWN_FIGURE = ("FR", "SE")
"""Countries whose own published price is nearly all that is known of them."""
CZECH = "adlib-cz-2021"
CZECH_LEFT_OUT = (0.08, 0.8)
"""How prices rise in small audiences, value and log-sd, where the one source that tells it is left out: assumption."""


def price_defaults(found: Learnt) -> dict[str, Default]:
    """Return the entries that the tables of accounts decide, by key."""
    entries = {f"prices.cpm.{code}": _factor(told, LEVEL[code in OWN_FIGURE]) for code, told in found.level.items()}
    entries["prices.cpm.world"] = _factor(found.world, WORLD)
    entries["prices.income_elasticity"] = _plain(found.elasticity, ELASTICITY)
    scatter = found.spreads["country"]
    reason = f"Scatter of nineteen countries' levels around the income rule: log-sd {scatter:.2f}."
    entries["prices.fallback_error"] = _factor(Told(0.0, scatter), reason)
    entries["prices.trend"] = _plain(found.trend, TREND)
    for goal, told in found.goal.items():
        besides = GOAL_MIX if goal == "unknown" else GOAL_IN_ACCOUNT
        reason = (
            "Learnt with countries, years and accounts apart from a wide assumption; the range holds the doubt "
            f"({told.error:.2f}) and what one account's goals differ by besides (log-sd {besides})."
        )
        doubt = float(np.hypot(told.error, besides))
        entries[f"prices.objective.{goal}"] = _factor(Told(told.mean, doubt), reason)
    entries["delivery.model_error"] = replace(_factor(Told(0.0, found.within), _within(found)), origin="measured")
    between, source = found.between, found.spreads["source"]
    library = [sd for name, sd in found.between_by_source.items() if name != SHOPS]
    reason = (
        f"Accounts of a source differ by a log-sd of {between:.2f} (shops {found.between_by_source[SHOPS]:.2f}, "
        f"library {min(library):.2f} to {max(library):.2f} with their untold goals, {GOAL_MIX:.2f} of which is "
        f"taken to be the goals'), sources by {source:.2f} besides."
        if SHOPS in found.between_by_source and library
        else ""
    )
    entries["calibration.account_price"] = _factor(Told(0.0, float(np.hypot(between, source))), reason)
    return entries


def as_parameters(shipped: Parameters, found: Learnt, without: str) -> Parameters:
    """Return the shipped parameters with what the other sources teach in their place.

    A country of which only the source left out tells a price is known by its income. Not learnt again: the
    dispersion of prices and the goals that are assumptions.
    """
    entries = {key: shipped[key] for key in shipped if not key.startswith("prices.cpm.") or key.endswith("world")}
    for key, default in price_defaults(found).items():
        value, low, high = default.value, default.low, default.high
        entries[key] = replace(shipped[key], value=value, low=low, high=high)
    if without == CZECH:
        key, (value, log_sd) = "prices.audience_slope", CZECH_LEFT_OUT
        half = np.exp(Z80 * log_sd)
        entries[key] = replace(shipped[key], value=value, low=float(value / half), high=float(value * half))
    return Parameters(entries)


def _factor(told: Told, reason: str) -> Default:
    low, value, high = (rounded(np.exp(told.mean + step * Z80 * told.error)) for step in (-1.0, 0.0, 1.0))
    return Default(value, low, high, reason)


def _plain(told: Told, reason: str) -> Default:
    low, value, high = (rounded(told.mean + step * Z80 * told.error) for step in (-1.0, 0.0, 1.0))
    return Default(value, low, high, reason)


def _within(found: Learnt) -> str:
    by = found.within_by_source
    library = [sd for name, sd in by.items() if name.startswith("adlib")]
    return (
        f"Log-sd of price within an account, country and goal, geometric mean of {NUMBERS[len(by)]} sources: "
        f"{found.within:.2f} (shops {by[SHOPS]:.2f}, application {by['app-tw-2021']:.2f}, library "
        f"{min(library):.2f} to {max(library):.2f}); the platform's own 1.7 either way for reach is 0.28."
        if SHOPS in by and "app-tw-2021" in by and library
        else ""
    )


NUMBERS: Mapping[int, str] = {5: "five", 6: "six", 7: "seven", 8: "eight"}
_MARKET = " For the mean of the market: what accounts differ by is calibration.account_price."
LEVEL = {
    True: "The published price, moved a little by what the income of countries and the accounts elsewhere suggest."
    + _MARKET,
    False: "Learnt from all accounts and published prices together: countries, goals, years and accounts apart, "
    "sources weighed alike; what income suggests fills in." + _MARKET,
}
WORLD = "The income rule fitted on the published prices of seven countries and on accounts in eighteen."
ELASTICITY = (
    f"Fitted on nineteen countries, from {INCOME_PRIOR['elasticity'][0]:g} with a standard deviation of "
    f"{INCOME_PRIOR['elasticity'][1]:g}."
)
TREND = (
    f"Accounts of 2015 to 2023 against 2025 and the published prices, from {TREND_PRIOR[0]:g} with a standard "
    f"deviation of {TREND_PRIOR[1]:g}. The company's price per ad fell by 16 % and 9 % in 2022 and 2023 and rose by "
    "about as much since, which asks for less; part of what old accounts paid less may be their own."
)
