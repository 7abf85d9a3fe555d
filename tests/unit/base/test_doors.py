"""Whatever stands in whichever argument of whichever public function: an answer, or an error of our own.

The arguments are read from the signatures, so that a new function or argument is tried without a line here. What an
argument takes beside its default stands in ``TAKES``; everything else must be refused by name, never taken in silence.
"""

from __future__ import annotations

import functools
import inspect
import warnings
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


class Awkward:
    """What refuses to be printed, compared, counted or believed."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("not printed")

    def __bool__(self) -> bool:
        raise RuntimeError("not believed")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not compared")

    def __len__(self) -> int:
        raise RuntimeError("not counted")


THINGS: dict[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "0": 0,
    "5": 5,
    "-1": -1,
    "2.5": 2.5,
    "1e30": 10**30,
    "1e400": 10**400,
    "nan": float("nan"),
    "inf": float("inf"),
    "1j": 1j,
    "NA": pd.NA,
    "NaT": pd.NaT,
    "no text": "",
    "a text": "x",
    "a NUL": "a\0b",
    "half a letter": "\ud800",
    "bytes": b"x",
    "numpy True": np.True_,
    "numpy text": np.str_("x"),
    "array": np.array([1.0, 2.0]),
    "frame": pd.DataFrame(),
    "series": pd.Series([1.0]),
    "list": [],
    "list of a thing": [object()],
    "tuple": (),
    "dict": {},
    "dict of a number": {5: 5},
    "set": {1},
    "object": object(),
    "class": int,
    "function of three": lambda first, second, third: None,
    "folder": Path("/"),
    "awkward": Awkward(),
}

NUMBERS = {"array", "series", "set"}
"""Collections of allowed numbers: lists of them may be anything that can be gone through once."""
TEXT = {"no text", "a text", "numpy text"}
TAKES: dict[str, set[str]] = {
    "seed": {"0", "5"},
    "weeks": {"5"},
    "timeout_seconds": {"0", "5", "2.5"},
    "limit": {"0", "5"},
    "minimum": {"0", "5", "2.5"},
    "daily_budgets": NUMBERS,
    "durations": NUMBERS,
    "daily_budget": NUMBERS,
    "duration_days": NUMBERS,
    "radius_km": NUMBERS,
    "name": TEXT,
    "owner": TEXT,
    "text": {*TEXT, "a NUL", "half a letter"},
    "observations": {"frame"},
    "mapping": {"dict"},
    "overlays": {"dict"},
    "day_first": {"True", "False"},
    "url": {"None", "a text", "numpy text"},
    "folder": {"a text", "numpy text"},
}
"""By the name of the argument: which of ``THINGS`` it may be, beside its default."""
CALLED_OTHERWISE = {
    "subjects": "compare",
    "path": "FILE",
    "path_or_file": "",  # the file's own name
    "overlays": "",
}
"""What an error calls an argument that has no name of its own for who calls."""


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
        "what_to_change": ((one,), FEW),
    }


FUNCTIONS = {name: one for name in simulator.__all__ if inspect.isfunction(one := getattr(simulator, name))}
ARGUMENTS = [(name, argument) for name, one in FUNCTIONS.items() for argument in inspect.signature(one).parameters]


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files that a name may make out of the checkout and of the user's own folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)


def with_thing(name: str, argument: str, thing: Any) -> Callable[[], Any]:
    """Return the call of ``calls`` with one argument replaced."""
    function, (values, entries) = FUNCTIONS[name], calls()[name]
    parameters = inspect.signature(function).parameters
    if parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL:
        return lambda: function(*values, thing, **entries)
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters.values()):
        return lambda: function(*values, **{**entries, argument: thing})
    named = dict(zip(parameters, values, strict=False))
    return lambda: function(**{**named, **entries, argument: thing})


def faults(name: str, call: Callable[[], Any], field: str) -> str | None:
    """Return what is wrong with an answer: None for an error of our own that names ``field``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            call()
    except SimulatorError as error:
        said = error.message
        if " at 0x" in said or len(said) > 1000 or "\n" in said:
            return f"{name}: not fit to be read: {said}"
        return None if field in str(error.data.get("field", "")) else f"{name}: calls it {error.data.get('field')}"
    except Exception as error:  # noqa: BLE001 — that is what is looked for
        return f"{name}: {type(error).__name__}: {error}"
    return f"{name}: taken in silence"


def test_every_public_function_is_called_here() -> None:
    assert set(calls()) == set(FUNCTIONS)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS, ids=lambda value: value)
def test_a_wrong_thing_is_refused_by_name(name: str, argument: str) -> None:
    default = inspect.signature(FUNCTIONS[name]).parameters[argument].default
    taken = TAKES.get(argument, set()) | {label for label, thing in THINGS.items() if thing is default}
    assert taken <= set(THINGS)
    field = CALLED_OTHERWISE.get(argument, argument)
    wrong = [
        faults(label, with_thing(name, argument, thing), field) for label, thing in THINGS.items() if label not in taken
    ]
    assert [one for one in wrong if one] == []


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
def test_a_model_is_built_or_refuses_with_an_error_of_our_own(model: Any) -> None:
    wrong = []
    for field in model.model_fields:
        for label, thing in THINGS.items():
            found = faults(f"{field}, {label}", lambda f=field, t=thing: model(**{**entries_of(model), f: t}), "")  # type: ignore[misc]
            wrong.append(None if found and found.endswith("taken in silence") else found)
    assert [one for one in wrong if one] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_a_model_took_it_writes_and_reads_again(model: Any) -> None:
    for field in model.model_fields:
        for thing in THINGS.values():
            try:
                one = model(**{**entries_of(model), field: thing})
            except SimulatorError:
                continue
            assert model.from_json(one.to_json()) == one
