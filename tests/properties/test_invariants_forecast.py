"""Invariants of model.md, section 8, on whole forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, simulate
from simulator.model.draws import EDGE
from simulator.parameters import load_parameters

BEARN = Targeting(places=(Place.region("FR-64"),), age_min=25, age_max=54)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_seed_gives_a_forecast(seed: int) -> None:
    forecast = simulate(Campaign(targeting=BEARN, daily_budget=5.0), seed=seed)
    assert np.isfinite(forecast.cpm.p50)


def test_a_share_is_a_share_at_every_quantile() -> None:
    ends = np.array([EDGE, 1.0 - EDGE])
    parameters = load_parameters()
    for key in parameters.keys("delivery"):
        if key.split(".")[1] in ("anchor_win_share", "persistence", "active_share"):
            low, high = parameters[key].quantile(ends)
            assert 0.0 < low < high < 1.0, key
