"""One or two A4 pages that a client keeps: the answer, how sure it is, and what it rests on."""

from __future__ import annotations

import datetime
import json
import os
import re
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.base.errors import SimulatorError
from simulator.library import Scenario
from simulator.presentation.charts import LIGHT, strip
from simulator.presentation.reports import drawings, words
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.letterhead import picture
from simulator.presentation.reports.page import ROOMS_FOR_SOURCES, worded
from simulator.presentation.reports.spreadsheets import needed

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
    head = None if letterhead is None else picture(letterhead)
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
    """Draw and set something for nobody: the first of each takes most of a second, the next a tenth of it."""
    drawings.svg(strip(0.5, LIGHT, "fr"))
    needed("typst", "typst").compile(b"A", font_paths=_fonts())


@cache
def _template() -> bytes:
    return files("simulator.presentation.reports").joinpath("report.typ").read_bytes()


@cache
def _fonts() -> Any:
    """Return the fonts of this machine, looked for once: names may be in any script."""
    return needed("typst", "typst").Fonts()
