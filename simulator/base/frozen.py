"""A mapping that cannot be changed, so that a frozen scenario is frozen all the way down."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

Value = TypeVar("Value", covariant=True)


class FrozenMap(Mapping[str, Value], Generic[Value]):
    """Texts to values, in the order given; hashable where its values are, equal to a dict of the same content."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._entries: dict[str, Value] = dict(entries)

    def __getitem__(self, key: str) -> Value:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        return repr(self._entries)

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenMap, (self._entries,))


def frozen(value: Any) -> Any:
    """Return plain values with every object as ``FrozenMap``, every list as tuple, every day as JSON writes it."""
    if isinstance(value, Mapping):
        return FrozenMap({name: frozen(inner) for name, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(frozen(inner) for inner in value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def plain(value: Any) -> Any:
    """Return the dicts and lists that ``frozen`` was given."""
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [plain(inner) for inner in value]
    return value
