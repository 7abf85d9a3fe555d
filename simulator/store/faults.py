"""What a database answers when it cannot, as our own errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from simulator.errors import SimulatorError, shown

SAID_BY_SQLITE = (
    ("store_locked", ("database is locked", "database table is locked", "database is busy")),
    ("disk_full", ("database or disk is full",)),
    ("read_only", ("readonly database", "permission denied")),
    ("store_damaged", ("file is not a database", "disk image is malformed", "malformed database schema")),
    ("read_only", ("unable to open database file",)),
)
STATES_OF_POSTGRESQL = {
    "53100": "disk_full",
    "25006": "read_only",
    "42501": "read_only",
    "55P03": "store_locked",
    "57014": "store_locked",
    "40P01": "store_locked",
    "XX001": "store_damaged",
    "XX002": "store_damaged",
}
"""Error codes of PostgreSQL, appendix A of its manual: disk full, read-only, privilege, lock not available,
cancelled after the time allowed, deadlock, data corrupted, index corrupted."""
UNREACHABLE = ("08", "57P", "28", "3D", "53300")
"""Beginnings of its codes for a server that is not there, shuts down, is full or does not know us."""


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise ``SimulatorError`` for what the database reports; a key that is taken stays ``IntegrityError``."""
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        problem = fault(place, error)
    else:
        return
    raise problem


def fault(place: str, error: SQLAlchemyError) -> SimulatorError:
    """Return our error for one of the database.

    Parameters
    ----------
    place : str
        The file, or the address without its password.
    """
    original = error.orig if isinstance(error, DBAPIError) else None
    said = " ".join(str(original or error).split())
    code = _code(error, str(getattr(original, "sqlstate", None) or ""), said.lower())
    return SimulatorError(code, field="STORE", received=shown(place, 200), reason=shown(_without_secrets(said), 120))


def _code(error: SQLAlchemyError, state: str, said: str) -> str:
    if state:
        if state in STATES_OF_POSTGRESQL:
            return STATES_OF_POSTGRESQL[state]
        return "store_unreachable" if state.startswith(UNREACHABLE) else "store_failed"
    for code, phrases in SAID_BY_SQLITE:
        if any(phrase in said for phrase in phrases):
            return code
    is_lost = isinstance(error, DBAPIError) and (error.connection_invalidated or "connection" in said)
    return "store_unreachable" if is_lost else "store_failed"


def _without_secrets(said: str) -> str:
    """A driver may repeat the address it was given."""
    return re.sub(r"//[^@/\s]*@|password=\S+", "…", said)
