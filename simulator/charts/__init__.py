"""Charts as plain dictionaries in Vega-Lite: each builder returns rows and a specification.

The rows go apart from the specification, so that a moving slider redraws in place. Every builder takes the
palette and none knows Streamlit: the reports print the very charts of the screen.
"""

from simulator.charts.curve import budget_curve
from simulator.charts.days import build_up
from simulator.charts.dots import strip
from simulator.charts.frequency import bars
from simulator.charts.months import months
from simulator.charts.palette import DARK, LIGHT, Palette, palette_of

__all__ = ["DARK", "LIGHT", "Palette", "bars", "budget_curve", "build_up", "months", "palette_of", "strip"]
