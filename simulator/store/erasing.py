"""Erase for good what was kept about a client: the one act by which rows leave the table.

Everything else only appends. Here the rows of every version go, and then the places on the disk they stood in:
SQLite overwrites them and rewrites its file, PostgreSQL rewrites the table. What no database can reach stays for the
administrator: backups, exported libraries, and the server's own log of changes until it is recycled.
"""

from __future__ import annotations

from sqlalchemy import Engine, delete, select

from simulator.store.faults import translated
from simulator.store.importing import of_client
from simulator.store.ownership import allowed
from simulator.store.table import SCENARIO_VERSION as TABLE
from simulator.store.viewer import Viewer

AT_ONCE = 500
"""Ids to a statement: databases bound how many values one may hold."""


def erase_client(engine: Engine, place: str, client: str, viewer: Viewer | None) -> list[str]:
    """Remove every version of every scenario that names, or has ever named, a client; return their ids."""
    with translated(place):
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            found = select(TABLE.c.id).where(*of_client(client), *allowed(viewer)).distinct().order_by(TABLE.c.id)
            keys = list(connection.scalars(found))
            for start in range(0, len(keys), AT_ONCE):
                connection.execute(delete(TABLE).where(TABLE.c.id.in_(keys[start : start + AT_ONCE])))
        # Also when nothing was found: an earlier attempt may have been cut off between the two steps.
        _rewrite(engine)
    return keys


def _rewrite(engine: Engine) -> None:
    """Let no deleted row stay readable in the files of the database."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql(f"VACUUM FULL {TABLE.name}")
