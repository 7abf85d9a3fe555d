"""The scenario itself: what it keeps, what it refuses, that it is frozen, that JSON gives it back."""

from __future__ import annotations

import json
import pickle
import uuid
from typing import Any

import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.base.metrics import METRICS
from simulator.base.version import MODEL_VERSION
from simulator.campaign.forecast import Band
from simulator.forecasting.simulate import simulate
from simulator.library import Actual, Scenario
from simulator.library.scenario import MAX_NOTES, MAX_TAGS
from simulator.reference.parameters import load_parameters
from tests.unit.library.examples import HOSTILE, campaign, scenario

OVERRIDE = {"delivery.activity_shape": 0.8}


def test_every_new_scenario_has_an_id_of_its_own() -> None:
    first, second = scenario(), scenario()
    assert str(uuid.UUID(first.id)) == first.id != second.id
    assert Scenario.from_dict(first.to_dict()).id == first.id


def test_a_file_without_an_id_gets_one() -> None:
    entries = scenario().to_dict()
    del entries["id"]
    assert Scenario.from_dict(entries).id != Scenario.from_dict(entries).id


def test_an_id_is_kept_as_text_in_one_form() -> None:
    key = uuid.uuid4()
    assert scenario(id=key).id == scenario(id=str(key).upper()).id == str(key)


def test_it_remembers_the_model_and_the_parameters_it_was_made_with() -> None:
    one = scenario(overrides=OVERRIDE)
    assert one.model_version == MODEL_VERSION
    assert one.parameter_digest == load_parameters(OVERRIDE).digest != scenario().parameter_digest
    assert one.parameter_digest == one.forecast(draws=16).parameter_digest


def test_the_forecast_uses_overrides_seed_and_calibration() -> None:
    one = scenario(overrides=OVERRIDE, seed=3)
    expected = simulate(campaign(), seed=3, draws=16, parameters=load_parameters(OVERRIDE))
    assert one.forecast(draws=16).reach == expected.reach
    assert scenario().forecast(draws=16).reach != expected.reach


def test_figures_are_the_bands_announced_with_what_made_them() -> None:
    forecast = simulate(campaign(), seed=5, draws=16)
    one = scenario().with_figures(forecast)
    assert set(one.figures) == set(METRICS)
    assert one.figures["reach"] == forecast.reach
    assert (one.seed, one.parameter_digest) == (5, forecast.parameter_digest)


def test_json_gives_it_back_whole() -> None:
    one = scenario(
        title=HOSTILE[7],
        client="Boulangerie Dupont",
        author="A. Martin",
        notes="a\nb",
        tags=("pain", "été"),
        overrides={**OVERRIDE, "prices.cpm.FR": {"value": 5.5, "range": {"low": 4.0, "high": 7.0}}},
        seed=2**62,
        figures={"reach": Band(1.0, 2.0, 3.0, 2.5)},
        actual=Actual(spend=34.5, reach=1200, impressions=2000, start="2026-01-01", end="2026-01-07"),
    )
    again = Scenario.from_json(one.to_json())
    assert again == one
    assert again.to_json() == one.to_json()
    assert json.loads(one.body()) == one.to_dict()
    assert pickle.loads(pickle.dumps(one)) == one
    assert len({one, again}) == 1


def test_a_calibration_travels_with_it() -> None:
    from simulator.learning import calibrate

    rows = {"start": ["2026-01-01", "2026-03-01"], "end": ["2026-01-07", "2026-03-07"], "spend": [35.0, 70.0]}
    rows |= {"impressions": [5000.0, 9000.0], "reach": [3000.0, 5000.0], "country": "FR", "currency": "EUR"}
    learnt = calibrate(pd.DataFrame(rows).assign(objective="link_clicks"), name="Dupont")
    one = scenario(calibration=learnt)
    again = Scenario.from_json(one.to_json())
    assert again == one
    expected = simulate(campaign(), draws=16, calibration=learnt).reach.to_dict()
    for same in (one, again):
        # Products of matrices may differ in their last bits from one call to the next.
        assert same.forecast(draws=16).reach.to_dict() == pytest.approx(expected, rel=1e-12)
    assert scenario().forecast(draws=16).reach.to_dict() != pytest.approx(expected, rel=1e-3)
    assert one != scenario(id=one.id)


def test_a_scenario_is_frozen_all_the_way_down() -> None:
    one = scenario(overrides={"prices.cpm.FR": {"value": 5.5}})
    with pytest.raises(InvalidInput):
        one.title = "other"
    with pytest.raises(TypeError):
        one.overrides["prices.cpm.FR"] = 1.0  # type: ignore[index]
    with pytest.raises(TypeError):
        one.overrides["prices.cpm.FR"]["value"] = 1.0


def test_what_was_given_may_be_changed_afterwards() -> None:
    given: dict[str, Any] = {"prices.cpm.FR": {"value": 5.5}}
    one = scenario(overrides=given)
    given["prices.cpm.FR"]["value"] = 9.0
    assert one.overrides["prices.cpm.FR"]["value"] == 5.5


def test_dates_inside_an_override_survive_json() -> None:
    change = {"value": 5.5, "valid_from": "2026-01-01"}
    one = Scenario.from_json(scenario(overrides={"prices.cpm.FR": change}).to_json())
    assert one.parameters()["prices.cpm.FR"].valid_from.isoformat() == "2026-01-01"


def test_a_copy_is_a_new_scenario_without_the_old_result() -> None:
    one = scenario(title="A", actual=Actual(spend=35))
    copy = one.copy_as_new(title="B")
    assert copy.id != one.id
    assert (copy.title, copy.actual, copy.campaign) == ("B", None, one.campaign)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_kept_as_they_are(text: str) -> None:
    one = Scenario.from_json(scenario(title=text, client=text, author=text, notes=text).to_json())
    assert (one.title, one.client, one.author, one.notes) == (text,) * 4


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ({"title": "x" * 10_000}, "too_long", "title"),
        ({"client": "x" * 201}, "too_long", "client"),
        ({"notes": "x" * (MAX_NOTES + 1)}, "too_long", "notes"),
        ({"title": "nul\x00"}, "unprintable", "title"),
        ({"author": "half \ud800"}, "unprintable", "author"),
        ({"title": 7}, "wrong_type", "title"),
        ({"tags": [f"t{i}" for i in range(MAX_TAGS + 1)]}, "too_many", "tags"),
        ({"tags": ["a", "a"]}, "duplicate_choice", "tags"),
        ({"tags": [" "]}, "missing", "tags"),
        ({"tags": "pain"}, "wrong_type", "tags"),
        ({"tags": ["x" * 41]}, "too_long", "tags.0"),
        ({"id": "1"}, "wrong_type", "id"),
        ({"id": "../../x"}, "wrong_type", "id"),
        ({"seed": -1}, "out_of_range", "seed"),
        ({"seed": 1.5}, "not_a_number", "seed"),
        ({"campaign": {}}, "missing", "campaign.targeting"),
        ({"overrides": {"no.such": 1.0}}, "unknown_parameter", "parameters"),
        (
            {"overrides": {"delivery.activity_shape": float("nan")}},
            "not_a_number",
            "overrides.'delivery.activity_shape'",
        ),
        ({"overrides": {"delivery.activity_shape": "0.8"}}, "wrong_type", "overrides.'delivery.activity_shape'"),
        ({"overrides": {"delivery.activity_shape": -3.0}}, "bad_parameter", "override [delivery.activity_shape]"),
        ({"overrides": {1: 2.0}}, "wrong_type", "overrides.1"),
        ({"overrides": [1]}, "wrong_type", "overrides"),
        ({"overrides": {"a": {"b": {"c": {"d": {"e": 1}}}}}}, "wrong_type", "overrides.'a'.'b'.'c'.'d'"),
        ({"overrides": {"a": {"reason": "x" * 201}}}, "too_long", "overrides.'a'.'reason'"),
        ({"figures": {"reach": {"p10": 1.0}}}, "missing", "figures.reach.p50"),
        ({"figures": {"<b>": {}}}, "unknown_metric", "figures"),
        ({"figures": {"reach": 5}}, "wrong_type", "figures.reach"),
        ({"calibration": 5}, "wrong_type", "calibration"),
        ({"calibration": {"mean": []}}, "broken_calibration", "calibration"),
        ({"actual": {"spend": 35, "currency": "CAD"}}, "other_currency", "actual.currency"),
        ({"surprise": 1}, "unknown_field", "surprise"),
    ],
)
def test_what_cannot_be_taken_is_named(entries: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        scenario(**entries)
    assert (caught.value.code, caught.value.data["field"]) == (code, field)


def test_an_override_that_no_longer_exists_does_not_keep_an_old_scenario_shut() -> None:
    entries = {**scenario().to_dict(), "overrides": {"prices.long_gone": 2.0}}
    old = Scenario.from_dict(entries)
    with pytest.raises(InvalidInput, match="long_gone"):
        old.forecast()
