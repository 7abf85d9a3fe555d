"""Prices in the document are in the money of the campaign, and what was never kept has no name."""

from __future__ import annotations

import pytest

from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.page import worded
from simulator.presentation.reports.words import texts_of
from simulator.reference.parameters import load_parameters, units_per_euro
from tests.unit.presentation.reports.examples import campaign, scenario


@pytest.mark.parametrize("currency", ["EUR", "CAD"])
def test_the_starting_price_is_in_the_money_of_the_campaign(currency: str) -> None:
    report = build(scenario(campaign=campaign(currency=currency)))
    price = next(line for line in report.lines if line.code == "price")
    source = load_parameters()["prices.cpm.FR"]
    rate = units_per_euro(currency) / units_per_euro(source.currency)
    assert price.currency == currency
    assert (price.value, price.high) == pytest.approx((rate * source.value, rate * source.high))
    said = worded(report, texts_of("fr"))
    sign = "€" if currency == "EUR" else "$\u00a0CA"
    row = next(row for row in said["lines"]["rows"] if "Prix" in row[0] and sign in row[1])
    assert row[1].count(sign) == 3


def test_a_name_is_printed_only_where_a_trial_was_kept() -> None:
    never, kept = scenario(), scenario().with_figures()
    texts = texts_of("fr")
    assert never.id not in worded(build(never), texts)["foot"]
    assert kept.id in worded(build(kept), texts)["foot"]
