"""One campaign with all that its forecast depends on, its money told in any currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.base.metrics import METRICS
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.forecasting.engine import Engine
from simulator.reference.parameters import units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

MONEY = tuple(name for name, metric in METRICS.items() if metric.unit.startswith("money"))


@dataclass(frozen=True)
class Variant:
    """A campaign and the engine that forecasts it."""

    campaign: Campaign
    engine: Engine

    def forecast(self) -> Forecast:
        """Simulate it, in its own currency."""
        return self.engine.forecast(self.campaign)

    def curve(self, budgets: Array, currency: str) -> pd.DataFrame:
        """Return its budget curve; ``budgets`` and all money in ``currency``."""
        rate = money_rate(currency, self.campaign.currency, "spend")
        frame = self.engine.curve(self.campaign, budgets * rate)
        frame.index = frame.index / rate
        for name in frame.columns:
            frame[name] *= money_rate(self.campaign.currency, currency, name.rsplit("_", 1)[0])
        return frame.reset_index(names="daily_budget")

    def spend_per_day(self, currency: str) -> float:
        """Return its daily budget in ``currency``."""
        return self.campaign.spend_per_day * money_rate(self.campaign.currency, currency, "spend")

    def most_per_day(self, currency: str) -> float:
        """Return the largest daily budget that a campaign may have, in ``currency``."""
        return self.campaign.most_per_day * money_rate(self.campaign.currency, currency, "spend")


def money_rate(source: str, target: str, metric: str) -> float:
    """Return what turns a figure in one currency into the other: 1 for what is no money."""
    if metric not in MONEY or source == target:
        return 1.0
    return units_per_euro(target) / units_per_euro(source)
