"""Figures against figures: comparisons, a real result beside its forecast, the track record."""

from simulator.evaluation.compare import Comparison, PairedDifference, compare
from simulator.evaluation.explain import Cause, Check, Explanation, Reopened, explain, reopen
from simulator.evaluation.track_record import Judged, TrackRecord, track_record

__all__ = [
    "Cause",
    "Check",
    "Comparison",
    "Explanation",
    "Judged",
    "PairedDifference",
    "Reopened",
    "TrackRecord",
    "compare",
    "explain",
    "reopen",
    "track_record",
]
