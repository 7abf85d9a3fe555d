"""Open what the user gives and say what kind of file it is, before anything is unpacked."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import is_device, path_of, reading

MAX_BYTES = 100_000_000
"""Largest file, bytes (100 MB)."""

MOST_MEMBERS = 1000
MOST_UNPACKED = 20_000_000
"""Bytes of a table in an archive, which is held whole."""
TABLES = (".csv", ".tsv", ".txt", ".json", ".jsonl")

_BINARY = {
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"BZh": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
}
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@contextmanager
def opened(path_or_file: object) -> Iterator[tuple[IO[bytes], str]]:
    """Yield (seekable stream of bytes at its start, name for messages).

    A file handed over open is read from its beginning, whatever was read before, stays open and gets its
    position back: a screen that runs again hands over the same upload.

    Raises
    ------
    InvalidInput
        As ``reading``; ``cannot_open``, ``too_large`` or ``empty_file``.
    """
    if isinstance(path_or_file, (str, os.PathLike)):
        path = path_of(path_or_file, field="path_or_file")
        if is_device(path):
            raise InvalidInput("cannot_open", field=shown(path.name), received="it is not a plain file")
        with reading(path, field="path_or_file") as file:
            _check_size(file, shown(path.name))
            yield file, shown(path.name)
        return
    if isinstance(path_or_file, (bytes, bytearray)):
        path_or_file = io.BytesIO(path_or_file)
    if not callable(getattr(path_or_file, "read", None)):
        allowed = "a path or a file open for reading"
        raise InvalidInput("wrong_type", field="path_or_file", received=shown(path_or_file), allowed=allowed)
    name = Path(str(getattr(path_or_file, "name", "") or "")).name or "the file"
    stream, before = _from_file(path_or_file, name)
    try:
        _check_size(stream, name)
        yield stream, name
    finally:
        if before is not None:
            stream.seek(before)


def kind_of(stream: IO[bytes], name: str) -> str:
    """Return ``zip``, ``json`` or ``text`` and leave the stream at its start.

    Raises
    ------
    InvalidInput
        ``old_workbook`` (binary .xls, or protected by a password), ``html_file``, ``not_a_table``.
    """
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE2):
        raise InvalidInput("old_workbook", field=name)
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise InvalidInput("not_a_table", field=name, received=what)
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"<"):
        raise InvalidInput("html_file", field=name)
    return "json" if text.startswith((b"{", b"[")) else "text"


def unpacked(stream: IO[bytes], name: str) -> IO[bytes] | None:
    """Return the one table of text in an archive, None where it is a workbook; leave the stream at its start.

    Raises
    ------
    InvalidInput
        ``spreadsheet_ods``, ``several_files`` or ``not_a_table`` for other archives, ``too_large``, ``damaged_file``.
    """
    try:
        archive = zipfile.ZipFile(stream)
        members = [each for each in archive.infolist()[: MOST_MEMBERS + 1] if not each.is_dir()]
        names = {each.filename.lower() for each in members}
        if names & {"xl/workbook.xml", "xl/workbook.bin"} or len(members) > MOST_MEMBERS:
            stream.seek(0)
            return None
        if "mimetype" in names or "content.xml" in names:
            raise InvalidInput("spreadsheet_ods", field=name)
        tables = [
            each
            for each in members
            if each.filename.lower().endswith(TABLES) and not each.filename.startswith(("__MACOSX/", "."))
        ]
        if len(tables) != 1:
            stream.seek(0)
            if len(tables) > 1:
                raise InvalidInput("several_files", field=name, received=len(tables))
            return None
        if tables[0].file_size > MOST_UNPACKED:
            received, allowed = (
                f"{tables[0].file_size / 1e6:,.0f} MB",
                f"at most {MOST_UNPACKED / 1e6:,.0f} MB in an archive",
            )
            raise InvalidInput("too_large", field=name, received=received, allowed=allowed)
        content = archive.read(tables[0])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        raise InvalidInput("damaged_file", field=name, received="the archive") from None
    if content.startswith(b"PK"):
        raise InvalidInput("not_a_table", field=name, received="an archive in an archive")
    return io.BytesIO(content)


def digest(stream: IO[bytes]) -> str:
    """Return the SHA-256 of the file, hexadecimal, and leave the stream at its start."""
    found = hashlib.sha256()
    while block := stream.read(1 << 20):
        found.update(block)
    stream.seek(0)
    return found.hexdigest()


def _from_file(file: Any, name: str) -> tuple[IO[bytes], int | None]:
    """Return (stream of bytes, position to give back) of an open file; the rest is copied, up to the limit."""
    try:
        before = file.tell()
        file.seek(0)
    except (AttributeError, OSError, ValueError):
        before = None
    try:
        if isinstance(file, io.BufferedIOBase) and before is not None:
            return file, before  # type: ignore[return-value]
        content = file.read(MAX_BYTES + 1)
        if before is not None:
            file.seek(before)
    except (OSError, ValueError, TypeError, UnicodeError) as error:
        raise InvalidInput("cannot_open", field=name, received=shown(str(error))) from None
    if isinstance(content, str):
        # A lone surrogate cannot be text of a file: let it show up as an unreadable character.
        content = content.encode("utf-8", "replace")
    if not isinstance(content, (bytes, bytearray)):
        raise InvalidInput("cannot_open", field=name, received="reading it gives neither bytes nor text")
    return io.BytesIO(content), None


def _check_size(stream: IO[bytes], name: str) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > MAX_BYTES:
        received, allowed = f"{size / 1e6:,.0f} MB", f"at most {MAX_BYTES / 1e6:,.0f} MB"
        raise InvalidInput("too_large", field=name, received=received, allowed=allowed)
    if size == 0:
        raise InvalidInput("empty_file", field=name)
