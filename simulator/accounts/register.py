"""Tables beside the library's: who there is, which sign-ins are open, which links lead to what.

Described here, made with the library's own by ``library.migrations``.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Column, Engine, Float, Index, Integer, String, Table, Text, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from simulator.accounts.people import MAX_TEAM, ROLES, Claims, Person
from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import one_of
from simulator.library import Kept, Scenario, Viewer
from simulator.library.connection import translated
from simulator.library.table import METADATA, SCENARIO_VERSION

if TYPE_CHECKING:
    from simulator.library.database import Store

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


def make_link(engine: Engine, kept: Kept, made_by: str, now: float, days: float) -> str:
    """Return the token of a new link; it is shown this once, the table keeps its hash."""
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


def find_link(engine: Engine, token: str, now: float) -> tuple[str, int, float]:
    """Return id, version and expiry of what a token leads to."""
    if isinstance(token, str) and len(token) == TOKEN_LETTERS and token.isascii():
        statement = select(LINK.c.scenario, LINK.c.version, LINK.c.expires_at).where(
            LINK.c.hash == _hash(token), LINK.c.revoked_at.is_(None), LINK.c.expires_at > now
        )
        with engine.connect() as connection:
            row = connection.execute(statement).first()
        if row:
            return row.scenario, row.version, row.expires_at
    raise unknown_link()


def unknown_link() -> InvalidInput:
    """Return the one answer to every token that opens nothing; it does not repeat the token."""
    return InvalidInput("unknown_link", field="link")


def links_of_scenario(engine: Engine, key: str) -> list[Link]:
    """Return the links to a scenario, newest first."""
    statement = select(LINK).where(LINK.c.scenario == key).order_by(LINK.c.made_at.desc(), LINK.c.hash)
    with engine.connect() as connection:
        rows = connection.execute(statement).all()
    return [Link(row.hash, row.version, row.made_at, row.expires_at, row.revoked_at is not None) for row in rows]


def revoke_link(engine: Engine, key: str, mark: str, now: float) -> None:
    """Let a link to this scenario open nothing any more."""
    is_it = LINK.c.hash == mark, LINK.c.scenario == key
    with engine.begin() as connection:
        if connection.execute(update(LINK).where(*is_it).values(revoked_at=now)).rowcount == 0:
            raise unknown_link()


def remove_links(engine: Engine, keys: list[str]) -> None:
    """Forget all links to scenarios that were erased."""
    with engine.begin() as connection:
        for start in range(0, len(keys), AT_ONCE):
            connection.execute(delete(LINK).where(LINK.c.scenario.in_(keys[start : start + AT_ONCE])))


def _hash(token: str) -> str:
    # A token of 256 random bits needs no salt: there is no list of likely ones.
    return hashlib.sha256(token.encode()).hexdigest()


GRACE_SECONDS = 86_400.0
"""A session is forgotten a day after its token has expired."""


def check_session(engine: Engine, claims: Claims, now: float) -> bool:
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


def begin_session(engine: Engine, claims: Claims, now: float, most: int) -> None:
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
        check_session(engine, claims, now)


def revoke_session(engine: Engine, claims: Claims, now: float) -> None:
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


def revoke_all_sessions(engine: Engine, person: str, now: float) -> int:
    """End every session of a person; return how many were open."""
    opened = SESSION.c.person == person, SESSION.c.revoked_at.is_(None), SESSION.c.expires_at > now
    with engine.begin() as connection:
        return connection.execute(update(SESSION).where(*opened).values(revoked_at=now)).rowcount


FIELDS = tuple(PERSON.c[name] for name in ("key", "name", "email", "role", "team"))


class Access:
    """Who may use a library. Made by ``open_access``.

    ``now`` gives seconds since 1970.
    """

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self.store = store
        self._now = now
        self._engine = store.engine

    def enter(self, claims: Claims, most_sessions: int) -> Person:
        """Return who signed in, if the sign-in is neither revoked nor expired; asked at every run of a page.

        A sign-in seen for the first time opens a session.

        Raises
        ------
        InvalidInput
            ``session_ended``, ``session_expired``, ``too_many_sessions``.
        """
        with self._asking():
            is_known = check_session(self._engine, claims, self._now())
            person = self._person(claims.person) if is_known else None
            if person is None:
                person = self._welcome(claims)
                begin_session(self._engine, claims, self._now(), most_sessions)
        return person

    def leave(self, claims: Claims) -> None:
        """End a session for good: the same cookie, copied elsewhere, opens nothing any more."""
        with self._asking():
            revoke_session(self._engine, claims, self._now())

    def leave_everywhere(self, person: str) -> int:
        """End all sessions of a person; return how many were open."""
        with self._asking():
            return revoke_all_sessions(self._engine, person, self._now())

    def people(self) -> list[Person]:
        """Return everybody known, by team and name."""
        with self._asking(), self._engine.connect() as connection:
            rows = connection.execute(select(*FIELDS).order_by(PERSON.c.team, PERSON.c.name, PERSON.c.key)).all()
        return [Person(*row) for row in rows]

    def view(self, person: Person) -> Store:
        """Return the library as this person sees it."""
        return self.store.as_user(self.viewer(person))

    def live_view(self, claims: Claims, most_sessions: int) -> Store:
        """Return the library as who signed in sees it, as long as the sign-in lasts: asked by everything it does."""
        return self.store.as_user(lambda: self.viewer(self.enter(claims, most_sessions)))

    def viewer(self, person: Person) -> Viewer:
        """Return whose scenarios this person may use now."""
        return person.viewer(self.people() if person.sees_team else ())

    def change(self, key: str, *, role: str | None = None, team: str | None = None) -> Person:
        """Give a person a role or a team; it holds from the next thing that person does.

        Raises
        ------
        InvalidInput
            ``unknown_choice`` for a role, ``unknown_person``, ``too_long`` for a team.
        """
        changes = {name: value for name, value in (("role", role), ("team", team)) if value is not None}
        if role is not None:
            one_of("role", role, ROLES)
        if team is not None and len(team) > MAX_TEAM:
            raise InvalidInput("too_long", field="team", received=len(team), allowed=f"at most {MAX_TEAM}")
        with self._asking():
            if changes:
                with self._engine.begin() as connection:
                    connection.execute(update(PERSON).where(PERSON.c.key == key).values(**changes))
            found = self._person(key)
        if found is None:
            raise InvalidInput("unknown_person", field="person", received=shown(key))
        return found

    def forget(self, key: str) -> None:
        """Remove a person and the sessions; the scenarios stay, for the administrator to keep or erase."""
        with self._asking(), self._engine.begin() as connection:
            connection.execute(update(SESSION).where(SESSION.c.person == key).values(revoked_at=self._now()))
            connection.execute(delete(PERSON).where(PERSON.c.key == key))

    def share(self, view: Store, key: str, days: float) -> str:
        """Return the token of a new link to the latest version of a scenario that ``view`` may see."""
        kept = view.fetch(key)
        with self._asking():
            return make_link(self._engine, kept, view.owner, self._now(), days)

    def shared(self, token: str) -> Shared:
        """Return what a link leads to, to read only.

        Raises
        ------
        InvalidInput
            ``unknown_link``: never made, revoked, expired, or the scenario is gone; which of them is not said.
        """
        with self._asking():
            key, version, expires_at = find_link(self._engine, token, self._now())
        try:
            self.store.load(key)  # deleted since: the link leads nowhere
            return Shared(self.store.load(key, version), version, expires_at)
        except InvalidInput:
            pass
        raise unknown_link()

    def links(self, view: Store, key: str) -> list[Link]:
        """Return the links to a scenario that ``view`` may see, newest first."""
        view.fetch(key)
        with self._asking():
            return links_of_scenario(self._engine, key)

    def unshare(self, view: Store, key: str, mark: str) -> None:
        """Revoke one link to a scenario that ``view`` may see."""
        view.fetch(key)
        with self._asking():
            revoke_link(self._engine, key, mark, self._now())

    def erase(self, client: str) -> int:
        """Remove all that is kept about a client, links included; return the number of scenarios."""
        keys = self.store.erase(client)
        with self._asking():
            remove_links(self._engine, keys)
        return len(keys)

    def _asking(self) -> AbstractContextManager[None]:
        return translated(self.store.place)

    def _person(self, key: str) -> Person | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(*FIELDS).where(PERSON.c.key == key)).first()
        return Person(*row) if row else None

    def _welcome(self, claims: Claims) -> Person:
        """Write down who signed in; an unknown person is an artisan, unless the provider was asked to say."""
        names = {"name": claims.name, "email": claims.email, "seen_at": self._now()}
        told = {"role": claims.role, "team": claims.team}
        told = {name: value for name, value in told.items() if value is not None}
        usual = {"role": ROLES[0], "team": ""}
        try:
            with self._engine.begin() as connection:
                changed = update(PERSON).where(PERSON.c.key == claims.person).values(**names, **told)
                if connection.execute(changed).rowcount == 0:
                    connection.execute(PERSON.insert().values(key=claims.person, **names, **{**usual, **told}))
        except IntegrityError:  # the same person, in another window, at the same moment
            pass
        found = self._person(claims.person)
        if found is None:
            raise InvalidInput("unknown_person", field="person", received=shown(claims.person))
        return found
