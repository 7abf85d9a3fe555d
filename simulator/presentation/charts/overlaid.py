"""Several budget curves in one chart: a letter at the end of each, its choice marked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.presentation.charts.curve import round_top
from simulator.presentation.charts.palette import DARK, SCHEMA, Palette, config

HEIGHT = 300
LINE_OF_TEXT = 0.05
"""Height of a letter as a share of the chart."""
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4])
"""Lines differ by their strokes too, for those who do not tell colours apart."""
ON_PAPER = ("#0F6B6B", "#9C3D22", "#6A3D9A", "#1F4E9C", "#7A5C00", "#8C2155")
IN_THE_DARK = ("#6FC3BC", "#E58A66", "#C3A6E8", "#8FB8F2", "#E0C15C", "#F09CC0")


def overlaid(
    points: Sequence[Mapping[str, Any]],
    chosen: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    palette: Palette,
    language: str,
    *,
    money_format: tuple[str, str],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification.

    Parameters
    ----------
    points : sequence of mapping
        ``letter``, ``budget`` (a day, rising within a letter), ``people``, ``low``, ``high``.
    chosen : sequence of mapping
        ``letter``, ``budget``, ``people`` of each choice.
    labels : mapping
        x, y, budget, median, low, high, letter.
    money_format : tuple of str
        What stands before and after an amount.
    """
    letters = list(dict.fromkeys(str(point["letter"]) for point in points))
    right = max(point["budget"] for point in points)
    top = round_top(max(point["people"] for point in points))
    rows = [{"kind": "curve", **point} for point in points] + [{"kind": "choice", **point} for point in chosen]
    rows += [{"kind": "end", **end} for end in _ends(points, letters, top)]
    before, after = (text.replace("'", "\\'") for text in money_format)
    x = {
        "field": "budget",
        "type": "quantitative",
        "title": labels["x"],
        "scale": {"domain": [0, right], "nice": False},
        "axis": {"grid": False, "tickCount": 5, "labelExpr": f"'{before}' + format(datum.value, ',') + '{after}'"},
    }
    y = {
        "field": "people",
        "type": "quantitative",
        "title": labels["y"],
        "scale": {"domain": [0, top], "nice": False},
        "axis": {"tickCount": 5, "format": ",.0f", "minExtent": 52},
    }
    colours = IN_THE_DARK if palette == DARK else ON_PAPER
    colour = {
        "field": "letter",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": letters, "range": list(colours[: len(letters)])},
    }
    stroke = {**colour, "scale": {"domain": letters, "range": [list(dash) for dash in DASHES[: len(letters)]]}}
    figures = (("budget", "budget"), ("people", "median"), ("low", "low"), ("high", "high"))
    tooltip = [{"field": "letter", "type": "nominal", "title": labels["letter"]}] + [
        {"field": field, "type": "quantitative", "title": labels[label], "format": ",.0f"} for field, label in figures
    ]
    return rows, {
        "$schema": SCHEMA,
        "height": HEIGHT,
        "padding": {"left": 4, "right": 44, "top": 8, "bottom": 4},
        "layer": [
            {
                "transform": _only("curve"),
                "mark": {"type": "line", "strokeWidth": 2.5, "tooltip": None},
                "encoding": {"x": x, "y": y, "color": colour, "strokeDash": stroke},
            },
            {
                "transform": _only("curve"),
                "mark": {"type": "point", "size": 220, "opacity": 0},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            {
                "transform": _only("choice"),
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "tooltip": None},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "transform": _only("end"),
                "mark": {"type": "text", "align": "left", "dx": 5, "fontWeight": 700, "clip": False},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}, "color": colour},
            },
        ],
        "config": config(palette, language),
    }


def _ends(points: Sequence[Mapping[str, Any]], letters: Sequence[str], top: float) -> list[dict[str, Any]]:
    """Return the ends of the curves with their letters; those that would overlap share one label."""
    ends = [max((p for p in points if p["letter"] == letter), key=lambda p: p["budget"]) for letter in letters]
    found: list[dict[str, Any]] = []
    for end in sorted(ends, key=lambda end: -end["people"]):
        if found and found[-1]["people"] - end["people"] < LINE_OF_TEXT * top:
            found[-1]["label"] += f", {end['letter']}"
        else:
            found.append({**end, "label": end["letter"]})
    return found


def _only(kind: str) -> list[dict[str, str]]:
    return [{"filter": f"datum.kind === '{kind}'"}]
