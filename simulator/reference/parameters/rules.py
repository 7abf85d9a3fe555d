"""Rules of the platform that depend on the country."""

from __future__ import annotations

from simulator.reference.parameters.collection import Parameters

ADULT_AGE = 18


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
