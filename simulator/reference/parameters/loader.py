"""Read the parameter files, and refuse every entry that lacks unit, source, date or an honest range."""

from __future__ import annotations

import datetime
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.abc import Traversable
from pathlib import Path
from typing import Any

from simulator.base.errors import InvalidInput, ParameterError, shown
from simulator.base.validation import finite
from simulator.reference.parameters.entry import (
    FAMILIES,
    GROUPS,
    ORIGINS,
    Parameter,
    Source,
    beyond,
    from_scale,
    to_scale,
)

MAX_BYTES = 2_000_000
REQUIRED = ("description", "unit", "range", "origin", "valid_from", "group", "sources")
OPTIONAL = ("value", "values", "reason", "currency", "country", "price_year", "currency_assumed")
RANGE_ENTRIES = ("family", "low", "high", "level", "relative")
MARKS = frozenset({"value", "values", "description", "unit", "origin", "range"})
"""A TOML table holding one of these is a parameter; any other is a folder of parameters."""

Entries = Mapping[str, Any]


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


def read_file(path: Path | Traversable) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    ParameterError
        The file is missing, a folder, too large, not UTF-8 or not TOML; names file and line.
    """
    where = Where(shown(path.name or str(path)).strip("'\""))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # never more, also from a device without an end
        tables = tomllib.loads(content[:MAX_BYTES].decode("utf-8"))
    except UnicodeDecodeError:
        raise where.error("the file is not UTF-8", "text in UTF-8", "Save it again as UTF-8.") from None
    except RecursionError:
        raise where.error("nested without end", "valid TOML", "Correct it.") from None
    except tomllib.TOMLDecodeError as error:
        raise where.error(str(error)[:120], "valid TOML", "Correct the file at that place.") from None
    except IsADirectoryError:
        raise where.error("it is a folder", "a TOML file", "Give a file inside it.") from None
    except (OSError, ValueError):  # the latter: a name that no file can have
        raise where.error("there is no such file, or none to be read", "a TOML file", "Check the path.") from None
    if len(content) > MAX_BYTES:
        raise where.error("a larger file", f"at most {MAX_BYTES:,} bytes", "Give the changed parameters alone.")
    return tables


def read_parameters(path: Path | Traversable) -> Iterator[Parameter]:
    """Yield the parameters of one file, in its order; keyed tables come out entry by entry."""
    tables = read_file(path)
    stem = path.name.removesuffix(".toml")
    named = _named_sources(tables.pop("sources", {}), path.name)
    for name, entries in _walk(tables, path.name, ""):
        yield from build(f"{stem}.{name}", entries, Where(path.name, name), named)


def build(key: str, entries: Entries, where: Where, named: Mapping[str, Source]) -> Iterator[Parameter]:
    """Yield the parameters that one TOML table declares.

    Parameters
    ----------
    key : str
        Full key of the table.
    named : mapping
        Sources of the file by name.
    """
    _check_names(entries, where)
    limits = _range(entries["range"], where)
    common = _common(entries, where, named)
    if "values" not in entries:
        value = _number(entries["value"], "value", where)
        low, high = _interval(limits, value, limits.get("relative", False), where)
        yield _checked(Parameter(key=key, value=value, low=low, high=high, **common, **_shape(limits)), where)
        return
    values = entries["values"]
    if not isinstance(values, Mapping) or not values:
        raise where.error(f"values is {shown(values)}", "values must be a table of label = number", "Give one.")
    for label, received in values.items():
        inside = Where(where.file, f"{where.name}.{label}")
        value = _number(received, "value", inside)
        low, high = _interval(limits, value, limits.get("relative", True), inside)
        parameter = Parameter(
            key=f"{key}.{label}", value=value, low=low, high=high, table=key, **common, **_shape(limits)
        )
        yield _checked(parameter, inside)


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


def _check_names(entries: Entries, where: Where) -> None:
    for name in REQUIRED:
        if name not in entries:
            raise where.error(f"{name} is missing", "required: " + ", ".join(REQUIRED), f"Add {name}.")
    if ("value" in entries) == ("values" in entries):
        raise where.error("needs value or values", "exactly one of the two", "Keep one.")
    for name in entries:
        if name not in REQUIRED and name not in OPTIONAL:
            raise where.error(f"unknown entry {name}", ", ".join(REQUIRED + OPTIONAL), "Remove or rename it.")


def _common(entries: Entries, where: Where, named: Mapping[str, Source]) -> dict[str, Any]:
    texts = {name: _text(entries[name], name, where) for name in ("description", "unit")}
    origin = _choice(entries["origin"], "origin", ORIGINS, where)
    group = _choice(entries["group"], "group", GROUPS, where)
    reason = entries.get("reason", "")
    if origin == "assumption" and not reason:
        raise where.error("an assumption without reason", "an assumption states its reason", "Add reason.")
    year = entries.get("price_year", 0)
    if not isinstance(year, int) or isinstance(year, bool) or not (year == 0 or 1990 < year < 2200):
        raise where.error(f"price_year is {shown(year)}", "a year such as 2026", "Correct it.")
    if "currency" in entries and not (year and entries.get("country")):
        raise where.error("a price without country or year", "currency, country and price_year together", "Add them.")
    return {
        **texts,
        "origin": origin,
        "group": group,
        "reason": _text(reason, "reason", where) if "reason" in entries else "",
        "valid_from": _day(entries["valid_from"], "valid_from", where),
        "sources": _sources(entries["sources"], where, named),
        **{name: _text(entries[name], name, where) for name in ("currency", "country") if name in entries},
        "price_year": year,
        "currency_assumed": _flag(entries.get("currency_assumed", False), "currency_assumed", where),
    }


def _range(entries: object, where: Where) -> dict[str, Any]:
    if not isinstance(entries, Mapping):
        raise where.error(f"range is {shown(entries)}", "{family, low, high, level}", "Make it a table.")
    for name in entries:
        if name not in RANGE_ENTRIES:
            raise where.error(f"range: unknown entry {name}", ", ".join(RANGE_ENTRIES), "Remove or rename it.")
    family = _choice(entries.get("family"), "range.family", FAMILIES, where)
    if family == "fixed":
        if entries.keys() - {"family"}:
            raise where.error("a fixed value with a range", "only family for a fixed value", "Remove the rest.")
        return {"family": family}
    numbers = {}
    for name in ("low", "high", "level"):
        if name not in entries:
            raise where.error(f"range.{name} is missing", "family, low, high, level", f"Add {name}.")
        numbers[name] = _number(entries[name], f"range.{name}", where)
    if not 0.0 < numbers["level"] < 1.0:
        raise where.error(f"level is {numbers['level']}", "above 0 and below 1, such as 0.8", "Correct it.")
    if numbers["low"] > numbers["high"]:
        raise where.error(
            f"low ({numbers['low']}) is above high ({numbers['high']})",
            "low must be at most high",
            "Swap them or correct the source value.",
        )
    return {**entries, "family": family, **numbers}


def _shape(limits: Entries) -> dict[str, Any]:
    return {"family": limits["family"], "level": limits.get("level", 1.0)}


def _interval(limits: Entries, value: float, relative: object, where: Where) -> tuple[float, float]:
    """Low and high in the unit of the value; a relative range multiplies the value (``logitnormal``: its odds)."""
    if limits["family"] == "fixed":
        return value, value
    low, high = limits["low"], limits["high"]
    if not relative:
        return low, high
    if not 0.0 < low < 1.0 < high:
        raise where.error(f"relative range {low} to {high}", "factors around 1, such as 0.8 to 1.25", "Correct it.")
    if limits["family"] != "logitnormal":
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


def _sources(listed: object, where: Where, named: Mapping[str, Source]) -> tuple[Source, ...]:
    if not isinstance(listed, (list, tuple)) or not listed:
        raise where.error("sources is empty", "a list of at least one source", "Name where the number comes from.")
    found = []
    for entry in listed:
        if isinstance(entry, Source):
            found.append(entry)
        elif isinstance(entry, str):
            if entry not in named:
                raise where.error(f"unknown source {shown(entry)}", ", ".join(named) or "none declared", "Declare it.")
            found.append(named[entry])
        else:
            found.append(source_from(entry, where))
    return tuple(found)


def source_from(entries: object, where: Where) -> Source:
    """Return one source from its table.

    Raises
    ------
    ParameterError
        An entry is missing, unknown or of the wrong type.
    """
    names = [entry.name for entry in fields(Source)]
    if not isinstance(entries, Mapping):
        raise where.error(f"source is {shown(entries)}", ", ".join(names), "Make it a table.")
    for name in names:
        if name not in entries and name != "licence":
            raise where.error(f"a source without {name}", ", ".join(names), f"Add {name}.")
    for name in entries:
        if name not in names:
            raise where.error(f"a source with unknown entry {name}", ", ".join(names), "Remove or rename it.")
    texts = {name: _text(entries[name], name, where) for name in names if name != "accessed" and name in entries}
    return Source(accessed=_day(entries["accessed"], "accessed", where), **texts)


def _text(value: object, name: str, where: Where) -> str:
    if not isinstance(value, str) or not value.strip():
        raise where.error(f"{name} is {shown(value)}", "a text that says something", f"Fill in {name}.")
    return value


def _number(value: object, name: str, where: Where) -> float:
    try:
        return finite(value)
    except InvalidInput:
        raise where.error(f"{name} is {shown(value)}", "a finite number", "Correct it.") from None


def _flag(value: object, name: str, where: Where) -> bool:
    if not isinstance(value, bool):
        raise where.error(f"{name} is {shown(value)}", "true or false", "Correct it.")
    return value


def _day(value: object, name: str, where: Where) -> datetime.date:
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise where.error(f"{name} is {shown(value)}", "a day such as 2026-11-22, without quotes", "Correct it.")
    return value


def _choice(value: object, name: str, allowed: tuple[str, ...], where: Where) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise where.error(f"{name} is {shown(value)}", "one of " + ", ".join(allowed), "Choose one.")
    return value
