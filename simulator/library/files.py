"""What names a scenario and a version of it, and the one answer to what names none."""

from __future__ import annotations

import os
from typing import Any

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import path_of, read_json, write_file
from simulator.base.validation import MAX_TEXT
from simulator.library.scenario import Scenario


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


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Read a scenario file of any earlier form, a ready-made one, or a file with a campaign alone.

    A file without ``id`` becomes a new scenario each time it is read.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``broken_json``, … or what is wrong in the scenario, with the entry and the file.
    """
    entries = read_json(path)
    try:
        return scenario_from(entries)
    except InvalidInput as error:
        raise error.inside(shown(path_of(path).name)) from None


def scenario_from(entries: object) -> Scenario:
    """Return the scenario of plain values; a campaign alone becomes one without a title."""
    if isinstance(entries, dict) and "campaign" not in entries and "targeting" in entries:
        entries = {"campaign": entries}
    return Scenario.from_dict(entries)


def write_scenario(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Write a scenario as JSON in UTF-8; ``load_scenario`` gives it back as it was.

    Raises
    ------
    InvalidInput
        ``disk_full``, ``read_only`` or ``cannot_write``; what stood at ``path`` is untouched.
    """
    write_file(path, scenario.to_json().encode())
