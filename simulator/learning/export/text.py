"""Repair and plain writing of text: doubly encoded accents, spaces, apostrophes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import IO

from simulator.base.errors import InvalidInput

_TRACES = re.compile("[ÃÂâÅÄÎ√¬‚ƒ]")
"""What the first byte of a doubly encoded character looks like (read as cp1252 or as Mac Roman)."""
_FOREIGN = re.compile("[^\x00-\u017f\u2000-\u206f\u20a0-\u20cf\u2122]")
"""What no French or English text holds, emoji aside."""
_NOTHING = frozenset(("", "-", "--", "—", "–"))
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060\u00ad"), None)
_ARTICLES = re.compile(
    r"\b(?:a|an|the|of|un|une|le|la|les|de|du|des|el|los|las|del|der|die|das|den|do|da|dos|il|lo|gli|dei|della|van|het)\b"
    r"|\b(?:[ld]|dell)'"
)
_PLURAL = re.compile(r"(?<=\w\w)s\b")
_APOSTROPHES = str.maketrans("’‘ʼ′`´", "''''''")


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def repaired(text: str) -> str:
    """Return ``text`` with accents that were encoded twice (or three times) put right; else the same text.

    Text in UTF-8 that was read as cp1252 or Mac Roman turns "é" into "Ã©" or "√©".
    """
    if not _TRACES.search(text):
        return text
    import ftfy  # takes 40 ms, and few files need it; its codec shows the five bytes that cp1252 leaves open

    while _TRACES.search(text) and (better := _way_back(text)) != text:
        text = better
    # What was damaged in part, or in another way. Not fix_text, which would also straighten "’".
    return ftfy.fix_encoding(text) if _TRACES.search(text) else text


def _way_back(text: str) -> str:
    """Undo one wrong reading where that works for the whole text, which chance does not allow for real words.

    ftfy asks for more evidence than a header has: it takes "d'√¢ge" for chance.
    """
    for codec in ("sloppy-windows-1252", "mac_roman"):
        try:
            better = text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        # Mac Roman's "’â" are the bytes of an Armenian letter: chance does allow for "d’âge".
        if codec != "mac_roman" or not _FOREIGN.search(better):
            return better
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


def key(text: str) -> str:
    """Return ``plain(text)`` without articles and plurals: "Clics sur le lien" and "Clic sur un lien" are one."""
    return " ".join(_PLURAL.sub("", _ARTICLES.sub(" ", plain(text).replace("_", " "))).split())


def says_nothing(cell: object) -> bool:
    """Whether a cell is blank or holds the dash that Ads Manager shows for nothing."""
    return is_blank(cell) or (isinstance(cell, str) and cell.strip() in _NOTHING)


BLOCK = 1 << 20
"""Bytes read at a time."""
SAMPLE = 1 << 16
"""Bytes at the start by which encodings and separators are judged."""
EIGHT_BIT = ("cp1252", "mac_roman", "cp850")
"""Tried in this order where the bytes are not UTF-8; recognised headers decide."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Encoded:
    """How the bytes are written.

    ``candidates`` are codecs to try, best first; ``name`` is how the first is called for the user; ``is_finished``
    is False where the last line has no end.
    """

    candidates: tuple[str, ...]
    name: str
    is_finished: bool


def examine(stream: IO[bytes], file: str) -> Encoded:
    """Read the stream once and leave it at its start.

    Raises
    ------
    InvalidInput
        ``damaged_file`` where there are NUL bytes or broken UTF-16.
    """
    codec, name = _marked_or_guessed(stream.read(SAMPLE))
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(codec)("strict")
    is_utf8 = True
    tail = b""
    while block := stream.read(BLOCK):
        tail = (tail + block)[-16:]
        if len(block) == BLOCK and b"\n" not in block and b"\r" not in block:
            # Such a file has to be held whole to find the end of its line.
            raise _damaged(file, f"a line of more than {BLOCK:,} bytes")
        try:
            text = decoder.decode(block) if is_utf8 else ""
        except UnicodeDecodeError:
            if not codec.startswith("utf-8"):
                raise _damaged(file, f"bytes that are not {name}") from None
            is_utf8 = False
            text = ""
        if "\0" in text or (codec.startswith("utf-8") and b"\0" in block):
            raise _damaged(file, "NUL bytes")
    stream.seek(0)
    is_finished = tail.replace(b"\0", b"").endswith((b"\n", b"\r", b'"'))
    if is_utf8:
        return Encoded((codec,), name, is_finished)
    return Encoded(EIGHT_BIT, EIGHT_BIT[0], is_finished)


def _marked_or_guessed(head: bytes) -> tuple[str, str]:
    """Return (codec, its name): by the byte order mark, else by where the zero bytes are."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, _NAMES.get(mark, codec)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half and max(even, odd) > 0.4 * half and min(even, odd) < 0.05 * half:
        codec = "utf-16-le" if odd > even else "utf-16-be"
        return codec, codec
    return "utf-8", "utf-8"


def _damaged(file: str, what: str) -> InvalidInput:
    return InvalidInput("damaged_file", field=file, received=what)
