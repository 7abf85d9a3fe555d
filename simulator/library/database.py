"""The store of scenarios in SQLite or PostgreSQL."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import path_of, replaced
from simulator.base.json_text import MAX_JSON_BYTES
from simulator.library.connection import connect, place_of, translated
from simulator.library.difference import version_conflict
from simulator.library.files import check_version, key_text, load_scenario, opened, unknown_scenario
from simulator.library.importing import held_entries, of_client, take_over, take_over_one
from simulator.library.library import is_archive, read_library, write_library
from simulator.library.merging import Imported
from simulator.library.rows import Kept, Row, Saved, Version, Viewer, entries_of, moment, now
from simulator.library.scenario import Scenario
from simulator.library.table import FORM, allowed, check_filter, listed, of_others
from simulator.library.table import SCENARIO_VERSION as TABLE

MAX_BODY = MAX_JSON_BYTES // 2
"""Longest scenario, characters: what is saved can always be exported and read again."""


class Store:
    """A library of scenarios. Safe to use from several threads, programs and machines at once.

    Every save appends; nothing is ever changed, and only ``erase`` removes. Made by ``open_store``.
    """

    def __init__(self, address: str, owner: str = "", timeout_seconds: float = 10.0) -> None:
        check_filter("owner", owner)
        self.owner = owner
        self._asker: Callable[[], Viewer] | None = None
        self._engine = connect(address, timeout_seconds)
        self.place = place_of(self._engine.url)

    def as_user(self, viewer: Viewer | Callable[[], Viewer]) -> Store:
        """Return the same library as one of its users sees it: what others own is not there, by any route.

        A function is asked anew by everything that is done, so that a right or a session that ends, ends at once.
        """
        view = copy.copy(self)
        view._asker = viewer if callable(viewer) else lambda: viewer
        view.owner = view._asker().key
        return view

    @property
    def viewer(self) -> Viewer | None:
        """Who asks; nobody in particular for a library of one's own."""
        return self._asker() if self._asker else None

    def save(self, scenario: Scenario, base_version: int | None = None) -> Saved:
        """Append a version, also when nothing has changed; when this returns, it is on the disk.

        Parameters
        ----------
        base_version : int, optional
            The version that the change started from, 0 for a new scenario: nothing is written if it is no longer
            the latest. Without it, the version is appended whatever came between.

        Raises
        ------
        VersionConflict
            With both sides and where they differ.
        SimulatorError
            ``disk_full``, ``read_only``, ``store_locked``, …; nothing that was saved is lost.
        """
        if not isinstance(scenario, Scenario):
            raise InvalidInput("wrong_type", field="scenario", received=shown(scenario), allowed="a Scenario")
        check_version("base_version", base_version, 0)
        body = scenario.body()
        if len(body) > MAX_BODY:
            allowed = f"at most {MAX_BODY:,} characters"
            raise InvalidInput("too_large", field="scenario", received=f"{len(body):,} characters", allowed=allowed)
        return self._append(scenario, body, base_version)

    def load(self, id: str, version: int | None = None) -> Scenario:  # noqa: A002
        """Return a scenario: its latest version, or the one asked for.

        Raises
        ------
        InvalidInput
            ``unknown_scenario``, ``deleted_scenario``, ``future_version``, or what today's model cannot take in it.
        """
        kept = self.fetch(id, version)
        if kept.deleted:
            raise InvalidInput("deleted_scenario", field="id", received=shown(id))
        return kept.scenario

    def fetch(self, id: str, version: int | None = None) -> Kept:  # noqa: A002
        """Return a scenario with its version, when and by whom it was saved, deleted or not."""
        row = self._row(id, version)
        return Kept(opened(row), row.version, moment(row.saved_at), row.owner, row.deleted)

    def versions(self, id: str) -> list[Version]:  # noqa: A002
        """Return the history of a scenario, oldest first; deletions are part of it."""
        names = ("version", "saved_at", "owner", "title", "deleted", "has_actual")
        statement = select(*(TABLE.c[name] for name in names))
        statement = statement.where(TABLE.c.id == key_text(id), *allowed(self.viewer)).order_by(TABLE.c.version)
        with translated(self.place), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            raise unknown_scenario(id)
        return [Version(version, moment(saved_at), *rest) for version, saved_at, *rest in rows]

    def search(self, text: str = "", client: str | None = None, tag: str | None = None) -> list[Row]:
        """Return the latest versions that hold every word of ``text``, newest first, deleted ones left out.

        Words are looked for in title, client, author, tags, places and notes, accents and capitals ignored;
        ``client`` and ``tag`` are compared as they are written.
        """
        for field, value in (("text", text), ("client", client), ("tag", tag)):
            if value is not None or field == "text":
                check_filter(field, value)
        with translated(self.place), self._engine.connect() as connection:
            return listed(connection, text, client, tag, self.viewer)

    def delete(self, id: str) -> Saved:  # noqa: A002
        """Take a scenario out of the list; its history stays, and ``restore`` brings it back."""
        row = self._row(id)
        if row.deleted:
            return Saved(row.id, row.version)
        return self._copied(row, deleted=True)

    def restore(self, id: str) -> Saved:  # noqa: A002
        """Bring a deleted scenario back as it was."""
        row = self._row(id)
        return self._copied(row, deleted=False) if row.deleted else Saved(row.id, row.version)

    def export(self, path: str | os.PathLike[str], client: str | None = None) -> int:
        """Write the whole library, or all about one client, with its history, as a zip; return the scenarios' number.

        Raises
        ------
        SimulatorError
            ``disk_full``, ``read_only`` or ``cannot_write``; what stood at ``path`` is untouched.
        """
        if client is not None:
            check_filter("client", client)
        held = held_entries(self._engine, self.place, self.viewer, client)
        with replaced(path_of(path)) as file, closing(held) as entries:
            return write_library(file, entries)

    def import_(self, path: str | os.PathLike[str]) -> Imported:
        """Take over an exported library, or the file of one scenario; doing so twice changes nothing.

        A scenario that was changed on both sides is kept twice: here under its id, the other under a new one.

        Raises
        ------
        InvalidInput
            ``not_a_library``, ``unsafe_library``, ``future_version``, ``file_not_found``, …: nothing was imported.
        """
        path = path_of(path)
        if is_archive(path):
            return take_over(self._engine, self.place, read_library(path), self.viewer)
        return take_over_one(self._engine, self.place, load_scenario(path), self.owner, self.viewer)

    def count_of_client(self, client: str) -> int:
        """Return how many scenarios name, or have ever named, a client, deleted ones included."""
        check_filter("client", client)
        statement = select(func.count(TABLE.c.id.distinct())).where(*of_client(client), *allowed(self.viewer))
        with translated(self.place), self._engine.connect() as connection:
            return connection.scalar(statement) or 0

    def erase(self, client: str) -> list[str]:
        """Remove all that was kept about a client, every version, for good; return the ids of the scenarios.

        Libraries exported before, and backups, are out of its reach.
        """
        check_filter("client", client)
        return erase_client(self._engine, self.place, client, self.viewer)

    def check(self) -> int:
        """Ask the database for the form of its tables and return it.

        Raises
        ------
        SimulatorError
            ``store_unreachable``, ``store_locked``, …: it does not answer.
        """
        with translated(self.place), self._engine.connect() as connection:
            return connection.scalar(select(FORM.c.database_version)) or 0

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it: see ``simulator.accounts``."""
        return self._engine

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _append(self, scenario: Scenario, body: str, base_version: int | None) -> Saved:
        """Insert the next version; the key of the table decides between two who try the same number."""
        viewer = self.viewer
        with translated(self.place):
            latest = self._latest(scenario.id)
            while True:
                if latest and viewer:
                    self._refuse_others(scenario.id, viewer)
                if base_version is not None and base_version != latest:
                    raise self._conflict(scenario, base_version, latest)
                row = entries_of(scenario, latest + 1, now(), self.owner, body=body)
                try:
                    with self._engine.begin() as connection:
                        connection.execute(TABLE.insert(), row)
                except IntegrityError:
                    taken = self._latest(scenario.id)
                    if taken == latest:
                        raise
                    latest = taken
                else:
                    return Saved(scenario.id, latest + 1)

    def _refuse_others(self, key: str, viewer: Viewer) -> None:
        with self._engine.connect() as connection:
            if of_others(connection, [key], viewer):
                raise unknown_scenario(key)

    def _conflict(self, scenario: Scenario, base_version: int, latest: int) -> InvalidInput:
        if base_version > latest:
            advice = f" with a version {base_version}; the latest is {latest}"
            return InvalidInput("unknown_scenario", field="base_version", received=scenario.id, advice=advice)
        row = self._row(scenario.id, latest)
        return version_conflict(scenario, None if row.deleted else opened(row), base_version, latest)

    def _copied(self, row: Any, *, deleted: bool) -> Saved:
        """Append the content of a row again, whatever form its body has."""
        columns = {column.name: getattr(row, column.name) for column in TABLE.columns}
        with translated(self.place):
            while True:
                version = self._latest(row.id) + 1
                changes = {"version": version, "saved_at": now(), "owner": self.owner, "deleted": deleted}
                try:
                    with self._engine.begin() as connection:
                        connection.execute(TABLE.insert(), {**columns, **changes})
                except IntegrityError:
                    if self._latest(row.id) < version:
                        raise
                else:
                    return Saved(row.id, version)

    def _latest(self, key: str) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(TABLE.c.version)).where(TABLE.c.id == key)) or 0

    def _row(self, key: str, version: int | None = None) -> Any:
        check_version("version", version, 1)
        statement = select(TABLE).where(TABLE.c.id == key_text(key), *allowed(self.viewer))
        statement = statement.order_by(TABLE.c.version.desc()).limit(1)
        if version is not None:
            statement = statement.where(TABLE.c.version == version)
        with translated(self.place), self._engine.connect() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise unknown_scenario(key, version)
        return row


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
