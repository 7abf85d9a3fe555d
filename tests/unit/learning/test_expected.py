"""What is expected of a row is what the forecaster says of the same campaign at the same parameters."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from scipy.special import ndtr

from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.engine import Engine
from simulator.forecasting.sample import ROLES
from simulator.learning.aims import Aim, Aims, aim_of
from simulator.learning.expected import SHAPES, Expectation, Fixed, centre_near
from simulator.learning.random_effects import ALL
from simulator.learning.rows import usable_rows
from simulator.model.simulation import run
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place
from tests.unit.learning.tables import one

PARAMETERS = load_parameters()
PAU = Place.around("Pau", radius_km=25)
AIMS = {
    "France": Targeting([Place.country("FR")]),
    "Pau, 25 to 54": Targeting([PAU], age_min=25, age_max=54),
    "young women": Targeting([Place.country("FR")], age_max=24, gender="women"),
    "few people": Targeting([PAU], age_min=55, audience_size=4_000),
}


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("days", [1, 7, 45])
@pytest.mark.parametrize("far", [0.0, 1.0], ids=["middle", "aside"])
def test_price_reach_and_clicks_are_those_of_the_forecast(aim: str, days: int, far: float) -> None:
    """Within 1 % at the middle of the parameters; where all are up to a standard deviation off, price and reach too.

    Clicks bend with products of parameters besides, which only the runs around a centre follow.
    """
    start = datetime.date(2025, 3, 3)
    objective = "leads" if aim == "young women" else "link_clicks"
    campaign = Campaign(AIMS[aim], daily_budget=20, duration_days=days, start=start, objective=objective)
    rng = np.random.default_rng(days)
    score = {role: float(far * rng.uniform(-1.0, 1.0)) for role in ALL if role in ROLES}
    points = np.full((16, len(ROLES)), 0.5)
    for role, value in score.items():
        points[:, list(ROLES).index(role)] = ndtr(value)
    engine = Engine(PARAMETERS, Fixed(points), draws=16)
    sample = engine.sample(campaign)
    outcome = run(sample.setting, np.array([20.0]), 1)
    shown = float(outcome.impressions[0].sum())
    reach = float(outcome.reach_kplus[0].sum())
    clicks = float(outcome.answered[0].sum() * sample.rates["link_clicks"][0])
    frame = one(spend=20.0 * days, days=float(days), impressions=round(shown), reach=reach, start=start, end=None)
    rows = usable_rows(frame.assign(objective=objective).drop(columns="audience_size"), PARAMETERS)
    model = Expectation(rows, Aims((aim_of(campaign),), np.zeros(1, dtype=np.int64)), PARAMETERS, {})
    scores = {role: np.full(1, score.get(role, 0.0)) for role in ALL}
    found = [
        float(seen.value[0]) for seen in (model.log_price(scores), model.log_reach(scores), model.log_rate(scores))
    ]
    wanted = np.log([1000.0 * 20.0 * days / shown, reach, clicks / shown])
    np.testing.assert_allclose(found[:2], wanted[:2], atol=0.02 if far else 0.01)
    np.testing.assert_allclose(found[2], wanted[2], atol=0.2 if far else 0.01)


def test_far_from_the_middle_it_is_run_again_around_where_one_is() -> None:
    score = {"persistence": 2.6, "slots_per_day": -1.6, "value_dispersion": 1.5}
    campaign = Campaign(AIMS["few people"], daily_budget=20, duration_days=14)
    points = np.full((16, len(ROLES)), 0.5)
    for role, value in score.items():
        points[:, list(ROLES).index(role)] = ndtr(value)
    sample = Engine(PARAMETERS, Fixed(points), draws=16).sample(campaign)
    outcome = run(sample.setting, np.array([20.0]), 1)
    shown, reach = float(outcome.impressions[0].sum()), float(outcome.reach_kplus[0].sum())
    frame = one(spend=280.0, days=14.0, impressions=round(shown), reach=reach, start=None, end=None)
    rows = usable_rows(frame.drop(columns="audience_size"), PARAMETERS)
    model = Expectation(rows, Aims((aim_of(campaign),), np.zeros(1, dtype=np.int64)), PARAMETERS, {})
    scores = {role: np.full(1, score.get(role, 0.0)) for role in ALL}
    centre = centre_near(np.array([score.get(role, 0.0) for role in SHAPES]))
    near = model.at({model.groups[0][0]: centre}).log_reach(scores).value[0]
    assert near == pytest.approx(np.log(reach), abs=0.015)
    assert abs(near - np.log(reach)) < abs(model.log_reach(scores).value[0] - np.log(reach))


def test_people_nobody_tells_of_are_all_adults_of_the_country() -> None:
    assert Aim().targeting("CA") == Targeting([Place.country("CA")])
    assert not Aim().is_told
    assert Aim().filled(aim_of(Campaign(AIMS["few people"], daily_budget=5))).is_told
