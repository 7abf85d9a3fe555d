"""The one table, append-only: every save, deletion and restoration is a new row, and no row ever changes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

DATABASE_VERSION = 1
"""Form of the tables; the bodies have a form of their own, see ``migrations``."""

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
"""One row: the form of the tables."""

LISTED = tuple(
    SCENARIO_VERSION.c[name]
    for name in ("id", "version", "saved_at", "title", "client", "tags", "money", "currency", "people", "has_actual")
)
"""What a list shows, in the order of ``rows.Row``."""

COVERING = Index("scenario_version_listed", *LISTED[:2], SCENARIO_VERSION.c.deleted, *LISTED[2:])
"""SQLite only: the list is read from the index alone, not from pages full of bodies. (PostgreSQL moves long
bodies out of the way by itself, and bounds the length of an index entry.)"""
