"""A place keeps where it is; whatever names it is checked against the tables, and told how to be right."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from simulator.base.errors import InvalidInput, shown
from simulator.campaign.campaign import Campaign, Targeting
from simulator.reference.places.place import Place


def refused(build: Callable[..., object], *values: Any, **entries: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        build(*values, **entries)
    return caught.value


def point_in(country: Any) -> Place:
    return Place.at(43, 0, country=country)


def town_in(country: Any) -> Place:
    return Place.around("Pau", country=country)


WITH_A_COUNTRY = (Place.country, point_in, town_in)
CIRCLE = {"kind": "circle", "country_code": "FR", "latitude": 43.3, "longitude": -0.37, "radius_km": 5}


def test_a_town_becomes_a_circle_that_keeps_its_coordinates() -> None:
    pau = Place.around("pau")
    assert (pau.kind, pau.country_code, pau.code, pau.label, pau.radius_km) == ("circle", "FR", "64445", "Pau", 25)
    assert pau == Place.around("64000") == Place.around("Pau", country="FR", radius_km=25)
    assert math.hypot(pau.latitude - 43.3, pau.longitude + 0.37) < 0.05
    assert Place.from_json(pau.to_json()) == pau
    assert pau.population > 200_000 > Place.around("Pau", radius_km=5).population > 50_000


def test_regions_and_countries_know_their_names() -> None:
    assert Place.region("FR-64").label == "Pyrénées-Atlantiques"
    assert Place.country("FR").label == "France"
    assert Place.from_dict({"kind": "region", "country_code": "CA", "code": "CA-QC"}).label == "Québec"
    assert Place.from_dict({"kind": "country", "country_code": "FR", "code": "FR", "label": "Ici"}).label == "Ici"


@pytest.mark.parametrize("radius", [0, 1000, -1, 0.99, 80.01, math.nan, math.inf, "25", True, None, [25], 10**400])
def test_a_wrong_radius_is_refused(radius: Any) -> None:
    for build in (Place.around, lambda _, radius_km: Place.at(43, 0, radius_km=radius_km)):
        error = refused(build, "Pau", radius_km=radius)
        assert error.data["field"] == "radius_km"
        assert error.code in ("out_of_range", "not_a_number", "missing")


@pytest.mark.parametrize("radius", [1, 80, 2.5])
def test_a_radius_at_the_edge_is_taken(radius: float) -> None:
    assert Place.around("Pau", radius_km=radius).radius_km == radius


def test_an_unknown_town_comes_with_the_nearest_names() -> None:
    error = refused(Place.around, "Bayone")
    assert (error.code, error.data["country"]) == ("unknown_place", "FR")
    assert "Bayonne" in error.message


def test_an_ambiguous_town_comes_with_choices_that_are_taken() -> None:
    error = refused(Place.around, "Saint-Denis")
    assert error.code == "ambiguous_place"
    choices = error.data["allowed"].split(", ")
    assert len(choices) >= 2
    chosen = [Place.around(choice) for choice in choices]
    assert len({place.code for place in chosen}) == len(choices)
    assert {place.label for place in chosen} == {"Saint-Denis"}


@pytest.mark.parametrize(
    ("name", "country", "advice"),
    [
        ("64000", "CA", "choose the country FR"),
        ("H2X 1Y4", "FR", "Postal codes of Canada"),
        ("H2X 1Y4", "CA", "give the name of the municipality"),
        ("Québec", "FR", "choose the country CA"),
        ("", "FR", "Check the spelling"),
        ("\0", "FR", "Check the spelling"),
    ],
)
def test_a_name_of_elsewhere_comes_with_advice(name: str, country: str, advice: str) -> None:
    error = refused(Place.around, name, country=country)
    assert error.code == "unknown_place"
    assert advice in error.message
    assert error.message.isprintable()


@pytest.mark.parametrize("name", [None, 5, ["Pau"], "x" * 10**6], ids=shown)
def test_what_is_no_name_is_refused(name: Any) -> None:
    assert refused(Place.around, name).code == ("too_long" if isinstance(name, str) else "wrong_type")


@pytest.mark.parametrize("build", WITH_A_COUNTRY)
@pytest.mark.parametrize("code", ["fr", "Fr", " FR"])
def test_a_country_in_small_letters_is_named_not_corrected_in_silence(build: Callable[[Any], Place], code: str) -> None:
    error = refused(build, code)
    assert (error.code, error.data["field"]) == ("unknown_country", "country_code")
    assert error.message.endswith("Use one: FR.")


@pytest.mark.parametrize("code", ["de", "ca"])
def test_the_country_that_is_meant_is_the_one_that_is_named(code: str) -> None:
    assert refused(Place.country, code).message.endswith(f"Use one: {code.upper()}.")


@pytest.mark.parametrize("build", WITH_A_COUNTRY)
@pytest.mark.parametrize(
    "code", ["", "F", "XX", "FRA", "France", "É", "FR-64", "x" * 500, "\0", None, 5, ["FR"]], ids=shown
)
def test_what_is_no_country_is_refused(build: Callable[[Any], Place], code: Any) -> None:
    if build is point_in and code is None:
        pytest.skip("a point without a country finds its own")
    error = refused(build, code)
    assert error.code in ("unknown_country", "wrong_type", "too_long", "unprintable")
    assert error.data["field"] == "country_code"
    assert error.message.isprintable()


@pytest.mark.parametrize("code", ["", "64", "FR-99", "fr-64", "FR", "XX", "US-CA", "Québec", "FR-64 "])
def test_what_is_no_region_is_refused(code: str) -> None:
    error = refused(Place.region, code)
    assert (error.code, error.data["field"]) in (("unknown_region", "code"), ("unknown_country", "country_code"))
    assert shown(code) in error.message


def test_the_nearest_region_is_named() -> None:
    assert "FR-64 (Pyrénées-Atlantiques)" in refused(Place.region, "fr-64").message


@pytest.mark.parametrize("code", [None, 5, ["FR-64"], "x" * 500, "\0"], ids=shown)
def test_a_code_of_a_wrong_type_is_refused(code: Any) -> None:
    assert refused(Place.region, code).code in ("wrong_type", "too_long", "unprintable")


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ({"kind": "square", "country_code": "FR"}, "unknown_choice", "kind"),
        ({"kind": "circle", "country_code": "FR"}, "missing", "latitude"),
        ({**CIRCLE, "latitude": 91}, "out_of_range", "latitude"),
        ({**CIRCLE, "longitude": -181}, "out_of_range", "longitude"),
        ({**CIRCLE, "latitude": "9"}, "not_a_number", "latitude"),
        ({"kind": "region", "country_code": "FR", "code": "FR-64", "radius_km": 5}, "wrong_type", "radius_km"),
        ({"kind": "region", "country_code": "CA", "code": "FR-64"}, "unknown_region", "code"),
        ({"kind": "region", "country_code": "FR", "code": "FR"}, "unknown_region", "code"),
        ({"kind": "region", "country_code": "FR"}, "unknown_region", "code"),
        ({"kind": "country", "country_code": "FR", "code": "FR-64"}, "unknown_choice", "code"),
        ({"kind": "country", "country_code": "FR"}, "unknown_choice", "code"),
        ({"kind": "country", "country_code": "FR", "code": "FR", "latitude": 43}, "wrong_type", "latitude"),
        ({"kind": "circle"}, "missing", "country_code"),
    ],
    ids=shown,
)
def test_a_place_must_agree_with_itself(entries: dict[str, Any], code: str, field: str) -> None:
    error = refused(Place.from_dict, entries)
    assert (error.code, error.data["field"]) == (code, field)
    inside = refused(Campaign, targeting={"places": [entries]}, daily_budget=5)
    assert inside.data["field"] == f"targeting.places.0.{field}"


def test_a_region_of_a_country_that_is_none_is_told_by_its_code() -> None:
    assert refused(Place.country, "FR-64").data["field"] == "country_code"
    assert (
        refused(Targeting, [Place.country("FR")], excluded_places=[{"kind": "region"}])
        .data["field"]
        .startswith("excluded_places.0.")
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (44.6995, -73.4529, "US"),  # Plattsburgh
        (45.5089, -73.5617, "CA"),  # Montréal
        (45.4215, -75.6972, "CA"),  # Ottawa
        (43.3594, -1.7728, "FR"),  # Hendaye
        (43.3378, -1.7889, "ES"),  # Irun
        (46.2044, 6.1432, "CH"),  # Genève
        (46.1930, 6.2342, "FR"),  # Annemasse
        (43.7384, 7.4246, "MC"),
        (-20.8789, 55.4481, "FR"),  # Saint-Denis de La Réunion
        (46.7786, -56.1773, "PM"),
        (41.9022, 12.4533, "VA"),
        (45.0, -5.0, "ES"),  # the sea, 160 km off Asturias
        (-90.0, 0.0, "CL"),
    ],
)
def test_a_point_finds_its_own_country(latitude: float, longitude: float, country: str) -> None:
    assert Place.at(latitude, longitude).country_code == country
    assert Place.at(latitude, longitude, "BE").country_code == "BE", "what is given is kept"
