"""Learn from campaigns that have run: read an export, calibrate, back-test."""

from simulator.learning.backtest import Backtest, backtest
from simulator.learning.calibrate import benchmarks, calibrate
from simulator.learning.calibration import Calibration
from simulator.learning.export.export import read_ads_manager
from simulator.learning.rows import pooled
from simulator.learning.running import SoFar, Verdict, update, verdict
from simulator.learning.validation_figures import Validation, validation

__all__ = [
    "Backtest",
    "Calibration",
    "SoFar",
    "Validation",
    "Verdict",
    "backtest",
    "benchmarks",
    "calibrate",
    "pooled",
    "read_ads_manager",
    "update",
    "validation",
    "verdict",
]
