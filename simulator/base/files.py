"""The one door to files: bounded reads, whole writes, and every refusal of the disk as an error of this package.

A path or content that cannot be used raises ``InvalidInput`` with the path in it, never ``OSError``, ``ValueError`` or
``TypeError``: names too long, below a file, with a NUL or half a letter, loops of links, folders, rights, full disks.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from simulator.base.errors import InvalidInput, shown
from simulator.base.json_text import MAX_JSON_BYTES, parse_json

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
"""No file can be at such a path; Windows says EINVAL of a name with ``?`` or ``*``."""
_IS_WINDOWS = os.name == "nt"
_TRIES = 20
_PAUSE_SECONDS = 0.01


def path_of(path: object, field: str = "FILE", allowed: str = "the path of a file") -> Path:
    """Return the path; refuse with ``wrong_type`` anything else, also an empty text."""
    if isinstance(path, (str, os.PathLike)):
        name = os.fspath(path)
        if isinstance(name, str) and name:
            return Path(name)
    raise InvalidInput("wrong_type", field=field, received=shown(path), allowed=allowed)


@contextmanager
def reading(path: object, field: str = "FILE") -> Iterator[IO[bytes]]:
    """Open a file for reading; what the disk answers later, while it is read, is told as well.

    Parameters
    ----------
    path : str or path
    field : str
        What to call the file in an error.

    Raises
    ------
    InvalidInput
        ``wrong_type``, ``file_not_found``, ``is_a_folder``, ``not_allowed`` or ``cannot_read``.
    """
    place = path_of(path, field)
    try:
        file = place.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(place, error, field) from None
    with file:
        try:
            yield file
        except OSError as error:
            raise _broken(place, error, field) from None


def read_file(path: object, longest: int = MAX_JSON_BYTES, field: str = "FILE") -> bytes:
    """Return the content of a file of at most ``longest`` bytes.

    Raises
    ------
    InvalidInput
        As ``reading``, or ``too_large``.
    """
    with reading(path, field) as file:
        content = file.read(longest + 1)  # never more, also from a device without an end
    if len(content) > longest:
        name, allowed = shown(path_of(path).name), f"at most {longest:,} bytes"
        raise InvalidInput("too_large", field=name, received="a larger file", allowed=allowed)
    return content


def read_json(path: object) -> object:
    """Return the plain values of a file of JSON; what is wrong inside names the file.

    Raises
    ------
    InvalidInput
        As ``read_file`` and ``parse_json``.
    """
    return parse_json(read_file(path), field=shown(path_of(path).name))


@contextmanager
def replaced(path: object, field: str = "FILE") -> Iterator[IO[bytes]]:
    """Write a file beside ``path`` and put it in its place once it is whole and on the disk.

    A device or a pipe, such as ``/dev/null``, is written to and stays what it is.

    Parameters
    ----------
    path : str or path
    field : str
        What to call the file in an error.

    Raises
    ------
    InvalidInput
        ``wrong_type``, ``disk_full``, ``read_only`` or ``cannot_write``; what stood at ``path`` is untouched.
    """
    place = path_of(path, field)
    part: Path | None = None
    try:
        with suppress(FileNotFoundError):
            place.stat()  # refuses a name that no file can have before the content is worked out
        if is_device(place):
            file: IO[bytes] = place.open("wb")
        else:
            handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
            file, part = os.fdopen(handle, "wb"), Path(name)
    except (OSError, ValueError) as error:
        raise unwritable(place, error, field) from None
    try:
        with file:
            yield file
            file.flush()
            if part is not None:
                os.fsync(file.fileno())
        if part is not None:
            _readable_as_usual(part)
            _move(part, place)
    except OSError as error:
        raise unwritable(place, error, field) from None
    finally:
        if part is not None:
            with suppress(OSError):  # gone, or the disk answers no more: the first error is the one to tell
                part.unlink()


def write_file(path: object, content: bytes | memoryview, field: str = "FILE") -> None:
    """Write a file whole, or not at all; raises as ``replaced``."""
    with replaced(path, field) as file:
        file.write(content)


def is_device(path: Path) -> bool:
    """Whether a device or a pipe stands there: not to be replaced, nor read twice, perhaps without an end."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def unwritable(path: Path, error: Exception, field: str = "FILE") -> InvalidInput:
    """Return the error of a file or folder that cannot be written."""
    number = getattr(error, "errno", None)
    code = "disk_full" if number in FULL else "read_only" if number in FORBIDDEN else "cannot_write"
    return InvalidInput(code, field=field, received=shown(str(path), 200), reason=_reason(error))


def _unreadable(path: Path, error: Exception, field: str) -> InvalidInput:
    """Return the error of a file that cannot be read; a name that no file can have is a file that is not there."""
    received = shown(str(path), 200)
    # Windows says of a folder that it may not be read.
    if isinstance(error, (IsADirectoryError, PermissionError)) and os.path.isdir(path):  # noqa: PTH112 — never raises
        return InvalidInput("is_a_folder", field=field, received=received)
    if isinstance(error, PermissionError):
        return InvalidInput("not_allowed", field=field, received=received)
    if isinstance(error, ValueError) or getattr(error, "errno", None) in NOWHERE:
        return InvalidInput("file_not_found", field=field, received=received)
    return _broken(path, error, field)


def _broken(path: Path, error: Exception, field: str) -> InvalidInput:
    return InvalidInput("cannot_read", field=field, received=shown(str(path), 200), reason=_reason(error))


def _reason(error: Exception) -> str:
    """Say why, without the names of files that only existed on the way."""
    return getattr(error, "strerror", None) or "no file can be called so"


def _readable_as_usual(path: Path) -> None:
    """A temporary file is its owner's alone; a file that is shared gets the rights any new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _move(part: Path, place: Path) -> None:
    """Put the written file in its place; Windows refuses while another program reads it, for a moment only."""
    for _ in range(_TRIES if _IS_WINDOWS else 0):
        with suppress(PermissionError):
            part.replace(place)
            return
        time.sleep(_PAUSE_SECONDS)
    part.replace(place)
