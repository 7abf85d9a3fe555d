"""Every empirical number of the project, with unit, range, source and date."""

from simulator.reference.parameters.collection import Parameters, given_or_shipped, load_parameters
from simulator.reference.parameters.entry import OWN_CLICK_RATE, OWN_CPM, Parameter, Source
from simulator.reference.parameters.presence import Presence, presence
from simulator.reference.parameters.price_level import (
    CpmLevel,
    cpm_level,
    currencies,
    is_rate_assumed,
    newest_price_day,
    rate_key,
    units_per_euro,
)
from simulator.reference.parameters.rules import (
    DOORS,
    age_and_place_only_below,
    dated_rules,
    least_daily_budget,
    minimum_age,
    minors_reachable,
    special_radius,
    tax_situations,
)

__all__ = [
    "DOORS",
    "OWN_CLICK_RATE",
    "OWN_CPM",
    "CpmLevel",
    "Parameter",
    "Parameters",
    "Presence",
    "Source",
    "age_and_place_only_below",
    "cpm_level",
    "currencies",
    "dated_rules",
    "given_or_shipped",
    "is_rate_assumed",
    "least_daily_budget",
    "load_parameters",
    "minimum_age",
    "minors_reachable",
    "newest_price_day",
    "presence",
    "rate_key",
    "special_radius",
    "tax_situations",
    "trades",
    "units_per_euro",
]


def trades() -> tuple[str, ...]:
    """Return the trades known to the response figures, by code, in the order of the file."""
    return tuple(load_parameters().table("response.trade"))
