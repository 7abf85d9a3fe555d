"""One name, one town, or an error that says what to do."""

import re

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.places import find_place
from simulator.reference.places.place import Place


def refused(name: object, country: str | None) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        find_place(name, country)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("name", "country", "code"),
    [
        ("Pau", "FR", "64445"),
        ("64000", "FR", "64445"),
        ("64445", "FR", "64445"),
        ("64100", "FR", "64102"),
        ("bayon", "FR", "54054"),
        ("st jean de luz", "FR", "64483"),
        ("2A004", "FR", "2A004"),
        ("Québec", "CA", "23027"),
        ("23027", "CA", "23027"),
        ("Montreal", "CA", "66023"),
        ("Monaco", "MC", "2993458"),
        ("Vatican", "VA", "6691831"),
        ("San Sebastián", "ES", "3110044"),
        ("Paris", None, "75056"),
    ],
)
def test_names_and_codes(name: str, country: str | None, code: str) -> None:
    assert find_place(name, country).code == code


def test_a_name_carries_all_that_a_place_needs() -> None:
    found = find_place("Pau", "FR")
    assert (found.name, found.country_code, found.region, found.postal_codes) == ("Pau", "FR", "FR-64", ("64000",))
    assert (found.latitude, found.longitude) == pytest.approx((43.2946, -0.3708), abs=1e-4)
    place = Place.around("Pau")
    assert (place.label, place.code, place.country_code) == ("Pau", "64445", "FR")


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Saint-Denis", "FR"),
        ("Bedford", "CA"),
        ("Saint-Damase", "CA"),
        ("Springfield", "US"),
        ("64110", "FR"),
        ("97411", "FR"),
        ("Neustadt", "DE"),
    ],
)
def test_namesakes_are_listed_and_every_choice_is_accepted(name: str, country: str) -> None:
    error = refused(name, country)
    assert error.code == "ambiguous_place"
    choices = re.sub(r" and \d+ more$", "", error.data["allowed"]).split(", ")
    assert len(choices) >= 2
    found = [find_place(choice, country) for choice in choices]
    assert len({town.code for town in found}) == len(choices)
    assert [town.population for town in found] == sorted((town.population for town in found), reverse=True)


def test_choices_say_what_people_say() -> None:
    assert refused("Saint-Denis", "FR").data["allowed"].startswith("Saint-Denis (974), Saint-Denis (93)")
    assert refused("Bedford", "CA").data["allowed"] == "Bedford (ville), Bedford (canton)"
    assert find_place("Saint-Denis (La Réunion)", "FR").code == "97411"
    assert find_place("Saint-Denis (97411)", "FR").code == "97411"
    assert find_place("Springfield (IL)", "US").population > 100_000


def test_one_namesake_ten_times_larger_is_meant() -> None:
    assert find_place("Montréal", None).country_code == "CA"
    assert find_place("Bruges", "FR").code == "33075"


@pytest.mark.parametrize(
    ("name", "country", "advice"),
    [
        ("Bayone", "FR", "Nearest: Bayonne"),
        ("Monreal", "CA", "Nearest: Montréal"),
        ("64000", "CA", "It is Pau in France: choose the country FR."),
        ("64000", "ES", "It is Pau in France"),
        ("Pau", "CA", "choose the country FR"),
        ("G1R 2B5", "CA", "Postal codes of Canada are not in the tables"),
        ("G1R2B5", "FR", "Postal codes of Canada"),
        ("20018", "ES", "Postal codes are known for France only"),
        ("qsdfqsdfqsdf", "FR", "Check the spelling"),
        ("", "FR", "Check the spelling"),
        ("Pau (93)", "FR", ""),
    ],
)
def test_an_unknown_name_gets_advice(name: str, country: str, advice: str) -> None:
    error = refused(name, country)
    assert error.code == "unknown_place"
    assert error.data["field"] == "name"
    assert error.data["country"] == country
    assert advice in error.data["advice"]
    assert len(str(error)) < 500


def test_bad_input_is_refused() -> None:
    assert refused(5, "FR").code == "wrong_type"
    assert refused("x" * 1000, "FR").code == "too_long"
    assert refused("Pau", "ZZ").code == "unknown_country"
    assert refused("Pau", "fr").code == "unknown_country"
