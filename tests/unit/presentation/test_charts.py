"""Charts: colours one can read, axes that stay, dots that count."""

from __future__ import annotations

import json

import pytest

from simulator.presentation.charts import DARK, LIGHT, Palette, bars, budget_curve, build_up, months, palette_of, strip
from simulator.presentation.charts.audience import filled
from simulator.presentation.charts.curve import repetition_starts, round_top

LABELS = dict.fromkeys(("x", "y", "here", "repetition", "budget", "median", "low", "high"), "mot")
POINTS = [
    {"budget": 0.0, "people": 0.0, "low": 0.0, "high": 0.0, "frequency": 0.0},
    {"budget": 5.0, "people": 4000.0, "low": 2000.0, "high": 7000.0, "frequency": 2.0},
    {"budget": 50.0, "people": 17_000.0, "low": 9000.0, "high": 27_000.0, "frequency": 4.0},
]
CHOSEN = POINTS[1]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_writing_and_lines_are_readable(palette: Palette) -> None:
    assert contrast(palette.text, palette.paper) >= 4.5
    assert contrast(palette.text, palette.shade) >= 4.5
    assert contrast(palette.marker, palette.paper) >= 4.5
    assert contrast(palette.line, palette.paper) >= 3
    assert contrast(palette.ring, palette.paper) >= 3


def test_palette_follows_the_theme() -> None:
    assert palette_of("dark") is DARK
    assert palette_of("light") is palette_of(None) is LIGHT


@pytest.mark.parametrize(
    ("share", "dots"), [(0, 0), (0.0001, 1), (0.004, 1), (0.06, 6), (0.994, 99), (0.999, 100), (1, 100), (2, 100)]
)
def test_dots_count_a_hundred(share: float, dots: int) -> None:
    assert filled(share) == dots
    rows, _ = strip(share, LIGHT, "fr")
    assert len(rows) == 100
    assert sum(row["seen"] for row in rows) == dots


def drawn(chosen: dict[str, float] = CHOSEN, often: float = 3.0) -> tuple[list[dict], dict]:
    return budget_curve(POINTS, chosen, LABELS, LIGHT, "fr", money_format=("", "\u00a0€"), often=often)


def test_the_marker_moves_in_the_rows_and_the_axes_stay() -> None:
    """A moving slider must redraw in place: nothing of the specification but the side of the label may change."""
    rows, spec = drawn()
    others, other = drawn({**CHOSEN, "budget": 6.0, "people": 4500.0})
    assert rows != others
    assert spec == other
    assert spec["layer"][2]["encoding"]["y"]["scale"]["domain"] == [0, 30_000.0]
    json.dumps([rows, spec])


def test_repetition_begins_between_two_points() -> None:
    assert repetition_starts(POINTS, 3.0) == pytest.approx(27.5)
    assert repetition_starts(POINTS, 9.0) is None
    assert [row["kind"] for row in drawn(often=9.0)[0]].count("repetition") == 0


def test_tops_are_round() -> None:
    assert [round_top(value) for value in (0, 1, 27_000, 101, 0.3)] == [1, 1, 30_000, 150, 0.3]


def test_an_apostrophe_in_a_currency_cannot_end_the_expression() -> None:
    _, spec = budget_curve(POINTS, CHOSEN, LABELS, LIGHT, "fr", money_format=("", " d'or"), often=3)
    assert "d\\'or" in json.dumps(spec["layer"][2]["encoding"]["x"]["axis"]["labelExpr"], ensure_ascii=False).replace(
        "\\\\", "\\"
    )


def test_bars_and_days() -> None:
    rows, _ = bars([5.0, 3.0, 1.0], LABELS, DARK, "en")
    assert [row["times"] for row in rows] == ["1", "2", "3+"]
    days = [{"day": day, "people": day * 10.0, "low": day * 5.0, "high": day * 20.0} for day in (1, 2, 3)]
    rows, spec = build_up(days, LABELS, DARK, "en")
    assert [row["day"] for row in rows] == [1, 2, 3]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 60.0]


def test_months_stand_in_their_order_and_the_chosen_one_is_marked() -> None:
    rows, spec = months([90.0, 110.0], ["janvier", "février"], 2, LABELS, LIGHT, "fr")
    assert [(row["number"], row["chosen"]) for row in rows] == [(1, False), (2, True)]
    assert spec["encoding"]["x"]["axis"]["labelExpr"] == "['J', 'F'][datum.value - 1]"
