"""How many people would see it exactly 1, 2, … 10 times or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.presentation.charts.curve import round_top
from simulator.presentation.charts.palette import SCHEMA, Palette, config


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
