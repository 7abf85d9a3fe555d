"""My CPM is 9 €, my click rate is 2 %: the next forecast pays and clicks so, with the doubt asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.base.errors import InvalidInput, ParameterError
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.files import read_campaign
from simulator.forecasting.engine import Engine
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.planning.sweeps import sweep
from simulator.reference.parameters import load_parameters, units_per_euro
from simulator.reference.places.place import Place

SHIPPED = load_parameters()
OWN = SHIPPED.with_price(cpm=9, currency="EUR").with_click_rate(0.02)
DRAWS = 256
YOUNG = Campaign(
    Targeting([Place.around("Pau")], age_min=18, age_max=24, gender="women"),
    daily_budget=40,
    duration_days=14,
    start="2026-12-01",
    platforms=["instagram"],
    objective="leads",
)
CASES = {
    "untargeted": Campaign(Targeting([Place.country("FR")]), daily_budget=500),
    "tilted by age, sex, platform, month and goal": YOUNG,
    "capped": YOUNG.replace(objective="reach", frequency_cap=(2, 7), duration_days=7, platforms=["facebook"]),
    "all-in money": YOUNG.replace(budget_is="all_in", tax="fr_franchise"),
    "a cent a day": YOUNG.replace(daily_budget=1),
    "more money than showings": YOUNG.replace(daily_budget=5_000),
    "two countries": Campaign(Targeting([Place.country("FR"), Place.country("BE")]), daily_budget=30),
}


@pytest.mark.parametrize("case", CASES)
def test_the_campaign_pays_the_own_cpm_and_clicks_at_the_own_rate(case: str) -> None:
    forecast = simulate(CASES[case], parameters=OWN, draws=DRAWS)
    assert forecast.cpm.p50 == pytest.approx(9.0, rel=0.02)
    assert np.median(forecast.expected["link_clicks"] / forecast.draws["impressions"]) == pytest.approx(0.02, rel=0.03)


@pytest.mark.parametrize("name", ["photographe-bordeaux", "plomberie-hasparren", "poterie-quebec"])
def test_ready_made_campaigns_pay_it_in_their_currency(name: str) -> None:
    campaign = read_campaign(Path("scenarios", f"{name}.json"))
    own = SHIPPED.with_price(cpm=12, currency="CAD")
    expected = 12.0 / units_per_euro("CAD") * units_per_euro(campaign.currency)
    assert simulate(campaign, parameters=own, draws=DRAWS).cpm.p50 == pytest.approx(expected, rel=0.02)


def test_the_doubt_is_the_one_asked_for() -> None:
    cost = [simulate(YOUNG, parameters=SHIPPED.with_price(cpm=9, currency="EUR", spread=s)).cpm for s in (1, 1.5)]
    assert (cost[0].p10, cost[0].p90) == pytest.approx((9.0, 9.0), rel=0.03)
    assert (cost[1].p10, cost[1].p90) == pytest.approx((6.0, 13.5), rel=0.03)
    unsaid = simulate(YOUNG, parameters=OWN).cpm
    error = SHIPPED["delivery.model_error"]
    assert (unsaid.p10, unsaid.p90) == pytest.approx((9.0 * error.low, 9.0 * error.high), rel=0.03)
    sure = simulate(YOUNG, parameters=SHIPPED.with_click_rate(0.03, spread=1))
    assert sure.expected["link_clicks"] / sure.draws["impressions"] == pytest.approx(0.03, rel=0.2), "but for the count"


def test_a_curve_goes_through_the_own_budget_and_rises_around_it() -> None:
    curve = budget_curve(YOUNG, [10, 40, 160], parameters=OWN, draws=DRAWS)["cpm_p50"]
    assert curve[40] == pytest.approx(simulate(YOUNG, parameters=OWN, draws=DRAWS).cpm.p50, rel=1e-6)
    assert curve[10] < curve[40] < curve[160]


class AlwaysDearer:
    """A calibration by which all is three times as dear and clicked as rarely as can be."""

    digest = "dearer"

    def aimed_at(self, campaign: Any, audience: Any, parameters: Any) -> AlwaysDearer:
        return self

    def moved(self, points: Any, roles: Any, country: str, objective: str) -> Any:
        moved = points.copy()
        for role in ("price_level", "ctr_link"):
            moved[:, list(roles).index(role)] = 0.9 + 0.099 * points[:, list(roles).index(role)]
        return moved


def test_what_the_user_states_takes_the_place_of_what_was_learnt() -> None:
    learnt = Engine(OWN, AlwaysDearer(), draws=DRAWS)
    assert learnt.forecast(YOUNG).cpm.p50 == pytest.approx(9.0, rel=0.02)
    assert learnt.forecast(YOUNG).ctr_link.p50 == pytest.approx(0.02, rel=0.1)
    assert Engine(None, AlwaysDearer(), draws=DRAWS).forecast(YOUNG).cpm.p50 > 12.0


def test_units_are_stated_and_the_digest_tells() -> None:
    price, rate = OWN["own.cpm"], OWN["own.click_rate"]
    assert (price.value, price.unit, price.reason) == (
        9.0,
        "EUR per 1,000 impressions",
        "Set by the user: 9 EUR per 1,000 impressions.",
    )
    assert (rate.value, rate.unit) == (0.02, "link clicks/impression")
    assert len({SHIPPED.digest, OWN.digest, SHIPPED.with_price(cpm=9, currency="EUR").digest}) == 3
    assert "own.cpm" not in SHIPPED, "nobody but the user knows it"
    typed = load_parameters({"own.cpm": {"value": 9, "range": {"family": "fixed"}}})
    assert simulate(YOUNG, parameters=typed, draws=DRAWS).cpm.p50 == pytest.approx(9.0, rel=0.02)


@pytest.mark.parametrize("rate", [1.5, 2, 150, 0, -0.01, float("nan"), "2%", None, True])
def test_a_click_rate_of_150_percent_is_refused(rate: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        SHIPPED.with_click_rate(rate)
    assert caught.value.data["field"] == "rate"
    assert caught.value.code in ("out_of_range", "not_a_number")


@pytest.mark.parametrize("key", ["own.click_rate", "response.ctr_link.link_clicks"])
def test_overlays_refuse_150_percent_too(key: str) -> None:
    with pytest.raises(ParameterError, match=r"150 ?%"):
        load_parameters({key: 1.5})


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"cpm": 0, "currency": "EUR"}, "cpm"),
        ({"cpm": "9", "currency": "EUR"}, "cpm"),
        ({"cpm": 90_000, "currency": "EUR"}, "cpm"),
        ({"cpm": 9, "currency": "euro"}, "currency"),
        ({"cpm": 9, "currency": None}, "currency"),
        ({"cpm": 9, "currency": "EUR", "spread": 0.5}, "spread"),
        ({"cpm": 9, "currency": "EUR", "spread": 50}, "spread"),
    ],
)
def test_a_price_that_is_none_is_refused_where_it_stands(entries: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        SHIPPED.with_price(**entries)
    assert caught.value.data["field"] == field


def test_a_sweep_says_that_it_cannot_take_them() -> None:
    with pytest.raises(InvalidInput, match=r"own\.cpm, own\.click_rate"):
        sweep(YOUNG, daily_budget=[5, 10], parameters=OWN)
