"""Keep scenarios: save, version, find, compare, share, and set the real result beside the forecast."""

from simulator.store.actual import Actual
from simulator.store.compare import Comparison, PairedDifference, compare
from simulator.store.difference import InputDifference, VersionConflict
from simulator.store.explain import Cause, Check, Explanation, explain
from simulator.store.files import load_scenario, scenario_from, write_scenario
from simulator.store.merging import Imported
from simulator.store.opening import open_store
from simulator.store.reopening import Reopened, reopen
from simulator.store.rows import Kept, Row, Saved, Version
from simulator.store.scenario import Scenario
from simulator.store.track_record import Judged, TrackRecord, track_record
from simulator.store.viewer import Viewer

__all__ = [
    "Actual",
    "Cause",
    "Check",
    "Comparison",
    "Explanation",
    "Imported",
    "InputDifference",
    "Judged",
    "Kept",
    "PairedDifference",
    "Reopened",
    "Row",
    "Saved",
    "Scenario",
    "TrackRecord",
    "Version",
    "VersionConflict",
    "Viewer",
    "compare",
    "explain",
    "load_scenario",
    "open_store",
    "reopen",
    "scenario_from",
    "track_record",
    "write_scenario",
]
