"""What was typed becomes a campaign, or an explanation beside its field."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.apps.web import choices
from simulator.apps.web.choices import DEFAULTS, GOALS, attempt, goals_with, key_of, look_up, town
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.objectives import OBJECTIVES
from simulator.reference.parameters import currencies, trades
from simulator.reference.places import country_codes
from simulator.reference.places.place import Place


def tried(**changes: Any) -> Any:
    return attempt({**DEFAULTS, **changes}, "fr")


def test_the_start_is_the_baker_in_pau() -> None:
    targeting = Targeting(places=(Place.around("Pau", radius_km=25),), age_min=25, age_max=54)
    assert tried().campaign == Campaign(targeting=targeting, daily_budget=5)
    assert not tried().problems


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"amount": "abc"}, "daily_budget", "not_a_number"),
        ({"amount": "0"}, "daily_budget", "out_of_range"),
        ({"amount": "-5"}, "daily_budget", "out_of_range"),
        ({"amount": "1e9"}, "daily_budget", "out_of_range"),
        ({"days": "other", "duration_days": "0"}, "duration_days", "out_of_range"),
        ({"days": "other", "duration_days": "4000"}, "duration_days", "out_of_range"),
        ({"days": "other", "duration_days": "2,5"}, "duration_days", "not_a_number"),
        ({"days": "other", "duration_days": ""}, "duration_days", "missing"),
        ({"age_min": 60, "age_max": 20}, "age_min", "age_order"),
        ({"platforms": []}, "platforms", "empty_choice"),
        ({"place": None, "place_text": "zzqqk"}, "place", "unknown_place"),
        ({"place": None, "place_text": "Saint-Denis"}, "place", "ambiguous_place"),
        ({"place": None, "place_text": "  "}, "place", "missing"),
        ({"place": None, "place_text": "x" * 5000}, "place", "too_long"),
        ({"expert": True, "audience_size": "beaucoup"}, "audience_size", "not_a_number"),
        ({"expert": True, "audience_size": "-1"}, "audience_size", "out_of_range"),
        ({"expert": True, "cap_times": "2"}, "frequency_cap", "missing"),
        ({"expert": True, "objective": "reach", "cap_times": "0", "cap_days": "7"}, "frequency_cap", "out_of_range"),
        ({"expert": True, "cap_times": "2", "cap_days": "7"}, "frequency_cap", "no_cap"),
        ({"expert": True, "cap_times": "x", "cap_days": "7"}, "frequency_cap", "not_a_number"),
    ],
)
def test_every_bad_entry_is_explained_beside_its_field(changes: dict[str, Any], field: str, code: str) -> None:
    result = tried(**changes)
    assert result.campaign is None
    assert {name: problem.code for name, problem in result.problems.items()} == {field: code}


def test_several_bad_entries_are_explained_at_once() -> None:
    result = tried(amount="abc", age_min=60, age_max=20, platforms=[])
    assert result.problems.keys() == {"daily_budget", "age_min", "platforms"}


def test_whom_is_known_although_the_money_is_wrong() -> None:
    assert tried(amount="abc").targeting is not None
    assert tried(age_min=60, age_max=20).targeting is None


def test_what_the_expert_typed_does_not_count_while_the_switch_is_off() -> None:
    assert tried(audience_size="abc").campaign is not None
    campaign = tried(expert=True, objective="reach", audience_size="12 000", cap_times="2", cap_days="7").campaign
    assert campaign.targeting.audience_size == 12_000
    assert campaign.frequency_cap == (2, 7)


def test_another_amount_wins_over_the_slider() -> None:
    assert tried(amount="7,50").campaign.daily_budget == 7.5


def test_regions_and_countries() -> None:
    assert tried(place_kind="region", region="FR-64").campaign.targeting.places[0].kind == "region"
    assert tried(place_kind="country", country_code="CA").campaign.targeting.places[0].code == "CA"


def test_looking_up_a_town() -> None:
    assert look_up("pau", "FR").meant.code == "64445"
    assert look_up("64000", "FR").meant.name == "Pau"
    assert look_up("bayonn", "FR").meant.name == "Bayonne"
    assert look_up("Saint-Denis", "FR").meant is None
    assert look_up("Pau", "CA").meant is None
    assert look_up("x", "FR").meant is None
    assert len(look_up("Saint-Denis", "FR").matches) >= 4


def test_a_code_is_the_official_one_even_where_it_is_also_a_postal_code() -> None:
    assert town("64102", "FR").name == "Bayonne"
    assert town("80150", "FR").name == "Buire-Courcelles"
    assert town("nowhere", "FR") is None
    assert town("Berlin (64102)", "FR") is None


@pytest.mark.parametrize(("name", "country"), [("Pau", "FR"), ("Québec", "CA"), ("Toronto", "CA"), ("Berlin", "DE")])
def test_a_key_leads_back_to_its_town(name: str, country: str) -> None:
    found = look_up(name, country).meant
    assert town(key_of(found), country) == found


def test_the_money_follows_the_country_and_the_radius_the_trade() -> None:
    canada = {**DEFAULTS, "country_code": "CA"}
    assert choices.followed(DEFAULTS, canada) == {"currency": "CAD"}
    assert choices.followed({**canada, "currency": "CAD"}, {**DEFAULTS, "currency": "CAD"}) == {"currency": "EUR"}
    region = {**DEFAULTS, "place_kind": "region", "region": "CA-QC"}
    assert choices.followed(DEFAULTS, region) == {"currency": "CAD"}
    assert choices.followed(DEFAULTS, {**DEFAULTS, "trade": "bakery"}) == {"radius_km": 5}
    baker = {**DEFAULTS, "trade": "bakery", "radius_km": 5}
    assert choices.followed(baker, {**baker, "trade": "joiner"}) == {"radius_km": 30}
    assert choices.followed(baker, {**baker, "trade": ""}) == {"radius_km": 25}


def test_what_the_person_chose_follows_nothing() -> None:
    dollars = {**DEFAULTS, "currency": "USD", "radius_km": 12}
    assert choices.followed(dollars, {**dollars, "country_code": "CA", "trade": "bakery"}) == {}
    assert choices.followed(DEFAULTS, {**DEFAULTS, "currency": "CAD", "radius_km": 8}) == {}


def test_every_country_has_a_money_and_every_trade_a_radius() -> None:
    assert {choices.home_currency(code) for code in country_codes()} <= set(currencies())
    assert [choices.home_currency(code) for code in ("FR", "BG", "CA", "GB", "CH", "RU")] == [
        *("EUR", "EUR", "CAD", "GBP", "CHF", "USD")
    ]
    assert set(choices.USUAL_RADIUS_KM) == set(trades())


def test_a_town_of_another_country_is_found_where_the_chosen_one_has_none() -> None:
    found = choices.look_up_anywhere("rimousky", "FR")
    assert found is None, "not its very name"
    found = choices.look_up_anywhere("RIMOUSKI", "FR")
    assert found is not None
    assert (found.code, found.country_code) == ("10043", "CA")
    assert "37067" in [town.code for town in look_up("Trois Rivieres", "FR").matches], "proposed beside the French ones"
    assert choices.look_up_anywhere("Saint-Denis", "FR") is None, "several of them: to be chosen"
    assert choices.look_up_anywhere("qsdfqsdf", "FR") is None


def test_every_goal_is_offered_but_impressions_which_a_kept_campaign_keeps() -> None:
    assert set(OBJECTIVES) - set(GOALS) == {"impressions"}
    assert len(GOALS) == len(set(GOALS))
    assert goals_with("sales") == GOALS
    assert goals_with("impressions") == (*GOALS, "impressions")
    kept = attempt({**DEFAULTS, "objective": "impressions"}, "fr")
    assert kept.campaign is not None
    assert kept.campaign.objective == "impressions"


@pytest.mark.parametrize("category", ["employment", "housing", "credit"])
def test_a_special_category_is_forecast_with_what_can_then_be_had(category: str) -> None:
    result = tried(special_category=category, radius_km=5, gender="women", interests=["gardening"])
    assert result.problems == {}
    assert result.campaign.special_category == category
    assert result.targeting == result.campaign.targeting
    assert (result.targeting.gender, result.targeting.interests) == ("all", ())
    assert result.targeting.places[0].radius_km == 15
