"""One or two A4 pages that a client keeps, with the letterhead of a chamber: only its pixels reach the report."""

from __future__ import annotations

import base64
import datetime
import io
import json
import os
import re
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.base.errors import InvalidInput, SimulatorError
from simulator.base.files import read_file
from simulator.library import Scenario
from simulator.presentation.charts import LIGHT, strip
from simulator.presentation.reports import page, words
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.page import ROOMS_FOR_SOURCES, worded
from simulator.presentation.reports.spreadsheets import needed

MOST_BYTES = 1_000_000
MOST_PIXELS = 16_000_000
"""Largest picture that is decoded: a small file can promise a huge one."""
PRINTED = (2000, 500)
"""Pixels kept, across and down: 300 a inch over the width of a page."""
FIELD = "letterhead"


def printable_letterhead(letterhead: bytes | str | os.PathLike[str]) -> str:
    """Return a letterhead as an SVG that holds its pixels.

    Parameters
    ----------
    letterhead : bytes or path
        PNG or JPEG, at most 1 MB. It is decoded and drawn anew, so that descriptions, places, thumbnails and
        whatever follows the end of the picture stay behind.

    Raises
    ------
    InvalidInput
        ``too_large`` or ``not_a_picture``, or as ``read_file``.
    """
    if not isinstance(letterhead, (bytes, bytearray)):
        letterhead = read_file(letterhead, MOST_BYTES, FIELD)
    content = bytes(letterhead)
    if len(content) > MOST_BYTES:
        raise _too_large(f"{len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")
    clean, width, height = _drawn_anew(content)
    held = base64.b64encode(clean).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{held}"/></svg>'
    )


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


MOST_PAGES = 2
_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


def pdf(
    scenario: Scenario,
    *,
    language: str = "fr",
    letterhead: bytes | str | os.PathLike[str] | None = None,
    made_on: datetime.date | None = None,
) -> bytes:
    """Return the report of a scenario as PDF, by today's model and the scenario's own settings.

    Parameters
    ----------
    letterhead : bytes or path, optional
        PNG or JPEG of at most 1 MB, printed at the top of the first page.
    made_on : date, optional
        Printed date; today where absent.

    Raises
    ------
    SimulatorError
        ``unknown_choice`` for a language, ``driver_missing``, what is wrong with the letterhead, or with
        settings that no longer exist.
    """
    texts = words.texts_of(language)
    head = None if letterhead is None else printable_letterhead(letterhead)
    report = build(scenario, made_on=made_on)
    content = b""
    for room in ROOMS_FOR_SOURCES:
        content = typeset({**worded(report, texts, room), "letterhead": head})
        if pages_of(content) <= MOST_PAGES:
            break
    return content


def pages_of(content: bytes) -> int:
    """Return the number of pages of a PDF that ``typeset`` made."""
    found = _PAGES.search(content)
    return int(found[1]) if found else 0


def typeset(said: dict[str, Any]) -> bytes:
    """Return the PDF of the template filled in; the texts travel as data, so that none is ever read as a command."""
    typst = needed("typst", "typst")
    try:
        return bytes(
            typst.compile(_template(), font_paths=_fonts(), sys_inputs={"report": json.dumps(said, ensure_ascii=False)})
        )
    except typst.TypstError as error:
        raise SimulatorError("report_failed", field="REPORT", received=str(error)[:200]) from None


def warm() -> None:
    """Draw and typeset a sample: the first of each takes most of a second, the next a tenth of it."""
    page.svg(strip(0.5, LIGHT, "fr"))
    needed("typst", "typst").compile(b"A", font_paths=_fonts())


@cache
def _template() -> bytes:
    return files("simulator.presentation.reports").joinpath("report.typ").read_bytes()


@cache
def _fonts() -> Any:
    """Return the fonts of this machine, looked for once: names may be in any script."""
    return needed("typst", "typst").Fonts()
