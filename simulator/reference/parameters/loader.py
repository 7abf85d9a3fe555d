"""Read the parameter files, and refuse every entry that lacks unit, source, date or an honest range."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.abc import Traversable
from importlib.resources import as_file
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from simulator.base.errors import InvalidInput, ParameterError, shown
from simulator.base.files import read_file
from simulator.base.validation import Number
from simulator.reference.parameters.entry import (
    Day,
    Family,
    Group,
    Origin,
    Parameter,
    Source,
    State,
    Text,
    beyond,
    from_scale,
    to_scale,
)

MAX_BYTES = 2_000_000
MARKS = frozenset({"value", "values", "description", "unit", "origin", "range"})
"""A TOML table holding one of these is a parameter; any other is a folder of parameters."""

Entries = Mapping[str, Any]


class Fault(ValueError):
    """What is wrong with an entry: what was received, what is allowed, what to do."""


class Range(BaseModel, extra="forbid", defer_build=True):
    """How far a number may be from its value: the share ``level`` of the belief lies between ``low`` and ``high``.

    A ``relative`` range multiplies the value; one of a table of values is relative unless it says otherwise.
    """

    family: Family
    low: Number = math.nan
    high: Number = math.nan
    level: Number = 1.0
    relative: StrictBool | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = self.model_fields_set
        if self.family == "fixed":
            if given != {"family"}:
                raise Fault("a fixed value with a range", "only family for a fixed value", "Remove the rest.")
            return self
        for name in ("low", "high", "level"):
            if name not in given:
                raise Fault(f"range.{name} is missing", "family, low, high, level", f"Add {name}.")
        if not 0.0 < self.level < 1.0:
            raise Fault(f"level is {self.level}", "above 0 and below 1, such as 0.8", "Correct it.")
        if self.low > self.high:
            received = f"low ({self.low}) is above high ({self.high})"
            raise Fault(received, "low must be at most high", "Swap them or correct the source value.")
        return self


def _year(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool) or not (value == 0 or 1990 < value < 2200):
        raise Fault(f"price_year is {shown(value)}", "a year such as 2026", "Correct it.")
    return value


class Entry(BaseModel, extra="forbid", defer_build=True):
    """One table of a parameter file: a number, or a table of numbers that share a range, with all that it needs."""

    description: Text
    unit: Text
    range: Range
    origin: Origin
    valid_from: Day
    group: Group
    sources: tuple[Source, ...]
    value: Number = math.nan
    values: Annotated[dict[str, Number], Field(min_length=1)] = {}
    reason: Text = ""
    currency: Text = ""
    country: Text = ""
    price_year: Annotated[int, BeforeValidator(_year)] = 0
    currency_assumed: StrictBool = False
    state: State = ""
    recheck_by: Day | None = None
    valid_to: Day | None = None

    @field_validator("sources", mode="before")
    @classmethod
    def _by_name(cls, listed: object, info: ValidationInfo) -> list[object]:
        """Replace the name of a source of the file by the source."""
        if not isinstance(listed, (list, tuple)) or not listed:
            raise Fault("sources is empty", "a list of at least one source", "Name where the number comes from.")
        named: Mapping[str, Source] = info.context or {}
        for entry in listed:
            if isinstance(entry, str) and entry not in named:
                raise Fault(f"unknown source {shown(entry)}", ", ".join(named) or "none declared", "Declare it.")
        return [named[entry] if isinstance(entry, str) else entry for entry in listed]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len({"value", "values"} & self.model_fields_set) != 1:
            raise Fault("needs value or values", "exactly one of the two", "Keep one.")
        if self.origin == "assumption" and not self.reason:
            raise Fault("an assumption without reason", "an assumption states its reason", "Add reason.")
        if self.currency and not (self.price_year and self.country):
            raise Fault("a price without country or year", "currency, country and price_year together", "Add them.")
        # What the platform or a tax office has published changes without notice; an assumption of ours does not.
        if self.group == "rule" and self.origin == "published":
            for name in ("state", "recheck_by"):
                if not getattr(self, name):
                    raise Fault(f"a published rule without {name}", "state and recheck_by", f"Add {name}.")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise Fault("valid_to is not after valid_from", "a later day", "Correct one of them.")
        return self


@dataclass(frozen=True)
class Where:
    """The place of an entry, for messages: ``prices.toml [cpm.FR]``."""

    file: str
    name: str = ""

    @property
    def field(self) -> str:
        """File and key as printed."""
        return f"{self.file} [{self.name}]" if self.name else self.file

    def error(self, received: str, allowed: str, advice: str) -> ParameterError:
        """Return the error to raise here."""
        return ParameterError("bad_parameter", field=self.field, received=received, allowed=allowed, advice=advice)


def read_tables(path: Path | Traversable) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    ParameterError
        As ``base.files.read_file``; ``bad_parameter`` for text that is not UTF-8 or not TOML, with its line.
    """
    where = Where(shown(path.name or str(path)).strip("'\""))
    try:
        with as_file(path) as file:
            return tomllib.loads(read_file(file, MAX_BYTES, field=where.field).decode("utf-8"))
    except InvalidInput as error:
        raise ParameterError(error.code, **error.data) from None
    except UnicodeDecodeError:
        raise where.error("the file is not UTF-8", "text in UTF-8", "Save it again as UTF-8.") from None
    except RecursionError:
        raise where.error("nested without end", "valid TOML", "Correct it.") from None
    except tomllib.TOMLDecodeError as error:
        raise where.error(str(error)[:120], "valid TOML", "Correct the file at that place.") from None


def read_parameters(path: Path | Traversable) -> Iterator[Parameter]:
    """Yield the parameters of one file, in its order; keyed tables come out entry by entry."""
    tables = read_tables(path)
    stem = path.name.removesuffix(".toml")
    named = _named_sources(tables.pop("sources", {}), path.name)
    for name, entries in _walk(tables, path.name, ""):
        yield from build(f"{stem}.{name}", entries, Where(path.name, name), named)


COMMON = tuple(name for name in Entry.model_fields if name not in ("range", "value", "values"))
"""What the numbers of one table share, and an override leaves as it was unless it says otherwise."""
WITHIN: dict[type[BaseModel], str] = {Entry: "", Range: "range: ", Source: "a source with "}


def build(key: str, entries: Entries, where: Where, named: Mapping[str, Source]) -> Iterator[Parameter]:
    """Yield the parameters that one TOML table declares.

    Parameters
    ----------
    key : str
        Full key of the table.
    named : mapping
        Sources of the file by name.
    """
    try:
        entry = Entry.model_validate(dict(entries), context=named)
    except ValidationError as error:
        raise _told(error, where) from None
    common = {name: getattr(entry, name) for name in COMMON}
    common.update(family=entry.range.family, level=entry.range.level)
    if not entry.values:
        low, high = _interval(entry.range, entry.value, bool(entry.range.relative), where)
        yield _checked(Parameter(key=key, value=entry.value, low=low, high=high, **common), where)
        return
    for label, value in entry.values.items():
        inside = Where(where.file, f"{where.name}.{label}")
        low, high = _interval(entry.range, value, entry.range.relative is not False, inside)
        yield _checked(Parameter(f"{key}.{label}", value=value, low=low, high=high, table=key, **common), inside)


def _walk(tables: Entries, file: str, prefix: str) -> Iterator[tuple[str, Entries]]:
    for name, inner in tables.items():
        full = f"{prefix}{name}"
        if not isinstance(inner, Mapping):
            raise Where(file, prefix.rstrip(".")).error(
                f"{name} stands alone", "numbers live in tables with unit, range and source", "Make it a table."
            )
        if MARKS & inner.keys():
            yield full, inner
        elif inner:
            yield from _walk(inner, file, f"{full}.")
        else:
            raise Where(file, full).error("the table is empty", "a parameter or tables of parameters", "Fill it.")


def _interval(limits: Range, value: float, relative: bool, where: Where) -> tuple[float, float]:
    """Low and high in the unit of the value; a relative range multiplies the value (``logitnormal``: its odds)."""
    if limits.family == "fixed":
        return value, value
    low, high = limits.low, limits.high
    if not relative:
        return low, high
    if not 0.0 < low < 1.0 < high:
        raise where.error(f"relative range {low} to {high}", "factors around 1, such as 0.8 to 1.25", "Correct it.")
    if limits.family != "logitnormal":
        return min(value * low, value * high), max(value * low, value * high)
    if not 0.0 < value < 1.0:
        raise where.error(f"value {value}", "logitnormal needs a share above 0 and below 1", "Correct it.")
    centre = to_scale("logitnormal", value)
    return tuple(from_scale("logitnormal", centre + math.log(factor)) for factor in (low, high))  # type: ignore[return-value]


def _checked(parameter: Parameter, where: Where) -> Parameter:
    """Return ``parameter`` if its family can hold its numbers and its value lies inside its range."""
    family, low, value, high = parameter.family, parameter.low, parameter.value, parameter.high
    if family == "lognormal" and min(low, value) <= 0.0:
        raise where.error(f"{value} in {low} to {high}", "lognormal needs numbers above 0", "Correct them.")
    if family == "logitnormal" and not 0.0 < min(low, value) <= max(high, value) < 1.0:
        raise where.error(f"{value} in {low} to {high}", "logitnormal needs shares above 0, below 1", "Correct them.")
    if family != "fixed" and not low < value < high:
        raise where.error(
            f"value ({value}) is outside {low} to {high}", "low < value < high", "Widen the range or correct the value."
        )
    if too_far := beyond(parameter):
        raise where.error(*too_far, "Correct the number, or its unit.")
    return parameter


def _named_sources(declared: object, file: str) -> dict[str, Source]:
    if not isinstance(declared, Mapping):
        raise Where(file, "sources").error(shown(declared), "a table of sources by name", "Correct it.")
    return {name: source_from(entries, Where(file, f"sources.{name}")) for name, entries in declared.items()}


def source_from(entries: object, where: Where) -> Source:
    """Return one source from its table.

    Raises
    ------
    ParameterError
        An entry is missing, unknown or of the wrong type.
    """
    try:
        return Source.model_validate(entries)
    except ValidationError as error:
        raise _told(error, where) from None


def _told(error: ValidationError, where: Where) -> ParameterError:
    """Return the first of pydantic's errors in our words, at its place in the file."""
    detail: Any = error.errors(include_url=False)[0]
    kind, path, context = detail["type"], [str(part) for part in detail["loc"]], detail.get("ctx", {})
    given = f"is {shown(detail['input'])}"
    if isinstance(context.get("error"), Fault):
        return where.error(*context["error"].args)
    if path[:1] == ["values"] and len(path) > 1:
        return Where(where.file, f"{where.name}.{path[1]}").error(f"value {given}", "a finite number", "Correct it.")
    is_source = error.title == "Source" or (path[0] == "sources" and len(path) > 1)
    model = Source if is_source else Range if path[0] == "range" and (kind, path) != ("missing", ["range"]) else Entry
    names = ", ".join(model.model_fields)
    needed = ", ".join(name for name, field in model.model_fields.items() if field.is_required())
    last = path[-1] if path else ""
    name = last if is_source else ".".join(path)
    wrong: dict[str, tuple[str, str, str]] = {
        "missing": (
            f"a source without {name}" if is_source else f"{name} is missing",
            f"required: {needed}",
            f"Add {name}.",
        ),
        "extra_forbidden": (f"{WITHIN[model]}unknown entry {last}", names, "Remove or rename it."),
        "invalid_key": (f"{WITHIN[model]}unknown entry {last}", names, "Remove or rename it."),
        "model_type": (f"{'source' if is_source else name} {given}", names, "Make it a table."),
        "string_type": (f"{name} {given}", "a text that says something", f"Fill in {name}."),
        "string_pattern_mismatch": (f"{name} {given}", "a text that says something", f"Fill in {name}."),
        "literal_error": (f"{name} {given}", f"one of {_choices(context)}", "Choose one."),
        "date_type": (f"{name} {given}", "a day such as 2026-11-22, without quotes", "Correct it."),
        "bool_type": (f"{name} {given}", "true or false", "Correct it."),
        "dict_type": (f"{name} {given}", "values must be a table of label = number", "Give one."),
        "too_short": (f"{name} {given}", "values must be a table of label = number", "Give one."),
    }
    return where.error(*wrong.get(kind, (f"{name} {given}", "a finite number", "Correct it.")))


def _choices(context: Mapping[str, Any]) -> str:
    return ", ".join(re.findall(r"'(\w+)'", context.get("expected", "")))
