"""Numbers are read in the one way they can be meant, or not at all."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.base.errors import InvalidInput
from simulator.learning.export.numbers import BLANK, INVALID, PLAIN, ROUNDED, NumberColumn, Numbers, decimal_mark


def settle(amounts: list[object], counts: list[object] = ()) -> tuple[list[float], list[int]]:
    """Values and kinds of a column of amounts, beside one of counts."""
    numbers = Numbers()
    columns = [NumberColumn(numbers), NumberColumn(numbers)]
    columns[0].add(amounts)
    columns[1].add(counts)
    values, kinds = columns[0].resolved(decimal_mark(numbers, [columns[1]], [columns[0]], "the file"))
    return values.tolist(), kinds.tolist()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12), ("12.5", 12.5), ("12,50", 12.5), ("0,123", 0.123), ("1234.567", 1234.567), ("1,234.5", 1234.5),
        ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1\u00a0234,50", 1234.5), ("1\u202f234\u202f567", 1234567),
        ("1'234.50", 1234.5), ("1’234.50", 1234.5), ("1,234,567", 1234567), ("1.234.567", 1234567),
        ("12,34,567.8", 1234567.8), ("-3.5", -3.5), ("−3,5", -3.5), ("(3.50)", -3.5), ("€12.50", 12.5),
        ("12,50 €", 12.5), ("US$ 12.50", 12.5), ("12.50 CAD", 12.5), ("'12.5", 12.5), (" 12.5 ", 12.5),
        ("1â€¯234,5", 1234.5), ("１２.5", 12.5), (".5", 0.5), (12.345, 12.345), (7, 7),
    ],
)  # fmt: skip
def test_a_number_that_can_be_meant_in_one_way(written, meant):
    assert settle([written]) == ([meant], [PLAIN])


@pytest.mark.parametrize(
    "written",
    ["abc", "1.2.3", "1,23,4", "12 34", "1 234 56", "1_000", "0x1F", "#REF!", "=1+1", "12%", "inf", "+5", "1.", "٣",
     True, b"1", "5 EUR EUR", "--5", "1..5", "1.5-"],
)  # fmt: skip
def test_what_is_no_number(written):
    values, kinds = settle([written])
    assert math.isnan(values[0])
    assert kinds == [INVALID]


def test_a_leading_zero_is_followed_by_decimals_in_company_too():
    assert settle(["0,123", None, "abc"])[0][0] == 0.123


@pytest.mark.parametrize("written", ["1.2E+17", "1e5", "3,4E-2", "1E400"])
def test_what_a_spreadsheet_rounded(written):
    assert settle([written])[1] == [ROUNDED]


@pytest.mark.parametrize("written", ["", " ", "-", "--", "—", "N/A", "nan", None])
def test_what_is_blank(written):
    assert settle([written])[1] == [BLANK]


@pytest.mark.parametrize(
    ("amounts", "counts", "meant"),
    [
        (["1,234", "12.5"], [], 1234),
        (["1,234", "12,5"], [], 1.234),
        (["1.234", "1,5"], [], 1234),
        (["1,234"], ["2,345"], 1234),
        (["1.234"], ["2.345"], 1234),
        (["1,234"], ["2.345"], 1.234),
        (["1,234", "1,234,567"], [], 1234),
        (["1 234,567", "1,234"], [], 1.234),
    ],
)
def test_other_cells_decide_what_a_mark_means(amounts, counts, meant):
    assert meant in settle(amounts, counts)[0]


@pytest.mark.parametrize("counts", [[], ["500"], ["12345"]])
def test_without_any_the_amount_is_refused_rather_than_read_wrong_by_a_thousand(counts):
    with pytest.raises(InvalidInput) as refusal:
        settle(["1,234", "456"], counts)
    assert refusal.value.code == "ambiguous_numbers"


@pytest.mark.parametrize("amounts", [["12,5", "12.5"], ["1,234,567", "1,5"], ["1.234,5", "1,234.5"]])
def test_cells_that_contradict_each_other_are_refused(amounts):
    with pytest.raises(InvalidInput) as refusal:
        settle(amounts)
    assert refusal.value.code == "mixed_numbers"
    assert " beside " in refusal.value.message


def test_counts_with_thousands_contradict_amounts_with_the_same_mark_for_decimals():
    with pytest.raises(InvalidInput) as refusal:
        settle(["12,50"], ["1,234"])
    assert refusal.value.code == "mixed_numbers"


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=30),
    st.sampled_from([(".", ","), (".", ""), (",", "."), (",", " "), (",", "\u202f"), (".", "'"), (",", "")]),
)
def test_amounts_with_two_decimals_come_back_however_they_are_written(cents, marks):
    decimal, thousands = marks
    written = [f"{each / 100:,.2f}".translate({44: thousands, 46: decimal}) for each in cents]
    assert settle(written)[0] == [float(f"{each / 100:.2f}") for each in cents]


@given(
    st.lists(
        st.one_of(st.text(max_size=12), st.from_regex(r"[0-9]{1,4}([.,][0-9]{0,4}){0,2}", fullmatch=True)), max_size=20
    )
)
def test_many_at_once_are_read_as_one_by_one(cells):
    together, singly = Numbers(), Numbers()
    values, kinds = together.read(cells)
    pairs = [singly.read([cell, None]) for cell in cells]
    assert kinds.tolist() == [pair[1][0] for pair in pairs]
    for one, (other, _) in zip(values.tolist(), pairs, strict=True):
        assert one == other[0] or (math.isnan(one) and math.isnan(other[0]))
    assert set(together.roles) == set(singly.roles)
