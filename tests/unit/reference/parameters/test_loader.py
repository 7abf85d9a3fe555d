"""A parameter file is read, or refused with its name, its key and what to do."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from simulator.base.errors import ParameterError
from simulator.reference.parameters.loader import read_parameters
from tests.unit.reference.parameters.examples import SOURCE, level, load, write

FULL = {"family": "lognormal", "low": 4.0, "high": 9.0, "level": 0.8}


def test_a_correct_entry_is_read(tmp_path: Path) -> None:
    (price,) = load(tmp_path, reason="A middle", currency="EUR", country="FR", price_year=2025, currency_assumed=True)
    assert (price.key, price.value, price.unit) == ("prices.level.FR", 6.0, "EUR")
    assert (price.low, price.high, price.level, price.family) == (4.0, 9.0, 0.8, "lognormal")
    assert (price.currency, price.country, price.price_year, price.currency_assumed) == ("EUR", "FR", 2025, True)
    assert price.valid_from == datetime.date(2025, 1, 1)
    assert price.sources[0].publisher == "A house"
    assert price.table == ""


def test_the_message_names_file_key_received_allowed_and_advice(tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, range={**FULL, "low": 9.0, "high": 4.0})
    assert caught.value.code == "bad_parameter"
    assert str(caught.value) == (
        "prices.toml [level.FR]: low (9.0) is above high (4.0); low must be at most high. "
        "Swap them or correct the source value."
    )


def test_a_keyed_table_becomes_one_parameter_a_label_with_factors_around_it(tmp_path: Path) -> None:
    low = {"family": "lognormal", "low": 0.5, "high": 2.0, "level": 0.8}
    first, second = load(tmp_path, value=None, values={"18-24": 1.0, "65+": 3.0}, range=low)
    assert [first.key, second.key] == ["prices.level.FR.18-24", "prices.level.FR.65+"]
    assert (second.low, second.high) == (1.5, 6.0)
    assert first.table == second.table == "prices.level.FR"
    assert first.sd == pytest.approx(second.sd)


def test_the_factors_of_a_share_multiply_its_odds(tmp_path: Path) -> None:
    odds = {"family": "logitnormal", "low": 0.5, "high": 2.0, "level": 0.8}
    (share,) = load(tmp_path, value=None, values={"all": 0.5}, range=odds)
    assert share.low == pytest.approx(1 / 3)
    assert share.high == pytest.approx(2 / 3)


def test_a_single_value_may_have_a_relative_range(tmp_path: Path) -> None:
    (price,) = load(tmp_path, range={"family": "lognormal", "low": 0.5, "high": 2.0, "level": 0.8, "relative": True})
    assert (price.low, price.high) == (3.0, 12.0)


def test_a_fixed_value_has_no_width(tmp_path: Path) -> None:
    (price,) = load(tmp_path, range={"family": "fixed"})
    assert (price.low, price.high, price.sd) == (6.0, 6.0, 0.0)


@pytest.mark.parametrize("name", ["description", "unit", "range", "origin", "valid_from", "group", "sources"])
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParameterError, match=rf"prices\.toml \[level\.FR\]: {name} is missing"):
        load(tmp_path, **{name: None})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": None}, "value or values"),
        ({"values": {"a": 1.0}}, "value or values"),
        ({"value": None, "values": {}}, "values is"),
        ({"value": "six"}, "value is 'six'"),
        ({"value": True}, "value is True"),
        ({"value": 12.0}, "12.0"),
        ({"value": -6.0}, "above 0"),
        ({"units": "EUR"}, "unknown entry units"),
        ({"unit": " "}, "unit is"),
        ({"origin": "guessed"}, "one of measured"),
        ({"origin": "assumption"}, "without reason"),
        ({"group": "weather"}, "one of audience"),
        ({"valid_from": "2025"}, "without quotes"),
        ({"sources": []}, "sources is empty"),
        ({"sources": ["elsewhere"]}, "unknown source 'elsewhere'"),
        ({"sources": [{"title": "A page"}]}, "without publisher"),
        ({"currency": "EUR"}, "without country or year"),
        ({"price_year": 25}, "price_year is 25"),
        ({"currency_assumed": "yes"}, "true or false"),
        ({"range": {"family": "lognormal"}}, "range.low is missing"),
        ({"range": {**FULL, "family": "cauchy"}}, "one of lognormal"),
        ({"range": {**FULL, "level": 80}}, "level is 80"),
        ({"range": {**FULL, "width": 1}}, "unknown entry width"),
        ({"range": {**FULL, "low": 0.0}}, "above 0"),
        ({"range": {**FULL, "family": "logitnormal"}}, "above 0, below 1"),
        ({"range": {**FULL, "family": "fixed"}}, "fixed value with a range"),
        ({"range": {**FULL, "relative": True}}, "factors around 1"),
        ({"range": 0.8}, "range is 0.8"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, **changes)
    assert str(caught.value).startswith("prices.toml [level.FR]: ")
    assert said in str(caught.value)


def test_a_wrong_label_of_a_keyed_table_is_named(tmp_path: Path) -> None:
    factors = {"family": "lognormal", "low": 0.5, "high": 2.0, "level": 0.8}
    with pytest.raises(ParameterError, match=r"\[level\.FR\.65\+\]: value is 'much'"):
        load(tmp_path, value=None, values={"18-24": 1.0, "65+": "much"}, range=factors)


@pytest.mark.parametrize("name", list(SOURCE))
def test_a_source_says_everything(tmp_path: Path, name: str) -> None:
    source = {entry: value for entry, value in SOURCE.items() if entry != name}
    with pytest.raises(ParameterError, match=rf"prices\.toml \[sources\.page\]: a source without {name}"):
        list(read_parameters(write(tmp_path, level(), source)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[level.FR\nvalue = 3", "line 1"),
        ("value = 3", "value stands alone"),
        ("[level.FR]", "the table is empty"),
        ('sources = "none"', "a table of sources by name"),
    ],
)
def test_a_file_that_is_no_parameter_file_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        list(read_parameters(path))
    assert str(caught.value).startswith("prices.toml")
    assert said in str(caught.value)


def test_a_file_in_another_encoding_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_bytes("# Québec".encode("latin-1"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        list(read_parameters(path))
    with pytest.raises(ParameterError, match=r"none\.toml: no file at '.*none\.toml'"):
        list(read_parameters(tmp_path / "none.toml"))


RULE = {
    "group": "rule", "origin": "published", "range": {"family": "fixed"}, "state": "said",
    "recheck_by": datetime.date(2027, 1, 15),
}  # fmt: skip


def test_a_published_rule_has_a_state_and_a_day_to_look_again(tmp_path: Path) -> None:
    (rule,) = load(tmp_path, **RULE, valid_to=datetime.date(2026, 1, 1))
    assert (rule.state, rule.recheck_by) == ("said", datetime.date(2027, 1, 15))
    assert rule.holds_on(datetime.date(2025, 12, 31))
    assert not rule.holds_on(datetime.date(2026, 1, 1))
    assert not rule.holds_on(datetime.date(2024, 12, 31))
    assert not rule.holds_on(None), "it ends"
    assert load(tmp_path, **RULE)[0].holds_on(None)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": None}, {"recheck_by": None}, {"sources": None}, {"sources": []}, {"state": "perhaps"},
        {"recheck_by": "2027"}, {"valid_to": datetime.date(2025, 1, 1)},
    ],
)  # fmt: skip
def test_a_rule_without_source_state_or_day_to_look_again_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match=next(iter(changes))):
        load(tmp_path, **{**RULE, **changes})
