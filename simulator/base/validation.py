"""The frozen model all inputs are made of: strict numbers, no unknown entries, errors of our own family."""

from __future__ import annotations

import difflib
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from simulator.base.errors import InvalidInput, InvalidInputs, joined, shown
from simulator.base.json_text import parse_json
from simulator.base.model_base import BaseModel

MAX_TEXT = 200
"""Longest text in any entry, characters."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tabs and line ends, and halves of characters, which no file in UTF-8 can hold."""


def _is_number(value: object) -> bool:
    return isinstance(value, (Real, Decimal)) and not isinstance(value, bool)


def finite(value: object) -> float:
    """Return a number, whatever its type (int, numpy, Decimal); a truth value and a text are none."""
    if not _is_number(value):
        raise InvalidInput("not_a_number", field="", received=shown(value), allowed="such as 5 or 2.5")
    try:
        number = float(value)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInput("not_a_number", field="", received=shown(value), allowed="a finite one")
    return number


def _whole(value: object) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if _is_number(value) and finite(value).is_integer():
        return int(finite(value))
    raise InvalidInput("not_a_number", field="", received=shown(value), allowed="a whole one, such as 7")


def text_up_to(longest: int) -> BeforeValidator:
    """Return the check of a text: its type, its length, and that every character can be printed."""

    def checked(value: object) -> str:
        if not isinstance(value, str):
            raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a text")
        if len(value) > longest:
            raise InvalidInput("too_long", field="", received=len(value), allowed=f"at most {longest}")
        if _UNPRINTABLE.search(value):
            raise InvalidInput("unprintable", field="", received=shown(value))
        return value

    return BeforeValidator(checked)


def check_text(field: str, value: object, longest: int = MAX_TEXT) -> None:
    """Raise ``InvalidInput`` unless ``value`` is a text of at most ``longest`` characters that can be printed."""
    try:
        text_up_to(longest).func(value)  # type: ignore[call-arg]
    except InvalidInput as error:
        raise error.at(field) from None


def list_up_to(most: int) -> BeforeValidator:
    """Return the check of a list: a text is no list of letters, and nothing is read beyond ``most`` entries."""

    def checked(value: object) -> tuple[Any, ...]:
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=repr)  # a set has no order, a model has one
        if not isinstance(value, (list, tuple, Iterator)):
            raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a list")
        entries = tuple(itertools.islice(value, most + 1))
        if len(entries) > most:
            received = len(value) if isinstance(value, (list, tuple)) else f"more than {most}"
            raise InvalidInput("too_many", field="", received=received, allowed=f"at most {most}")
        return entries

    return BeforeValidator(checked)


def between(low: float, high: float, unit: str = "") -> AfterValidator:
    """Return the check that a number lies within limits, both allowed."""

    def checked(value: float) -> float:
        in_range("", value, low, high, unit)
        return value

    return AfterValidator(checked)


Number = Annotated[float, BeforeValidator(finite)]
Whole = Annotated[int, BeforeValidator(_whole)]
Text = Annotated[str, text_up_to(MAX_TEXT)]


def in_range(field: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raise ``out_of_range`` unless ``low <= value <= high``."""
    if not low <= value <= high:
        allowed = f"{low:,.15g} to {high:,.15g} {unit}".strip()
        raise InvalidInput(
            "out_of_range", field=field, received=figure(value), allowed=allowed, low=low, high=high, unit=unit
        )


def figure(value: float) -> str:
    """Return a number as it was given, without the noise of its last bits."""
    return shown(value) if isinstance(value, int) else f"{value:.15g}"


def numbers(field: str, values: object, low: float, high: float, unit: str, most: int) -> list[float]:
    """Return the numbers of any list, array, range or Series, each between ``low`` and ``high``."""
    try:
        if isinstance(values, (str, bytes, Mapping)):
            raise TypeError
        given = list(itertools.islice(values, most + 1))  # type: ignore[call-overload]
    except TypeError:
        raise InvalidInput("wrong_type", field=field, received=shown(values), allowed="a list") from None
    if not given:
        raise InvalidInput("empty_choice", field=field, allowed=f"{low:g} to {high:,.15g} {unit}")
    if len(given) > most:
        raise InvalidInput("too_many", field=field, received=f"more than {most}", allowed=f"at most {most}")
    for position, value in enumerate(given):
        try:
            given[position] = finite(value)
            in_range("", given[position], low, high, unit)
        except InvalidInput as error:
            raise error.at(f"{field}.{position}") from None
    return given


def instance_of(field: str, value: object, kind: type) -> None:
    """Raise ``wrong_type`` unless ``value`` is a ``kind``."""
    if not isinstance(value, kind):
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed=f"a {kind.__name__}")


def one_of(field: str, value: object, allowed: Iterable[str]) -> None:
    """Raise ``unknown_choice`` unless ``value`` is one of ``allowed``; what is no text is never compared."""
    choices = tuple(allowed)
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput("unknown_choice", field=field, received=shown(value), allowed=", ".join(choices))


class Validated(BaseModel):
    """Frozen pydantic model that raises ``InvalidInput`` instead of pydantic's own error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    def __init__(self, *values: Any, **entries: Any) -> None:
        problem = None
        try:
            super().__init__(**_by_name(type(self), values, entries))
        except ValidationError as error:
            problem = _translated(error, type(self))
        if problem is not None:  # outside the except, so that no traceback shows pydantic's error beside ours
            raise problem

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Build from plain values, raising ``InvalidInput`` as every other way in does."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            problem = _translated(error, cls)
        raise problem

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Build from JSON text, by our own parser: it counts brackets first and refuses repeated entries."""
        return cls.model_validate(parse_json(json_data), **options)

    @classmethod
    def from_dict(cls, entries: object) -> Self:
        """Build from plain values such as ``json.loads`` gives.

        Raises
        ------
        InvalidInput
            With the entry, what was received and what is allowed.
        """
        if not isinstance(entries, Mapping):
            raise _no_object(cls, "", entries)
        return cls.model_validate(entries)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Build from JSON text."""
        return cls.from_dict(parse_json(text))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """Return JSON text, indented, ending in a newline."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some entries changed, validated again."""
        entries = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**entries, **changes})

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, validated again where something is changed."""
        return self.replace(**update) if update else super().model_copy(deep=deep)

    def __setattr__(self, name: str, value: Any) -> None:
        raise InvalidInput("frozen", field=name, received=type(self).__name__)

    def __delattr__(self, name: str) -> None:
        raise InvalidInput("frozen", field=name, received=type(self).__name__)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Before the model's own __init__ is called: names that are no text would end in another error there.
        return no_info_before_validator_function(cls._named_by_texts, handler(source))

    @classmethod
    def _named_by_texts(cls, entries: Any) -> Any:
        for name in entries if isinstance(entries, Mapping) else ():
            if not isinstance(name, str) or _UNPRINTABLE.search(name):
                known = ", ".join(cls.model_fields)
                raise InvalidInput("unknown_field", field=shown(name), received=shown(entries[name]), allowed=known)
        return entries


def nearest(text: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the entries of ``known`` most like ``text``, best first."""
    return difflib.get_close_matches(text[:MAX_TEXT], list(known), n=count, cutoff=0.5)


def _by_name(model: type[BaseModel], values: tuple[Any, ...], entries: dict[str, Any]) -> dict[str, Any]:
    """Give values without a name the names of the fields, in their order."""
    names = list(model.model_fields)
    if len(values) > len(names):
        allowed = f"at most {len(names)}"
        raise InvalidInput("too_many", field=model.__name__.lower(), received=len(values), allowed=allowed)
    by_position = dict(zip(names, values, strict=False))
    for name in by_position.keys() & entries.keys():
        raise InvalidInput("duplicate_choice", field=name, received=name)
    return {**by_position, **entries}


def _translated(error: ValidationError, model: type[BaseModel]) -> InvalidInput:
    return joined([problem for detail in error.errors(include_url=False) for problem in _problems(detail, model)])


def _problems(detail: Any, model: type[BaseModel]) -> tuple[InvalidInput, ...]:
    """Return what one of pydantic's errors says, in our own words; several where a model inside had several."""
    field = ".".join(_part(part) for part in detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    received = shown(detail.get("input"))
    own = context.get("error")
    if isinstance(own, InvalidInput):
        placed = own.within(field)
        return placed.problems if isinstance(placed, InvalidInputs) else (placed,)
    if kind == "missing":
        return (InvalidInput("missing", field=field, allowed="a value"),)
    if kind == "extra_forbidden":
        return (InvalidInput("unknown_field", field=field, received=received, allowed=", ".join(model.model_fields)),)
    if kind == "model_type":
        return (_no_object(model, field, detail.get("input")),)
    if kind == "literal_error":
        choices = ", ".join(re.findall(r"'(\w+)'", context["expected"]))
        return (InvalidInput("unknown_choice", field=field, received=received, allowed=choices),)
    return (InvalidInput("wrong_type", field=field, received=received, allowed=detail["msg"]),)


def _no_object(model: type[BaseModel], field: str, received: object) -> InvalidInput:
    field = field or model.__name__.lower()
    return InvalidInput("wrong_type", field=field, received=shown(received), allowed="an object with named entries")


def _part(part: str | int) -> str:
    """Return one step of a field's path; a name that somebody typed may be anything."""
    if isinstance(part, int):
        return str(part)
    return part if part.isidentifier() and len(part) <= MAX_TEXT else shown(part)


def finite_at(field: str, value: object) -> float:
    """Return a number, whatever its type.

    Raises
    ------
    InvalidInput
        ``not_a_number``, with the field.
    """
    try:
        return finite(value)
    except InvalidInput as error:
        raise error.at(field) from None
