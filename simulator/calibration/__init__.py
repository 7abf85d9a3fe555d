"""Learn from campaigns that have run: read an export, calibrate, back-test."""

from simulator.calibration.backtest import Backtest, backtest
from simulator.calibration.benchmarks import benchmarks
from simulator.calibration.calibrate import calibrate
from simulator.calibration.learnt import Calibration
from simulator.calibration.pooling import pooled
from simulator.calibration.reading.export import read_ads_manager
from simulator.calibration.tested import Validation, validation

__all__ = [
    "Backtest",
    "Calibration",
    "Validation",
    "backtest",
    "benchmarks",
    "calibrate",
    "pooled",
    "read_ads_manager",
    "validation",
]
