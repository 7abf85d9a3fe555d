"""What the tests of the store share."""

from tests.unit.store.databases import address, opened, postgresql, sqlite, store

__all__ = ["address", "opened", "postgresql", "sqlite", "store"]
