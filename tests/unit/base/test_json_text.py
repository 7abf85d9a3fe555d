"""JSON as people write it: the good is read, everything else is refused with its place."""

from __future__ import annotations

import json

import pytest

from simulator.base.errors import InvalidInput, shown
from simulator.base.json_text import MAX_JSON_BYTES, MAX_JSON_DEPTH, parse_json


def refused(text: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        parse_json(text)  # type: ignore[arg-type]
    assert caught.value.data["field"] == "JSON"
    return caught.value


def test_good_json_is_read_as_python_reads_it() -> None:
    text = '{"a": [1, 2.5, -3e2, true, null, "\\u00e9\\"[{"], "b": {"c": "é"}}'
    assert parse_json(text) == json.loads(text)
    assert parse_json(text.encode()) == parse_json(bytearray(text.encode())) == parse_json(text)


def test_the_mark_at_the_beginning_of_a_windows_file_is_no_error() -> None:
    assert parse_json("\ufeff[1]") == parse_json(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ('{"a": 1,\n "b": }', "line 2, column 7"),
        ('{"a": "\0"}', "column 8"),
        ("\0", "column 1"),
        ("[1] [2]", "column 5"),
        ("'a'", "column 1"),
        ('"\\', "column 1"),
        ("]" * 100 + "[" * 100, "column 1"),
    ],
    ids=shown,
)
def test_broken_json_is_refused_with_its_place(text: str, place: str) -> None:
    error = refused(text)
    assert error.code == "broken_json"
    assert place in error.message
    assert "Correct the file at that place" in error.message


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_what_is_no_number_in_json_is_refused(text: str) -> None:
    error = refused(text)
    assert error.code == "broken_json"
    assert "is no number in JSON" in error.message


def test_an_entry_given_twice_is_refused_by_name() -> None:
    """Python would silently keep the second: a lost input."""
    error = refused('{"daily_budget": 5, "daily_budget": 50}')
    assert error.code == "broken_json"
    assert "'daily_budget' is given twice" in error.message


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_ten_thousand_brackets_are_refused_before_they_are_parsed(pair: str) -> None:
    opening = "[" if pair == "[]" else '{"a":'
    for text in (opening * 10_000, opening * 10_000 + "1" + pair[1] * 10_000):
        error = refused(text)
        assert error.code == "too_deep"
        assert str(MAX_JSON_DEPTH) in error.message


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert parse_json("[" * MAX_JSON_DEPTH + "]" * MAX_JSON_DEPTH)
    assert refused("[" * (MAX_JSON_DEPTH + 1) + "]" * (MAX_JSON_DEPTH + 1)).code == "too_deep"


def test_brackets_inside_texts_are_no_nesting() -> None:
    for inner in ("[" * 100, '\\"' + "{" * 100, "\\\\"):
        assert parse_json(f'["{inner}", [1]]')[1] == [1]


def test_five_megabytes_are_refused_unread() -> None:
    for text in (" " * 5_000_000, b"[" * 5_000_000):
        error = refused(text)
        assert error.code == "too_large"
        assert "5,000,000 bytes" in error.message
        assert f"{MAX_JSON_BYTES:,}" in error.message


def test_a_number_of_a_thousand_digits_is_refused_as_such() -> None:
    error = refused('{"a": ' + "9" * 5000 + "}")
    assert error.code == "broken_json"
    assert "5,000 digits" in error.message


@pytest.mark.parametrize("content", [b"\xff\xfe{\x00}\x00", b"\x89PNG\r\n\x1a\n\x00", b'{"a": "\xe9"}'])
def test_bytes_that_are_no_utf_8_are_refused(content: bytes) -> None:
    error = refused(content)
    assert error.code == "unreadable_file"
    assert "UTF-8" in error.message


@pytest.mark.parametrize("text", [None, 5, ["{}"], {"a": 1}, memoryview(b"{}")])
def test_what_is_no_text_is_refused(text: object) -> None:
    assert refused(text).code == "wrong_type"
