"""Towns of a place, for its map."""

import numpy as np
import pytest

from simulator.reference.places import dots_within, population, towns_within
from simulator.reference.places.circles import distances_km
from simulator.reference.places.place import Place
from simulator.reference.places.tables import unit_vectors


@pytest.mark.parametrize(
    "place",
    [
        Place.around("Pau", "FR", 25),
        Place.around("Québec", "CA", 10),
        Place.around("Hendaye", "FR", 30),
        Place.around("Plattsburgh", "US", 40),
        Place.region("CA-QC-03"),
        Place.region("FR-64"),
    ],
    ids=lambda place: f"{place.label}",
)
def test_the_people_of_its_towns_are_those_of_the_place(place: Place) -> None:
    towns = towns_within(place)
    assert sum(people for _, people in towns) == pytest.approx(population(place))
    assert all(people > 0.0 for _, people in towns)
    assert len({(found.country_code, found.code) for found, _ in towns}) == len(towns)


def test_the_largest_comes_first_and_a_commune_at_the_rim_counts_in_part() -> None:
    towns = towns_within(Place.around("Pau", "FR", 5))
    assert towns[0][0].name == "Pau"
    assert towns[0][1] == pytest.approx(towns[0][0].population, rel=0.05)
    assert [people for _, people in towns] == sorted((people for _, people in towns), reverse=True)
    assert any(people < 0.5 * found.population for found, people in towns)
    assert all(people <= found.population * (1 + 1e-9) for found, people in towns)


def test_people_count_in_a_town_of_their_own_country() -> None:
    towns = towns_within(Place.around("Hendaye", "FR", 3))
    assert {found.country_code for found, _ in towns} == {"ES", "FR"}
    assert {"Hendaye", "Hondarribia"} <= {found.name for found, _ in towns}


def test_an_empty_place_has_no_towns() -> None:
    assert towns_within(Place.at(0, -30, "FR", 80)) == []


def test_across_the_ocean_the_nearest_town_of_the_area_counts() -> None:
    towns = towns_within(Place.around("Plattsburgh", "US", 40))
    assert {found.country_code for found, _ in towns} == {"CA", "US"}
    assert {"Plattsburgh", "Hemmingford"} <= {found.name for found, _ in towns}


@pytest.mark.parametrize(
    ("name", "country", "radius_km"), [("Pau", "FR", 1), ("Pau", "FR", 40), ("Montréal", "CA", 25), ("Suva", "FJ", 30)]
)
def test_dots_are_few_and_hold_the_people_of_the_circle(name: str, country: str, radius_km: float) -> None:
    place = Place.around(name, country, radius_km)
    dots = dots_within(place)
    assert 1 <= len(dots) <= 700
    assert dots[:, 2].sum() == pytest.approx(place.population, rel=1e-6)
    assert (np.diff(dots[:, 2]) <= 0).all()
    centre = unit_vectors(place.latitude, place.longitude)
    # A point outside may reach in with its disc.
    assert distances_km(unit_vectors(dots[:, 0], dots[:, 1]), centre).max() < radius_km + 12


def test_only_circles_have_dots() -> None:
    assert dots_within(Place.region("FR-64")).shape == dots_within(Place.at(0, -30, "FR", 5)).shape == (0, 3)
