"""How the campaign builds up: different people reached since the start, day after day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.charts.curve import round_top
from simulator.charts.palette import SCHEMA, Palette, config


def build_up(
    points: Sequence[Mapping[str, float]], labels: Mapping[str, str], palette: Palette, language: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification; each point has ``day``, ``people``, ``low``, ``high``."""
    rows = [{name: float(point[name]) for name in ("day", "people", "low", "high")} for point in points]
    last = len(points)
    x = {
        "field": "day",
        "type": "quantitative",
        "title": labels["x"],
        "scale": {"domain": [min(1, last - 1), last], "nice": False},
        "axis": {"grid": False, "tickMinStep": 1, "tickCount": min(last, 8), "format": "d"},
    }
    y = {
        "type": "quantitative",
        "title": labels["y"],
        "scale": {"domain": [0, round_top(max(row["high"] for row in rows))], "nice": False},
        "axis": {"tickCount": 4, "format": ",.0f", "minExtent": 52},
    }
    return rows, {
        "$schema": SCHEMA,
        "height": 200,
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
        "layer": [
            {
                "mark": {"type": "area", "color": palette.line, "opacity": 0.2, "tooltip": None},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": palette.line, "strokeWidth": 2.5, "point": {"color": palette.line}},
                "encoding": {
                    "x": x,
                    "y": {"field": "people", **y},
                    "tooltip": [
                        {"field": name, "type": "quantitative", "title": labels[label], "format": ",.0f"}
                        for name, label in (("day", "x"), ("people", "median"), ("low", "low"), ("high", "high"))
                    ],
                },
            },
        ],
        "config": config(palette, language),
    }
