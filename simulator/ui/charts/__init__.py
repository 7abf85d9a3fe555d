"""Charts as plain dictionaries in Vega-Lite: each builder returns rows and a specification.

The rows go apart from the specification, so that a moving slider redraws in place. Every builder takes the
palette; none knows Streamlit, so that the same chart can be printed.
"""

from simulator.ui.charts.curve import budget_curve
from simulator.ui.charts.days import build_up
from simulator.ui.charts.dots import strip
from simulator.ui.charts.frequency import bars
from simulator.ui.charts.months import months
from simulator.ui.charts.palette import DARK, LIGHT, Palette, palette_of

__all__ = ["DARK", "LIGHT", "Palette", "bars", "budget_curve", "build_up", "months", "palette_of", "strip"]
