"""Ad-budget simulator: from targeting and money to reach, frequency and engagement, with honest bands."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.audience import Audience, estimate_audience
    from simulator.beside import (
        Business,
        CustomersForecast,
        OrganicForecast,
        Page,
        customers,
        earned,
        networks,
        organic,
    )
    from simulator.calibration import Backtest, Calibration, backtest, calibrate, read_ads_manager
    from simulator.campaign import Campaign, Place, Targeting
    from simulator.errors import InvalidInput, SimulatorError
    from simulator.forecast import Band, Forecast
    from simulator.forecasting import budget_curve, simulate
    from simulator.parameters import load_parameters
    from simulator.places import search_places
    from simulator.planning import (
        Allocation,
        Change,
        ClicksGoal,
        EnquiriesGoal,
        FrequencyGoal,
        Plan,
        ReachGoal,
        SweepStopped,
        allocate,
        plan,
        sweep,
        what_to_change,
    )
    from simulator.store import Scenario, compare, load_scenario, open_store
    from simulator.version import MODEL_VERSION

__all__ = [
    "MODEL_VERSION",
    "Allocation",
    "Audience",
    "Backtest",
    "Band",
    "Business",
    "Calibration",
    "Campaign",
    "Change",
    "ClicksGoal",
    "CustomersForecast",
    "EnquiriesGoal",
    "Forecast",
    "FrequencyGoal",
    "InvalidInput",
    "OrganicForecast",
    "Page",
    "Place",
    "Plan",
    "ReachGoal",
    "Scenario",
    "SimulatorError",
    "SweepStopped",
    "Targeting",
    "allocate",
    "backtest",
    "budget_curve",
    "calibrate",
    "compare",
    "customers",
    "earned",
    "estimate_audience",
    "load_parameters",
    "load_scenario",
    "networks",
    "open_store",
    "organic",
    "plan",
    "read_ads_manager",
    "search_places",
    "simulate",
    "sweep",
    "what_to_change",
]

_ROOMS = {
    "open_store": "simulator.store",
    "load_scenario": "simulator.store",
    "compare": "simulator.store",
    "Scenario": "simulator.store",
    "MODEL_VERSION": "simulator.version",
    "Audience": "simulator.audience",
    "Backtest": "simulator.calibration",
    "Band": "simulator.forecast",
    "Calibration": "simulator.calibration",
    "Business": "simulator.beside",
    "Campaign": "simulator.campaign",
    "CustomersForecast": "simulator.beside",
    "Forecast": "simulator.forecast",
    "InvalidInput": "simulator.errors",
    "OrganicForecast": "simulator.beside",
    "Page": "simulator.beside",
    "Place": "simulator.campaign",
    "SimulatorError": "simulator.errors",
    "Targeting": "simulator.campaign",
    "backtest": "simulator.calibration",
    "budget_curve": "simulator.forecasting",
    "calibrate": "simulator.calibration",
    "customers": "simulator.beside",
    "earned": "simulator.beside",
    "estimate_audience": "simulator.audience",
    "load_parameters": "simulator.parameters",
    "networks": "simulator.beside",
    "organic": "simulator.beside",
    "read_ads_manager": "simulator.calibration",
    "search_places": "simulator.places",
    "simulate": "simulator.forecasting",
    "ClicksGoal": "simulator.planning",
    "EnquiriesGoal": "simulator.planning",
    "FrequencyGoal": "simulator.planning",
    "Plan": "simulator.planning",
    "ReachGoal": "simulator.planning",
    "plan": "simulator.planning",
    "Allocation": "simulator.planning",
    "allocate": "simulator.planning",
    "SweepStopped": "simulator.planning",
    "sweep": "simulator.planning",
    "Change": "simulator.planning",
    "what_to_change": "simulator.planning",
}
"""Room of each public name, opened when the name is first asked for, so that ``import simulator`` stays quick."""


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'simulator' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_ROOMS[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
