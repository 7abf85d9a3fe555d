"""What Alembic runs around the revisions; the connection and its transaction are the caller's."""

from __future__ import annotations

from alembic import context

from simulator.library.table import REVISION

context.configure(connection=context.config.attributes["connection"], version_table=REVISION.name)
with context.begin_transaction():
    context.run_migrations()
