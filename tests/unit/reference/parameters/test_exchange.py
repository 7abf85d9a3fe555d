"""Exchange rates of one day."""

from __future__ import annotations

import datetime

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.parameters import currencies, load_parameters, units_per_euro


def test_rates_of_the_day_they_are_dated() -> None:
    """ECB reference rates of 30 October 2026."""
    assert units_per_euro("EUR") == 1.0
    assert units_per_euro("USD") == 1.1172
    assert units_per_euro("CAD") == 1.5606
    assert load_parameters()["exchange_rates.units_per_euro.USD"].valid_from == datetime.date(2026, 10, 30)


def test_every_currency_has_a_rate() -> None:
    assert list(currencies()) == sorted(currencies())
    assert len(currencies()) >= 30
    assert all(units_per_euro(currency) > 0.0 for currency in currencies())


@pytest.mark.parametrize("currency", ["eur", "XXX", "", "€", "values"])
def test_an_unknown_currency_lists_the_known(currency: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        units_per_euro(currency)
    assert caught.value.code == "unknown_currency"
    assert "CAD" in caught.value.data["allowed"]


def test_a_rate_can_be_replaced() -> None:
    own = load_parameters({"exchange_rates.units_per_euro.USD": 1.5})
    assert units_per_euro("USD", own) == 1.5
    assert units_per_euro("USD") == 1.1172
