"""Campaigns and scenarios for tests, and texts that have broken other programs."""

from __future__ import annotations

from functools import cache
from typing import Any

from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Band
from simulator.library import Scenario
from simulator.reference.places.place import Place

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "![x](http://198.51.100.7/x.png)",
    "'; DROP TABLE scenario_version; --",
    "\u202eurof tnemesitrevda\u202c",
    "שלום \u200f עולם",
    "a\u0300\u0301\u0302 \U0001f469\u200d\U0001f373 ﬁ ß İ",
    "50 % _ de \\ remise",
    '"quotes" \'and\' ""more""',
    "tab\tnew\nline",
    "../../etc/passwd",
    " ",
)
"""Formulas, markup, SQL, right-to-left marks, wild cards, quotation marks, paths."""


@cache
def campaign() -> Campaign:
    place = Place.at(43.2951, -0.3708, "FR", 25, "Pau")
    return Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5)


def scenario(**entries: Any) -> Scenario:
    return Scenario(**{"campaign": campaign(), **entries})


def with_reach(p50: float, **entries: Any) -> Scenario:
    """A scenario that announces so many people, without simulating them."""
    return scenario(figures={"reach": Band(p50 * 0.5, p50, p50 * 2, p50 * 1.1)}, **entries)
