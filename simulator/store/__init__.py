"""Keep scenarios: save, version, find, share, and set the real result beside the forecast."""

from simulator.store.actual import Actual
from simulator.store.difference import InputDifference, VersionConflict
from simulator.store.files import load_scenario, scenario_from, write_scenario
from simulator.store.opening import open_store
from simulator.store.rows import Kept, Row, Saved, Version
from simulator.store.scenario import Scenario

__all__ = [
    "Actual",
    "InputDifference",
    "Kept",
    "Row",
    "Saved",
    "Scenario",
    "Version",
    "VersionConflict",
    "load_scenario",
    "open_store",
    "scenario_from",
    "write_scenario",
]
