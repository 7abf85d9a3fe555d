"""Amounts with their unit of money: signs, codes and names before or behind, in headers and in cells."""

from __future__ import annotations

import pytest

from simulator.learning.export.headers import recognise
from simulator.learning.export.numbers import INVALID, Numbers
from simulator.learning.export.values import unit_of
from tests.unit.learning.reading import DAYS, HEADER, codes, lines, read
from tests.unit.learning.test_numbers import settle


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1 234,50 $", None), ("1 234,50 $ CA", "CAD"), ("1 234,50 $CA", "CAD"), ("1 234,50 $US", "USD"),
        ("CA$1,234.50", "CAD"), ("C$1,234.50", "CAD"), ("CAD $1,234.50", "CAD"), ("$1,234.50 CAD", "CAD"),
        ("$1,234.50", None), ("Fr. 1'234.50", "CHF"), ("1 234,50 zł", "PLN"), ("1 234,50 kr", None),
        ("R$ 1.234,50", "BRL"), ("₹1,234.50", "INR"), ("₺1.234,50", "TRY"), ("1 234,50 F CFA", None),
        ("1 234,50 €", "EUR"), ("-€1,234.50", "EUR"), ("(1,234.50 €)", "EUR"),
    ],
)  # fmt: skip
def test_an_amount_with_its_unit_of_money(written, code):
    sign = -1 if written[0] in "-(" else 1
    assert settle([written])[0] == [sign * 1234.5]
    frame = read(lines(f'A,"{written.strip("-()")}",800,1000,{DAYS}'))
    assert frame["currency"].tolist() == [code]
    assert ("no_currency" in codes(frame)) == (code is None)


@pytest.mark.parametrize("written", ["12 km", "12 €€", "12 € CAD", "12 EUR USD", "12%", "x12", "12 CA", "$", "€ $"])
def test_what_stands_beside_a_number_must_be_one_currency(written):
    assert settle([written])[0] != [12.0]


@pytest.mark.parametrize(("written", "meant"), [("Fr.500", 500), ("€.50", 0.5), (".50 €", 0.5), ("€ .5", 0.5)])
def test_the_point_of_an_abbreviation_is_not_that_of_the_number(written, meant):
    assert settle([written])[0] == [meant]


def test_cells_of_several_currencies_tell_none_and_the_header_goes_before_the_cells():
    assert read(lines(f"A,12 €,800,1000,{DAYS}", f"B,12 £,800,1000,{DAYS}"))["currency"].tolist() == [None, None]
    header = HEADER.replace("Amount spent", "Amount spent (CAD)")
    assert read(lines(f"A,12 $,800,1000,{DAYS}", header=header))["currency"].tolist() == ["CAD"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Amount spent EUR", "EUR"), ("Amount spent - EUR", "EUR"), ("Amount spent, EUR", "EUR"),
        ("Amount spent (in EUR)", "EUR"), ("Amount spent ($)", None), ("Amount spent (CA$)", "CAD"),
        ("Amount spent (US$)", "USD"), ("Montant dépensé ($ CA)", "CAD"), ("Montant dépensé ($CA)", "CAD"),
        ("Montant dépensé (en €)", "EUR"), ("Montant dépensé en EUR", "EUR"), ("Montant dépensé (euros)", "EUR"),
    ],
)  # fmt: skip
def test_a_header_with_its_unit_of_money(header, code):
    assert recognise(header) == ("spend", code)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Dollar canadien", (True, "CAD")), ("US Dollar", (True, "USD")), ("Euro", (True, "EUR")), ("eur", (True, "EUR")),
     ("$", (True, None)), ("", (False, None)), ("$$", (False, None)), ("CAD$$", (False, None)),
     ("EUR EUR", (False, None)), ("Pau", (False, None))],
)  # fmt: skip
def test_units_of_money(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize("lost", ["?", "\ufffd"])
def test_a_thousands_space_that_the_encoding_did_not_have(lost):
    frame = read(lines(f'A,"1{lost}234,50 {lost}",800,1{lost}000,{DAYS}'))
    assert frame[["spend", "impressions"]].to_numpy().tolist() == [[1234.5, 1000]]
    assert settle([f"1{lost}23"])[1] == [INVALID]


@pytest.mark.parametrize("unit", ["{} €", "{}\u00a0€", "$CA{}", "EUR {}", "{}€"])
def test_many_amounts_with_one_unit_are_read_as_one_by_one(unit):
    amounts = ["12,50", "1 234,5", "0,99", "1\u202f234\u202f567,00", "7"]
    cells = [*map(unit.format, amounts), ""]
    together, singly = Numbers(), Numbers()
    values, kinds = together.read(cells)
    alone, alone_kinds = singly.read([*cells, "(x)"])
    assert values.tolist()[:5] == alone.tolist()[:5] == [12.5, 1234.5, 0.99, 1234567, 7]
    assert kinds.tolist() == alone_kinds.tolist()[:-1]
    assert together.roles == {(",", "decimal"): "12,50"}
    assert set(together.units.values()) == set(singly.units.values()) == {"CAD" if "$" in unit else "EUR"}
    assert len(together.units) == 1


def test_amounts_with_several_units_are_not_taken_for_one():
    values, kinds = Numbers().read(["12 €", "12 $", "12 km", "-5 €"])
    assert values.tolist()[:2] == [12, 12]
    assert values.tolist()[3] == -5
    assert kinds.tolist()[2] == INVALID
