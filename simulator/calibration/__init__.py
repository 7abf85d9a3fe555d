"""Learn from campaigns that have run: read an export, calibrate, back-test."""

from simulator.calibration.backtest import Backtest, backtest
from simulator.calibration.calibrate import calibrate
from simulator.calibration.learnt import Calibration
from simulator.calibration.reading.export import read_ads_manager

__all__ = ["Backtest", "Calibration", "backtest", "calibrate", "read_ads_manager"]
