"""The list of scenarios: latest versions only, without opening a single body."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from simulator.errors import InvalidInput, shown
from simulator.store.ownership import allowed
from simulator.store.rows import Row, folded, moment, tags_of
from simulator.store.table import LISTED, SCENARIO_VERSION
from simulator.store.viewer import Viewer
from simulator.validated import MAX_TEXT


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
