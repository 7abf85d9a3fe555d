"""Towns covered by several circles at once."""

import pytest

from simulator.reference.places import people, population
from simulator.reference.places.place import Place


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Two ends of Québec, of greater Madrid; two towns of Béarn and the coast.
        (Place.at(46.7850, -71.33, "CA", 4), Place.at(46.8300, -71.22, "CA", 4)),
        (Place.at(40.45, -3.80, "ES", 6), Place.at(40.40, -3.60, "ES", 6)),
        (Place.around("Pau", "FR", 3), Place.around("Bayonne", "FR", 3)),
    ],
)
def test_circles_apart_add_up(one: Place, other: Place) -> None:
    assert people([one, other]).total == pytest.approx(population(one) + population(other), rel=1e-12)
    assert min(population(one), population(other)) > 10_000


@pytest.mark.parametrize(("name", "country"), [("Pau", "FR"), ("Québec", "CA"), ("Madrid", "ES")])
def test_a_circle_inside_another_adds_nothing(name: str, country: str) -> None:
    inner, outer = Place.around(name, country, 18), Place.around(name, country, 20)
    assert people([inner, outer]).total == pytest.approx(population(outer), rel=1e-12)


def test_circles_that_overlap_count_the_overlap_once() -> None:
    one, other = Place.at(46.8139, -71.25, "CA", 8), Place.at(46.8139, -71.17, "CA", 8)
    both = people([one, other]).total
    assert 1.05 * population(one) < both < 0.9 * (population(one) + population(other))
