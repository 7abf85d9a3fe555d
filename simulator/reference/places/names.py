"""Names made comparable, and looked up in sorted keys: exact, by beginning, by a later word, nearly right."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.reference.places.tables import CODE, Ints, Texts, Towns

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e"})
_SUR = re.compile(r"(?<= )s/ ?")
_NOT_WORD = re.compile(r"[\W_]+")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def fold(text: str) -> str:
    """Return ``text`` as words of plain small letters and digits, one space between them.

    "St-Jean de Luz", "saint-jean-de-luz" and "SAINT JEAN DE LUZ" give the same words.
    """
    return " ".join(_SAINTS.get(word, word) for word in plain_words(text))


def query_variants(text: str) -> tuple[str, ...]:
    """Return the folded forms under which to look for ``text``, the likeliest first.

    While somebody types, a last word "st" may be the start of "Strasbourg" as well as "Saint": both are tried.
    Digits lose their spaces: "64 000" is a postal code.
    """
    words = plain_words(text)
    if words and all(word.isdigit() for word in words):
        return ("".join(words),)
    folded = " ".join(_SAINTS.get(word, word) for word in words)
    if not words or words[-1] not in _SAINTS:
        return (folded,)
    typed = " ".join([*(_SAINTS.get(word, word) for word in words[:-1]), words[-1]])
    return (folded, typed)


def plain_words(text: str) -> list[str]:
    """Return the words of ``text`` without accents, in small letters, abbreviations kept."""
    small = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(letter for letter in small if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", _SUR.sub("sur ", bare)).split()


EXACT, BEGINS, WORD = 0, 1, 2
"""How a key answers a text, best first."""

MIN_LETTERS_OF_WORD = 3
"""A later word of a name is looked for from this many letters on: shorter ones fit almost everything."""


def exact(towns: Towns, text: str) -> Ints:
    """Return the keys equal to ``text``, (key,)."""
    first = _first_at_least(towns.keys, text.encode())
    last = _first_at_least(towns.keys, text.encode() + b"\0")
    return np.arange(first, last)


def row_of(texts: Texts, text: str) -> int | None:
    """Return the first row that holds exactly ``text``, None where none does."""
    line = text.encode("utf-8", "replace") + b"\n"  # half a sign, as addresses may have, is in no table
    at = 0 if texts.block.startswith(line) else texts.block.find(b"\n" + line) + 1
    if at == 0 and not texts.block.startswith(line):
        return None
    return int(np.searchsorted(texts.starts, at))


def beginning(towns: Towns, text: str) -> Ints:
    """Return the keys that begin with ``text``, codes of towns left out."""
    start = text.encode()
    first, last = _first_at_least(towns.keys, start), _first_at_least(towns.keys, start + b"\xff")
    return np.flatnonzero(towns.key_kind[first:last] != CODE) + first


def with_word(towns: Towns, text: str) -> Ints:
    """Return the keys in which a later word begins with ``text``."""
    if len(text) < MIN_LETTERS_OF_WORD:
        return np.zeros(0, dtype=np.int64)
    hits = np.fromiter(_positions(towns.keys.block, b" " + text.encode()), dtype=np.int64)
    return np.unique(np.searchsorted(towns.keys.starts, hits, side="right") - 1)


def nearly(towns: Towns, wanted_keys: NDArray[np.bool_], text: str, count: int) -> list[str]:
    """Return the ``count`` wanted keys that share most pairs of letters with ``text``, in no order."""
    block = np.frombuffer(towns.keys.block, dtype=np.uint8)
    pairs = block[:-1].astype(np.uint16) << 8 | block[1:]
    wanted = np.frombuffer(f"\n{text}\n".encode(), dtype=np.uint8).astype(np.uint16)
    known = np.zeros(1 << 16, dtype=bool)
    known[wanted[:-1] << 8 | wanted[1:]] = True
    before = np.concatenate([[0], np.cumsum(known[pairs])])
    starts = np.maximum(towns.keys.starts - 1, 0)
    ends = np.minimum(towns.keys.starts[1:] - 1, len(pairs))
    shared = before[ends] - before[starts[:-1]]
    likeness = np.where(wanted_keys, 2 * shared / (np.diff(towns.keys.starts) + len(wanted) - 1), -1.0)
    best = np.argpartition(-likeness, min(count, len(likeness) - 1))[:count]
    return [towns.keys[row] for row in best.tolist()]


def _first_at_least(keys: Texts, start: bytes) -> int:
    return bisect_left(range(len(keys)), start, key=keys.raw)


def _positions(block: bytes, part: bytes) -> Iterator[int]:
    found = block.find(part)
    while found >= 0:
        yield found
        found = block.find(part, found + 1)
