"""The frozen model of all inputs: which numbers, texts and lists it takes, and that only InvalidInput leaves it."""

from __future__ import annotations

import copy
import math
import pickle
import traceback
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput, InvalidInputs, shown
from simulator.base.validation import (
    MAX_TEXT,
    Number,
    Text,
    Validated,
    Whole,
    between,
    figure,
    in_range,
    list_up_to,
    nearest,
    numbers,
)


class Inner(Validated):
    amount: Number
    size: Annotated[Number, between(0, 10, "m")] = 1.0


class Outer(Validated):
    inner: Inner
    name: Text = ""
    count: Whole = 1
    inners: Annotated[tuple[Inner, ...], list_up_to(3)] = ()


GOOD = Outer(inner=Inner(amount=5))


def refused(build: Callable[..., object], *values: Any, **entries: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        build(*values, **entries)
    return caught.value


@pytest.mark.parametrize(
    "value", [5, 5.0, np.int8(5), np.uint64(5), np.float32(5), np.float64(5), np.longdouble(5), Fraction(5), Decimal(5)]
)
def test_every_kind_of_number_is_taken_as_the_same_number(value: Any) -> None:
    assert Inner(amount=value) == Inner(amount=5.0)
    assert type(Inner(amount=value).amount) is float
    assert Outer(inner=GOOD.inner, count=value).count == 5
    assert type(Outer(inner=GOOD.inner, count=value).count) is int


@pytest.mark.parametrize(
    "value", [True, False, np.True_, "5", b"5", None, [5], (5,), {}, 1 + 2j, np.array(5.0), np.array([5]), object()]
)
def test_truth_values_numeric_strings_and_containers_are_no_numbers(value: Any) -> None:
    for field in ("amount", "count"):
        error = refused(Inner if field == "amount" else GOOD.replace, **{field: value})
        assert error.code == "not_a_number"
        assert error.data["field"] == field


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("sNaN"), 10**400, 10**5000], ids=shown
)
def test_what_is_not_finite_is_refused(value: Any) -> None:
    error = refused(Inner, amount=value)
    assert (error.code, error.data["allowed"]) == ("not_a_number", "a finite one")


def test_a_part_is_no_whole_number() -> None:
    assert refused(GOOD.replace, count=7.5).data["allowed"] == "a whole one, such as 7"
    assert GOOD.replace(count=7.0).count == 7


@pytest.mark.parametrize("text", ["", "Pau", "Île-d’Aix", "東京", "a\tb\nc", "😀", "x" * MAX_TEXT], ids=shown)
def test_texts_of_people_are_taken(text: str) -> None:
    assert GOOD.replace(name=text).name == text
    assert type(GOOD.replace(name=np.str_(text)).name) is str


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *((value, "wrong_type") for value in (5, None, True, b"Pau", ["Pau"], {"Pau": 1})),
        *((value, "too_long") for value in ("x" * (MAX_TEXT + 1), "x" * 5_000_000)),
        *((value, "unprintable") for value in ("a\0", "\x1b[31m", "\x85", "\ud800", "a\udfff")),
    ],
    ids=shown,
)
def test_other_texts_are_refused(value: Any, code: str) -> None:
    error = refused(GOOD.replace, name=value)
    assert error.code == code
    assert error.message.isprintable()


def test_any_list_is_a_list() -> None:
    inner = Inner(amount=1)
    for given in ([inner], (inner,), {inner}, frozenset([inner]), iter([inner]), (one for one in [inner])):
        assert GOOD.replace(inners=given).inners == (inner,)


def test_a_set_always_comes_in_the_same_order() -> None:
    given = {Inner(amount=3), Inner(amount=1), Inner(amount=2)}
    assert [one.amount for one in GOOD.replace(inners=given).inners] == [1, 2, 3]


@pytest.mark.parametrize("value", [None, 5, "abc", b"abc", {}, {"a": 1}, GOOD.inner, range(2), np.array([1, 2])])
def test_what_is_no_list_is_refused(value: Any) -> None:
    error = refused(GOOD.replace, inners=value)
    assert (error.code, error.data["field"]) == ("wrong_type", "inners")


def test_a_list_without_end_is_not_read_to_its_end() -> None:
    def endless() -> Any:
        while True:
            yield GOOD.inner

    assert refused(lambda: GOOD.replace(inners=endless())).code == "too_many"
    assert refused(GOOD.replace, inners=[GOOD.inner] * 10**6).data["received"] == 10**6


def test_the_path_of_a_nested_error_is_whole() -> None:
    error = refused(Outer, inner={"amount": 1}, inners=[{"amount": 1}, {"amount": 1, "size": 11}])
    assert error.data["field"] == "inners.1.size"
    assert error.message == "inners.1.size: received 11; allowed: 0 to 10 m. Choose a value in that range."


def test_all_problems_of_a_form_are_told_at_once() -> None:
    error = refused(Outer.from_dict, {"inner": {"amount": "a", "size": -1}, "count": None})
    assert isinstance(error, InvalidInputs)
    assert [one.data["field"] for one in error.problems] == ["inner.amount", "inner.size", "count"]


@pytest.mark.parametrize("entries", [None, 5, "x", [], [("inner", 1)], Outer, object()])
def test_what_is_no_object_is_refused(entries: Any) -> None:
    for build in (Outer.from_dict, Outer.model_validate):
        error = refused(build, entries)
        assert (error.code, error.data["field"]) == ("wrong_type", "outer")
    assert refused(Outer, inner=entries).data["field"] == "inner"


@pytest.mark.parametrize("entries", [{1: 2}, {None: 2}, {("a",): 2}, {b"inner": 2}])
def test_entries_without_a_name_are_refused(entries: Any) -> None:
    for build in (Outer.from_dict, lambda entries: Outer(inner=entries)):
        with pytest.raises(TypeError):
            build(entries)


def test_unknown_entries_are_refused_by_name_and_the_known_ones_told() -> None:
    error = refused(Inner, amount=1, colour="red")
    assert (error.code, error.data["field"], error.data["allowed"]) == ("unknown_field", "colour", "amount, size")
    odd = refused(Inner.from_dict, {"amount": 1, "x\n" * 10_000: 1})
    assert len(odd.data["field"]) <= 60
    assert odd.message.isprintable()


@pytest.mark.parametrize("build", [Inner.from_dict, Inner.model_validate, lambda entries: Inner(**entries)])
def test_no_way_in_lets_another_error_out(build: Callable[[dict[str, Any]], object]) -> None:
    for entries in ({}, {"amount": "a"}, {"amount": 1, "b": 2}, {"amount": 1, "size": 99}):
        error = refused(build, entries)
        told = "".join(traceback.format_exception(error))
        assert "ValidationError" not in told, "pydantic's error would be printed beside ours"


def test_broken_json_is_refused_in_our_words() -> None:
    for text in ("{", "[" * 10_000, '{"amount": 1, "amount": 2}', "null", '{"amount": NaN}', b"\xff"):
        refused(Inner.from_json, text)


def test_values_may_be_given_in_the_order_of_the_entries() -> None:
    assert Inner(5, 2) == Inner(amount=5, size=2)
    with pytest.raises(TypeError, match="at most 2 values without a name, not 3"):
        Inner(1, 2, 3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="several values for amount"):
        Inner(1, amount=1)  # type: ignore[misc]


def test_a_model_by_name_alone_takes_no_value_by_position() -> None:
    class Named(Validated, kw_only=True):
        amount: Number

    assert Named(amount=5).amount == 5
    with pytest.raises(TypeError, match="at most 0 values"):
        Named(5)  # type: ignore[misc]


def test_a_mapping_of_another_kind_is_taken() -> None:
    assert Inner.from_dict(MappingProxyType({"amount": 5})) == Inner(amount=5)


def test_a_model_is_frozen() -> None:
    for change in (lambda: setattr(GOOD, "count", 2), lambda: setattr(GOOD, "new", 2)):
        assert refused(change).code == "frozen"
    with pytest.raises(ValueError, match="frozen"):
        del GOOD.count
    assert GOOD.count == 1
    assert hash(GOOD) == hash(copy.deepcopy(GOOD))


def test_a_changed_copy_is_validated_again() -> None:
    assert GOOD.replace(count=2) == Outer(inner=GOOD.inner, count=2)
    assert GOOD.count == 1
    assert refused(GOOD.replace, count="two").code == "not_a_number"
    assert refused(GOOD.replace, new=1).code == "unknown_field"


def test_a_model_survives_pickling_copying_and_json() -> None:
    model = GOOD.replace(name="é\n", inners=[Inner(amount=0.1), Inner(amount=1e-300)])
    for twin in (pickle.loads(pickle.dumps(model)), copy.copy(model), copy.deepcopy(model), model.model_copy()):
        assert twin == model
        assert refused(setattr, twin, "count", 2).code == "frozen"
    assert Outer.from_json(model.to_json()) == Outer.from_dict(model.to_dict()) == model
    assert model.to_json().endswith("}\n")


@pytest.mark.parametrize("given", [[1, 5], (1, 5), {1, 5}, range(1, 6, 4), np.array([1, 5]), pd.Series([1.0, 5.0])])
def test_numbers_are_read_from_whatever_holds_them(given: Any) -> None:
    assert numbers("budgets", given, 0, 9, "EUR", 3) == [1.0, 5.0]
    assert numbers("budgets", (one for one in given), 0, 9, "EUR", 3) == [1.0, 5.0]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        *((given, "wrong_type", "budgets") for given in (None, 5, "15", b"15", {1: 5}, np.array(5))),
        ([], "empty_choice", "budgets"),
        ([1, 1, 1, 1], "too_many", "budgets"),
        *(([1, one], "not_a_number", "budgets.1") for one in (math.nan, True, "5", None, [5], 10**400)),
        *(([one], "out_of_range", "budgets.0") for one in (-1, 9.5)),
    ],
    ids=shown,
)
def test_other_numbers_are_refused_with_their_place(given: Any, code: str, field: str) -> None:
    error = refused(numbers, "budgets", given, 0, 9, "EUR", 3)
    assert (error.code, error.data["field"]) == (code, field)


def test_figures_are_told_without_noise_and_without_loss() -> None:
    assert [figure(value) for value in (5, 5.0, 0.1 + 0.2, 100_000.01, 1e9)] == [
        "5",
        "5",
        "0.3",
        "100000.01",
        "1000000000",
    ]
    assert "5,000,000,000" in refused(in_range, "people", 6e9, 1, 5e9).message


def test_nearest_names_come_best_first_and_never_from_a_book() -> None:
    assert nearest("Paau", ["Bordeaux", "Pau", "Paul"])[0] == "Pau"
    assert nearest("x" * 10**6, ["Pau"]) == []
