"""Numbers, money and dates as people write and type them."""

from __future__ import annotations

import datetime
import math

import pytest

from simulator.apps.web import formats
from simulator.base.errors import InvalidInput


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, 0),
        (0.4, 0),
        (1, 1),
        (7.6, 8),
        (12, 10),
        (48, 50),
        (97, 95),
        (6187, 6200),
        (84_530, 85_000),
        (1_234_567, 1_200_000),
    ],
)
def test_counts_are_rounded_as_people_speak(value: float, said: int) -> None:
    assert formats.spoken(value) == said


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        (35, "EUR", "fr", "35\u00a0€"),
        (35, "EUR", "en", "€35"),
        (12.5, "EUR", "fr", "12,50\u00a0€"),
        (1234, "CAD", "fr", "1\u202f234\u00a0$\u00a0CA"),
        (1234, "CAD", "en", "CA$1,234"),
        (10, "USD", "en", "$10"),
    ],
)
def test_money_by_language_and_currency(amount: float, currency: str, language: str, said: str) -> None:
    assert formats.money(amount, currency, language) == said


def test_small_prices_keep_two_digits() -> None:
    assert formats.fine_money(0.012, "EUR", "fr") == "0,012\u00a0€"
    assert formats.fine_money(6.4, "EUR", "fr") == "6,40\u00a0€"
    assert formats.fine_money(math.inf, "EUR", "fr") == "–"


def test_percentages_dates_and_months() -> None:
    assert formats.percent(0.0137, "fr") == "1,4\u00a0%"
    assert formats.percent(0.25, "en") == "25%"
    assert formats.percent(0, "fr") == "0\u00a0%"
    assert formats.date(datetime.date(2026, 12, 1), "fr") == "1er décembre 2026"
    assert formats.month(8, "fr") == "août"


@pytest.mark.parametrize(
    ("typed", "language", "value"),
    [
        ("5", "fr", 5),
        (" 12,5 ", "fr", 12.5),
        ("6 200", "fr", 6200),
        ("6\u202f200", "fr", 6200),
        ("1,000", "en", 1000),
        ("1,000", "fr", 1),
        ("5 €", "fr", 5),
        ("$7.50", "en", 7.5),
        ("-3", "fr", -3),
        ("1e9", "fr", 1e9),
    ],
)
def test_numbers_as_people_type_them(typed: str, language: str, value: float) -> None:
    assert formats.parse_number(typed, "daily_budget", language) == value


@pytest.mark.parametrize(
    "typed", ["abc", "nan", "inf", "1e999", "", "--5", "1.2.3", "9" * 100, "![x](http://a)", "0x10"]
)
def test_what_is_no_number_is_said_and_kept(typed: str) -> None:
    with pytest.raises(InvalidInput) as error:
        formats.parse_number(typed, "daily_budget", "fr")
    assert error.value.code == "not_a_number"
    assert error.value.data["received"].strip("'…").startswith(typed[:40])


def test_half_a_day_is_no_whole_number() -> None:
    with pytest.raises(InvalidInput):
        formats.parse_number("7,5", "duration_days", "fr", whole=True)


@pytest.mark.parametrize("value", [1e15, 1e30, -1e300, float("inf"), float("nan"), 10**29])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_nobody_writes_out_is_still_shown(value: float, language: str) -> None:
    assert formats.number(value, language, 6)
    assert formats.money(value, "EUR", language).endswith("EUR")


def test_an_amount_below_nothing_has_a_real_minus_sign() -> None:
    assert formats.money(-35, "EUR", "fr") == "\u221235\u00a0€"
    assert formats.fine_money(-0.5, "EUR", "en") == "\u2212€0.50"
