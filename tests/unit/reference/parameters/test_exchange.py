"""Exchange rates of one day."""

from __future__ import annotations

import datetime

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.parameters import currencies, is_rate_assumed, load_parameters, units_per_euro


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


def test_currencies_that_the_bank_does_not_quote_go_by_their_parity_or_by_a_rate_that_is_said_to_be_assumed() -> None:
    """The treaty's parities: one euro is 655.957 CFA francs, a thousand CFP francs are 8.38 euros."""
    assert units_per_euro("XOF") == units_per_euro("XAF") == 655.957
    assert 1000.0 / units_per_euro("XPF") == pytest.approx(8.38, rel=1e-6)
    assert units_per_euro("AED") == pytest.approx(3.6725 * units_per_euro("USD"), rel=1e-4)
    assert [is_rate_assumed(code) for code in ("EUR", "XOF", "MAD", "EGP")] == [False, False, True, True]
    assert load_parameters()["exchange_rates_other.floating.MAD"].log_sd > 0.05
