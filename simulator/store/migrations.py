"""Scenario files of earlier forms, brought to the present one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.errors import InvalidInput, shown

SCHEMA_VERSION = 3
"""1: {schema_version, title, author, why, campaign}, as the ready-made files are. 2: everything of ``Scenario`` but
the page. 3: with the page that is kept beside the campaign."""

Entries = dict[str, Any]


def migrated(entries: Entries) -> Entries:
    """Return the entries in the present form; those without ``schema_version`` are in it, a ``why`` apart.

    Raises
    ------
    InvalidInput
        ``future_version``: written by a later version of the program.
    """
    version = entries.get("schema_version", 1 if "why" in entries else SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        allowed = f"a whole number from 1 to {SCHEMA_VERSION}"
        raise InvalidInput("wrong_type", field="schema_version", received=shown(version), allowed=allowed)
    if version > SCHEMA_VERSION:
        raise InvalidInput("future_version", field="schema_version", received=version, allowed=SCHEMA_VERSION)
    for step in range(version, SCHEMA_VERSION):
        entries = MIGRATIONS[step](entries)
    return {**entries, "schema_version": SCHEMA_VERSION}


def _why_into_notes(entries: Entries) -> Entries:
    """1 to 2: what the campaign was for is the first of its notes."""
    why = entries.get("why", "")
    rest = {name: value for name, value in entries.items() if name != "why"}
    return {**rest, "notes": why} if "notes" not in rest and why != "" else rest


def _without_page(entries: Entries) -> Entries:
    """2 to 3: nothing was said of a page."""
    return entries


MIGRATIONS: dict[int, Callable[[Entries], Entries]] = {1: _why_into_notes, 2: _without_page}
"""From each earlier form to the next."""
