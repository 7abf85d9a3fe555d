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
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, dataclass_transform

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from simulator.base.errors import InvalidInput, InvalidInputs, joined, shown
from simulator.base.json_text import parse_json

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

MAX_TEXT = 200
"""Longest text in any entry, characters."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tabs and line ends, and halves of characters, which no file in UTF-8 can hold."""


def finite(value: object, field: str = "") -> float:
    """Return a number, whatever its type (int, numpy, Decimal); a truth value and a text are none."""
    if not isinstance(value, (Real, Decimal)) or isinstance(value, bool):
        raise InvalidInput("not_a_number", field=field, received=shown(value), allowed="such as 5 or 2.5")
    try:
        number = float(value)
    except (OverflowError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInput("not_a_number", field=field, received=shown(value), allowed="a finite one")
    return number


def finite_at(field: str, value: object) -> float:
    """Return a number, whatever its type, or raise ``not_a_number`` with the field."""
    return finite(value, field)


def _whole(value: object) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    number = finite(value)
    if not number.is_integer():
        raise InvalidInput("not_a_number", field="", received=shown(value), allowed="a whole one, such as 7")
    return int(number)


def check_text(field: str, value: object, longest: int = MAX_TEXT) -> str:
    """Return a text of at most ``longest`` characters, all of which can be printed, or raise ``InvalidInput``."""
    if not isinstance(value, str):
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed="a text")
    if len(value) > longest:
        raise InvalidInput("too_long", field=field, received=len(value), allowed=f"at most {longest}")
    if _UNPRINTABLE.search(value):
        raise InvalidInput("unprintable", field=field, received=shown(value))
    return value


def text_up_to(longest: int) -> BeforeValidator:
    """Return ``check_text`` for an entry of a model."""
    return BeforeValidator(lambda value: check_text("", value, longest))


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


def numbers(field: str, values: Any, low: float, high: float, unit: str, most: int) -> list[float]:
    """Return the numbers of any list, array, range or Series, each between ``low`` and ``high``."""
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__iter__") or getattr(values, "ndim", 1) == 0:
        raise InvalidInput("wrong_type", field=field, received=shown(values), allowed="a list")
    given = list(itertools.islice(values, most + 1))
    if not given:
        raise InvalidInput("empty_choice", field=field, allowed=f"{low:g} to {high:,.15g} {unit}")
    if len(given) > most:
        raise InvalidInput("too_many", field=field, received=f"more than {most}", allowed=f"at most {most}")
    found = [finite(value, f"{field}.{position}") for position, value in enumerate(given)]
    for position, value in enumerate(found):
        in_range(f"{field}.{position}", value, low, high, unit)
    return found


def instance_of(field: str, value: object, kind: type) -> None:
    """Raise ``wrong_type`` unless ``value`` is a ``kind``."""
    if not isinstance(value, kind):
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed=f"a {kind.__name__}")


def one_of(field: str, value: object, allowed: Iterable[str]) -> None:
    """Raise ``unknown_choice`` unless ``value`` is one of ``allowed``; non-strings are rejected."""
    choices = tuple(allowed)
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput("unknown_choice", field=field, received=shown(value), allowed=", ".join(choices))


def nearest(text: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the entries of ``known`` most like ``text``, best first."""
    return difflib.get_close_matches(text[:MAX_TEXT], list(known), n=count, cutoff=0.5)


@dataclass_transform(kw_only_default=False, frozen_default=True, field_specifiers=(Field,))
class _ByPosition(ModelMetaclass):
    """Says to editors and checkers of types that fields may be given by position; pydantic's says by name alone."""


class Validated(BaseModel, metaclass=_ByPosition, frozen=True):
    """Frozen pydantic model that raises ``InvalidInput`` instead of pydantic's own error.

    Fields may be given by position, as to a dataclass, unless the class is made with ``kw_only=True``.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)
    _by_name_only: ClassVar[bool] = False

    def __init_subclass__(cls, *, kw_only: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._by_name_only = kw_only

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

    def __setattr__(self, name: str, value: Any) -> None:
        raise InvalidInput("frozen", field=name, received=type(self).__name__)


def _by_name(model: type[Validated], values: tuple[Any, ...], entries: dict[str, Any]) -> dict[str, Any]:
    """Give values without a name the names of the fields, in their order."""
    names = () if model._by_name_only else tuple(model.model_fields)
    if len(values) > len(names):
        raise TypeError(f"{model.__name__}() takes at most {len(names)} values without a name, not {len(values)}")
    by_position = dict(zip(names, values, strict=False))
    if twice := by_position.keys() & entries.keys():
        raise TypeError(f"{model.__name__}() got several values for {', '.join(sorted(twice))}")
    return {**by_position, **entries}


def _translated(error: ValidationError, model: type[BaseModel]) -> InvalidInput:
    return joined([problem for detail in error.errors(include_url=False) for problem in _problems(detail, model)])


def _problems(detail: Any, model: type[BaseModel]) -> tuple[InvalidInput, ...]:
    """Return what one of pydantic's errors says, in our own words; several where a model inside had several."""
    field = ".".join(_part(part) for part in detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    own = context.get("error")
    if isinstance(own, InvalidInput):
        placed = own.within(field)
        return placed.problems if isinstance(placed, InvalidInputs) else (placed,)
    if kind == "model_type":
        return (_no_object(model, field, detail.get("input")),)
    code, allowed = {
        "missing": ("missing", "a value"),
        "extra_forbidden": ("unknown_field", ", ".join(model.model_fields)),
        "literal_error": ("unknown_choice", ", ".join(re.findall(r"'(\w+)'", context.get("expected", "")))),
    }.get(kind, ("wrong_type", detail["msg"]))
    return (InvalidInput(code, field=field, received=shown(detail.get("input")), allowed=allowed),)


def _no_object(model: type[BaseModel], field: str, received: object) -> InvalidInput:
    field = field or model.__name__.lower()
    return InvalidInput("wrong_type", field=field, received=shown(received), allowed="an object with named entries")


def _part(part: str | int) -> str:
    """Return one step of a field's path; a name that somebody typed may be anything."""
    if isinstance(part, int):
        return str(part)
    return part if part.isidentifier() and len(part) <= MAX_TEXT else shown(part)
