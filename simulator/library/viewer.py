"""Somebody who uses a library that several share."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.base.errors import InvalidInput, shown

MAX_OWNERS = 10_000


@dataclass(frozen=True)
class Viewer:
    """Who asks, and whose scenarios that person may see and change.

    Attributes
    ----------
    key : str
        Written beside every save; the owner of what this person makes.
    owners : frozenset of str, optional
        Those whose scenarios may be seen and changed, one's own always; ``None`` for everybody's.
    """

    key: str
    owners: frozenset[str] | None = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise InvalidInput("wrong_type", field="key", received=shown(self.key), allowed="a text that is not empty")
        if self.owners is None:
            return
        if len(self.owners) > MAX_OWNERS:
            raise InvalidInput("too_many", field="owners", received=len(self.owners), allowed=f"at most {MAX_OWNERS:,}")
        object.__setattr__(self, "owners", self.owners | {self.key})
