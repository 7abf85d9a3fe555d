"""Who is aimed at: the pyramid of ages, and the towns of the circle as dots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator.base.metrics import AGE_BANDS
from simulator.presentation.charts.palette import SCHEMA, Palette, config
from simulator.reference.places.place import Place

KM_PER_DEGREE = 111.2
NAMED = 4
"""Towns named on the picture: the largest of those that stand apart."""
LINE, WORD = 0.16, 0.5
"""Height and width that a name takes, as shares of the distance from the centre to the edge."""
MOST_DOTS = 600
"""Towns drawn, the largest first: more would only blacken the map."""


RING = 90
"""Steps of the outline of a circle."""


def dots_around(place: Place, inside: Iterable[tuple[str, float, float, float]]) -> list[dict[str, Any]]:
    """Return the towns of a circle as dots: kilometres east and north of its centre, on a flat sheet.

    Each town is given with name, people inside, latitude and longitude.
    """
    if place.latitude is None or place.longitude is None:
        return []
    shrink = math.cos(math.radians(place.latitude))
    return [
        {
            "name": name,
            "people": people,
            "east": (longitude - place.longitude) * shrink * KM_PER_DEGREE,
            "north": (latitude - place.latitude) * KM_PER_DEGREE,
        }
        for name, people, latitude, longitude in inside
    ]


def pyramid(
    people: Mapping[tuple[str, str], float], labels: Mapping[str, str], palette: Palette, language: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification; ``people`` by (sex, age band), women to the left."""
    rows = [
        {"age": band, "sex": labels[sex], "people": count, "side": -count if sex == "women" else count}
        for (sex, band), count in people.items()
    ]
    bands = [band for band in AGE_BANDS if any(row["age"] == band for row in rows)]
    return rows, {
        "$schema": SCHEMA,
        "height": 26 * max(len(bands), 1),
        "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "y": {"field": "age", "type": "ordinal", "sort": bands[::-1], "title": None, "axis": {"grid": False}},
            "x": {
                "field": "side",
                "type": "quantitative",
                "title": f"← {labels['women']} · {labels['men']} →",
                "axis": {"labels": False, "grid": False},
            },
            "color": {
                "field": "sex",
                "type": "nominal",
                "scale": {"domain": [labels["women"], labels["men"]], "range": [palette.marker, palette.line]},
                "legend": None,
            },
            "tooltip": [
                {"field": "sex", "type": "nominal", "title": " "},
                {"field": "age", "type": "nominal", "title": labels["ages"]},
                {"field": "people", "type": "quantitative", "title": labels["people"], "format": ",.0f"},
            ],
        },
        "config": config(palette, language),
    }


def towns(
    places: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    palette: Palette,
    language: str,
    cells: Sequence[Mapping[str, Any]] = (),
    radius_km: float | None = None,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return rows and specification; each town has name, people, east and north (kilometres from the centre).

    With ``cells`` (the same, names empty) these are the dots, and towns only give the names; with ``radius_km`` the
    circle is drawn round.
    """
    known = [dict(place) for place in places[:MOST_DOTS]]
    reach = radius_km or max([5.0, *(abs(float(row[side])) for row in known for side in ("east", "north"))])
    reach *= 1.05
    for row in _apart(known, reach):
        row["label"] = row["name"]
    if cells:
        known = [{name: row[name] for name in ("east", "north", "label")} for row in known if "label" in row]
    rows = [*map(dict, cells), *known, *_ring(radius_km)]
    scale = {"domain": [-reach, reach], "nice": False}
    hidden = {"labels": False, "grid": False}
    return rows, {
        "$schema": SCHEMA,
        "height": 260,
        "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
        "encoding": {
            "x": {"field": "east", "type": "quantitative", "scale": scale, "title": None, "axis": hidden},
            "y": {"field": "north", "type": "quantitative", "scale": scale, "title": None, "axis": hidden},
        },
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.people)"}],
                "mark": {"type": "circle", "color": palette.line, "opacity": 0.65},
                "encoding": {
                    "size": {
                        "field": "people",
                        "type": "quantitative",
                        "scale": {"range": [6, 150 if cells else 500]},
                        "legend": None,
                    },
                    "tooltip": [
                        *([] if cells else [{"field": "name", "type": "nominal", "title": labels["town"]}]),
                        {"field": "people", "type": "quantitative", "title": labels["people"], "format": ",.0f"},
                    ],
                },
            },
            {
                "transform": [{"filter": "isValid(datum.label)"}],
                "mark": {"type": "text", "color": palette.text, "dy": -14, "fontSize": 13, "tooltip": None},
                "encoding": {"text": {"field": "label"}},
            },
            *([_outline(palette)] if radius_km else []),
        ],
        "config": config(palette, language),
    }


def _outline(palette: Palette) -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.turn)"}],
        "mark": {"type": "line", "color": palette.marker, "strokeWidth": 1.5, "tooltip": None},
        "encoding": {"order": {"field": "turn", "type": "quantitative"}},
    }


def _ring(radius_km: float | None) -> list[dict[str, float]]:
    """Return the outline of the circle, step by step."""
    if radius_km is None:
        return []
    turns = [math.tau * step / RING for step in range(RING + 1)]
    return [{"east": radius_km * math.cos(turn), "north": radius_km * math.sin(turn), "turn": turn} for turn in turns]


def _apart(rows: Sequence[dict[str, Any]], reach: float) -> list[dict[str, Any]]:
    """Return the first few towns whose names neither overlap nor run over the edge."""
    named: list[dict[str, Any]] = []
    for row in rows:
        inside = abs(row["east"]) + WORD / 2 * reach < reach and row["north"] + LINE * reach < reach
        free = all(
            abs(row["east"] - other["east"]) > WORD * reach or abs(row["north"] - other["north"]) > LINE * reach
            for other in named
        )
        if inside and free:
            named.append(row)
        if len(named) == NAMED:
            break
    return named


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
