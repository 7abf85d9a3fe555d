"""Between the table and a library: read every version out, append what another library brings."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from simulator.base.errors import InvalidInput, shown
from simulator.library.connection import translated
from simulator.library.library import Entry, History
from simulator.library.merging import Imported, Local, Step, step_for
from simulator.library.rows import Viewer, entries_of, now
from simulator.library.scenario import Scenario
from simulator.library.table import SCENARIO_VERSION as TABLE
from simulator.library.table import allowed, as_own, of_others

BATCH = 200
"""Scenarios to a transaction of an import, rows to a fetch of an export: memory stays flat."""
TRIES = 100
"""Attempts to take over one scenario that others keep saving meanwhile."""


def held_entries(
    engine: Engine, place: str, viewer: Viewer | None = None, client: str | None = None
) -> Generator[Entry]:
    """Yield every version in order, as of one moment: a single statement sees a single state.

    With ``client``, of the scenarios any version of which names that client.
    """
    columns = (TABLE.c.id, TABLE.c.version, TABLE.c.saved_at, TABLE.c.owner, TABLE.c.deleted, TABLE.c.body)
    statement = select(*columns).where(*allowed(viewer), *of_client(client)).order_by(TABLE.c.id, TABLE.c.version)
    with translated(place), engine.connect() as connection:
        for row in connection.execution_options(yield_per=BATCH).execute(statement):
            yield Entry(*row)


def of_client(client: str | None) -> list[ColumnElement[bool]]:
    """Return the condition that some version of a row's scenario names the client."""
    if client is None:
        return []
    named = TABLE.alias("named")
    return [TABLE.c.id.in_(select(named.c.id).where(named.c.client == client))]


def take_over_one(engine: Engine, place: str, scenario: Scenario, owner: str, viewer: Viewer | None = None) -> Imported:
    """Append a scenario read from a file of its own, unless some version here is the same already."""
    history = History(scenario.id, (Entry(scenario.id, 1, now(), owner, False, scenario.body()),))
    with translated(place), engine.connect() as connection:
        history = as_own(connection, [history], viewer)[0]
        local = _local(connection, [history.id]).get(history.id, [])
    if any(here.body == history.entries[0].body for here in local):
        return Imported(unchanged=1)
    return take_over(engine, place, iter([history]), viewer)


def take_over(engine: Engine, place: str, histories: Iterator[History], viewer: Viewer | None = None) -> Imported:
    """Append what is new of all histories, some in one transaction; what was appended before an error stays."""
    done = Imported()
    while batch := list(itertools.islice(histories, BATCH)):
        readable = [history for history in batch if history.problem is None]
        done.refused += [(history.id, history.problem) for history in batch if history.problem is not None]
        with translated(place):
            if viewer is not None:
                with engine.connect() as connection:
                    readable = as_own(connection, readable, viewer)
            taken = _merged_together(engine, readable, viewer)
        for history, step in zip(readable, taken, strict=True):
            if isinstance(step, InvalidInput):
                done.refused.append((history.id, step))
            else:
                done.count(history, step)
    return done


def _merged_together(engine: Engine, histories: Sequence[History], viewer: Viewer | None) -> list[Step | InvalidInput]:
    try:
        return _merged(engine, histories, viewer)
    except IntegrityError:
        # Somebody saved one of them meanwhile: one by one, each against what is there now.
        return [_merged_alone(engine, history, viewer) for history in histories]


def _merged_alone(engine: Engine, history: History, viewer: Viewer | None) -> Step | InvalidInput:
    for _ in range(TRIES):
        try:
            return _merged(engine, [history], viewer)[0]
        except IntegrityError:
            continue
    return _merged(engine, [history], viewer)[0]


def _merged(engine: Engine, histories: Sequence[History], viewer: Viewer | None) -> list[Step | InvalidInput]:
    """Append what is new of some histories, all in one transaction; one that cannot be taken is left out whole."""
    done: list[Step | InvalidInput] = []
    rows: list[dict[str, Any]] = []
    with engine.begin() as connection:
        histories = as_own(connection, histories, viewer)
        here = _local(connection, [history.id for history in histories])

        def held(key: str) -> Sequence[Local]:
            return _local(connection, [key]).get(key, [])

        for history in histories:
            step = step_for(history, here.get(history.id, []), held, viewer.key if viewer else "")
            try:
                if of_others(connection, [step.id], viewer):
                    raise InvalidInput("unknown_scenario", field="id", received=shown(history.id), advice="")
                rows += _rows(step)
            except InvalidInput as error:
                done.append(error)
            else:
                done.append(step)
        if rows:
            connection.execute(TABLE.insert(), rows)
    return done


def _rows(step: Step) -> list[dict[str, Any]]:
    return [
        entries_of(scenario, entry.version, entry.saved_at, entry.owner, deleted=entry.deleted, body=entry.body)
        for entry, scenario in zip(step.entries, step.scenarios(), strict=True)
    ]


def _local(connection: Connection, keys: Sequence[str]) -> dict[str, list[Local]]:
    """Return what is held here of some scenarios, versions in order."""
    statement = select(TABLE.c.id, TABLE.c.body, TABLE.c.deleted).where(TABLE.c.id.in_(keys)).order_by(TABLE.c.version)
    found: dict[str, list[Local]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.id, []).append(Local(row.body, row.deleted))
    return found
