"""The letterhead of a chamber: only its pixels reach the report, nothing that a picture can hide."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

from simulator.base.errors import InvalidInput, shown
from simulator.presentation.reports.spreadsheets import needed

MOST_BYTES = 1_000_000
MOST_PIXELS = 16_000_000
"""Largest picture that is decoded: a small file can promise a huge one."""
PRINTED = (2000, 500)
"""Pixels kept, across and down: 300 a inch over the width of a page."""
FIELD = "letterhead"


def picture(letterhead: bytes | str | os.PathLike[str]) -> str:
    """Return a letterhead as an SVG that holds its pixels.

    Parameters
    ----------
    letterhead : bytes or path
        PNG or JPEG, at most 1 MB. It is decoded and drawn anew, so that descriptions, places, thumbnails and
        whatever follows the end of the picture stay behind.

    Raises
    ------
    InvalidInput
        ``too_large``, ``not_a_picture``, ``file_not_found``, ``is_a_folder``, ``not_allowed``.
    """
    content = bytes(letterhead) if isinstance(letterhead, (bytes, bytearray)) else _read(letterhead)
    if len(content) > MOST_BYTES:
        raise _too_large(f"{len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")
    clean, width, height = _drawn_anew(content)
    held = base64.b64encode(clean).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{held}"/></svg>'
    )


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        code = "file_not_found"
    except IsADirectoryError:
        code = "is_a_folder"
    except PermissionError:
        code = "is_a_folder" if Path(path).is_dir() else "not_allowed"
    except (OSError, ValueError, TypeError):
        code = "file_not_found"
    raise InvalidInput(code, field=FIELD, received=shown(str(path)))


def _drawn_anew(content: bytes) -> tuple[bytes, int, int]:
    """Return a PNG with the same pixels and nothing else, and its size."""
    pillow = needed("PIL.Image", "pillow")
    turned = needed("PIL.ImageOps", "pillow").exif_transpose
    try:
        with pillow.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise _too_large(f"{found.width} x {found.height} pixels", f"at most {MOST_PIXELS:,} pixels")
            upright = turned(found).convert("RGBA")
    except InvalidInput:
        raise
    except Exception as error:  # noqa: BLE001 - a decoder fails in any way on a damaged picture
        raise InvalidInput("not_a_picture", field=FIELD, received=type(error).__name__) from None
    upright.thumbnail(PRINTED)
    paper = pillow.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    clean = io.BytesIO()
    paper.save(clean, format="PNG", optimize=False)
    return clean.getvalue(), paper.width, paper.height


def _too_large(received: str, allowed: str) -> InvalidInput:
    return InvalidInput("too_large", field=FIELD, received=received, allowed=allowed)
