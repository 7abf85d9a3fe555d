"""The engine: checked once when it is made, the same figures through every door."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from simulator import Campaign, InvalidInput, Place, Targeting, budget_curve, load_parameters, simulate
from simulator.campaign.forecast import Forecast
from simulator.forecasting.engine import DRAWS, Engine
from simulator.model.interpolation import KnotTables

CAMPAIGN = Campaign(Targeting([Place.around("Pau")], age_min=25, age_max=54), daily_budget=5)
FEW = 32


@pytest.mark.parametrize(
    ("settings", "field", "code"),
    [
        ({"seed": -1}, "seed", "out_of_range"),
        ({"seed": 1.5}, "seed", "out_of_range"),
        ({"draws": 15}, "draws", "out_of_range"),
        ({"draws": True}, "draws", "out_of_range"),
        ({"parameters": {"prices.cpm.FR": 9}}, "parameters", "wrong_type"),
        ({"calibration": "mine"}, "calibration", "wrong_type"),
        ({"tables": {}}, "tables", "wrong_type"),
    ],
)
def test_what_cannot_be_used_is_refused_when_the_engine_is_made(settings: Any, field: str, code: str) -> None:
    for make in (lambda: Engine(**settings), lambda: simulate(CAMPAIGN, **settings)):
        with pytest.raises(InvalidInput) as caught:
            make()
        assert (caught.value.code, caught.value.data["field"]) == (code, field)


def test_an_unknown_setting_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="sead"):
        simulate(CAMPAIGN, sead=1)  # type: ignore[call-arg]


def test_an_engine_and_settings_together_are_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        simulate(CAMPAIGN, engine=Engine(draws=FEW), seed=1)
    assert caught.value.code == "both_engines"
    assert "seed" in caught.value.message


def test_every_door_gives_the_same_forecast() -> None:
    parameters = load_parameters({"prices.cpm.FR": 9.0})
    engine = Engine(parameters, seed=3, draws=FEW)
    direct = engine.forecast(CAMPAIGN)
    assert simulate(CAMPAIGN, engine=engine) == direct
    assert simulate(CAMPAIGN, seed=3, draws=FEW, parameters=parameters) == direct
    assert direct != Engine(parameters, seed=4, draws=FEW).forecast(CAMPAIGN)
    at_five = budget_curve(CAMPAIGN, [5.0], engine=engine)["reach_p50"]
    np.testing.assert_allclose(at_five, [direct.reach.p50], rtol=1e-9)
    assert (direct.campaign, direct.seed, direct.parameter_digest) == (CAMPAIGN, 3, parameters.digest)
    assert direct.calibration_digest == ""


def test_the_number_of_draws_may_differ_by_door() -> None:
    assert Engine.of({}).draws == DRAWS
    assert Engine.of({}, draws=64).draws == 64
    assert Engine.of({"draws": 16}, draws=64).draws == 16
    assert Engine(seed=5).with_draws(16) == Engine(seed=5, draws=16)


def test_a_forecast_holds_no_sample_and_travels_light() -> None:
    forecast = simulate(CAMPAIGN, tables=KnotTables(4))
    packed = pickle.dumps(forecast)
    assert len(packed) < 200_000, "the draws of the metrics, and nothing of the model"
    twin = pickle.loads(packed)
    assert twin == forecast
    assert twin.engine == forecast.engine
    assert twin.by_day().equals(forecast.by_day())
    assert Forecast.from_dict(forecast.to_dict()) == forecast


def test_the_last_day_is_the_whole_campaign() -> None:
    forecast = Engine(draws=FEW).forecast(CAMPAIGN)
    last = forecast.by_day().iloc[-1]
    assert last["spend_p50"] == pytest.approx(forecast.spend.p50)
    assert last["reach_p50"] == pytest.approx(forecast.reach.p50, rel=1e-6)


def test_nobody_has_days_of_zeros() -> None:
    children = CAMPAIGN.replace(targeting=CAMPAIGN.targeting.replace(age_min=13, age_max=15))
    forecast = Engine(draws=FEW).forecast(children)
    assert forecast.reach.p90 == 0.0
    assert not forecast.by_day().to_numpy().any()
