"""The forms that the tables have had, and the way from each to the next: Alembic's revisions, numbered 1, 2, ….

A change of a table is a module ``revision_N``, the same change in the table's description (``library.table``,
``accounts.register``) and ``DATABASE_VERSION`` = N. Every revision ends by writing its number to ``scenario_store``:
that is where version 0.1, which knows no revisions, looks whether it can read what it finds.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection

from simulator.library.table import REVISION

FOLDER = Path(__file__).parent
_one_at_a_time = threading.Lock()
"""Alembic holds the connection that a revision works on in a global of the process."""


def upgrade(connection: Connection) -> None:
    """Bring the tables to the present form, in the transaction that stands open."""
    # 0.1 s, for a database that is new or old only.
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(FOLDER, version_locations=[FOLDER])
    context = MigrationContext.configure(connection, opts={"version_table": REVISION.name})
    with _one_at_a_time, Operations.context(context):
        to_come = list(script.iterate_revisions("head", context.get_current_revision() or "base"))
        for revision in reversed(to_come):
            revision.module.upgrade()
            context.stamp(script, revision.revision)
