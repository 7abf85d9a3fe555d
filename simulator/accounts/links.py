"""Links that show one version of one scenario to whoever has them: random, revocable, read-only, expiring."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import Engine, delete, select, update

from simulator.accounts.tables import LINK
from simulator.base.errors import InvalidInput, shown
from simulator.library import Kept, Scenario

TOKEN_BYTES = 32
TOKEN_LETTERS = 43
"""Of 32 bytes in the alphabet of addresses."""
DAYS = (1.0, 365.0)
AT_ONCE = 500
_DAY = 86_400.0


class Link(NamedTuple):
    """A link as its maker sees it; ``mark`` names it without opening it."""

    mark: str
    version: int
    made_at: float
    expires_at: float
    revoked: bool


class Shared(NamedTuple):
    """What a link leads to."""

    scenario: Scenario
    version: int
    expires_at: float


def make(engine: Engine, kept: Kept, made_by: str, now: float, days: float) -> str:
    """Return the token of a new link; it is told this once, the table keeps its hash."""
    low, high = DAYS
    if isinstance(days, bool) or not isinstance(days, (int, float)) or not low <= days <= high:
        raise InvalidInput("out_of_range", field="days", received=shown(days), allowed=f"{low:g} to {high:g}")
    if kept.deleted:
        raise InvalidInput("deleted_scenario", field="id", received=shown(kept.scenario.id))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"hash": _hash(token), "scenario": kept.scenario.id, "version": kept.version, "made_by": made_by[:32]}
    with engine.begin() as connection:
        connection.execute(LINK.insert().values(**row, made_at=now, expires_at=now + days * _DAY))
    return token


def find(engine: Engine, token: str, now: float) -> tuple[str, int, float]:
    """Return id, version and expiry of what a token leads to."""
    if isinstance(token, str) and len(token) == TOKEN_LETTERS and token.isascii():
        statement = select(LINK.c.scenario, LINK.c.version, LINK.c.expires_at).where(
            LINK.c.hash == _hash(token), LINK.c.revoked_at.is_(None), LINK.c.expires_at > now
        )
        with engine.connect() as connection:
            row = connection.execute(statement).first()
        if row:
            return row.scenario, row.version, row.expires_at
    raise unknown()


def unknown() -> InvalidInput:
    """Return the one answer to every token that opens nothing; it does not repeat the token."""
    return InvalidInput("unknown_link", field="link")


def of_scenario(engine: Engine, key: str) -> list[Link]:
    """Return the links to a scenario, newest first."""
    statement = select(LINK).where(LINK.c.scenario == key).order_by(LINK.c.made_at.desc(), LINK.c.hash)
    with engine.connect() as connection:
        rows = connection.execute(statement).all()
    return [Link(row.hash, row.version, row.made_at, row.expires_at, row.revoked_at is not None) for row in rows]


def revoke(engine: Engine, key: str, mark: str, now: float) -> None:
    """Let a link to this scenario open nothing any more."""
    is_it = LINK.c.hash == mark, LINK.c.scenario == key
    with engine.begin() as connection:
        if connection.execute(update(LINK).where(*is_it).values(revoked_at=now)).rowcount == 0:
            raise unknown()


def remove(engine: Engine, keys: list[str]) -> None:
    """Forget all links to scenarios that were erased."""
    with engine.begin() as connection:
        for start in range(0, len(keys), AT_ONCE):
            connection.execute(delete(LINK).where(LINK.c.scenario.in_(keys[start : start + AT_ONCE])))


def _hash(token: str) -> str:
    # A token of 256 random bits needs no salt: there is no list of likely ones.
    return hashlib.sha256(token.encode()).hexdigest()
