"""All parameters together: looked up, overlaid, and summed up in a digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.base.errors import ParameterError
from simulator.reference.parameters import Parameters, load_parameters

PRICE = "prices.cpm.FR"


@pytest.fixture(scope="module")
def shipped() -> Parameters:
    return load_parameters()


def test_keys_values_and_tables(shipped: Parameters) -> None:
    assert shipped.value(PRICE) == shipped[PRICE].value
    assert PRICE in shipped.keys("prices.cpm")
    assert all(key.startswith("prices.cpm.") for key in shipped.keys("prices.cpm"))
    assert shipped.keys("prices.cp") == ()
    assert list(shipped.table("prices.month")) == [str(month) for month in range(1, 13)]
    assert len(shipped.keys()) == len(shipped) == len(list(shipped))


def test_an_unknown_key_offers_the_nearest(shipped: Parameters) -> None:
    with pytest.raises(ParameterError) as caught:
        shipped["delivery.activity_shap"]
    assert caught.value.code == "unknown_parameter"
    assert "delivery.activity_shape" in str(caught.value)
    with pytest.raises(ParameterError, match="prices"):
        shipped.table("prices.moon")


def test_a_number_moves_the_value_and_its_range_at_the_same_width(shipped: Parameters) -> None:
    changed = shipped.replace({PRICE: 10.0})
    assert changed[PRICE].value == 10.0
    assert changed[PRICE].low / changed[PRICE].value == pytest.approx(shipped[PRICE].low / shipped[PRICE].value)
    assert changed[PRICE].log_sd == pytest.approx(shipped[PRICE].log_sd)
    assert changed[PRICE].is_assumption
    assert changed[PRICE].reason
    assert shipped.value(PRICE) != 10.0


@pytest.mark.parametrize("key", ["delivery.persistence.reach", "prices.trend", "audience.bound", "prices.month.12"])
def test_every_family_can_be_replaced(shipped: Parameters, key: str) -> None:
    value = shipped.value(key) * 1.5
    entry = shipped.replace({key: value})[key]
    assert entry.value == value
    assert entry.sd == pytest.approx(shipped[key].sd)
    assert entry.table == shipped[key].table


def test_a_table_replaces_what_it_names_and_keeps_the_rest(shipped: Parameters) -> None:
    change = {"value": 8.0, "range": {"low": 7.0, "high": 9.0}, "origin": "calibrated", "reason": "own campaigns"}
    entry = shipped.replace({PRICE: change})[PRICE]
    assert (entry.value, entry.low, entry.high, entry.origin) == (8.0, 7.0, 9.0, "calibrated")
    assert entry.level == shipped[PRICE].level
    assert entry.sources == shipped[PRICE].sources


@pytest.mark.parametrize("value", [-1.0, 0.0, float("nan"), "six", None, True])
def test_a_bad_value_is_refused_with_its_key(shipped: Parameters, value: object) -> None:
    with pytest.raises(ParameterError, match=r"\[prices\.cpm\.FR\]") as caught:
        load_parameters({PRICE: value})
    assert caught.value.code == "bad_parameter"


def test_overlays_flat_nested_and_from_a_file_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[prices.cpm]\nFR = 8.0\n[prices.month.values]\n12 = 1.5\n", encoding="utf-8")
    flat = load_parameters({PRICE: 8.0, "prices.month.12": 1.5})
    nested = load_parameters({"prices": {"cpm": {"FR": 8.0}, "month": {"values": {"12": 1.5}}}})
    assert flat.value(PRICE) == 8.0
    assert flat.value("prices.month.12") == 1.5
    assert flat == nested == load_parameters(path) == load_parameters(str(path))


def test_later_overlays_win_and_unknown_ones_are_refused() -> None:
    assert load_parameters({PRICE: 8.0}, {PRICE: 9.0}).value(PRICE) == 9.0
    with pytest.raises(ParameterError) as caught:
        load_parameters({"prices": {"cpm": {"FRA": 8.0}}})
    assert caught.value.code == "unknown_parameter"
    assert PRICE in str(caught.value)


def test_the_digest_changes_with_any_value_and_any_range(shipped: Parameters) -> None:
    digests = {shipped.digest}
    for key in shipped:
        entry = shipped[key]
        factor = 1.0 + 1e-9 if entry.family != "logitnormal" else 1.0 - 1e-9
        digests.add(shipped.replace({key: entry.value * factor or 1e-9}).digest)
    assert len(digests) == len(shipped) + 1
    wider = shipped.replace({PRICE: {"range": {"high": shipped[PRICE].high * 1.001}}})
    assert wider.digest not in digests
    kept = {"low": shipped[PRICE].low, "high": shipped[PRICE].high}
    assert shipped.replace({PRICE: {"value": shipped.value(PRICE) + 1e-9, "range": kept}}).digest not in digests
    assert len(shipped.digest) == 12


def test_the_digest_is_the_same_for_the_same_numbers(shipped: Parameters) -> None:
    backwards = Parameters({key: shipped[key] for key in reversed(list(shipped))})
    assert backwards.digest == shipped.digest == load_parameters({}).digest
    assert hash(backwards) == hash(shipped)
