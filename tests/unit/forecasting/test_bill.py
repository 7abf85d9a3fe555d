"""What leaves the account: all in, several countries, notes, and what cannot be read."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simulator import Campaign, ClicksGoal, InvalidInput, Place, Targeting, allocate, bill, budget_curve, plan, simulate
from simulator.base.metrics import K_MAX
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import draw_sample
from simulator.model.simulation import run
from simulator.reference.parameters import DOORS, load_parameters, tax_situations

PAU = Targeting([Place.around("Pau")])
FRANCE, BRITAIN = Place.country("FR"), Place.country("GB")
CAMPAIGN = Campaign(PAU, daily_budget=5, duration_days=7)
ALL_IN = CAMPAIGN.replace(budget_is="all_in", tax="fr_franchise")
ABROAD = Campaign(Targeting([FRANCE, BRITAIN]), daily_budget=50)
FACTOR = 1.03 * 1.20


def codes(campaign: Campaign, **changes: str) -> list[str]:
    return [note.code for note in bill(campaign, **changes).notes]


def test_what_is_all_in_is_the_total_and_buys_less() -> None:
    found = bill(ALL_IN)
    assert found.total == 35.0
    assert found.media == pytest.approx(35 / FACTOR)
    assert simulate(ALL_IN, draws=64).spend.p50 == pytest.approx(found.media, rel=1e-6)
    same = simulate(CAMPAIGN.with_daily_budget(5 / FACTOR), draws=64)
    assert simulate(ALL_IN, draws=64).reach == same.reach


def test_two_countries_share_the_fee_by_their_spend() -> None:
    parameters = load_parameters()
    audience = estimate_audience(ABROAD.targeting, parameters)
    sample = draw_sample(ABROAD, audience, parameters, 1, 1024)
    outcome = run(sample.setting, np.array([50.0]), K_MAX)
    assert outcome.cell_spend.sum(axis=2) == pytest.approx(outcome.spend)
    french = [cell.country_code == "FR" for cell in audience.cells]
    share = outcome.cell_spend[..., french].sum() / outcome.cell_spend.sum()
    assert 0.05 < share < 0.95
    found = bill(ABROAD)
    assert found.location_fee / found.media == pytest.approx(0.03 * share + 0.02 * (1 - share), rel=0.01)


@pytest.mark.parametrize("places", [[FRANCE], [FRANCE, BRITAIN], [FRANCE, Place.country("BE"), BRITAIN]])
@pytest.mark.parametrize("tax", ["none", "fr_franchise", "fr_vat"])
def test_media_and_all_in_are_each_others_way_back(places: list[Place], tax: str) -> None:
    given = Campaign(Targeting(places), daily_budget=40, tax=tax)
    there = bill(given)
    back = bill(given.replace(budget_is="all_in", daily_budget=there.total / given.duration_days))
    assert (back.media, back.location_fee) == (pytest.approx(there.media), pytest.approx(there.location_fee))


@pytest.mark.parametrize("targeting", [PAU, ABROAD.targeting], ids=["one country", "two"])
def test_planning_to_an_all_in_sum_and_billing_the_plan_closes_to_the_cent(targeting: Targeting) -> None:
    asked = ALL_IN.replace(targeting=targeting)
    goal = ClicksGoal(link_clicks=60)
    found, bare = plan(asked, goal, draws=64), plan(asked.replace(budget_is="media"), goal, draws=64)
    billed = bill(found.campaign)
    assert found.campaign.budget_is == "all_in"
    assert billed.total == pytest.approx(found.total_budget, abs=0.005)
    assert billed.media == pytest.approx(bare.total_budget, abs=0.005)
    assert simulate(found.campaign, draws=64).probability("link_clicks", 60) == pytest.approx(0.5, abs=1e-3)


def test_a_curve_over_all_in_sums_is_the_curve_of_what_they_buy() -> None:
    budgets = [1.0, 5.0, 20.0]
    all_in = budget_curve(ALL_IN, budgets, draws=64)
    media = budget_curve(CAMPAIGN, [budget / FACTOR for budget in budgets], draws=64)
    assert list(all_in.index) == budgets
    assert all_in.to_numpy() == pytest.approx(media.to_numpy(), rel=1e-6)


def test_a_split_of_an_all_in_sum_leaves_that_sum() -> None:
    dax = ALL_IN.replace(targeting=Targeting([Place.around("Dax")]))
    found = allocate([ALL_IN, dax], 300, draws=32)
    assert sum(bill(one).total for one in found.planned()) == pytest.approx(300, abs=0.01)
    bare = [one.replace(budget_is="media") for one in (ALL_IN, dax)]
    media = allocate(bare, 300 / FACTOR, draws=32)
    assert found.result == pytest.approx(media.result, rel=1e-3)
    with pytest.raises(InvalidInput) as caught:
        allocate([ALL_IN, CAMPAIGN], 300, draws=32)
    assert caught.value.code == "mixed_budgets"


def test_what_is_not_sure_is_said() -> None:
    assert codes(CAMPAIGN) == ["before_taxes", "fee_announced", "budget_flexes"]
    assert codes(CAMPAIGN, tax="fr_franchise", bought_in="ios")[:3] == [
        *("store_at_least", "store_fee_unknown", "tax_declared"),
    ]
    overseas = Campaign(Targeting([Place.region("FR-971")]), total_budget=35)
    assert codes(overseas, tax="dom_franchise") == ["tax_overseas", "fee_announced", "fee_overseas"]
    quebec = Campaign(Targeting([Place.region("CA-QC")]), daily_budget=5, currency="CAD")
    assert codes(quebec, tax="qc_no_numbers") == ["tax_not_claimable", "budget_flexes"]
    assert codes(quebec, tax="ca_on") == ["tax_on_invoice", "budget_flexes"]


def test_the_card_is_not_charged_what_the_business_declares_itself() -> None:
    found = bill(CAMPAIGN, tax="fr_franchise")
    assert (found.charged, found.total) == (pytest.approx(36.05), pytest.approx(43.26))
    found = bill(CAMPAIGN, tax="qc_no_numbers")
    assert found.charged == found.total


def test_a_campaign_that_reaches_nobody_has_a_bill_all_the_same() -> None:
    nobody = ABROAD.replace(targeting=ABROAD.targeting.replace(audience_size=0))
    assert bill(nobody).total == pytest.approx(350.0)


@pytest.mark.parametrize("tax", tax_situations())
@pytest.mark.parametrize("door", DOORS)
def test_every_situation_has_a_bill_ready_for_json(tax: str, door: str) -> None:
    found = bill(CAMPAIGN, tax=tax, bought_in=door)
    assert json.loads(json.dumps(found.to_dict()))["total"] == found.total >= 35.0


@pytest.mark.parametrize("changes", [{"tax": "fr_micro"}, {"tax": 3}, {"bought_in": "windows"}, {"bought_in": ["web"]}])
def test_what_is_not_known_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as caught:
        bill(CAMPAIGN, **changes)
    assert (caught.value.code, caught.value.data["field"]) == ("unknown_choice", next(iter(changes)))
    with pytest.raises(InvalidInput):
        CAMPAIGN.replace(**changes)


def test_a_bill_is_of_a_campaign() -> None:
    with pytest.raises(InvalidInput):
        bill("Pau")
    with pytest.raises(InvalidInput):
        CAMPAIGN.replace(budget_is="net")
