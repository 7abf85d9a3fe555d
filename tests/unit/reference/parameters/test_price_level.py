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
    assert level.median == pytest.approx(price.value / units_per_euro("USD"))
    for seen in (6.40, 9.67, 6.08 * units_per_euro("USD")):
        assert price.low < seen < price.high
    assert 6.40 < price.value < 9.67
    assert not level.is_assumption
    assert level.price_date == datetime.date(2025, 7, 1)
    assert "prices.cpm.FR" in level.keys


@pytest.mark.parametrize("code", ["FR", "CA", "US", "DE", "ES", "AU", "SE"])
def test_a_country_with_a_figure_of_its_own_is_no_assumption(shipped: Parameters, code: str) -> None:
    level = cpm_level(code, shipped)
    assert not level.is_assumption
    assert 0.3 < level.log_sd < 0.7


@pytest.mark.parametrize("code", ["PL", "CH"])
def test_a_country_known_by_one_account_alone_is_as_wide_as_accounts_differ(shipped: Parameters, code: str) -> None:
    """Fitted to the job advertisements of 2020, one advertiser's: another may pay twice or half."""
    level = cpm_level(code, shipped)
    assert not level.is_assumption
    assert shipped[f"prices.cpm.{code}"].origin == "calibrated"
    known = [cpm_level(other, shipped).log_sd for other in ("FR", "CA", "US", "DE", "ES", "AU", "SE")]
    assert level.log_sd > max(*known, shipped["calibration.account_price"].log_sd)
    assert level.log_sd < 0.9


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
    assert shipped["prices.cpm.world"].currency_assumed
    assert not shipped.replace({"prices.cpm.world": 20.0})["prices.cpm.world"].currency_assumed


@pytest.mark.parametrize("code", ["GB", "BE", "IN", "MA", "BR"])
def test_other_countries_are_scaled_by_income_and_labelled(shipped: Parameters, code: str) -> None:
    level = cpm_level(code, shipped)
    income = shipped.value(f"income.per_head.{code}") / shipped.value("prices.income_reference")
    world = shipped.value("prices.cpm.world") / units_per_euro("USD")
    expected = world * income ** shipped.value("prices.income_elasticity") * shipped.value("prices.fallback_error")
    assert level.median == pytest.approx(expected)
    assert level.is_assumption
    assert level.log_sd >= 0.7
    assert f"income.per_head.{code}" in level.keys


def test_the_farther_from_the_reference_income_the_less_is_known(shipped: Parameters) -> None:
    assert cpm_level("IN", shipped).log_sd > cpm_level("GB", shipped).log_sd > cpm_level("NO", shipped).log_sd - 0.02


def test_a_country_without_income_gets_the_middle_one(shipped: Parameters) -> None:
    level = cpm_level("XK", shipped)
    assert level.is_assumption
    assert cpm_level("BI", shipped).median < level.median < cpm_level("NO", shipped).median


def test_no_fall_back_is_surer_than_the_least(shipped: Parameters) -> None:
    sure = {"range": {"low": 0.749, "high": 0.751}}
    narrow = shipped.replace(
        {
            "prices.fallback_error": sure,
            "prices.cpm.world": {"range": {"low": 14.8, "high": 15.0}, "currency_assumed": False},
        }
    )
    assert cpm_level("GB", narrow).log_sd == 0.7


@pytest.mark.parametrize("code", ["fr", "FRA", "", "F1!"])
def test_a_code_that_is_none_is_refused(shipped: Parameters, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        cpm_level(code, shipped)
    assert caught.value.code == "unknown_country"


def test_incomes_are_known_for_every_country_of_the_age_table(shipped: Parameters, shared: Path) -> None:
    with next(shared.rglob("age_sex_world_2025.csv")).open(encoding="utf-8") as rows:
        codes = {row["iso2"] for row in csv.DictReader(rows)}
    assert codes - set(shipped.table("income.per_head")) == set()
