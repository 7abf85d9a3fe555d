"""Find out how a text file is encoded, in one pass over its bytes and without holding it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import IO

from simulator.errors import InvalidInput

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
