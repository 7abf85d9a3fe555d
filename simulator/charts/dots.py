"""A hundred dots: of a hundred people aimed at, how many would see it."""

from __future__ import annotations

from typing import Any

from simulator.charts.palette import SCHEMA, Palette, config

COLUMNS, ROWS, STEP = 20, 5, 15
HUNDRED = COLUMNS * ROWS


def filled(share: float) -> int:
    """Return the dots to fill: one at least for anybody at all, a hundred only for everybody."""
    if share <= 0:
        return 0
    if share >= 1:
        return HUNDRED
    return min(max(round(HUNDRED * share), 1), HUNDRED - 1) if share < 0.995 else HUNDRED


def strip(share: float, palette: Palette, language: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification of the strip for a share (0 to 1) of the people aimed at."""
    count = filled(share)
    rows = [{"x": index % COLUMNS, "y": index // COLUMNS, "seen": index < count} for index in range(HUNDRED)]
    axis = {"axis": None, "scale": {"paddingOuter": 0.5}}
    return rows, {
        "$schema": SCHEMA,
        "width": {"step": STEP},
        "height": {"step": STEP},
        "padding": {"left": 0, "right": 0, "top": 2, "bottom": 2},
        "mark": {"type": "point", "size": 80, "strokeWidth": 1.3, "opacity": 1, "tooltip": None},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", **axis},
            "y": {"field": "y", "type": "ordinal", **axis},
            "stroke": _seen_or_not(palette.marker, palette.ring),
            "fill": _seen_or_not(palette.marker, "transparent"),
        },
        "config": config(palette, language),
    }


def _seen_or_not(seen: str, unseen: str) -> dict[str, Any]:
    return {"condition": {"test": "datum.seen", "value": seen}, "value": unseen}
