"""The choices in the address: there and back, and whatever strangers write into it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.apps.web import address
from simulator.apps.web.choices import DEFAULTS, attempt

VARIANTS: list[dict[str, Any]] = [
    {},
    {"daily_budget": 37, "days": "other", "duration_days": "10"},
    {"place": "23027", "place_text": "Québec", "country_code": "CA", "currency": "CAD", "radius_km": 5},
    {"place_kind": "region", "region": "CA-QC-03", "country_code": "CA"},
    {"place_kind": "country", "country_code": "DE"},
    {"gender": "women", "interests": ["gardening", "kitchens"], "platforms": ["instagram"], "trade": "bakery"},
    {"expert": True, "objective": "reach", "audience_size": "12 000", "cap_times": "2", "cap_days": "7"},
    {"amount": "7,50", "objective": "leads", "creative_format": "video"},
    {"place": "64102", "place_text": "Bayonne", "start": "2026-12-14"},
    {"place": "Toronto (6167865)", "place_text": "Toronto", "country_code": "CA"},
    {"also_places": ["64102", "65440"], "radius_km": 12},
]


def given_by(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)


@pytest.mark.parametrize("changes", VARIANTS)
def test_a_link_reproduces_the_campaign(changes: dict[str, Any]) -> None:
    state = {**DEFAULTS, **changes}
    campaign = attempt(state, "fr").campaign
    assert campaign is not None
    reading = address.read(given_by(address.link(address.write(state, campaign), "en", "9.9")))
    assert reading.rejected == []
    assert reading.model_version == "9.9"
    assert attempt({**DEFAULTS, **reading.values}, "en").campaign == campaign


def test_an_untouched_address_is_bare() -> None:
    entries = address.write(DEFAULTS, attempt(DEFAULTS, "fr").campaign)
    assert address.without_defaults(entries) == {}
    assert "place=64445" in address.link(entries, "fr", "1")
    assert "daily_budget=5" in address.link(entries, "fr", "1")


def test_further_towns_may_be_named_and_unknown_ones_are_told() -> None:
    assert address.read({"also_places": ["Bayonne;65440"]}).values["also_places"] == ["64102", "65440"]
    for bad in ("Nullepart-sur-Rien", ";".join(["Bayonne"] * 3) + ";", ";".join(map(str, range(10)))):
        reading = address.read({"also_places": [bad]})
        assert reading.rejected == ["also_places"], bad
        assert "also_places" not in reading.values


def test_a_town_may_be_named() -> None:
    reading = address.read({"place": ["Bayonne"]})
    assert reading.values["place"] == "64102"
    assert reading.values["place_text"] == "Bayonne"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("daily_budget", "0"),
        ("daily_budget", "-5"),
        ("daily_budget", "nan"),
        ("daily_budget", "1e9"),
        ("daily_budget", "1000000000"),
        ("daily_budget", "<script>"),
        ("duration_days", "0"),
        ("duration_days", "4000"),
        ("duration_days", "7.5"),
        ("radius_km", "1000"),
        ("radius_km", "0"),
        ("age_min", "7"),
        ("age_min", "64"),
        ("gender", "![x](http://198.51.100.7/x.png)"),
        ("objective", "fame"),
        ("platforms", "facebook,myspace"),
        ("platforms", ""),
        ("interests", "zzzz-no-such"),
        ("interests", ",".join(["gardening"] * 60)),
        ("currency", "XXX"),
        ("trade", "pirate"),
        ("start", "2026-13-45"),
        ("frequency_cap", "2"),
        ("frequency_cap", "2,7,9"),
        ("frequency_cap", "0,7"),
        ("audience_size", "-4"),
        ("audience_size", "1" * 30),
        ("place", "zzqqk"),
        ("place", "Saint-Denis"),
        ("place", "FR-999"),
        ("country_code", "ZZ"),
        ("country_code", "CA"),
        ("creative_format", "x" * 10_000),
        ("no_such_entry", "1"),
    ],
)
def test_a_bad_entry_gives_the_start_and_is_named(name: str, value: str) -> None:
    reading = address.read({name: [value]})
    assert reading.rejected == [name]
    assert attempt({**DEFAULTS, **reading.values}, "fr").campaign == attempt(DEFAULTS, "fr").campaign


def test_good_entries_survive_a_bad_one() -> None:
    reading = address.read({"daily_budget": ["10"], "age_min": ["50"], "age_max": ["20"], "gender": ["women"]})
    assert sorted(reading.rejected) == ["age_max", "age_min"]
    campaign = attempt({**DEFAULTS, **reading.values}, "fr").campaign
    assert (campaign.daily_budget, campaign.targeting.gender) == (10, "women")


def test_money_in_all_becomes_money_a_day() -> None:
    assert address.read({"total_budget": ["70"], "duration_days": ["14"]}).values["daily_budget"] == 5
    assert address.read({"total_budget": ["70"], "duration_days": ["10"]}).values["daily_budget"] == 7
    reading = address.read({"total_budget": ["70"], "daily_budget": ["5"]})
    assert reading.rejected == ["total_budget"]
    assert address.read({"total_budget": ["0"]}).rejected == ["total_budget"]


def test_an_entry_given_twice_is_refused() -> None:
    assert address.read({"daily_budget": ["5", "10"]}).rejected == ["daily_budget"]


@given(
    st.dictionaries(
        st.sampled_from(sorted(address.write(DEFAULTS, attempt(DEFAULTS, "fr").campaign))),
        st.text(max_size=40),
        max_size=4,
    )
)
def test_no_address_breaks_the_page(entries: dict[str, str]) -> None:
    reading = address.read({name: [value] for name, value in entries.items()})
    assert attempt({**DEFAULTS, **reading.values}, "fr").campaign is not None


def test_a_link_with_a_cap_that_is_no_longer_sold_opens_without_it_and_says_so() -> None:
    reading = address.read({"objective": ["link_clicks"], "frequency_cap": ["2,7"], "daily_budget": ["8"]})
    assert reading.rejected == ["frequency_cap"]
    assert reading.values["daily_budget"] == 8
    assert not reading.values.get("cap_times")
    assert address.read({"objective": ["reach"], "frequency_cap": ["120,7"]}).rejected == ["frequency_cap"]
    assert address.read({"objective": ["reach"], "frequency_cap": ["2,7"]}).rejected == []


@pytest.mark.parametrize(
    "entries", [{"tax": "fr_franchise"}, {"bought_in": "ios", "budget_is": "all_in"}, {"tax": "qc_no_numbers"}]
)
def test_a_link_says_what_leaves_the_account(entries: dict[str, str]) -> None:
    reading = address.read({name: [value] for name, value in entries.items()})
    campaign = attempt({**DEFAULTS, **reading.values}, "en").campaign
    assert reading.rejected == []
    assert {name: getattr(campaign, name) for name in entries} == entries
    written = address.write({**DEFAULTS, **reading.values}, campaign)
    assert entries.items() <= written.items()
    assert address.read({"tax": ["micro"], "budget_is": ["net"], "bought_in": ["tv"]}).values == {}


@pytest.mark.parametrize(
    ("entries", "currency", "place"),
    [
        ({"country_code": "CA", "place": "Trois-Rivières"}, "CAD", "37067"),
        ({"place": "Rimouski"}, "CAD", "10043"),
        ({"place": "Cork, Irlande"}, "EUR", "Cork (2965140)"),
        ({"country_code": "GB", "place": "London"}, "GBP", "London (2643743)"),
        ({"place": "CA-QC"}, "CAD", None),
        ({"country_code": "CA", "place": "Trois-Rivières", "currency": "EUR"}, "EUR", "37067"),
        ({"place": "postal-64300"}, "EUR", "postal-64300"),
        ({"country_code": "RU", "place": "Moscow"}, "USD", "Moscow (524901)"),
    ],
)
def test_the_money_is_that_of_the_country_unless_said(
    entries: dict[str, str], currency: str, place: str | None
) -> None:
    reading = address.read({name: [value] for name, value in entries.items()})
    state = {**DEFAULTS, **reading.values}
    assert reading.rejected == []
    assert state["currency"] == currency
    assert place in (None, state["place"])
    campaign = attempt(state, "en").campaign
    written = address.without_defaults(address.write(state, campaign))
    assert {**DEFAULTS, **address.read({name: [value] for name, value in written.items()}).values} == state
    assert ("currency" in written) == ("currency" in entries)
