"""Take over histories from another library: append what is new, keep what differs side by side."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simulator.base.errors import InvalidInput
from simulator.library.library import Entry, History
from simulator.library.scenario import Scenario, canonical


class Local(NamedTuple):
    """One version that the library holds already."""

    body: str
    deleted: bool


class Step(NamedTuple):
    """What to append for one history: nothing, its later versions, or all of it under an id of its own."""

    id: str
    entries: tuple[Entry, ...]

    def scenarios(self) -> list[Scenario]:
        """Return the scenarios to append, checked.

        Raises
        ------
        InvalidInput
            What is wrong in the first that cannot be taken, with id and version.
        """
        return [_scenario(entry) for entry in self.entries]


@dataclass
class Imported:
    """What an import did.

    Attributes
    ----------
    added : int
        Scenarios that are new here, those kept side by side included.
    extended : int
        Scenarios known here that got further versions.
    unchanged : int
        Scenarios that were here already.
    conflicts : list of (id, new id)
        Scenarios that had been changed on both sides: the other's history now stands under the new id.
    refused : list of (id, InvalidInput)
        Scenarios that could not be read, with the reason; they are not taken over.
    """

    added: int = 0
    extended: int = 0
    unchanged: int = 0
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, InvalidInput]] = field(default_factory=list)

    def count(self, history: History, step: Step) -> None:
        """Note what a step does."""
        if not step.entries:
            self.unchanged += 1
        elif step.entries[0].version > 1:
            self.extended += 1
        else:
            self.added += 1
        if step.id != history.id and step.entries:
            self.conflicts.append((history.id, step.id))


def step_for(history: History, local: Sequence[Local], held: Callable[[str], Sequence[Local]], salt: str = "") -> Step:
    """Return what to append so that both libraries' versions are here.

    Parameters
    ----------
    local : sequence of Local
        Versions held here under the id of ``history``, in order.
    held : callable
        Id to the versions held here; asked only when the two differ.
    salt : str
        Who takes it over, where several share a library: what stands beside gets an id that is theirs alone.
    """
    common = _common(history.entries, local)
    if common == len(history.entries):
        return Step(history.id, ())
    if common == len(local):
        return Step(history.id, history.entries[common:])
    beside = renamed(history, _other_id(history.id, history.entries[common], salt))
    return step_for(beside, held(beside.id), held, salt)


def renamed(history: History, key: str) -> History:
    """Return the same history under another id."""
    entries = tuple(
        entry._replace(id=key, body=canonical({**json.loads(entry.body), "id": key})) for entry in history.entries
    )
    return History(key, entries)


def _scenario(entry: Entry) -> Scenario:
    try:
        return Scenario.from_dict(json.loads(entry.body))
    except InvalidInput as error:
        problem = error.within(f"{entry.id}.{entry.version}")
    raise problem


def _common(entries: Sequence[Entry], local: Sequence[Local]) -> int:
    """Number of first versions that are the same on both sides."""
    for count, (entry, here) in enumerate(zip(entries, local, strict=False)):
        if (entry.body, entry.deleted) != here:
            return count
    return min(len(entries), len(local))


def _other_id(key: str, entry: Entry, salt: str) -> str:
    """Return an id that depends only on where the two part: a second import finds what the first has kept."""
    digest = hashlib.sha256(f"{salt}{entry.deleted}{entry.body}".encode()).hexdigest()
    return str(uuid.uuid5(uuid.UUID(key), digest))
