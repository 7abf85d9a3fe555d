"""Charts as plain dictionaries in Vega-Lite: each builder returns rows and a specification.

The rows go apart from the specification, so that a moving slider redraws in place. Every builder takes the
palette and none knows Streamlit: the reports print the very charts of the screen.
"""

from simulator.presentation.charts.audience import strip
from simulator.presentation.charts.columns import bars, build_up, months
from simulator.presentation.charts.curve import budget_curve
from simulator.presentation.charts.palette import DARK, LIGHT, Palette, palette_of

__all__ = ["DARK", "LIGHT", "Palette", "bars", "budget_curve", "build_up", "months", "palette_of", "strip"]
