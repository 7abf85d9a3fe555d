"""Invariants of model.md, section 8, on whole forecasts: any campaign a user could type.

A few dozen here; ten thousand by ``python tools/check/invariants.py``.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Campaign, Place, Targeting
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.model.draws import EDGE
from simulator.reference.parameters import load_parameters, units_per_euro
from tests.properties import audience_invariants, forecast_invariants
from tests.properties.forecast_invariants import Check
from tests.properties.random_campaigns import random_campaign

BEARN = Targeting(places=(Place.region("FR-64"),), age_min=25, age_max=54)
CHECKS = (*forecast_invariants.CHECKS, *audience_invariants.CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@settings(max_examples=15)
@given(random=st.randoms(use_true_random=False), seed=st.integers(0, 2**31))
def test_any_campaign(check: Check, random: Random, seed: int) -> None:
    capped = 1.0 if check is forecast_invariants.a_cap_makes_showings_dearer else 0.0
    check(random_campaign(random, capped=capped), seed, random)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_seed_gives_a_forecast(seed: int) -> None:
    forecast = simulate(Campaign(targeting=BEARN, daily_budget=5.0), seed=seed)
    assert np.isfinite(forecast.cpm.p50)


def test_the_cost_of_a_click_stays_a_price_where_hardly_anybody_clicks() -> None:
    targeting = Targeting(places=(Place.around("Pau", radius_km=5),), age_min=30, age_max=32, audience_size=2_000)
    campaign = Campaign(targeting=targeting, daily_budget=0.5, duration_days=1, objective="impressions")
    cost = simulate(campaign, seed=1).cpc_link
    assert cost.mean < 1000.0 * cost.p50
    assert cost.p10 > 0.0


def test_a_share_is_a_share_at_every_quantile() -> None:
    ends = np.array([EDGE, 1.0 - EDGE])
    parameters = load_parameters()
    for key in parameters.keys("delivery"):
        if key.split(".")[1] in ("anchor_win_share", "persistence", "active_share"):
            low, high = parameters[key].quantile(ends)
            assert 0.0 < low < high < 1.0, key


def test_draws_are_common_to_the_budgets_of_a_curve() -> None:
    """One per cent more money at a time, few draws: fresh draws for each budget would make every column go up and down.

    And the same budget twice gives the same figures twice.
    """
    campaign = Campaign(targeting=BEARN, daily_budget=5.0)
    curve = budget_curve(campaign, [*5.0 * 1.01 ** np.arange(12), 5.0], seed=4, draws=32)
    for metric in ("reach", "impressions"):
        for quantile in ("p10", "p50", "p90", "mean"):
            column = curve[f"{metric}_{quantile}"].to_numpy()
            assert (np.diff(column[:-1]) > 0.0).all(), f"{metric}_{quantile}"
            assert column[-1] == column[0]


def test_draws_are_common_to_campaigns_compared() -> None:
    """One per cent more money moves every draw the same way: differences are of the campaigns, not of luck."""
    plain = Campaign(targeting=BEARN, daily_budget=5.0)
    more = plain.replace(daily_budget=5.05)
    first, second = simulate(plain, seed=9, draws=64).draws, simulate(more, seed=9, draws=64).draws
    assert (second["impressions"] > first["impressions"]).all()
    np.testing.assert_allclose(second["impressions"], first["impressions"], rtol=0.02)
    assert (first["audience_size"] == second["audience_size"]).all()
    assert (simulate(plain, seed=10, draws=64).draws["audience_size"] != first["audience_size"]).any()


def test_another_currency_buys_the_same() -> None:
    campaign = Campaign(targeting=BEARN, daily_budget=5.0)
    abroad = campaign.replace(daily_budget=5.0 * units_per_euro("JPY"), currency="JPY")
    first, second = simulate(campaign, seed=9, draws=64).draws, simulate(abroad, seed=9, draws=64).draws
    np.testing.assert_allclose(second["reach"], first["reach"], rtol=1e-6)
    np.testing.assert_allclose(second["cpm"], first["cpm"] * units_per_euro("JPY"), rtol=1e-6)
