"""A scenario in a file of its own."""

from __future__ import annotations

import os

from simulator.errors import InvalidInput, shown
from simulator.json_text import parse_json
from simulator.store.disk import path_of, read_file, replaced
from simulator.store.scenario import Scenario


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Read a scenario file of any earlier form, a ready-made one, or a file with a campaign alone.

    A file without ``id`` becomes a new scenario each time it is read.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``broken_json``, … or what is wrong in the scenario, with the entry and the file.
    """
    path = path_of(path)
    name = shown(path.name)
    entries = parse_json(read_file(path), field=name)
    try:
        return scenario_from(entries)
    except InvalidInput as error:
        raise error.inside(name) from None


def scenario_from(entries: object) -> Scenario:
    """Return the scenario of plain values; a campaign alone becomes one without a title."""
    if isinstance(entries, dict) and "campaign" not in entries and "targeting" in entries:
        entries = {"campaign": entries}
    return Scenario.from_dict(entries)


def write_scenario(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Write a scenario as JSON in UTF-8; ``load_scenario`` gives it back as it was.

    Raises
    ------
    SimulatorError
        ``disk_full``, ``read_only`` or ``cannot_write``; what stood at ``path`` is untouched.
    """
    with replaced(path_of(path)) as file:
        file.write(scenario.to_json().encode())
