"""What a showing costs: the published level for an ordinary campaign; goal, size, money and years around it."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, budget_curve, simulate
from simulator.campaign.objectives import OBJECTIVES, PLATFORM_NAMES
from simulator.forecasting import sample
from simulator.forecasting.sample import smallness
from simulator.reference.parameters import load_parameters

PARAMETERS = load_parameters()
FRANCE = Campaign(Targeting([Place.country("FR")]), daily_budget=5)
PAU = Campaign(Targeting([Place.around("Pau")]), daily_budget=5)
MIDDLE = np.full((1, len(sample.ROLES)), 0.5)


def prices(campaign: Campaign, *budgets: float) -> list[float]:
    """Return the middle price at each daily budget."""
    return [float(price) for price in budget_curve(campaign, budgets)["cpm_p50"]]


def test_an_untargeted_ordinary_campaign_pays_the_published_level() -> None:
    """At 5 and at 50 euros a day within 3 %; many groups under one multiplier buy what is cheap otherwise."""
    level = PARAMETERS.value("prices.cpm.FR")
    for price in prices(FRANCE, 5, 50):
        assert price == pytest.approx(level, rel=0.03)


def test_the_price_hardly_moves_with_the_budget() -> None:
    """Accounts: 0.02 ± 0.05 of its logarithm per logarithm of spend; a town of which more is bought a little more."""
    little, much = prices(FRANCE, 5, 200)
    assert 1.0 < much / little <= 1.15
    little, much = prices(PAU, 5, 20)
    assert 1.0 < much / little <= 1.12


def test_a_town_costs_more_than_its_country_and_less_than_twice() -> None:
    (country,), (town,) = prices(FRANCE, 5), prices(PAU, 5)
    assert 1.0 < town / country < 2.0


def test_small_audiences_cost_more_and_large_ones_the_same() -> None:
    sizes = np.array([1e3, 32e3, 220e3, 1e6, 3e6, 1e9])
    factors = np.array([smallness(np.array([size]), PARAMETERS, MIDDLE)[0] for size in sizes])
    assert (np.diff(factors) <= 0.0).all()
    assert factors[-2:].tolist() == [1.0, 1.0]
    # b·x²/(1 + x) by hand: x = 2.613 and 4.541.
    assert factors[[2, 1]] == pytest.approx([1.2546, 1.5629], abs=1e-3)


def test_a_forecast_for_few_people_pays_for_it() -> None:
    """As much money a person, so that the same share of the audience is won, from the same people in their draws."""
    aimed = {size: FRANCE.targeting.replace(audience_size=size) for size in (220e3, 22e6)}
    few, many = (
        simulate(FRANCE.replace(daily_budget=size / 1e5, targeting=target)).cpm.p50 for size, target in aimed.items()
    )
    assert few / many == pytest.approx(1.2546, rel=0.03)


@pytest.mark.parametrize("goal", [goal for goal in OBJECTIVES if goal != "impressions"])
def test_a_goal_costs_its_factor_times_link_clicks(goal: str) -> None:
    """Slots, dispersion and persistence are alike, so nothing else moves the middle of the price."""
    clicks, other = (FRANCE.replace(objective=name) for name in ("link_clicks", goal))
    alone = PARAMETERS.replace(
        {f"prices.objective.{name}": {"range": {"low": 0.999 * value, "high": 1.001 * value}}
         for name, value in PARAMETERS.table("prices.objective").items() if name != "link_clicks"}
    )  # fmt: skip
    ratio = simulate(other, parameters=alone).cpm.p50 / simulate(clicks, parameters=alone).cpm.p50
    assert ratio == pytest.approx(PARAMETERS.value(f"prices.objective.{goal}"), rel=0.03)


def test_a_goal_that_is_not_known_is_a_mixture_and_wide() -> None:
    told, untold = PARAMETERS["prices.objective.sales"], PARAMETERS["prices.objective.unknown"]
    assert PARAMETERS.value("prices.objective.link_clicks") < untold.value < told.value
    assert untold.log_sd >= 0.4
    bands = [simulate(PAU.replace(objective=goal)).cpm for goal in ("link_clicks", "unknown")]
    assert bands[1].p90 / bands[1].p10 > bands[0].p90 / bands[0].p10


@pytest.mark.parametrize(("name", "goal"), sorted(PLATFORM_NAMES.items()))
def test_the_platforms_own_names_of_goals_are_accepted(name: str, goal: str) -> None:
    assert PAU.replace(objective=name).objective == goal


def test_prices_are_flat_beyond_the_newest_year() -> None:
    """The months repeat; the growth of prices between the years of the sources does not go on."""
    found = [simulate(PAU.replace(start=f"{year}-06-01")).cpm.p50 for year in (2019, 2025, 2027, 2050)]
    assert found[0] < found[1]
    assert found[2] == pytest.approx(found[3], rel=1e-9)


def test_what_is_kept_of_an_ordinary_campaign_is_what_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    points = sample.prior_points(3, 64)
    kept = sample._ordinary_price_before_learning(PARAMETERS, 3, 64, "leads", "FR")
    np.testing.assert_array_equal(kept, sample._ordinary_price(PARAMETERS, points, "leads", "FR"))
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 1.0
    monkeypatch.setattr(sample, "_ordinary_price", None)
    assert sample._ordinary_price_before_learning(PARAMETERS, 3, 64, "leads", "FR") is kept


def test_young_and_old_tilt_around_the_level() -> None:
    parts = [
        simulate(FRANCE.replace(targeting=FRANCE.targeting.replace(age_min=low, age_max=high))).cpm.p50
        for low, high in ((18, 24), (55, 65))
    ]
    young, old = (PARAMETERS.value(f"prices.age.{band}") for band in ("18-24", "55-64"))
    assert young < old
    assert parts[0] < parts[1]
