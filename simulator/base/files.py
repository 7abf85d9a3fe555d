"""Reading and writing files whole, with errors that say what to do."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.base.json_text import MAX_JSON_BYTES

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def path_of(path: object) -> Path:
    """Return the path, refusing what is none."""
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise InvalidInput("wrong_type", field="FILE", received=shown(path), allowed="the path of a file")
    return Path(path)


def read_file(path: Path, longest: int = MAX_JSON_BYTES) -> bytes:
    """Return the content of a file of at most ``longest`` bytes.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``is_a_folder``, ``not_allowed`` or ``too_large``.
    """
    try:
        with path.open("rb") as file:
            content = file.read(longest + 1)  # never more, also from a device without an end
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    if len(content) > longest:
        allowed = f"at most {longest:,} bytes"
        raise InvalidInput("too_large", field=shown(path.name), received="a larger file", allowed=allowed)
    return content


def unreadable(path: Path, error: Exception) -> InvalidInput:
    """Return the error of a file that does not open; a name that no file can have is a file that is not there."""
    received = shown(str(path))
    if isinstance(error, (IsADirectoryError, PermissionError)) and path.is_dir():
        return InvalidInput("is_a_folder", field="FILE", received=received)
    if isinstance(error, PermissionError):
        return InvalidInput("not_allowed", field="FILE", received=received)
    return InvalidInput("file_not_found", field="FILE", received=received)


@contextmanager
def replaced(path: Path, field: str = "FILE") -> Iterator[IO[bytes]]:
    """Write a file beside ``path`` and put it in its place once it is whole and on the disk.

    Parameters
    ----------
    field : str
        What to call the file in an error.

    Raises
    ------
    SimulatorError
        ``disk_full``, ``read_only`` or ``cannot_write``; what stood at ``path`` is untouched.
    """
    made: str | None = None
    try:
        handle, made = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _readable_as_usual(made)
        Path(made).replace(path)
    except (OSError, ValueError) as error:
        raise unwritable(path, error, field) from None
    finally:
        if made is not None:
            Path(made).unlink(missing_ok=True)


def unwritable(path: Path, error: Exception, field: str = "FILE") -> SimulatorError:
    """Return the error of a file or folder that cannot be written."""
    number = getattr(error, "errno", None)
    code = "disk_full" if number in FULL else "read_only" if number in FORBIDDEN else "cannot_write"
    return SimulatorError(code, field=field, received=shown(str(path), 200), reason=_reason(error))


def _reason(error: Exception) -> str:
    """Say why, without the names of files that only existed on the way."""
    return getattr(error, "strerror", None) or "no file can be called so"


def _readable_as_usual(path: str) -> None:
    """A temporary file is its owner's alone; a file that is shared gets the rights any new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    Path(path).chmod(0o666 & ~mask)
