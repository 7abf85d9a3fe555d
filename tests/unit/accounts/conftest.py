"""What the tests of access share: both databases, and three people in two teams."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from simulator.accounts import Person, open_access
from simulator.accounts.people import ADMINISTRATOR, ADVISOR, Claims, person_key
from simulator.accounts.register import Access
from simulator.library.database import Store
from tests.unit.library.databases import address, opened, postgresql, sqlite, store

__all__ = ["address", "opened", "postgresql", "sqlite", "store"]

ISSUER = "https://accounts.example.org"


def claims(subject: str, nonce: str = "n", *, expires: float = 4e9, **more: object) -> Claims:
    given = {"iss": ISSUER, "sub": subject, "nonce": nonce, "exp": expires, "name": subject.title(), **more}
    return Claims.of(given)


@dataclass
class House:
    """A chamber: an artisan and an advisor of one team, a stranger, an administrator."""

    access: Access
    people: dict[str, Person]

    def view(self, name: str) -> Store:
        key = self.people[name].key
        return self.access.view(next(one for one in self.access.people() if one.key == key))


@pytest.fixture
def house(store: Store) -> House:
    access = open_access(store)
    for name in ("artisan", "advisor", "stranger", "administrator"):
        access.enter(claims(name), 5)
    key = {name: person_key(ISSUER, name) for name in ("artisan", "advisor", "stranger", "administrator")}
    access.change(key["artisan"], team="north")
    access.change(key["advisor"], role=ADVISOR, team="north")
    access.change(key["stranger"], team="south")
    access.change(key["administrator"], role=ADMINISTRATOR)
    by_key = {one.key: one for one in access.people()}
    return House(access, {name: by_key[value] for name, value in key.items()})
