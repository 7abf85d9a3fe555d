"""The price of a country, in euros, with its date and its doubt."""

from __future__ import annotations

import csv
import datetime
import math
from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.parameters import Parameters, cpm_level, load_parameters, units_per_euro


@pytest.fixture(scope="module")
def shipped() -> Parameters:
    return load_parameters()


def test_france_honours_both_editions_of_its_vendor_and_the_agencies(shipped: Parameters) -> None:
    level = cpm_level("FR", shipped)
    price = shipped["prices.cpm.FR"]
    assert level.median == price.value, "in euros since accounts are learnt from together with what is published"
    vendor = [seen / units_per_euro("USD") for seen in (6.40, 9.67)]
    for seen in (*vendor, 6.08):
        assert price.low < seen < price.high
    assert vendor[0] < price.value < vendor[1]
    assert not level.is_assumption
    assert level.price_date == datetime.date(2025, 7, 1)
    assert "prices.cpm.FR" in level.keys


@pytest.mark.parametrize("code", ["FR", "CA", "US", "DE", "ES", "AU", "SE"])
def test_a_country_with_a_figure_of_its_own_is_no_assumption(shipped: Parameters, code: str) -> None:
    level = cpm_level(code, shipped)
    assert not level.is_assumption
    assert 0.3 < level.log_sd < 0.7


@pytest.mark.parametrize("code", ["PL", "CH"])
def test_a_country_without_a_published_price_is_wider_than_accounts_differ(shipped: Parameters, code: str) -> None:
    """Learnt from accounts elsewhere and a few of its own: its mean is doubted on top of what accounts differ by."""
    level, own = cpm_level(code, shipped), shipped[f"prices.cpm.{code}"]
    assert not level.is_assumption
    assert own.origin == "calibrated"
    accounts = shipped["calibration.account_price"].log_sd
    assert level.log_sd == pytest.approx(math.hypot(own.log_sd, accounts))
    assert own.log_sd > min(shipped[key].log_sd for key in shipped.keys("prices.cpm"))
    assert accounts < level.log_sd < cpm_level("BE", shipped).log_sd, "and less than by its income alone"


def test_a_price_in_euros_is_not_converted(shipped: Parameters) -> None:
    assert shipped["prices.cpm.PL"].currency == "EUR"
    assert cpm_level("PL", shipped).median == shipped.value("prices.cpm.PL")


def test_a_price_without_a_stated_currency_is_doubted_more(shipped: Parameters) -> None:
    stated = cpm_level("FR", shipped)
    assumed = cpm_level("FR", shipped.replace({"prices.cpm.FR": {"currency_assumed": True}}))
    assert assumed.log_sd == pytest.approx(math.hypot(stated.log_sd, 0.15), abs=1e-4)
    assert assumed.median == stated.median
    assert "prices.currency_error" in assumed.keys


def test_a_price_that_the_user_types_has_a_stated_currency(shipped: Parameters) -> None:
    doubted = shipped.replace({"prices.cpm.world": {"currency_assumed": True}})
    assert doubted["prices.cpm.world"].currency_assumed
    assert not doubted.replace({"prices.cpm.world": 20.0})["prices.cpm.world"].currency_assumed


@pytest.mark.parametrize("code", ["IE", "BE", "IN", "MA", "BR"])
def test_other_countries_are_scaled_by_income_and_labelled(shipped: Parameters, code: str) -> None:
    level = cpm_level(code, shipped)
    income = shipped.value(f"income.per_head.{code}") / shipped.value("prices.income_reference")
    expected = shipped.value("prices.cpm.world") * income ** shipped.value("prices.income_elasticity")
    assert level.median == pytest.approx(expected)
    assert level.is_assumption
    parts = ("prices.cpm.world", "prices.fallback_error", "calibration.account_price")
    assert level.log_sd >= math.hypot(*(shipped[key].log_sd for key in parts)) - 1e-9
    assert f"income.per_head.{code}" in level.keys


def test_the_farther_from_the_reference_income_the_less_is_known(shipped: Parameters) -> None:
    assert cpm_level("IN", shipped).log_sd > cpm_level("BR", shipped).log_sd > cpm_level("BE", shipped).log_sd


def test_a_country_without_income_gets_the_middle_one(shipped: Parameters) -> None:
    level = cpm_level("XK", shipped)
    assert level.is_assumption
    assert cpm_level("BI", shipped).median < level.median < cpm_level("NO", shipped).median


def test_no_fall_back_is_surer_than_accounts_differ(shipped: Parameters) -> None:
    narrow = shipped.replace(
        {
            "prices.fallback_error": {"range": {"low": 0.999, "high": 1.001}},
            "prices.cpm.world": {"range": {"low": 9.05, "high": 9.07}},
        }
    )
    accounts = shipped["calibration.account_price"].log_sd
    assert accounts < cpm_level("BE", narrow).log_sd < 1.1 * accounts


@pytest.mark.parametrize("code", ["fr", "FRA", "", "F1!"])
def test_a_code_that_is_none_is_refused(shipped: Parameters, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        cpm_level(code, shipped)
    assert caught.value.code == "unknown_country"


def test_incomes_are_known_for_every_country_of_the_age_table(shipped: Parameters, shared: Path) -> None:
    with next(shared.rglob("age_sex_world_2025.csv")).open(encoding="utf-8") as rows:
        codes = {row["iso2"] for row in csv.DictReader(rows)}
    assert codes - set(shipped.table("income.per_head")) == set()
