"""A correct parameter file, to be spoilt one entry at a time."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from simulator.reference.parameters.entry import Parameter
from simulator.reference.parameters.loader import read_parameters

SOURCE: dict[str, Any] = {
    "title": "A page",
    "publisher": "A house",
    "locator": "https://example.org",
    "accessed": datetime.date(2026, 11, 22),
    "population": "people",
}


def level(**changes: Any) -> dict[str, Any]:
    """Return a correct entry with some things changed; ``None`` removes one."""
    entry: dict[str, Any] = {
        "description": "A price",
        "unit": "EUR",
        "value": 6.0,
        "range": {"family": "lognormal", "low": 4.0, "high": 9.0, "level": 0.8},
        "origin": "published",
        "valid_from": datetime.date(2025, 1, 1),
        "group": "price",
        "sources": ["page"],
    }
    entry.update(changes)
    return {name: value for name, value in entry.items() if value is not None}


def toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(str(name))} = {toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return json.dumps(value)


def write(folder: Path, entry: dict[str, Any], source: dict[str, Any] | None = None) -> Path:
    """Write ``prices.toml`` with the one table ``level.FR``."""
    path = folder / "prices.toml"
    lines = ["[level.FR]", *(f"{name} = {toml(value)}" for name, value in entry.items())]
    lines += ["[sources.page]", *(f"{name} = {toml(value)}" for name, value in (source or SOURCE).items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def load(folder: Path, **changes: Any) -> list[Parameter]:
    """Return what the loader makes of the entry with ``changes``."""
    return list(read_parameters(write(folder, level(**changes))))
