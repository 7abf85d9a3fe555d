"""The tables of version 0.1, with those of people, sessions and links.

That version wrote down no revision, and made the last three on a server only: what is there already stays as it is.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Float, Integer, String, Text, select, text

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    is_file = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "scenario_version",
        Column("id", String(36), primary_key=True),
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
        if_not_exists=True,
    )
    op.create_table(
        "access_person",
        Column("key", String(32), primary_key=True),
        Column("name", Text, nullable=False),
        Column("email", Text, nullable=False),
        Column("role", String(16), nullable=False),
        Column("team", Text, nullable=False),
        Column("seen_at", Float, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "access_session",
        Column("hash", String(64), primary_key=True),
        Column("person", String(32), nullable=False),
        Column("began_at", Float, nullable=False),
        Column("expires_at", Float, nullable=False),
        Column("revoked_at", Float),
        if_not_exists=True,
    )
    op.create_table(
        "access_link",
        Column("hash", String(64), primary_key=True),
        Column("scenario", String(36), nullable=False),
        Column("version", Integer, nullable=False),
        Column("made_by", String(32), nullable=False),
        Column("made_at", Float, nullable=False),
        Column("expires_at", Float, nullable=False),
        Column("revoked_at", Float),
        if_not_exists=True,
    )
    op.create_index("ix_access_session_person", "access_session", ["person"], if_not_exists=True)
    op.create_index("ix_access_link_scenario", "access_link", ["scenario"], if_not_exists=True)
    first = text("version = 1")
    op.create_index(
        "scenario_version_owned",
        "scenario_version",
        ["owner", "id"],
        if_not_exists=True,
        sqlite_where=first,
        postgresql_where=first,
    )
    if is_file:
        listed = ["id", "version", "deleted", "saved_at", "title", "client", "tags", "money", "currency", "people"]
        op.create_index("scenario_version_listed", "scenario_version", [*listed, "has_actual"], if_not_exists=True)
    number = Column("database_version", Integer, primary_key=True, autoincrement=False)
    form = op.create_table("scenario_store", number, if_not_exists=True)
    if op.get_bind().scalar(select(form.c.database_version)) is None:
        op.bulk_insert(form, [{"database_version": 1}])
