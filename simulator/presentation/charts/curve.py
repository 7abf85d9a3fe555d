"""The budget curve: its axis of money, one curve alone, and several in one chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign
from simulator.presentation.charts.palette import DARK, SCHEMA, Palette, config

STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100)
"""Round amounts a day, those of the slider: the values people compare lie exactly on the curve."""
AXES = (50.0, 100.0)
"""Ends of the axis of money that most choices fit, so that it stays while the slider moves."""


def axis_end(amount: float) -> float:
    """Return the end of the axis of money: fixed for small amounts, then the next round one."""
    return next((end for end in AXES if amount <= end), round_top(amount))


def amounts_up_to(top: float) -> list[float]:
    """Return nothing and the round amounts up to ``top``, stretched where the axis is longer than they are."""
    scale = max(top / STEPS[-1], 1.0)
    return [0.0, *(step * scale for step in STEPS if step * scale <= top)]


def next_amount(campaign: Campaign) -> float | None:
    """Return the next round amount at or above twice the choice; None where no campaign may spend so much."""
    twice = 2 * campaign.spend_per_day
    power = 1.0
    while twice > STEPS[-1] * power:
        power *= 10
    while twice < power:
        power /= 10
    following = next(step * power for step in STEPS if step * power >= twice * (1 - 1e-9))
    try:
        campaign.with_daily_budget(following)
    except InvalidInput:
        return None
    return following


HEIGHT = 260


def round_top(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten at or above ``value``."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    exponent = math.floor(math.log10(value))
    step = next(step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value <= step * 10.0**exponent * (1 + 1e-9))
    return step * 10.0**exponent if exponent >= 0 else step / 10.0**-exponent


def repetition_starts(points: Sequence[Mapping[str, float]], often: float) -> float | None:
    """Return the budget from which people see it more than ``often`` times on average, between two points."""
    for here, following in pairwise(points):
        if following["frequency"] > often >= here["frequency"]:
            part = (often - here["frequency"]) / (following["frequency"] - here["frequency"])
            return here["budget"] + part * (following["budget"] - here["budget"])
    return None


def budget_curve(
    points: Sequence[Mapping[str, float]],
    chosen: Mapping[str, float],
    labels: Mapping[str, str],
    palette: Palette,
    language: str,
    *,
    money_format: tuple[str, str],
    often: float,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification.

    Parameters
    ----------
    points : sequence of mapping
        ``budget`` (a day, rising, from 0), ``people``, ``low``, ``high``, ``frequency``.
    chosen : mapping
        ``budget``, ``people``, ``low``, ``high`` of the choice.
    labels : mapping
        x, y, here, repetition, budget, median, low, high.
    money_format : tuple of str
        What stands before and after an amount.
    often : float
        Showings to a person, on average, from which more money mostly buys repetition.
    """
    right = points[-1]["budget"]
    top = round_top(max(point["high"] for point in points))
    start = repetition_starts(points, often)
    rows: list[dict[str, Any]] = [{"kind": "curve", **_plain(point)} for point in points]
    rows.append({"kind": "choice", **_plain(chosen), "label": labels["here"]})
    if start is not None and start < right:
        rows.append({"kind": "repetition", "budget": start, "until": right, "label": labels["repetition"]})
    before, after = (text.replace("'", "\\'") for text in money_format)
    x = {
        "field": "budget",
        "type": "quantitative",
        "title": labels["x"],
        "scale": {"domain": [0, right], "nice": False},
        "axis": {"grid": False, "tickCount": 5, "labelExpr": f"'{before}' + format(datum.value, ',') + '{after}'"},
    }
    y_scale = {"domain": [0, top], "nice": False}
    y = {"type": "quantitative", "scale": y_scale}
    left_half = chosen["budget"] < right * 0.62
    high_up = chosen["people"] > top * 0.3
    return rows, {
        "$schema": SCHEMA,
        "height": HEIGHT,
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
        "layer": [
            {
                "transform": _only("repetition"),
                "mark": {"type": "rect", "color": palette.shade, "tooltip": None},
                "encoding": {"x": {"field": "budget", "type": "quantitative"}, "x2": {"field": "until"}},
            },
            {
                "transform": _only("repetition"),
                "mark": {
                    "type": "text",
                    "align": "right",
                    "baseline": "bottom",
                    "dx": -6,
                    "dy": -6,
                    "color": palette.text,
                },
                "encoding": {
                    "x": {"field": "until", "type": "quantitative"},
                    "y": {"datum": 0, **y},
                    "text": {"field": "label"},
                },
            },
            {
                "transform": _only("curve"),
                "mark": {"type": "area", "color": palette.line, "opacity": 0.2, "tooltip": None},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "transform": _only("curve"),
                "mark": {"type": "line", "color": palette.line, "strokeWidth": 2.5, "tooltip": None},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "people",
                        **y,
                        "title": labels["y"],
                        "axis": {"tickCount": 5, "format": ",.0f", "minExtent": 52},
                    },
                },
            },
            {
                "transform": _only("curve"),
                "mark": {"type": "point", "size": 220, "opacity": 0},
                "encoding": {
                    "x": x,
                    "y": {"field": "people", **y},
                    "tooltip": [
                        {"field": name, "type": "quantitative", "title": labels[label], "format": ",.0f"}
                        for name, label in (
                            ("budget", "budget"),
                            ("people", "median"),
                            ("low", "low"),
                            ("high", "high"),
                        )
                    ],
                },
            },
            {
                "transform": _only("choice"),
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 110,
                    "color": palette.marker,
                    "opacity": 1,
                    "tooltip": None,
                },
                "encoding": {"x": x, "y": {"field": "people", **y}},
            },
            {
                "transform": _only("choice"),
                "mark": {
                    "type": "text",
                    "align": "left" if left_half else "right",
                    "dx": 10 if left_half else -10,
                    "dy": 16 if high_up or left_half else -14,
                    "color": palette.marker,
                    "fontWeight": 600,
                },
                "encoding": {"x": x, "y": {"field": "people", **y}, "text": {"field": "label"}},
            },
        ],
        "config": config(palette, language),
    }


def _plain(point: Mapping[str, float]) -> dict[str, float]:
    return {name: float(point[name]) for name in ("budget", "people", "low", "high") if name in point}


def _only(kind: str) -> list[dict[str, str]]:
    return [{"filter": f"datum.kind === '{kind}'"}]


OVERLAID_HEIGHT = 300
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
        "height": OVERLAID_HEIGHT,
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
