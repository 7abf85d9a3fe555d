"""The forms that the tables have had, and the way from each to the next: Alembic's revisions, numbered 1, 2, ….

A change of a table is a file ``versions/revision_N.py``, the same change in the table's description (``library.table``,
``accounts.tables``) and ``DATABASE_VERSION`` = N. Every revision ends by writing its number to ``scenario_store``:
that is where version 0.1, which knows no revisions, looks whether it can read what it finds.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection

_one_at_a_time = threading.Lock()
"""Alembic holds what it works on in a global of the process."""


def upgrade(connection: Connection) -> None:
    """Bring the tables to the present form, in the transaction that stands open."""
    # 0.2 s, for a database that is new or old only.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with _one_at_a_time:
        command.upgrade(config, "head")
