"""The rows that reports take, and what a scenario keeps of business and page."""

from __future__ import annotations

import json

import pytest

from simulator import Campaign, Page, Place, Scenario, Targeting
from simulator.base.errors import InvalidInput
from simulator.channels import Business, customers, organic, summary
from simulator.library.difference import entries_of
from simulator.library.scenario import SCHEMA_VERSION

CAMPAIGN = Campaign(
    targeting=Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54), daily_budget=5, trade="florist"
)
PAGE = Page(followers=800)
OWN = Business(trade="florist", basket=60, margin=0.5, conversion=0.4)


@pytest.fixture(scope="module")
def kept() -> Scenario:
    return Scenario(campaign=CAMPAIGN, overrides=OWN.overrides(), page=PAGE)


def test_a_scenario_keeps_business_and_page(kept: Scenario) -> None:
    again = Scenario.from_json(kept.to_json())
    assert again == kept
    assert again.page == PAGE
    assert entries_of(kept)["page.followers"] == 800, "a conflict names what differs"
    forecast = kept.forecast(draws=64)
    by_scenario = customers(forecast, Business(trade="florist"), parameters=again.parameters())
    assert by_scenario.to_dict() == customers(forecast, OWN).to_dict()
    assert (by_scenario.break_even_orders, by_scenario.basket) == (2, 60.0)


def test_scenarios_without_a_page_are_read_as_before(kept: Scenario) -> None:
    earlier = {name: value for name, value in kept.to_dict().items() if name != "page"}
    found = Scenario.from_dict({**earlier, "schema_version": 2})
    assert (found.page, found.schema_version) == (None, SCHEMA_VERSION)


def test_an_impossible_page_is_named_by_its_field(kept: Scenario) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scenario.from_dict({**kept.to_dict(), "page": {"followers": -5}})
    assert caught.value.data["field"] == "page.followers"


def test_rows_are_plain_and_whole(kept: Scenario) -> None:
    forecast = kept.forecast(draws=64)
    found = summary(kept.campaign, forecast, kept.page, kept.parameters())
    rows = found.rows()
    json.dumps(rows, allow_nan=False)
    assert list(rows) == [
        *("customers", "chances", "break_even", "earned", "networks"),
        *("page", "alternatives"),
    ]
    assert rows["break_even"][0] == {
        "orders": 2, "basket": 60.0, "margin": 0.5, "spend": pytest.approx(35.0), "currency": "EUR",
        "low": found.customers.sales_year.p10, "high": found.customers.sales_year.p90,
    }  # fmt: skip
    assert rows["page"] == organic(PAGE, draws=64, parameters=kept.parameters()).rows()
    assert len(rows["networks"]) == 8
    without = summary(kept.campaign, forecast).rows()
    assert "page" not in without
    assert without["break_even"][0]["basket"] == 27.0
