"""Who uses a shared library: people, roles and teams, sessions that can be ended, links that only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.accounts.people import ROLES, Person, person_key

if TYPE_CHECKING:
    from simulator.accounts.register import Access
    from simulator.library.database import Store

__all__ = ["ROLES", "Person", "open_access", "person_key"]


def open_access(store: Store) -> Access:
    """Return the people and sessions of a library."""
    from simulator.accounts.register import Access  # with SQLAlchemy, slow to load

    return Access(store)
