"""The version of the model: changes whenever a formula or a shipped figure changes a result."""

from typing import NamedTuple

__version__ = "0.1.0"
"""Version of the package, as in pyproject.toml."""

MODEL_VERSION = "0.1.0"


class Change(NamedTuple):
    """What made results differ from those of the version before, in words for whoever opens an old scenario."""

    version: str
    date: str
    en: str
    fr: str


CHANGES = (Change("0.1.0", "2026-11-22", "First version.", "Première version."),)
"""Versions that change results, oldest first; the last is ``MODEL_VERSION``."""


def changes_since(version: str) -> tuple[Change, ...]:
    """Return what has come after ``version``, oldest first; everything, for one that is not a number with dots."""
    return tuple(change for change in CHANGES if _order(change.version) > _order(version))


def _order(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
