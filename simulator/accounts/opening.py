"""The door to the tables of people, sessions and links, which stand in the library's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.accounts.register import Access
    from simulator.library.database import Store


def open_access(store: Store) -> Access:
    """Return the people and sessions of a library."""
    from simulator.accounts.register import Access

    return Access(store)
