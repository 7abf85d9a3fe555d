"""Customers of a campaign: calibrated chances, exact break-even, every trade, every entry editable, clear errors."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, simulate
from simulator.base.errors import InvalidInput
from simulator.campaign.forecast import Forecast
from simulator.channels import Business, CustomersForecast, customers
from simulator.channels.customers import CHANCES, FIGURES, _points, orders_to_break_even
from simulator.model.draws import uniform_points
from simulator.reference.parameters import load_parameters, trades

PAU = Campaign(targeting=Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54), daily_budget=5)
OWN = {
    "basket": 60.0,
    "margin": 0.5,
    "enquiry_rate": 0.04,
    "conversion": 0.5,
    "need_rate": 0.5,
    "chosen": 0.05,
    "remembered": 0.1,
    "memory_half_life": 14.0,
    "delay": 10.0,
}
"""A business of which somebody knows everything."""


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return simulate(PAU)


@pytest.fixture(scope="module")
def florist(forecast: Forecast) -> CustomersForecast:
    return customers(forecast, Business(trade="florist"))


@pytest.mark.parametrize(
    ("spend", "basket", "margin", "orders"),
    [
        (35, 60, 1.0, 1),
        (120, 60, 1.0, 2),
        (120.01, 60, 1.0, 3),
        (35, 60, 0.5, 2),
        (0.3, 0.1, 1.0, 3),
        (1.1 * 3, 1.1, 1.0, 4),
        (3.3, 1.1, 1.0, 3),
        (4.9, 0.7, 0.7, 10),
        (0, 60, 1.0, 0),
    ],
)
def test_the_break_even_is_exact(spend: float, basket: float, margin: float, orders: int) -> None:
    """0.3 over 0.1 is 3 orders, although the two doubles divide to a little less or more than three."""
    assert orders_to_break_even(spend, basket, margin) == orders


def test_two_orders_of_sixty_euros_pay_back_thirty_five(forecast: Forecast) -> None:
    found = customers(forecast, Business(**OWN))
    assert (found.break_even_orders, found.basket, found.margin) == (2, 60.0, 0.5)
    assert found.spend == pytest.approx(35.0)
    assert found.chances["paid_back"] == np.mean(found.draws["sales_year"] >= 2)


def test_the_chance_of_an_enquiry_is_right_on_simulated_customers(forecast: Forecast) -> None:
    """Ten draws of the campaign, each with people simulated one by one many times over: who clicks, who remembers,
    who needs the trade before forgetting. The share of runs with at least one enquiry or sale is the chance given.
    """
    found = customers(forecast, Business(**OWN))
    rng = np.random.default_rng(11)
    runs, some = 150, {name: [] for name in CHANCES[:4]}
    order = np.argsort(found.expected["enquiries_year"])[np.linspace(5, 500, 10).astype(int)]
    for draw in order:
        reach, clicks = forecast.draws["reach"][draw], forecast.expected["link_clicks"][draw]
        for _ in range(runs):
            for name, any_came in _one_run(rng, reach, clicks, PAU.duration_days).items():
                some[name].append(any_came)
    for name, came in some.items():
        assert 0.02 < np.mean(came) < 0.98, "nothing would be tested"
        what, when = name.split("_")
        mean = found.expected[f"{'enquiries' if what == 'enquiry' else 'sales'}_{when}"][order]
        chance = float(-np.expm1(-mean).mean())
        assert abs(np.mean(came) - chance) < 3.0 * np.sqrt(chance * (1.0 - chance) / len(came)), name


def _one_run(rng: np.random.Generator, reach: float, clicks: float, days: int) -> dict[str, bool]:
    """Return whether anybody asked or bought, while the campaign ran and within the year."""
    need, forgetting = OWN["need_rate"] * OWN["chosen"] / 365.0, np.log(2.0) / OWN["memory_half_life"]
    clicked = rng.uniform(0.0, days, rng.poisson(clicks * OWN["enquiry_rate"]))
    seen = rng.uniform(0.0, days, rng.binomial(round(reach - clicks), OWN["remembered"]))
    needed, forgotten = (seen + rng.exponential(1.0 / rate, seen.size) for rate in (need, forgetting))
    asked = np.concatenate((clicked, needed[needed < forgotten]))
    buys = rng.random(asked.size) < OWN["conversion"]
    bought = (asked + rng.exponential(OWN["delay"], asked.size))[buys]
    came = {}
    for when, horizon in (("campaign", days), ("year", 365)):
        came[f"enquiry_{when}"] = bool((asked <= horizon).any())
        came[f"sale_{when}"] = bool((bought <= horizon).any())
    return came


def test_figures_stand_in_their_order(florist: CustomersForecast) -> None:
    for name in FIGURES:
        band = florist.band(name)
        assert band.p10 <= band.p50 <= band.p90, name
    draws = florist.draws
    assert (draws["sales_year"] <= draws["enquiries_year"]).all()
    assert (draws["enquiries_campaign"] <= draws["enquiries_year"]).all()
    assert (draws["sales_campaign"] <= draws["sales_year"]).all()
    assert florist.chances["sale_year"] <= florist.chances["enquiry_year"]
    for name in ("enquiries_year", "sales_year"):
        assert all(value == int(value) for value in (florist.band(name).p10, florist.band(name).p90))


@pytest.mark.parametrize("trade", [*trades(), "any"])
def test_every_trade_has_its_figures(trade: str, forecast: Forecast) -> None:
    found = customers(forecast, Business(trade=trade))
    assert found.enquiries_year.mean > 0.0
    assert 0.0 < found.chances["enquiry_year"] < 1.0
    assert found.break_even_orders >= 1
    assert 0.0 <= found.from_memory <= 1.0


def test_at_least_fifteen_trades_and_each_in_every_table() -> None:
    parameters = load_parameters()
    for name in ("enquiry_rate", "need_rate", "chosen", "memory_half_life", "conversion", "delay", "basket"):
        assert {*trades(), "any"} == set(parameters.table(f"customers.{name}")), name
    assert len(trades()) >= 15


@pytest.mark.parametrize("name", OWN)
def test_everything_is_editable(name: str, forecast: Forecast, florist: CustomersForecast) -> None:
    typed = customers(forecast, Business(trade="florist", **{name: OWN[name] * 0.9}))
    before, after = ((found.earned_year, found.expected["sales_campaign"].sum()) for found in (florist, typed))
    assert before != after
    assert not any(key.split(".")[1] == name for key in typed.assumed)


def test_what_was_typed_can_be_kept_as_changes_of_parameters(forecast: Forecast) -> None:
    business = Business(trade="florist", **OWN)
    kept = load_parameters(business.overrides("CAD"))
    by_parameters = customers(forecast, Business(trade="florist"), parameters=load_parameters(business.overrides()))
    assert by_parameters.to_dict() == customers(forecast, business).to_dict()
    assert Business(trade="florist").amount(kept, "CAD") == 60.0, "60 dollars stay 60 dollars"


def test_the_trade_is_that_of_the_campaign() -> None:
    by_campaign = customers(PAU.replace(trade="plumber"))
    assert by_campaign.trade == "plumber"
    assert customers(PAU.replace(trade="plumber"), Business(trade="florist")).trade == "florist"
    assert customers(PAU).trade == "any"


def test_same_seed_same_figures_and_budgets_are_paired(forecast: Forecast) -> None:
    more = customers(PAU.with_daily_budget(10), Business(trade="florist"))
    less = customers(forecast, Business(trade="florist"))
    assert less.to_dict() == customers(PAU, Business(trade="florist")).to_dict()
    better = np.mean(more.expected["enquiries_year"] > less.expected["enquiries_year"])
    assert better > 0.97, "the same luck for both"


def test_an_amount_of_another_country_is_an_assumption() -> None:
    key = "customers.basket.florist"
    assert key not in customers(PAU, Business(trade="florist"), draws=64).assumed, "published for France"
    quebec = PAU.replace(targeting=PAU.targeting.replace(places=(Place.region("CA-QC"),)), currency="CAD")
    assert key in customers(quebec, Business(trade="florist"), draws=64).assumed
    assert key not in customers(quebec, Business(trade="florist", basket=35), draws=64).assumed


def test_large_campaigns_are_counted_too() -> None:
    france = PAU.replace(targeting=Targeting(places=(Place.country("FR"),)), daily_budget=90_000, duration_days=60)
    found = customers(france, Business(trade="bakery"), draws=64)
    assert found.enquiries_year.mean == pytest.approx(found.expected["enquiries_year"].mean(), rel=0.01)
    assert found.chances["enquiry_year"] == 1.0
    assert found.break_even_orders == 2_007_435


def test_luck_of_customers_is_not_that_of_the_campaign() -> None:
    """Points of two scrambles of one sequence fall into few of the squares that they could; shuffled, into all."""
    campaign, own = uniform_points(512, 37, np.random.default_rng(0)), _points(0, 512)
    pairs = [(column, other) for column in campaign.T for other in own.values()]
    counts = [np.histogram2d(*pair, bins=16, range=[[0, 1], [0, 1]])[0] for pair in pairs]
    assert max(((count - 2.0) ** 2 / 2.0).sum() for count in counts) < 400.0


def test_nobody_reached_nothing_earned() -> None:
    minors = PAU.replace(targeting=PAU.targeting.replace(age_min=13, age_max=15))
    found = customers(minors)
    assert found.enquiries_year.mean == 0.0
    assert found.chances["enquiry_year"] == 0.0
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["cost_per_enquiry"]["p50"] == 0.0


def test_some_people_hide_it(florist: CustomersForecast, forecast: Forecast) -> None:
    share = florist.negative_reactions.mean / forecast.reach.mean
    assert 0.0001 < share < 0.002, "about 0.03 % of the people reached"


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"basket": 0}, "basket"),
        ({"basket": -60}, "basket"),
        ({"basket": float("nan")}, "basket"),
        ({"margin": 0}, "margin"),
        ({"margin": 1.2}, "margin"),
        ({"conversion": 1.5}, "conversion"),
        ({"enquiry_rate": -0.1}, "enquiry_rate"),
        ({"basket": 1e-307}, "basket"),
        ({"margin": 1e-320}, "margin"),
        ({"memory_half_life": 0}, "memory_half_life"),
        ({"memory_half_life": 1e-310}, "memory_half_life"),
        ({"delay": 1e-320}, "delay"),
        ({"trade": "astronaut"}, "trade"),
        ({"turnover": 1}, "turnover"),
    ],
)
def test_bad_entries_are_refused_by_name(entries: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Business(**entries)
    assert caught.value.data["field"] == field
    assert caught.value.data["allowed"]


def test_a_number_too_small_is_told_the_smallest_allowed() -> None:
    for name, low in (("basket", 0.01), ("margin", 0.001), ("memory_half_life", 0.01), ("delay", 0.01)):
        with pytest.raises(InvalidInput) as caught:
            Business(**{name: low / 2.0})
        assert (caught.value.code, caught.value.data["low"]) == ("out_of_range", low)


def test_the_smallest_business_is_a_forecast() -> None:
    smallest = Business(basket=0.01, margin=0.001, memory_half_life=0.01, delay=0.01)
    found = customers(PAU, smallest, draws=64)
    assert all(np.isfinite(values).all() for values in found.draws.values())
    assert found.break_even_orders > 0


def test_something_else_than_a_campaign_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Campaign or a Forecast"):
        customers({"reach": 5000})  # type: ignore[arg-type]


def test_the_figures_are_a_table_with_units(florist: CustomersForecast) -> None:
    table = florist.to_frame()
    assert table.loc["sales_year", "p90"] == florist.sales_year.p90
    assert table.loc["earned_year", "unit"] == florist.currency == table.attrs["currency"]
    assert table.index.name == "figure"
