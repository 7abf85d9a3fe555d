"""Sentences by key, in French and in English, the same keys in both.

Here stand those that the screen and the reports both say; each has a catalogue of its own for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel import Locale

LANGUAGES = ("fr", "en")
"""The first is the one without a choice."""


class Texts:
    """The sentences of one language, by key: ``texts("answer.total", money="35 €")``."""

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = entries
        self._plural = Locale.parse(language).plural_form

    def __call__(self, key: str, /, **data: Any) -> str:
        """Return the sentence, its places filled in. The data must already be escaped."""
        return self.entries[key].format(**data)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def plural(self, key: str, number: float, /, **data: Any) -> str:
        """Return ``key.one`` or ``key.other`` as the language wants for ``number``."""
        return self(f"{key}.{'one' if self._plural(number) == 'one' else 'other'}", **data)

    def choice(self, group: str, code: str) -> str:
        """Return the label of a code; the code itself, made readable, where the catalogue has none."""
        return self.entries.get(f"{group}.{code}", code.replace("_", " "))


def read(language: str, more: Iterable[Traversable] = ()) -> Texts:
    """Return the shared sentences of a language and those of ``more`` files of JSON."""
    entries = dict(_shared(language))
    for file in more:
        entries |= dict(_flat(json.loads(file.read_text(encoding="utf-8"))))
    return Texts(language, entries)


@cache
def _shared(language: str) -> Mapping[str, str]:
    return dict(_flat(json.loads(files(__package__).joinpath(f"{language}.json").read_text(encoding="utf-8"))))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")
