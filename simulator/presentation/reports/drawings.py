"""The charts of the screen as SVG, on paper: the same specifications, always in the light palette."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.base.errors import SimulatorError
from simulator.presentation import formats
from simulator.presentation.charts import LIGHT, bars, budget_curve, strip
from simulator.presentation.charts.audience import towns
from simulator.presentation.charts.palette import FONT
from simulator.presentation.i18n import Texts
from simulator.presentation.reports.blocks import Report
from simulator.presentation.reports.spreadsheets import needed
from simulator.presentation.wording import share

PRINTED_FONT = "Libertinus Serif"
"""The font that the typesetter brings along, so that a report looks the same on every machine."""
CURVE_WIDTH, CURVE_HEIGHT = 640, 200
SMALL_WIDTH, SMALL_HEIGHT = 300, 150
MAP_SIDE = 200

Drawn = tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]]


def dots(report: Report, texts: Texts) -> str:
    """Return the strip of a hundred dots."""
    return svg(strip(share(report.forecast), LIGHT, texts.language))


def curve(report: Report, texts: Texts) -> str:
    """Return the budget curve with the choice on it."""
    names = ("x", "y", "repetition", "budget", "median", "low", "high")
    drawn = budget_curve(
        report.curve,
        report.chosen,
        {**{name: texts(f"curve.{name}") for name in names}, "here": texts("report.chosen")},
        LIGHT,
        texts.language,
        money_format=formats.around_amount(report.campaign.currency, texts.language),
        often=report.parameters.value("rules.high_frequency"),
    )
    return svg(drawn, width=CURVE_WIDTH, height=CURVE_HEIGHT)


def frequency(report: Report, texts: Texts) -> str:
    """Return how many people would see it exactly so many times."""
    labels = {"x": texts("report.column.times"), "y": texts("curve.y")}
    drawn = bars(report.forecast.exposure_counts(), labels, LIGHT, texts.language)
    return svg(drawn, width=SMALL_WIDTH, height=SMALL_HEIGHT)


def map_of_towns(report: Report, texts: Texts) -> str:
    """Return the towns of the circle as dots, as wide as high, so that no distance is stretched."""
    labels = {"town": "", "people": ""}
    return svg(towns(report.towns, labels, LIGHT, texts.language), width=MAP_SIDE, height=MAP_SIDE)


def svg(drawn: Drawn, width: int | None = None, height: int | None = None) -> str:
    """Return rows and specification as SVG.

    Raises
    ------
    SimulatorError
        ``driver_missing`` without the package that draws; ``report_failed``.
    """
    vl_convert = needed("vl_convert", "vl-convert-python")
    rows, spec = drawn
    sizes = {name: size for name, size in (("width", width), ("height", height)) if size is not None}
    whole = json.dumps({**spec, **sizes, "data": {"values": list(rows)}}, ensure_ascii=False)
    whole = whole.replace(json.dumps(FONT)[1:-1], PRINTED_FONT)
    try:
        # No address is ever fetched: the rows stand in the specification.
        return str(vl_convert.vegalite_to_svg(whole, allowed_base_urls=[]))
    except ValueError as error:
        raise SimulatorError("report_failed", field="REPORT", received=str(error)[:200]) from None
