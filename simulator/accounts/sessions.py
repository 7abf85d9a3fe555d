"""Sign-ins that can be ended: a signed cookie alone would be good for a month, wherever it was copied to."""

from __future__ import annotations

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from simulator.accounts.people import Claims
from simulator.accounts.tables import SESSION
from simulator.base.errors import InvalidInput

GRACE_SECONDS = 86_400.0
"""A session is forgotten a day after its token has expired."""


def check(engine: Engine, claims: Claims, now: float) -> bool:
    """Return whether the session is open; False for a sign-in that was never seen.

    Raises
    ------
    InvalidInput
        ``session_expired`` or ``session_ended``.
    """
    if claims.expires <= now:
        raise InvalidInput("session_expired", field="session")
    statement = select(SESSION.c.expires_at, SESSION.c.revoked_at).where(SESSION.c.hash == claims.session)
    with engine.connect() as connection:
        row = connection.execute(statement).first()
    if row is None:
        return False
    if row.revoked_at is not None:
        raise InvalidInput("session_ended", field="session")
    if row.expires_at <= now:
        raise InvalidInput("session_expired", field="session")
    return True


def begin(engine: Engine, claims: Claims, now: float, most: int) -> None:
    """Open a session, unless the person has ``most`` open already."""
    opened = SESSION.c.person == claims.person, SESSION.c.revoked_at.is_(None), SESSION.c.expires_at > now
    row = {"hash": claims.session, "person": claims.person, "began_at": now, "expires_at": claims.expires}
    try:
        with engine.begin() as connection:
            count = connection.scalar(
                select(func.count()).select_from(SESSION).where(*opened, SESSION.c.hash != claims.session)
            )
            if (count or 0) >= most:
                raise InvalidInput("too_many_sessions", field="session", received=count, allowed=f"at most {most}")
            connection.execute(delete(SESSION).where(SESSION.c.expires_at < now - GRACE_SECONDS))
            connection.execute(SESSION.insert().values(**row))
    except IntegrityError:
        # The same sign-in in another window; it may have been revoked meanwhile.
        check(engine, claims, now)


def revoke(engine: Engine, claims: Claims, now: float) -> None:
    """End a session, also one that was never seen, so that its cookie cannot open it afterwards."""
    statement = update(SESSION).where(SESSION.c.hash == claims.session).values(revoked_at=now)
    row = {"hash": claims.session, "person": claims.person, "began_at": now, "expires_at": claims.expires}
    try:
        with engine.begin() as connection:
            if connection.execute(statement).rowcount == 0:
                connection.execute(SESSION.insert().values(**row, revoked_at=now))
    except IntegrityError:
        with engine.begin() as connection:
            connection.execute(statement)


def revoke_all(engine: Engine, person: str, now: float) -> int:
    """End every session of somebody; return how many were open."""
    opened = SESSION.c.person == person, SESSION.c.revoked_at.is_(None), SESSION.c.expires_at > now
    with engine.begin() as connection:
        return connection.execute(update(SESSION).where(*opened).values(revoked_at=now)).rowcount
