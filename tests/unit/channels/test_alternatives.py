"""The same euros and weeks four ways: paired, apart, followers as an audience."""

from __future__ import annotations

import json

import pytest

from simulator import Campaign, Page, Place, Targeting, simulate
from simulator.channels import Alternative, alternatives

PAU = Campaign(
    targeting=Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54), daily_budget=5, trade="florist"
)
PAGE = Page(followers=800)
DRAWS = 256


@pytest.fixture(scope="module")
def rows() -> dict[str, Alternative]:
    return {row.name: row for row in alternatives(PAU, PAGE, draws=DRAWS)}


def test_same_money_for_all_that_is_paid_and_nothing_for_nothing(rows: dict[str, Alternative]) -> None:
    assert list(rows) == ["nothing", "boosted_post", "campaign", "followers"]
    assert rows["nothing"].spend == 0.0
    for name in ("boosted_post", "campaign", "followers"):
        assert rows[name].spend == pytest.approx(35.0)
    json.dumps([row.to_dict() for row in rows.values()], allow_nan=False)


def test_the_campaign_is_the_one_that_is_simulated(rows: dict[str, Alternative]) -> None:
    assert rows["campaign"].reach == simulate(PAU, draws=DRAWS).reach
    boosted = simulate(PAU.replace(objective="boosted_post"), draws=DRAWS)
    assert rows["boosted_post"].reach == boosted.reach


def test_followers_are_few_and_are_not_exceeded(rows: dict[str, Alternative]) -> None:
    assert rows["followers"].reach.p90 < 800
    assert rows["nothing"].reach.p90 < 800
    assert rows["followers"].reach.p50 > rows["nothing"].reach.p50, "paying reaches more of them than posting alone"


def test_chances_to_be_better_are_paired(rows: dict[str, Alternative]) -> None:
    for name, row in rows.items():
        assert set(row.better) == set(rows) - {name}
        for other, chance in row.better.items():
            assert chance + rows[other].better[name] == pytest.approx(1.0, abs=0.02)
    assert rows["campaign"].better["nothing"] > 0.99
    assert 0.05 < rows["campaign"].better["boosted_post"] < 0.95, "nobody knows which of the two brings more"


def test_a_boosted_post_is_compared_with_a_campaign_for_clicks() -> None:
    found = {row.name: row for row in alternatives(PAU.replace(objective="boosted_post"), PAGE, draws=DRAWS)}
    assert found["campaign"].reach == simulate(PAU, draws=DRAWS).reach


def test_without_followers_there_is_nobody_to_aim_at() -> None:
    found = [row.name for row in alternatives(PAU, Page(followers=0), draws=DRAWS)]
    assert found == ["nothing", "boosted_post", "campaign"]
