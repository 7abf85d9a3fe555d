"""Colours of the charts, on paper and in the dark, and what all charts have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = '"Source Sans", sans-serif'
"""The font of the screen; what is printed puts its own in its place."""


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    Attributes
    ----------
    line, band : str
        The curve, and the band around it (drawn half transparent).
    marker : str
        The choice of the user.
    text, grid, ring : str
        Writing, lines of the grid, hollow dots.
    paper : str
        The background.
    """

    line: str
    marker: str
    text: str
    grid: str
    ring: str
    shade: str
    paper: str


LIGHT = Palette("#0F6B6B", "#9C3D22", "#4A5361", "#E4DACB", "#8A8172", "#E9E1D4", "#FBF8F3")
DARK = Palette("#6FC3BC", "#E58A66", "#C9C3B8", "#343A42", "#8B8F94", "#2B3138", "#1B1F24")


def palette_of(theme: str | None) -> Palette:
    """Return the palette of a theme's type; light where it is unknown."""
    return DARK if theme == "dark" else LIGHT


def number_locale(language: str) -> dict[str, Any]:
    """Return how Vega writes numbers in a language."""
    if language == "fr":
        return {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]}
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}


def config(palette: Palette, language: str) -> dict[str, Any]:
    """Return the settings common to all charts."""
    axis = {
        "labelColor": palette.text,
        "titleColor": palette.text,
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": palette.grid,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "aria": False,
    }
    return {
        "background": "transparent",
        "font": FONT,
        "locale": {"number": number_locale(language)},
        "view": {"stroke": None},
        "axis": axis,
        # Vega names every mark and axis in English, or not at all; the picture as a whole has its words (alt).
        "mark": {"aria": False},
        "text": {"font": FONT, "fontSize": 14},
    }
