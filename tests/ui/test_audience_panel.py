"""The panel of the audience: its charts say what the audience says, and it opens in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web import cache
from simulator.apps.web.formats import plain
from simulator.apps.web.texts import texts_of
from simulator.campaign.campaign import Campaign, Targeting
from simulator.presentation.charts.audience import MOST_DOTS, dots_around, pyramid, towns
from simulator.presentation.charts.palette import LIGHT
from simulator.reference.places.place import Place

LABELS = {"women": "femmes", "men": "hommes", "ages": "âge", "people": "personnes", "town": "commune"}


def test_the_pyramid_puts_women_to_the_left_and_keeps_every_person() -> None:
    people = {("women", "25-34"): 30.0, ("men", "25-34"): 20.0, ("men", "65+"): 5.0}
    rows, spec = pyramid(people, LABELS, LIGHT, "fr")
    assert [row["side"] for row in rows] == [-30.0, 20.0, 5.0]
    assert spec["encoding"]["y"]["sort"] == ["65+", "25-34"]
    assert sum(row["people"] for row in rows) == 55.0


def test_the_map_is_round_and_never_black_with_dots() -> None:
    places = [{"name": f"n{place}", "people": 1.0, "east": place / 100, "north": 3.0} for place in range(2000)]
    rows, spec = towns(places, LABELS, LIGHT, "fr")
    assert len(rows) == MOST_DOTS
    assert spec["encoding"]["x"]["scale"] == spec["encoding"]["y"]["scale"]
    low, high = spec["encoding"]["x"]["scale"]["domain"]
    assert low == -high
    assert high >= max(row["east"] for row in rows)


def test_the_dots_are_the_people_and_the_circle_is_drawn_round() -> None:
    place = Place.around("Pau", radius_km=10)
    cells = dots_around(place, cache.dots(place))
    rows, spec = towns(dots_around(place, cache.towns(place)), LABELS, LIGHT, "fr", cells, place.radius_km)
    assert sum(row.get("people", 0.0) for row in rows) == pytest.approx(place.population)
    assert "Pau" in [row.get("label") for row in rows]
    ring = [row for row in rows if "turn" in row]
    assert {round(math.hypot(row["east"], row["north"]), 6) for row in ring} == {10.0}
    assert spec["encoding"]["x"]["scale"]["domain"] == pytest.approx([-10.5, 10.5])
    assert len(rows) < 800


def test_the_cache_gives_the_audience_and_the_towns_of_the_circle() -> None:
    place = Place.around("Pau", radius_km=25)
    campaign = Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5)
    audience = cache.audience(campaign)
    assert audience.gauge == "good"
    assert sum(row["people"] for row in audience.rows()) == pytest.approx(audience.size)
    found = cache.towns(place)
    assert found[0][0] == "Pau"
    assert sum(people for _, people, _, _ in found) == pytest.approx(place.population, rel=1e-9)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("gauge", ["too_narrow", "narrow", "good", "broad"])
def test_every_gauge_has_words_and_advice(language: str, gauge: str) -> None:
    texts = texts_of(language)
    assert texts(f"audience.gauge.{gauge}")
    assert texts(f"audience.advice.{gauge}").endswith(".")


@pytest.mark.parametrize(("language", "living"), [("fr", "de cet âge vivent là"), ("en", "of that age live there")])
def test_the_open_panel_says_who_lives_there_and_by_which_source(
    opened: Callable[..., AppTest], language: str, living: str
) -> None:
    app = opened(lang=language, also_places="64102")
    closed = len(app.get("vega_lite_chart"))
    app.session_state["audience"] = True
    app.run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == closed + 3, "a pyramid and a map of each circle"
    said = " ".join(element.value for element in (*app.markdown, *app.caption))
    assert living in said
    assert plain("Census 2021 on a grid of 1 km; populations de référence des communes 2023")[:30] in said


def test_the_largest_towns_are_named_on_the_picture_where_names_stand_apart() -> None:
    spots = {"Pau": (0.0, 0.0), "Billère": (0.5, 0.1), "Nay": (8.0, -9.0), "Arzacq": (-3.0, 9.9), "Bord": (9.9, 0.0)}
    places = [{"name": name, "people": 9.0, "east": east, "north": north} for name, (east, north) in spots.items()]
    rows, spec = towns(places, LABELS, LIGHT, "fr")
    named = [row["name"] for row in rows if "label" in row]
    assert named[0] == "Pau"
    assert "Billère" not in named, "it would be written over Pau"
    assert "Bord" not in named, "its name would run over the edge"
    assert "Nay" not in named or spec["encoding"]["x"]["scale"]["domain"][1] > 8.0
    assert spec["layer"][1]["encoding"]["text"] == {"field": "label"}


def test_towns_are_told_with_their_people_to_those_who_do_not_see_them(opened: Callable[..., AppTest]) -> None:
    app = opened()
    app.session_state["audience"] = True
    app.run()
    said = next(caption.value for caption in app.caption if "communes dans le cercle" in caption.value)
    assert re.search(r"Pau \([\d\u202f]+\), Billère \([\d\u202f]+\)", said)
