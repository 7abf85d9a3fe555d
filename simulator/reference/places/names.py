"""Names made comparable: accents, case, hyphens, apostrophes and the abbreviation of "Saint" do not count."""

from __future__ import annotations

import re
import unicodedata

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
