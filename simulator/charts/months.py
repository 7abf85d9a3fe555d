"""The price of showings by month, the year's average being 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.charts.palette import SCHEMA, Palette, config


def months(
    indices: Sequence[float],
    names: Sequence[str],
    chosen: int | None,
    labels: Mapping[str, str],
    palette: Palette,
    language: str,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification; ``chosen`` is a month, 1 to 12, drawn in the colour of the choice."""
    rows = [
        {"number": number, "month": name, "index": round(index, 1), "chosen": number == chosen}
        for number, (name, index) in enumerate(zip(names, indices, strict=True), start=1)
    ]
    # One letter a month fits a telephone; several months share a letter, so the number is the place.
    letters = ", ".join(f"'{name[0].upper()}'" for name in names)
    return rows, {
        "$schema": SCHEMA,
        "height": 180,
        "padding": {"left": 4, "right": 8, "top": 8, "bottom": 4},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": {
                "field": "number",
                "type": "ordinal",
                "title": labels["x"],
                "axis": {"labelAngle": 0, "grid": False, "labelExpr": f"[{letters}][datum.value - 1]"},
            },
            "y": {
                "field": "index",
                "type": "quantitative",
                "title": labels["y"],
                "scale": {"domainMin": 0},
                "axis": {"tickCount": 4, "format": ",.0f", "minExtent": 36},
            },
            "color": {"condition": {"test": "datum.chosen", "value": palette.marker}, "value": palette.line},
            "tooltip": [
                {"field": "month", "type": "nominal", "title": labels["x"]},
                {"field": "index", "type": "quantitative", "title": labels["y"], "format": ",.0f"},
            ],
        },
        "config": config(palette, language),
    }
