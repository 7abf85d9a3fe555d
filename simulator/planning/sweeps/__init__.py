"""Grids of variants: one row for every combination, by the million."""

from simulator.planning.sweeps.sweep import SweepStopped, sweep

__all__ = ["SweepStopped", "sweep"]
