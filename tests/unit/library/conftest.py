"""What the tests of the store share."""

from tests.unit.library.databases import address, opened, postgresql, sqlite, store

__all__ = ["address", "opened", "postgresql", "sqlite", "store"]
