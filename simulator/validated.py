"""The frozen model all inputs are made of: strict numbers, no unknown entries, errors of our own family."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from simulator.errors import InvalidInput, raise_problems, shown

MAX_TEXT = 200
"""Longest text in any entry, characters."""
MAX_JSON_DEPTH = 12
"""Deepest nesting of a JSON file; a scenario needs five levels."""
MAX_JSON_BYTES = 2_000_000


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _finite(value: object) -> float:
    if not _is_number(value):
        raise InvalidInput("not_a_number", field="", received=shown(value), allowed="such as 5 or 2.5")
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise InvalidInput("not_a_number", field="", received=str(number), allowed="a finite one")
    return number


def _whole(value: object) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if _is_number(value) and float(value).is_integer():  # type: ignore[arg-type]
        return int(value)  # type: ignore[call-overload, no-any-return]
    raise InvalidInput("not_a_number", field="", received=shown(value), allowed="a whole one, such as 7")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a text")
    if len(value) > MAX_TEXT:
        allowed = f"at most {MAX_TEXT}"
        raise InvalidInput("too_long", field="", received=len(value), allowed=allowed)
    return value


Number = Annotated[float, BeforeValidator(_finite)]
Whole = Annotated[int, BeforeValidator(_whole)]
Text = Annotated[str, BeforeValidator(_text)]


def in_range(field: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raise ``out_of_range`` unless ``low <= value <= high``."""
    if not low <= value <= high:
        allowed = f"{low:,g} to {high:,g} {unit}".strip()
        raise InvalidInput(
            "out_of_range", field=field, received=f"{value:g}", allowed=allowed, low=low, high=high, unit=unit
        )


def one_of(field: str, value: str, allowed: Iterable[str]) -> None:
    """Raise ``unknown_choice`` unless ``value`` is one of ``allowed``."""
    choices = tuple(allowed)
    if value not in choices:
        raise InvalidInput("unknown_choice", field=field, received=shown(value), allowed=", ".join(choices))


class Validated(BaseModel):
    """Frozen pydantic model that raises ``InvalidInput`` instead of pydantic's own error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __init__(self, **entries: Any) -> None:
        try:
            super().__init__(**entries)
        except ValidationError as error:
            raise_problems(_translated(error, type(self)))

    @classmethod
    def from_dict(cls, entries: object) -> Self:
        """Build from plain values such as ``json.loads`` gives.

        Raises
        ------
        InvalidInput
            With the entry, what was received and what is allowed.
        """
        if not isinstance(entries, Mapping):
            allowed = "an object with named entries"
            raise InvalidInput("wrong_type", field=cls.__name__.lower(), received=shown(entries), allowed=allowed)
        try:
            return cls.model_validate(dict(entries))
        except ValidationError as error:
            raise_problems(_translated(error, cls))
            raise

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


def parse_json(text: str | bytes, field: str = "JSON") -> Any:
    """Parse JSON, refusing what is broken, too large, nested too deeply, or not a number (NaN).

    Raises
    ------
    InvalidInput
        ``broken_json``, ``too_deep``, ``too_large`` or ``unreadable_file``.
    """
    if len(text) > MAX_JSON_BYTES:
        allowed = f"at most {MAX_JSON_BYTES:,} bytes"
        raise InvalidInput("too_large", field=field, received=f"{len(text):,} bytes", allowed=allowed)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidInput("unreadable_file", field=field, received="the file") from None
    if _depth(text) > MAX_JSON_DEPTH:
        raise InvalidInput("too_deep", field=field, allowed=MAX_JSON_DEPTH)
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise InvalidInput("broken_json", field=field, received=place) from None
    except ValueError as error:
        raise InvalidInput("broken_json", field=field, received=shown(str(error))) from None


def nearest(text: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the entries of ``known`` most like ``text``, best first."""
    return difflib.get_close_matches(text[:MAX_TEXT], list(known), n=count, cutoff=0.5)


def _depth(text: str) -> int:
    """Deepest bracket outside strings: counted before parsing, since the parser recurses."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            raise ValueError(f"the entry {shown(key)} is given twice")
        entries[key] = value
    return entries


def _translated(error: ValidationError, model: type[BaseModel]) -> list[InvalidInput]:
    return [_problem(detail, model) for detail in error.errors(include_url=False)]


def _problem(detail: Any, model: type[BaseModel]) -> InvalidInput:
    field = ".".join(str(part) for part in detail["loc"])
    kind = detail["type"]
    received = shown(detail.get("input"))
    own = detail.get("ctx", {}).get("error")
    if isinstance(own, InvalidInput):
        return own.within(field)
    if kind == "missing":
        return InvalidInput("missing", field=field, allowed="a value")
    if kind == "extra_forbidden":
        known = ", ".join(model.model_fields)
        return InvalidInput("unknown_field", field=shown(field), received=received, allowed=known)
    allowed = str(detail.get("ctx", {}).get("expected", "")) or detail["msg"]
    code = "unknown_choice" if kind in ("literal_error", "enum") else "wrong_type"
    return InvalidInput(code, field=field, received=received, allowed=allowed)
