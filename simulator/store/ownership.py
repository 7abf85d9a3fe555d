"""Whose scenarios somebody may see and change, asked of the database itself and not of a page.

A scenario belongs to whoever saved its first version, for good: that row never changes. Later versions say who saved
them, which gives no right to the scenario.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, select

from simulator.store.library import History
from simulator.store.merging import renamed
from simulator.store.table import SCENARIO_VERSION as TABLE
from simulator.store.viewer import Viewer


def allowed(viewer: Viewer | None) -> list[ColumnElement[bool]]:
    """Return the conditions under which a row may be used: none for a library of one's own."""
    if viewer is None or viewer.owners is None:
        return []
    first = TABLE.alias("first")
    theirs = select(first.c.id).where(first.c.version == 1, first.c.owner.in_(sorted(viewer.owners)))
    return [TABLE.c.id.in_(theirs)]


def of_others(connection: Connection, keys: Iterable[str], viewer: Viewer | None) -> set[str]:
    """Return those of the ids that are taken by somebody whose scenarios ``viewer`` may not see."""
    if viewer is None or viewer.owners is None:
        return set()
    statement = select(TABLE.c.id).where(
        TABLE.c.id.in_(list(keys)), TABLE.c.version == 1, TABLE.c.owner.not_in(sorted(viewer.owners))
    )
    return set(connection.scalars(statement))


def as_own(connection: Connection, histories: Sequence[History], viewer: Viewer | None) -> list[History]:
    """Return histories from elsewhere as the viewer's own, so that a file cannot speak for somebody else.

    One whose id belongs to another gets an id of its own, made of the two: it can neither be added to, nor does
    the answer tell that it is there.
    """
    if viewer is None:
        return list(histories)
    found = [
        history._replace(entries=tuple(e._replace(owner=viewer.key) for e in history.entries)) for history in histories
    ]
    while taken := of_others(connection, [history.id for history in found], viewer):
        found = [
            renamed(history, str(uuid.uuid5(uuid.UUID(history.id), viewer.key))) if history.id in taken else history
            for history in found
        ]
    return found
