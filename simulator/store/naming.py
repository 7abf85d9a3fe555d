"""What names a scenario and a version of it, and the one answer to what names none."""

from __future__ import annotations

from typing import Any

from simulator.errors import InvalidInput, shown
from simulator.store.scenario import Scenario
from simulator.validated import MAX_TEXT


def opened(row: Any) -> Scenario:
    """Return the scenario of a row; an error inside its body names the scenario."""
    try:
        return Scenario.from_json(row.body)
    except InvalidInput as error:
        problem = error.within(f"{row.id}.{row.version}")
    raise problem


def key_text(key: object) -> str:
    """Return an id as it may be asked for."""
    # What cannot be printed is no id, and some of it (NUL) no database takes.
    if not isinstance(key, str) or len(key) > MAX_TEXT or not key.isprintable():
        raise unknown_scenario(key)
    return key


def check_version(field: str, version: object, least: int) -> None:
    """Raise ``wrong_type`` unless it is a version, or none."""
    if version is None or (isinstance(version, int) and not isinstance(version, bool) and version >= least):
        return
    raise InvalidInput("wrong_type", field=field, received=shown(version), allowed=f"a whole number from {least} on")


def unknown_scenario(key: object, version: int | None = None) -> InvalidInput:
    """Return the answer to an id that names nothing, or nothing that may be seen."""
    advice = f" with a version {version}" if version is not None else ""
    return InvalidInput("unknown_scenario", field="id", received=shown(key), advice=advice)
