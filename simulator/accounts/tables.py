"""Tables beside the library's: who there is, which sign-ins are open, which links lead to what.

Described here, made with the library's own by ``library.migrations``.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from simulator.library.table import METADATA, SCENARIO_VERSION

PERSON = Table(
    "access_person",
    METADATA,
    Column("key", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("team", Text, nullable=False),
    Column("seen_at", Float, nullable=False),
)

SESSION = Table(
    "access_session",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    Column("began_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
)
"""Kept until the token itself has expired: until then a copied cookie must find that it was revoked."""

LINK = Table(
    "access_link",
    METADATA,
    # Of the token only the hash: whoever reads the database cannot open a link.
    Column("hash", String(64), primary_key=True),
    Column("scenario", String(36), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("made_by", String(32), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
)

_FIRST = SCENARIO_VERSION.c.version == 1
OWNED = Index(
    "scenario_version_owned",
    SCENARIO_VERSION.c.owner,
    SCENARIO_VERSION.c.id,
    sqlite_where=_FIRST,
    postgresql_where=_FIRST,
)
"""Whose a scenario is, asked with every statement of a server."""
