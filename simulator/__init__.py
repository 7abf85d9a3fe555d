"""Ad-budget simulator: from targeting and money to reach, frequency and engagement, with honest bands."""

from simulator.audience import Audience, estimate_audience
from simulator.campaign import Campaign, Place, Targeting
from simulator.errors import InvalidInput, SimulatorError
from simulator.forecast import Band, Forecast
from simulator.parameters import load_parameters
from simulator.places import search_places
from simulator.simulate import budget_curve, simulate
from simulator.version import MODEL_VERSION

__all__ = [
    "MODEL_VERSION",
    "Audience",
    "Band",
    "Campaign",
    "Forecast",
    "InvalidInput",
    "Place",
    "SimulatorError",
    "Targeting",
    "budget_curve",
    "estimate_audience",
    "load_parameters",
    "search_places",
    "simulate",
]
