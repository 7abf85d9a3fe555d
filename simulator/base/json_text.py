"""JSON as people write it: what is broken, too large, too deep or given twice is refused with its place."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator.base.errors import InvalidInput, shown

MAX_JSON_DEPTH = 12
"""Deepest nesting of a file; a scenario needs five levels."""
MAX_JSON_BYTES = 2_000_000
MAX_DIGITS = 400
"""Longest whole number in a file; none that is finite needs more."""

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
"""A text in JSON, closed or cut off by the end of the file."""


def parse_json(text: str | bytes | bytearray, field: str = "JSON") -> Any:
    """Parse JSON, refusing what is broken, too large, nested too deeply, or not a number (NaN).

    Raises
    ------
    InvalidInput
        ``broken_json``, ``too_deep``, ``too_large``, ``unreadable_file`` or ``wrong_type``.
    """
    if not isinstance(text, (str, bytes, bytearray)):
        raise InvalidInput("wrong_type", field=field, received=shown(text), allowed="a text in JSON")
    if len(text) > MAX_JSON_BYTES:
        allowed = f"at most {MAX_JSON_BYTES:,} bytes"
        raise InvalidInput("too_large", field=field, received=f"{len(text):,} bytes", allowed=allowed)
    if not isinstance(text, str):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidInput("unreadable_file", field=field, received="the file") from None
    text = text.removeprefix("\ufeff")  # Windows editors begin a file with it
    if _depth(text) > MAX_JSON_DEPTH:
        raise InvalidInput("too_deep", field=field, allowed=MAX_JSON_DEPTH)
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_int, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except ValueError as error:
        problem = str(error)
    raise InvalidInput("broken_json", field=field, received=problem)


def _depth(text: str) -> int:
    """Deepest bracket outside strings: counted before parsing, since the parser recurses."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[{\]}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits")
    return int(digits)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            raise ValueError(f"the entry {shown(key)} is given twice")
        entries[key] = value
    return entries
