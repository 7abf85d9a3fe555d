"""Repair and plain writing of text: doubly encoded accents, spaces, apostrophes."""

from __future__ import annotations

import re
import unicodedata

_TRACES = re.compile("[ÃÂâÅÄÎ√¬‚ƒ]")
"""What the first byte of a doubly encoded character looks like (read as cp1252 or as Mac Roman)."""
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060\u00ad"), None)
_APOSTROPHES = str.maketrans("’‘ʼ′`´", "''''''")


def repaired(text: str) -> str:
    """Return ``text`` with accents that were encoded twice (or three times) put right; else the same text.

    Text in UTF-8 that was read as cp1252 or Mac Roman turns "é" into "Ã©" or "√©". The way back is taken only
    where it works for the whole text, which chance does not allow for real words.
    """
    for _ in range(3):
        if not _TRACES.search(text):
            return text
        better = _once(text)
        if better is None:
            return text
        text = better
    return text


def normalise(text: str) -> str:
    """Return ``text`` in NFKC, without invisible marks, apostrophes straight, spaces single, in lower case."""
    if text.isascii():
        return " ".join(text.replace("`", "'").split()).lower()
    text = unicodedata.normalize("NFKC", repaired(text)).translate(_INVISIBLE).translate(_APOSTROPHES)
    return " ".join(text.split()).casefold()


def plain(text: str) -> str:
    """Return ``normalise(text)`` without accents."""
    text = normalise(text)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _once(text: str) -> str | None:
    for to_bytes in (_as_cp1252, _as_mac_roman):
        try:
            better = to_bytes(text).decode("utf-8")
        except UnicodeError:
            continue
        return better
    return None


def _as_cp1252(text: str) -> bytes:
    """The bytes that cp1252 shows as ``text``; the five codes it leaves open stand for themselves."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return b"".join(bytes((ord(c),)) if 0x80 <= ord(c) < 0xA0 else c.encode("cp1252") for c in text)


def _as_mac_roman(text: str) -> bytes:
    return text.encode("mac_roman")
