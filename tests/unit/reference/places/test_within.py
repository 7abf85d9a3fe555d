"""Towns of a place, for its map."""

import pytest

from simulator.reference.places import population, towns_within
from simulator.reference.places.place import Place


@pytest.mark.parametrize(
    "place",
    [
        Place.around("Pau", "FR", 25),
        Place.around("Québec", "CA", 10),
        Place.around("Hendaye", "FR", 30),
        Place.region("CA-QC-03"),
        Place.country("LU"),
    ],
    ids=lambda place: f"{place.label}",
)
def test_towns_times_shares_are_the_people(place: Place) -> None:
    towns = towns_within(place)
    assert sum(found.population * share for found, share in towns) == pytest.approx(population(place))
    assert all(0.0 < share <= 1.0 for _, share in towns)


def test_the_largest_comes_first_and_shares_are_partial_at_the_rim() -> None:
    towns = towns_within(Place.around("Québec", "CA", 10))
    assert towns[0][0].name == "Québec"
    assert 0.5 < towns[0][1] < 0.8


def test_an_empty_place_has_no_towns() -> None:
    assert towns_within(Place.at(0, -30, "FR", 80)) == []
