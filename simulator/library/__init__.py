"""Keep scenarios: save, version, find, archive, exchange. Persistence only."""

from simulator.library.actual import Actual
from simulator.library.difference import InputDifference, VersionConflict
from simulator.library.files import load_scenario, scenario_from, write_scenario
from simulator.library.merging import Imported
from simulator.library.opening import open_store
from simulator.library.rows import Kept, Row, Saved, Version, Viewer
from simulator.library.scenario import Scenario

__all__ = [
    "Actual",
    "Imported",
    "InputDifference",
    "Kept",
    "Row",
    "Saved",
    "Scenario",
    "Version",
    "VersionConflict",
    "Viewer",
    "load_scenario",
    "open_store",
    "scenario_from",
    "write_scenario",
]
