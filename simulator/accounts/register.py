"""People, their sessions and the links they gave away, in the library's database."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from simulator.accounts import links, sessions
from simulator.accounts.people import MAX_TEAM, ROLES, Claims, Person
from simulator.accounts.tables import PERSON, SESSION, prepare
from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import one_of
from simulator.library import Viewer
from simulator.library.connection import translated

if TYPE_CHECKING:
    from simulator.library.database import Store

FIELDS = tuple(PERSON.c[name] for name in ("key", "name", "email", "role", "team"))


class Access:
    """Who may use a library. Made by ``open_access``.

    ``now`` gives seconds since 1970.
    """

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self.store = store
        self._now = now
        self._engine = store.engine
        with self._asking():
            prepare(self._engine)

    def enter(self, claims: Claims, most_sessions: int) -> Person:
        """Return who signed in, if the sign-in is neither revoked nor expired; asked at every run of a page.

        A sign-in seen for the first time opens a session.

        Raises
        ------
        InvalidInput
            ``session_ended``, ``session_expired``, ``too_many_sessions``.
        """
        with self._asking():
            is_known = sessions.check(self._engine, claims, self._now())
            person = self._person(claims.person) if is_known else None
            if person is None:
                person = self._welcome(claims)
                sessions.begin(self._engine, claims, self._now(), most_sessions)
        return person

    def leave(self, claims: Claims) -> None:
        """End a session for good: the same cookie, copied elsewhere, opens nothing any more."""
        with self._asking():
            sessions.revoke(self._engine, claims, self._now())

    def leave_everywhere(self, person: str) -> int:
        """End all sessions of somebody; return how many were open."""
        with self._asking():
            return sessions.revoke_all(self._engine, person, self._now())

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
        """Give somebody a role or a team; it holds from the next thing that person does.

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
        """Remove somebody and the sessions; the scenarios stay, for the administrator to keep or erase."""
        with self._asking(), self._engine.begin() as connection:
            connection.execute(update(SESSION).where(SESSION.c.person == key).values(revoked_at=self._now()))
            connection.execute(delete(PERSON).where(PERSON.c.key == key))

    def share(self, view: Store, key: str, days: float) -> str:
        """Return the token of a new link to the latest version of a scenario that ``view`` may see."""
        kept = view.fetch(key)
        with self._asking():
            return links.make(self._engine, kept, view.owner, self._now(), days)

    def shared(self, token: str) -> links.Shared:
        """Return what a link leads to, to read only.

        Raises
        ------
        InvalidInput
            ``unknown_link``: never made, revoked, expired, or the scenario is gone; which of them is not said.
        """
        with self._asking():
            key, version, expires_at = links.find(self._engine, token, self._now())
        try:
            self.store.load(key)  # deleted since: the link leads nowhere
            return links.Shared(self.store.load(key, version), version, expires_at)
        except InvalidInput:
            pass
        raise links.unknown()

    def links(self, view: Store, key: str) -> list[links.Link]:
        """Return the links to a scenario that ``view`` may see, newest first."""
        view.fetch(key)
        with self._asking():
            return links.of_scenario(self._engine, key)

    def unshare(self, view: Store, key: str, mark: str) -> None:
        """Revoke one link to a scenario that ``view`` may see."""
        view.fetch(key)
        with self._asking():
            links.revoke(self._engine, key, mark, self._now())

    def erase(self, client: str) -> int:
        """Remove all that is kept about a client, links included; return the number of scenarios."""
        keys = self.store.erase(client)
        with self._asking():
            links.remove(self._engine, keys)
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
