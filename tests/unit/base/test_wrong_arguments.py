"""Plainly wrong values in every argument of every public function: an error of our own, or a TypeError.

The arguments are read from the signatures, so that a new function or argument is tried without a line here. What an
argument takes beside its default stands in ``TAKES``.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator
from simulator import (
    Business,
    Campaign,
    ClicksGoal,
    EnquiriesGoal,
    FrequencyGoal,
    Page,
    Place,
    ReachGoal,
    Scenario,
    SimulatorError,
    Targeting,
    load_parameters,
    read_ads_manager,
    simulate,
)

ROOT = Path(__file__).resolve().parents[3]
EXPORT = ROOT / "tests" / "data" / "EXEMPLE-invente-fr-tableur.csv"
READY_MADE = ROOT / "scenarios" / "boulangerie-pau.json"
FEW = {"draws": 16}


WRONG: dict[str, Any] = {
    "None": None,
    "True": True,
    "-1": -1,
    "2.5": 2.5,
    "nan": float("nan"),
    "a text": "x",
    "list of a thing": [object()],
    "object": object(),
    "folder": Path("/"),
}
TAKES: dict[str, set[str]] = {
    "timeout_seconds": {"2.5"},
    "minimum": {"2.5"},
    "name": {"a text"},
    "owner": {"a text"},
    "text": {"a text"},
    "day_first": {"True"},
    "keep_repeated": {"True"},
    "total_budget": {"2.5"},
    "url": {"None", "a text"},
    "folder": {"a text"},
}
"""By the name of the argument: which of ``WRONG`` it may be, beside its default."""


@functools.cache
def campaign() -> Campaign:
    return Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")], 25, 54), daily_budget=5, trade="bakery")


@functools.cache
def calls() -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    """Return a call of every public function that is in order."""
    one, rows = campaign(), read_ads_manager(EXPORT)
    return {
        "allocate": (([one, one.replace(daily_budget=3)], 100), FEW),
        "backtest": ((rows,), FEW),
        "bill": ((one,), {}),
        "budget_curve": ((one, [1, 2]), FEW),
        "calibrate": ((rows,), {}),
        "compare": ((one, one.replace(daily_budget=3)), FEW),
        "customers": ((one,), FEW),
        "earned": ((simulate(one, **FEW),), {}),
        "estimate_audience": ((one.targeting, load_parameters()), {}),
        "load_parameters": ((), {}),
        "load_scenario": ((READY_MADE,), {}),
        "networks": ((one.targeting,), {}),
        "open_store": (("sqlite:///:memory:",), {}),
        "organic": ((Page(followers=800),), FEW),
        "plan": ((one, ReachGoal(2000)), FEW),
        "read_ads_manager": ((EXPORT,), {}),
        "search_places": (("pau",), {}),
        "simulate": ((one,), FEW),
        "sweep": ((one,), {}),
        "update": ((one, {"days": 3, "spend": 15, "impressions": 1400}), FEW),
        "verdict": ((simulate(one, **FEW), simulate(one, **FEW)), {}),
        "what_to_change": ((one,), FEW),
    }


FUNCTIONS = {name: one for name in simulator.__all__ if inspect.isfunction(one := getattr(simulator, name))}
ARGUMENTS = [
    (name, argument)
    for name, one in FUNCTIONS.items()
    for argument, about in inspect.signature(one).parameters.items()
    if about.kind is not inspect.Parameter.VAR_KEYWORD  # the engine's: see test_engine.py
]


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files that a name may make out of the checkout and of the user's own folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)


def with_value(name: str, argument: str, value: Any) -> Callable[[], Any]:
    """Return the call of ``calls`` with one argument replaced."""
    function, (values, entries) = FUNCTIONS[name], calls()[name]
    parameters = inspect.signature(function).parameters
    if parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL:
        return lambda: function(*values, value, **entries)
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters.values()):
        return lambda: function(*values, **{**entries, argument: value})
    named = dict(zip(parameters, values, strict=False))
    return lambda: function(**{**named, **entries, argument: value})


def test_every_public_function_is_called_here() -> None:
    assert set(calls()) == set(FUNCTIONS)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS, ids=lambda value: value)
def test_a_wrong_value_is_refused(name: str, argument: str) -> None:
    default = inspect.signature(FUNCTIONS[name]).parameters[argument].default
    for label, value in WRONG.items():
        if label in TAKES.get(argument, ()) or value is default:
            continue
        try:
            with_value(name, argument, value)()
        except (SimulatorError, TypeError):
            continue
        pytest.fail(f"{label} is taken in silence")


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("simulate", {"seed": np.int64(3), "draws": np.int32(16)}),
        ("budget_curve", {"daily_budgets": pd.Series([1, 2]), "seed": np.uint8(3)}),
        ("plan", {"confidence": np.float32(0.5), "durations": np.array([7, 14])}),
        ("allocate", {"total_budget": np.float64(100), "minimum": np.int64(2)}),
        ("sweep", {"daily_budget": np.array([1, 2]), "radius_km": (np.float32(10),), "ages": [(np.int64(25), 54)]}),
        ("organic", {"weeks": np.int64(5)}),
        ("open_store", {"timeout_seconds": np.int64(5)}),
        ("search_places", {"limit": np.int64(2)}),
        ("backtest", {"draws": np.int64(16)}),
    ],
)
def test_numbers_of_numpy_and_pandas_are_numbers(name: str, changes: dict[str, Any]) -> None:
    function, (values, entries) = FUNCTIONS[name], calls()[name]
    named = dict(zip(inspect.signature(function).parameters, values, strict=False))
    function(**{**named, **entries, **changes})


def test_numbers_of_numpy_change_parameters() -> None:
    given = load_parameters({"prices.cpm.FR": np.float32(9), "prices.cpm.CA": {"value": np.int64(8)}})
    assert (given.value("prices.cpm.FR"), given.value("prices.cpm.CA")) == (9.0, 8.0)


MODELS: dict[type, dict[str, Any]] = {
    Business: {"trade": "bakery"},
    Campaign: {"targeting": None, "daily_budget": 5},
    ClicksGoal: {"link_clicks": 100},
    EnquiriesGoal: {"enquiries": 3},
    FrequencyGoal: {"mean": 2.5},
    Page: {"followers": 800},
    Place: {"kind": "circle", "country_code": "FR", "latitude": 43.3, "longitude": -0.37, "radius_km": 10},
    ReachGoal: {"people": 2000},
    Scenario: {"campaign": None},
    Targeting: {"places": None},
}
"""What each model needs; None is filled in from ``campaign``."""


def entries_of(model: type) -> dict[str, Any]:
    whole = {"targeting": campaign().targeting, "campaign": campaign(), "places": campaign().targeting.places}
    return {name: whole[name] if value is None else value for name, value in MODELS[model].items()}


def test_every_public_model_is_built_here() -> None:
    validated = simulator.Campaign.__mro__[1]
    assert {one for name in simulator.__all__ if inspect.isclass(one := getattr(simulator, name))
            and issubclass(one, validated)} == set(MODELS)  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_takes_a_value_or_refuses_it_and_writes_and_reads_what_it_took(model: Any) -> None:
    for field in model.model_fields:
        for value in WRONG.values():
            try:
                one = model(**{**entries_of(model), field: value})
            except (SimulatorError, TypeError):
                continue
            assert model.from_json(one.to_json()) == one, (field, value)
