"""How many people would see it exactly 1, 2, … 10 times or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.charts.palette import SCHEMA, Palette, config


def bars(
    counts: Sequence[float], labels: Mapping[str, str], palette: Palette, language: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification; ``counts`` holds people shown it 1, 2, … times, the last entry and more."""
    names = [str(times) for times in range(1, len(counts))] + [f"{len(counts)}+"]
    rows = [{"times": name, "people": float(count)} for name, count in zip(names, counts, strict=True)]
    return rows, {
        "$schema": SCHEMA,
        "height": 200,
        "padding": {"left": 4, "right": 8, "top": 8, "bottom": 4},
        "mark": {"type": "bar", "color": palette.line, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {
                "field": "times",
                "type": "ordinal",
                "sort": names,
                "title": labels["x"],
                "axis": {"labelAngle": 0, "grid": False},
            },
            "y": {
                "field": "people",
                "type": "quantitative",
                "title": labels["y"],
                "axis": {"tickCount": 4, "format": ",.0f", "minExtent": 52},
            },
            "tooltip": [
                {"field": "times", "type": "nominal", "title": labels["x"]},
                {"field": "people", "type": "quantitative", "title": labels["y"], "format": ",.0f"},
            ],
        },
        "config": config(palette, language),
    }
