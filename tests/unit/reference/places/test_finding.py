"""One name, one town, or an error that says what to do."""

import re

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.places import find_place, search_places, told_apart, town_of_code
from simulator.reference.places.found import found_at
from simulator.reference.places.place import Place
from simulator.reference.places.tables import towns


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
        ("T12", "IE", "Eircodes are not in the tables: give the name of the town"),
        ("T12 AB34", "GB", "Eircodes"),
        ("D6W", "FR", "Eircodes"),
        ("SW1A 1AA", "GB", "Postcodes of Great Britain"),
        ("E14", "GB", "Postcodes of Great Britain"),
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


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("Orthez, France", "FR", "64430"),
        ("Orthez, France", None, "64430"),
        ("orthez, 64", "FR", "64430"),
        ("Orthez (Pyrénées-Atlantiques)", "FR", "64430"),
        ("Orthez, Nouvelle-Aquitaine, France", "FR", "64430"),
        ("Orthez 64300", "FR", "64430"),
        ("64300 Orthez", "FR", "64430"),
        ("St-Palais (64)", "FR", "64493"),
        ("Trois Rivieres", "CA", "37067"),
        ("Trois-Rivières, Québec", "CA", "37067"),
        ("Trois-Rivières (QC)", None, "37067"),
        ("Trois-Rivières, Canada", "FR", "37067"),
        ("Cork, Irlande", "FR", "2965140"),
        ("London, UK", "FR", "2643743"),
    ],
)
def test_a_town_as_people_write_it(typed: str, country: str | None, code: str) -> None:
    assert find_place(typed, country).code == code


def test_a_postal_code_of_many_communes_is_all_of_them() -> None:
    area = find_place("64300", "FR")
    proposed = search_places("64 300", 50, "FR")
    assert proposed[0] == area == town_of_code("postal-64300") == find_place("64300", None)
    assert (area.code, area.name, area.country_code, area.kind) == ("postal-64300", "64300", "FR", "Orthez")
    communes = [town for town in proposed[1:] if town.code != "64300"]  # another commune's official code
    assert communes[0].name == "Orthez"
    assert area.population == sum(town.population for town in communes)
    assert all("64300" in town.postal_codes for town in communes)
    weights = [town.population for town in communes]
    centre = np.average([(town.latitude, town.longitude) for town in communes], axis=0, weights=weights)
    assert (area.latitude, area.longitude) == pytest.approx(tuple(centre), abs=0.001)
    place = Place.around("64300", radius_km=15)
    assert (place.label, place.latitude, place.population > 15_000) == ("64300", area.latitude, True)
    assert find_place("64000", "FR").code == "64445", "one commune alone is that commune"
    assert town_of_code("postal-64000") is None


def test_towns_of_one_name_are_told_apart() -> None:
    named = [town for town in search_places("Stanstead", 9, "CA") if town.name == "Stanstead"]
    assert {told_apart(town) for town in named} == {"Stanstead (ville, Estrie)", "Stanstead (canton, Estrie)"}
    assert told_apart(find_place("Orthez", "FR")) == "Orthez (Pyrénées-Atlantiques)"
    assert told_apart(find_place("Cork", "IE"), "en") == "Cork (Ireland)"
    assert told_apart(find_place("Springfield (IL)", "US"), "fr") == "Springfield (IL, États-Unis)"
    for table in ("communes_fr", "municipalities_qc"):
        told = [told_apart(found_at(towns(table), row)) for row in range(len(towns(table)))]
        assert len(set(told)) == len(told)


def test_bad_input_is_refused() -> None:
    assert refused(5, "FR").code == "wrong_type"
    assert refused("x" * 1000, "FR").code == "too_long"
    assert refused("Pau", "ZZ").code == "unknown_country"
    assert refused("Pau", "fr").code == "unknown_country"
