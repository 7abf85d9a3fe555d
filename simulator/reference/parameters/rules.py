"""Rules of the platform and of the tax offices: by country, by date, by situation."""

from __future__ import annotations

from simulator.reference.parameters.collection import Parameters, load_parameters
from simulator.reference.parameters.entry import Parameter
from simulator.reference.parameters.price_level import units_per_euro

ADULT_AGE = 18
DOORS = ("web", "android", "ios")
"""Where an advertisement is bought: in a browser or Ads Manager, or in the app of a telephone."""


def minimum_age(country_code: str, parameters: Parameters) -> float:
    """Return the youngest age, in years, to which advertisements are shown in a country."""
    own = f"rules.minimum_age.{country_code}"
    return parameters.value(own if own in parameters else "rules.minimum_age_elsewhere")


def minors_reachable(country_code: str, parameters: Parameters) -> bool:
    """Return whether anybody under 18 is shown advertisements in a country."""
    return minimum_age(country_code, parameters) < ADULT_AGE


def age_and_place_only_below(country_code: str, parameters: Parameters) -> float:
    """Return the age, in years, below which neither sex nor interests can be chosen."""
    own = f"rules.age_and_place_only_below.{country_code}"
    return parameters.value(own if own in parameters else "rules.age_and_place_only_elsewhere")


def least_daily_budget(currency: str, parameters: Parameters) -> float:
    """Return about the least daily budget in a currency: a hint, the same for every goal, never a limit."""
    return parameters.value("rules.minimum_daily_budget") * units_per_euro(currency) / units_per_euro("USD")


def special_radius(country_code: str) -> float:
    """Return the least radius in km around a place, for a special category in a country; 0 where none is known."""
    key = f"platform.special_category.{country_code}"
    found = load_parameters()
    return found.value(key) if key in found else 0.0


def dated_rules(table: str, label: str, parameters: Parameters) -> tuple[Parameter, ...]:
    """Return the entries of a rule, whatever their dates: each dated table below ``table`` may hold one.

    Parameters
    ----------
    table : str
        Key above the dated tables: ``platform.tax``.
    label : str
        Entry of any of them: ``fr_franchise``; one that none holds gives nothing.
    """
    entries = (parameters[key] for key in parameters.keys(table))
    return tuple(entry for entry in entries if entry.key.rpartition(".")[2] == label)


def tax_situations() -> tuple[str, ...]:
    """Return the tax situations of a business by code, ``none`` first: figures before taxes."""
    codes = (key.rpartition(".")[2] for key in load_parameters().keys("platform.tax"))
    return tuple(dict.fromkeys(("none", *codes)))

