"""Scenarios to report on, and names that have broken other programs."""

from __future__ import annotations

from functools import cache
from typing import Any

from simulator.campaign.campaign import Campaign, Targeting
from simulator.library import Scenario
from simulator.reference.places.place import Place

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    '#import "@preview/cetz:0.4.0"',
    '#read("/etc/passwd") $x^2$ *gras* _penché_',
    "] #panic() [",
    "<script>alert(1)</script>",
    "![x](http://198.51.100.7/x.png) http://198.51.100.7",
    "\u202eurof tnemesitrevda\u202c",
    "Crêperie \u200fשלום\u200f",
    "\tune tabulation\net une ligne",
    "\"guillemets\"; 'simples' \\ {crochets} {0}",
    "Pain 🥖 & fils",
    "W" * 200,
)
"""Formulas, commands of the typesetter, markup, links, marks of direction, places of our own sentences, no space."""


@cache
def campaign(**changes: Any) -> Campaign:
    place = Place.around("Pau", radius_km=10)
    return Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5).replace(**changes)


def scenario(**entries: Any) -> Scenario:
    return Scenario(**{"campaign": campaign(), **entries})


def named(label: str) -> Campaign:
    """A campaign around a point that somebody has named."""
    place = Place.at(43.2951, -0.3708, "FR", 10, label)
    return Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5)


def letters(text: str) -> str:
    """What can be compared after a text has been set in lines: no spaces, no soft breaks."""
    return "".join(text.replace("\u200b", "").split())
