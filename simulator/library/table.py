"""The one table, append-only: every save, deletion and restoration is a new row, and no row ever changes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    column,
    func,
    select,
    table,
)

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import MAX_TEXT
from simulator.library.library import History
from simulator.library.merging import renamed
from simulator.library.rows import Row, Viewer, folded, moment, tags_of

DATABASE_VERSION = 1
"""Form of the tables, the last of ``library.migrations``; the bodies have a form of their own, see ``scenario``."""

METADATA = MetaData()

SCENARIO_VERSION = Table(
    "scenario_version",
    METADATA,
    Column("id", String(36), primary_key=True),
    # Two writers who start from the same version collide here: the key is the optimistic lock.
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", String(27), nullable=False),
    Column("owner", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("money", Float, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("people", Float),
    Column("has_actual", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("body", Text, nullable=False),
)

FORM = Table("scenario_store", METADATA, Column("database_version", Integer, primary_key=True, autoincrement=False))
"""One row: the form of the tables, where version 0.1 looks for it."""

REVISION = table("scenario_store_revision", column("version_num", String))
"""One row: the form of the tables, written by Alembic under a name of ours, since a server may hold others' tables."""

LISTED = tuple(
    SCENARIO_VERSION.c[name]
    for name in ("id", "version", "saved_at", "title", "client", "tags", "money", "currency", "people", "has_actual")
)
"""What a list shows, in the order of ``rows.Row``."""

COVERING = Index("scenario_version_listed", *LISTED[:2], SCENARIO_VERSION.c.deleted, *LISTED[2:])
"""SQLite only: the list is read from the index alone, not from pages full of bodies. (PostgreSQL moves long
bodies out of the way by itself, and bounds the length of an index entry.)"""


def allowed(viewer: Viewer | None) -> list[ColumnElement[bool]]:
    """Return the conditions under which a row may be used: none for a library of one's own."""
    if viewer is None or viewer.owners is None:
        return []
    first = SCENARIO_VERSION.alias("first")
    theirs = select(first.c.id).where(first.c.version == 1, first.c.owner.in_(sorted(viewer.owners)))
    return [SCENARIO_VERSION.c.id.in_(theirs)]


def of_others(connection: Connection, keys: Iterable[str], viewer: Viewer | None) -> set[str]:
    """Return those of the ids that are taken by somebody whose scenarios ``viewer`` may not see."""
    if viewer is None or viewer.owners is None:
        return set()
    statement = select(SCENARIO_VERSION.c.id).where(
        SCENARIO_VERSION.c.id.in_(list(keys)),
        SCENARIO_VERSION.c.version == 1,
        SCENARIO_VERSION.c.owner.not_in(sorted(viewer.owners)),
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


def listed(
    connection: Connection, text: str, client: str | None, tag: str | None, viewer: Viewer | None = None
) -> list[Row]:
    """Return the rows that hold every word of ``text``, newest first."""
    if connection.dialect.name == "sqlite":
        statement = _of_sqlite(text, client, tag)
    else:
        statement = _of_postgresql(text, client, tag)
    statement = statement.where(*allowed(viewer))
    found = [
        Row(key, version, moment(saved_at), title, named, tags_of(tags), money, currency, people, has_actual)
        for key, version, saved_at, title, named, tags, money, currency, people, has_actual in connection.execute(
            statement
        )
    ]
    if tag is not None:
        found = [row for row in found if tag in row.tags]
    found.sort(key=lambda row: row.id)
    found.sort(key=lambda row: row.saved_at, reverse=True)
    return found


def check_filter(field: str, value: object) -> None:
    """Raise ``InvalidInput`` unless ``value`` can be looked for."""
    if not isinstance(value, str):
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed="a text")
    if len(value) > MAX_TEXT:
        raise InvalidInput("too_long", field=field, received=len(value), allowed=f"at most {MAX_TEXT}")


def _of_sqlite(text: str, client: str | None, tag: str | None) -> Select[Any]:
    """In SQLite, columns beside a single max() are those of the row that holds it: one pass over the index.

    Documented in "SELECT", section "Bare columns in an aggregate query".
    """
    version = func.max(SCENARIO_VERSION.c.version)
    columns = [version if column is SCENARIO_VERSION.c.version else column for column in LISTED]
    statement = select(*columns).group_by(SCENARIO_VERSION.c.id)
    return statement.having(*_conditions(SCENARIO_VERSION.c, text, client, tag))


def _of_postgresql(text: str, client: str | None, tag: str | None) -> Select[Any]:
    columns = SCENARIO_VERSION.c
    latest = select(columns.id, func.max(columns.version).label("version")).group_by(columns.id).subquery()
    is_latest = and_(columns.id == latest.c.id, columns.version == latest.c.version)
    return select(*LISTED).join(latest, is_latest).where(*_conditions(columns, text, client, tag))


def _conditions(columns: Any, text: str, client: str | None, tag: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [~columns.deleted]
    conditions += [columns.words.contains(word, autoescape=True) for word in folded(text).split()]
    if client is not None:
        conditions.append(columns.client == client)
    if tag is not None:
        # A first sieve: a tag in quotation marks may also stand inside another one.
        conditions.append(columns.tags.contains(json.dumps(tag, ensure_ascii=False), autoescape=True))
    return conditions
