"""Ad-budget simulator: from targeting and money to reach, frequency and engagement, with honest bands."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.base.errors import InvalidInput, SimulatorError
    from simulator.base.version import MODEL_VERSION
    from simulator.campaign.campaign import Campaign, Targeting
    from simulator.campaign.forecast import Band, Forecast
    from simulator.channels import (
        Business,
        CustomersForecast,
        OrganicForecast,
        Page,
        customers,
        earned,
        networks,
        organic,
    )
    from simulator.evaluation import compare
    from simulator.forecasting.audience import Audience, estimate_audience
    from simulator.forecasting.bill import Bill, bill
    from simulator.forecasting.engine import Engine
    from simulator.forecasting.simulate import budget_curve, simulate
    from simulator.learning import Backtest, Calibration, backtest, calibrate, read_ads_manager, update, verdict
    from simulator.library import Scenario, load_scenario, open_store
    from simulator.planning import (
        Allocation,
        Change,
        ClicksGoal,
        EnquiriesGoal,
        FrequencyGoal,
        Plan,
        ReachGoal,
        allocate,
        plan,
        what_to_change,
    )
    from simulator.planning.sweeps import SweepStopped, sweep
    from simulator.reference.parameters import load_parameters
    from simulator.reference.places import search_places
    from simulator.reference.places.place import Place

__all__ = [
    "MODEL_VERSION",
    "Allocation",
    "Audience",
    "Backtest",
    "Band",
    "Bill",
    "Business",
    "Calibration",
    "Campaign",
    "Change",
    "ClicksGoal",
    "CustomersForecast",
    "Engine",
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
    "bill",
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
    "update",
    "verdict",
    "what_to_change",
]

_ROOMS = {
    "__version__": "simulator.base.version",
    "open_store": "simulator.library",
    "load_scenario": "simulator.library",
    "compare": "simulator.evaluation",
    "Scenario": "simulator.library",
    "MODEL_VERSION": "simulator.base.version",
    "Audience": "simulator.forecasting.audience",
    "Backtest": "simulator.learning",
    "Band": "simulator.campaign.forecast",
    "Bill": "simulator.forecasting.bill",
    "bill": "simulator.forecasting.bill",
    "Calibration": "simulator.learning",
    "Business": "simulator.channels",
    "Campaign": "simulator.campaign.campaign",
    "CustomersForecast": "simulator.channels",
    "Forecast": "simulator.campaign.forecast",
    "InvalidInput": "simulator.base.errors",
    "OrganicForecast": "simulator.channels",
    "Page": "simulator.channels",
    "Place": "simulator.reference.places",
    "SimulatorError": "simulator.base.errors",
    "Targeting": "simulator.campaign.campaign",
    "backtest": "simulator.learning",
    "budget_curve": "simulator.forecasting.simulate",
    "calibrate": "simulator.learning",
    "customers": "simulator.channels",
    "earned": "simulator.channels",
    "estimate_audience": "simulator.forecasting.audience",
    "load_parameters": "simulator.reference.parameters",
    "networks": "simulator.channels",
    "organic": "simulator.channels",
    "read_ads_manager": "simulator.learning",
    "update": "simulator.learning",
    "verdict": "simulator.learning",
    "search_places": "simulator.reference.places",
    "simulate": "simulator.forecasting.simulate",
    "ClicksGoal": "simulator.planning",
    "Engine": "simulator.forecasting.engine",
    "EnquiriesGoal": "simulator.planning",
    "FrequencyGoal": "simulator.planning",
    "Plan": "simulator.planning",
    "ReachGoal": "simulator.planning",
    "plan": "simulator.planning",
    "Allocation": "simulator.planning",
    "allocate": "simulator.planning",
    "SweepStopped": "simulator.planning.sweeps",
    "sweep": "simulator.planning.sweeps",
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
