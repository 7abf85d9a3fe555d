"""One family of errors: a code with data, a sentence that says what to do, and several problems in one."""

from __future__ import annotations

import copy
import pickle
from string import Formatter

import pytest

from simulator.base.errors import (
    MESSAGES,
    MOST_SAID,
    InvalidInput,
    InvalidInputs,
    ParameterError,
    SimulatorError,
    TableError,
    joined,
    shown,
)

RADIUS = InvalidInput("out_of_range", field="radius_km", received="0", allowed="1 to 80 km", low=1.0, high=80.0)
AGES = InvalidInput("age_order", field="age_min", received="54, 25")


def test_an_error_says_what_where_received_allowed_and_what_to_do() -> None:
    assert str(RADIUS) == "radius_km: received 0; allowed: 1 to 80 km. Choose a value in that range."
    assert RADIUS.message == str(RADIUS)
    assert (RADIUS.code, RADIUS.data["low"], RADIUS.data["high"]) == ("out_of_range", 1.0, 80.0)


def test_bad_input_is_a_value_error_of_the_family() -> None:
    assert isinstance(RADIUS, (SimulatorError, ValueError))
    assert issubclass(InvalidInput, ValueError)
    assert issubclass(ParameterError, SimulatorError)
    assert not issubclass(TableError, ValueError), "a damaged table is nothing the user has typed"


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_is_one_line_that_names_the_field_and_ends_a_sentence(code: str) -> None:
    sentence = SimulatorError(code, field="FIELD", received="RECEIVED", allowed="ALLOWED", advice="Do that.").message
    assert "FIELD" in sentence or code in {"age_order", "no_budget", "both_budgets"}
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_message_without_its_data_still_prints(code: str) -> None:
    """An error inside an error would hide the first one."""
    assert SimulatorError(code).message
    names = {name for _, name, _, _ in Formatter().parse(MESSAGES[code]) if name}
    assert all(name.isidentifier() for name in names)


def test_braces_that_somebody_typed_stay_as_they_are() -> None:
    error = InvalidInput("unknown_choice", field="gender", received="'{field}{0}'", allowed="all")
    assert "'{field}{0}'" in error.message


def test_an_error_keeps_its_place_in_what_holds_it() -> None:
    inner = RADIUS.within("places.0").within("targeting")
    assert inner.data["field"] == "targeting.places.0.radius_km"
    assert inner.data["high"] == 80.0
    assert RADIUS.within("").data["field"] == "radius_km"
    assert InvalidInput("missing", field="").within("trade").data["field"] == "trade"
    assert RADIUS.at("elsewhere").data["field"] == "elsewhere"
    assert RADIUS.data["field"] == "radius_km", "the first error is left as it was"


def test_several_problems_travel_together() -> None:
    both = joined([RADIUS, AGES]).within("targeting")
    assert isinstance(both, InvalidInputs)
    assert (both.code, both.data["field"]) == ("out_of_range", "targeting.radius_km")
    assert [problem.data["field"] for problem in both.problems] == ["targeting.radius_km", "targeting.age_min"]
    assert "radius_km: received 0" in str(both)
    assert "age_min must not be above age_max" in str(both)


def test_one_problem_stays_one_error() -> None:
    assert joined([RADIUS]) is RADIUS


def test_a_thousand_problems_print_a_few_and_count_the_rest() -> None:
    many = joined([RADIUS] * 1000)
    assert str(many).count("radius_km") == MOST_SAID
    assert f"And {1000 - MOST_SAID} more problems." in str(many)


@pytest.mark.parametrize("error", [RADIUS, joined([RADIUS, AGES]), ParameterError("bad_parameter", field="a.toml")])
def test_an_error_survives_pickling_and_copying(error: SimulatorError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert (twin.code, twin.data, str(twin)) == (error.code, error.data, str(error))


def test_copied_problems_are_still_several() -> None:
    twin = pickle.loads(pickle.dumps(joined([RADIUS, AGES])))
    assert [problem.code for problem in twin.problems] == ["out_of_range", "age_order"]


def nested(depth: int) -> list[object]:
    inner: list[object] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "value",
    [
        *("x" * 5_000_000, "\ud800", "a\nb\0c", "é" * 200),
        *(10**400, 10**5000, nested(100_000), list(range(10**5)), {"a": "b" * 10**6}, None, float("nan")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_can_be_shown_on_one_short_line(value: object) -> None:
    text = shown(value)
    assert 0 < len(text) <= 60
    assert text.isprintable(), "no line end, no control character, nothing that a terminal obeys"


def test_what_is_shown_tells_a_text_from_a_number() -> None:
    assert (shown("5"), shown(5), shown(5.0)) == ("'5'", "5", "5.0")
    assert shown(["a"]) == "['a']"
    assert shown(10**5000) == "something of type int"
