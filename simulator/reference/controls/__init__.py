"""What the platform obeys, takes as a suggestion, or does not sell: by goal, by where it is set up, by field."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from simulator.base.validation import one_of
from simulator.reference.parameters import Source

DOORS = ("help_on", "help_off", "boost", "special")
"""An advertisement with the platform's audience help on or off, a boosted post, a special category."""
FIELDS = ("place", "age_min", "age_max", "gender", "interests", "frequency_cap")
RULES = ("obeyed", "suggested", "limited", "impossible", "to_check")


@dataclass(frozen=True)
class Control:
    """What becomes of one field: ``rule`` of ``RULES``, how firm that is (``state``), and where it was read."""

    rule: str
    state: str
    source: Source


def control(goal: str, door: str, field: str) -> Control:
    """Return what the platform does with a field under a goal.

    Parameters
    ----------
    goal : str
        An objective; any other than those with exceptions is like the rest.
    door, field : str
        One of ``DOORS``, one of ``FIELDS``.

    Raises
    ------
    InvalidInput
        ``unknown_choice``.
    """
    one_of("door", door, DOORS)
    one_of("field", field, FIELDS)
    cells, exception, goals, doors = _tables()
    if field in exception and goal in goals and door in doors:
        return exception[field]
    return cells[door][field]


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, dict[str, Control]], dict[str, Control], tuple[str, ...], tuple[str, ...]]:
    text = files(__package__).joinpath("controls.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    sources = {name: Source.model_validate(entries) for name, entries in tables["sources"].items()}

    def cell(entry: dict[str, str]) -> Control:
        return Control(entry["rule"], entry["state"], sources[entry["source"]])

    cells = {door: {field: cell(tables[door][field]) for field in FIELDS} for door in DOORS}
    capped = tables["capped"]
    exception = {field: cell(capped[field]) for field in FIELDS if field in capped}
    return cells, exception, tuple(capped["goals"]), tuple(capped["doors"])
