"""What a scenario changes in the shipped parameters."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from simulator.errors import InvalidInput, ParameterError, shown
from simulator.parameters import Parameters, load_parameters
from simulator.store.frozen import FrozenMap, frozen, plain
from simulator.validated import MAX_TEXT, text_up_to

MAX_OVERRIDES = 2_000
"""Parameters that one scenario may change; there are fewer."""
DATES = ("valid_from", "accessed")
MAX_DEPTH = 3
"""A change is a number or a table such as ``{value, range: {low, high}}``; its sources are one step deeper."""

_printable: Any = text_up_to(MAX_TEXT).func


def _overlay(value: object) -> FrozenMap[Any]:
    """Check the shape; whether keys and numbers fit the parameters is checked where they are used.

    So a scenario still opens after a parameter was renamed: only its forecast says what is wrong.
    """
    if not isinstance(value, Mapping):
        allowed = "an object: key of a parameter to a number or a table"
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed)
    if len(value) > MAX_OVERRIDES:
        raise InvalidInput("too_many", field="", received=len(value), allowed=f"at most {MAX_OVERRIDES}")
    for name, inner in value.items():
        _check_name(name)
        if not isinstance(inner, (int, float, Mapping)) or isinstance(inner, bool):
            allowed = "a number, or a table such as {value, range}"
            raise InvalidInput("wrong_type", field=shown(name), received=shown(inner), allowed=allowed)
        _check(shown(name), inner, MAX_DEPTH)
    return frozen(value)  # type: ignore[no-any-return]


def _check(field: str, value: object, depth: int) -> None:
    if isinstance(value, str):
        _check_text(field, value)
    elif isinstance(value, (int, float)) and not math.isfinite(value):
        raise InvalidInput("not_a_number", field=field, received=shown(value), allowed="a finite one")
    elif value is None or isinstance(value, (bool, int, float, datetime.date)):
        return
    elif isinstance(value, (Mapping, list, tuple)) and depth > 0:
        for name, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            if isinstance(value, Mapping):
                _check_name(name)
            _check(f"{field}.{shown(name)}", inner, depth - 1)
    else:
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed="a number or a flat table")


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        raise InvalidInput("wrong_type", field=shown(name), received=shown(name), allowed="the key of a parameter")
    _check_text(shown(name), name)


def _check_text(field: str, text: str) -> None:
    try:
        _printable(text)
    except InvalidInput as error:
        problem = error.within(field)
    else:
        return
    raise problem


def _dated(value: Any, name: str = "") -> Any:
    """Turn the dates of a parameter's table back from text, as JSON has none; the loader says if one is wrong."""
    if isinstance(value, dict):
        return {inner_name: _dated(inner, inner_name) for inner_name, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, name) for inner in value]
    if name in DATES and isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


Overlay = Annotated[FrozenMap[Any], PlainValidator(_overlay), PlainSerializer(plain)]
"""Key of a parameter to a number or a table, as ``Parameters.replace`` takes them; frozen."""


def changed_parameters(overrides: Mapping[str, Any]) -> Parameters:
    """Return the shipped parameters with those that the user changed.

    Raises
    ------
    InvalidInput
        ``unknown_parameter`` or ``bad_parameter``, with the key.
    """
    try:
        return load_parameters(_dated(plain(overrides))) if overrides else load_parameters()
    except ParameterError as error:
        problem = InvalidInput(error.code, **error.data)
    raise problem
