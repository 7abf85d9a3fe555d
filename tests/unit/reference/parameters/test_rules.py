"""Rules of the platform by country."""

from __future__ import annotations

import pytest

from simulator.reference.parameters import age_and_place_only_below, load_parameters, minimum_age, minors_reachable

EUROPE = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
    *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


@pytest.mark.parametrize("code", [*EUROPE, "IS", "LI", "NO", "CH"])
def test_no_minors_in_the_european_union_the_eea_and_switzerland(code: str) -> None:
    assert minimum_age(code, load_parameters()) == 18
    assert not minors_reachable(code, load_parameters())


@pytest.mark.parametrize("code", ["CA", "US", "GB", "IN"])
def test_minors_elsewhere(code: str) -> None:
    assert minimum_age(code, load_parameters()) == 13
    assert minors_reachable(code, load_parameters())


def test_twenty_seven_countries_and_the_others_are_listed() -> None:
    listed = load_parameters().table("rules.minimum_age")
    assert len(EUROPE) == 27
    assert {code for code, age in listed.items() if age == 18} == {*EUROPE, "IS", "LI", "NO", "CH"}
    assert listed["AU"] == 16


def test_the_rule_can_be_lifted() -> None:
    own = load_parameters({"rules.minimum_age.FR": 13})
    assert minors_reachable("FR", own)


def test_young_adults_of_thailand_and_indonesia() -> None:
    ages = [age_and_place_only_below(code, load_parameters()) for code in ("TH", "ID", "CA")]
    assert ages == [20, 21, 18]
