"""People by country, sex and age; unions, borders, empty places."""

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.places import People, people, people_between, population, towns_within
from simulator.reference.places.people import year_shares
from simulator.reference.places.place import Place


def total(found: People) -> float:
    return found.total


def test_shapes_and_countries() -> None:
    found = people([Place.around("Hendaye", "FR", 25)])
    assert found.country_codes == ("ES", "FR"), "a circle counts both sides of a border"
    assert found.counts.shape == (2, 2, 8)
    assert found.by_year.shape == (2, 2, 66)
    assert found.counts.sum(axis=(1, 2)).min() > 50_000


def test_gatineau_looks_over_the_river() -> None:
    # 858,945 by the census of 2021 brought to 2025, both banks.
    assert population(Place.around("Gatineau", "CA", 15)) == pytest.approx(858_945, rel=0.1)


def test_sources_name_every_table_behind_the_figure() -> None:
    tables = [source.table for source in people([Place.around("Hendaye", "FR", 25)]).sources]
    assert tables == ["ages_fr", "ages_world", "people_europe", "people_fr"]
    assert [source.table for source in people([Place.region("CA-QC-03")]).sources] == ["ages_qc", "municipalities_qc"]


def test_age_structure_is_that_of_the_department() -> None:
    found = people([Place.around("Pau", "FR", 10)])
    shares = found.by_year[0] / found.by_year.sum()
    assert shares == pytest.approx(year_shares()["FR-64"])


@pytest.mark.parametrize(
    ("town", "group"), [("Ajaccio", "FR-2A"), ("Bastia", "FR-2B"), ("Mamoudzou", "FR-976"), ("Cayenne", "FR-973")]
)
def test_corsica_and_overseas_have_their_own_structure(town: str, group: str) -> None:
    found = people([Place.around(town, "FR", 5)])
    assert found.by_year[0] / found.by_year.sum() == pytest.approx(year_shares()[group])


@pytest.mark.parametrize(
    ("region", "group"),
    [
        ("CA-QC-04", "CA-QC-RSS-04"),
        ("CA-QC-17", "CA-QC-RSS-04"),
        ("CA-QC-05", "CA-QC-RSS-05"),
        ("CA-QC-16", "CA-QC-RSS-16"),
    ],
)
def test_administrative_regions_take_their_health_region(region: str, group: str) -> None:
    found = people([Place.region(region)])
    assert found.by_year[0] / found.by_year.sum() == pytest.approx(year_shares()[group])


def test_the_north_of_quebec_is_three_health_regions() -> None:
    groups = ("CA-QC-RSS-10", "CA-QC-RSS-17", "CA-QC-RSS-18")
    north = people([Place.region("CA-QC-10")]).by_year[0]
    young = north[:, :13].sum() / north.sum()
    shares = [year_shares()[group][:, :13].sum() for group in groups]
    assert min(shares) < young < max(shares)


def test_regions_are_made_of_departments() -> None:
    departments = ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
    parts = sum(population(Place.region(f"FR-{code}")) for code in departments)
    assert population(Place.region("FR-NAQ")) == parts
    assert population(Place.region("FR-COR")) == population(Place.region("FR-20R"))


def test_the_regions_of_quebec_add_up() -> None:
    regions = [Place.region(f"CA-QC-{number:02d}") for number in range(1, 18)]
    assert sum(map(population, regions)) == population(Place.region("CA-QC"))
    assert total(people(regions)) == population(Place.region("CA-QC"))


def test_a_circle_inside_its_own_country_adds_nothing() -> None:
    country, circle = Place.country("FR"), Place.around("Lyon", "FR", 20)
    assert total(people([country, circle])) == pytest.approx(population(country), rel=1e-12)
    assert total(people([circle, Place.region("FR-69")])) > population(Place.region("FR-69"))


def test_the_same_place_twice_is_counted_once() -> None:
    for place in (
        Place.around("Québec", "CA", 12),
        Place.around("Pau", "FR", 12),
        Place.around("Madrid", "ES", 12),
        Place.country("BE"),
    ):
        assert total(people([place, place])) == pytest.approx(population(place), rel=1e-12)


def test_all_but_the_circle_is_the_rest() -> None:
    quebec, circle = Place.region("CA-QC"), Place.around("Québec", "CA", 25)
    inside = population(quebec) + population(circle) - total(people([quebec, circle]))
    assert total(people([quebec], [circle])) == pytest.approx(population(quebec) - inside)


def test_excluding_everything_leaves_nobody() -> None:
    circle = Place.around("Québec", "CA", 25)
    for nobody in (people([circle], [circle]), people([circle], [Place.country("CA")])):
        assert nobody.total == 0.0
        assert nobody.country_codes == ("CA",)
        assert people_between(nobody, 13, 65).shape == (1, 2, 7)


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [(0.0, -30.0, "FR"), (90.0, 0.0, "CA"), (-90.0, 50.0, "FR"), (48.0, -179.0, "US")],
)
def test_the_sea_and_the_poles_are_empty(latitude: float, longitude: float, country: str) -> None:
    place = Place.at(latitude, longitude, country, 80)
    assert population(place) == 0.0
    assert people([place]).country_codes == (country,)


def test_a_circle_across_the_date_line_has_both_sides() -> None:
    """Taveuni, Fiji, lies on the meridian of 180°."""
    west, east = Place.at(-16.8, 180.0, "FJ", 80), Place.at(-16.8, -180.0, "FJ", 80)
    assert population(west) == pytest.approx(population(east))
    beyond = [found.longitude for found, _ in towns_within(Place.at(-16.8, -179.9, "FJ", 80))]
    assert min(beyond) > 179.0, "towns on the other side"


def test_canada_is_quebec_and_the_rest() -> None:
    rest = people([Place.country("CA")], [Place.region("CA-QC")])
    assert rest.total == pytest.approx(39_913_746 - 9_058_297)
    assert rest.by_year.min() > 0.0


def test_people_between_ages() -> None:
    found = people([Place.around("Pau", "FR", 25)])
    everyone = people_between(found, 13, 65)
    assert everyone.shape == (1, 2, 7)
    assert everyone == pytest.approx(found.counts[..., 1:])
    assert people_between(found, 18, 18).sum() > 0.0
    assert people_between(found, 65, 65) == pytest.approx(np.where(np.arange(7) == 6, everyone, 0.0))
    split = people_between(found, 25, 40) + people_between(found, 41, 54)
    assert split == pytest.approx(people_between(found, 25, 54), rel=1e-12)


def test_people_between_of_one_sex() -> None:
    found = people([Place.around("Pau", "FR", 25)])
    women, men = (people_between(found, 18, 40, gender) for gender in ("women", "men"))
    assert women[:, 1].sum() == 0.0
    assert men[:, 0].sum() == 0.0
    assert women + men == pytest.approx(people_between(found, 18, 40))


@pytest.mark.parametrize(
    ("age_min", "age_max", "gender", "code"),
    [
        (12, 65, "all", "out_of_range"),
        (18, 66, "all", "out_of_range"),
        (40, 30, "all", "age_order"),
        (18, 65, "both", "unknown_choice"),
    ],
)
def test_ages_and_sexes_out_of_range_are_refused(age_min: int, age_max: int, gender: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        people_between(people([Place.region("FR-64")]), age_min, age_max, gender)
    assert caught.value.code == code


def test_a_region_may_be_counted_apart_from_its_country() -> None:
    places = [Place.at(45.0, -73.5, "US", 40)]
    together, apart = people(places), people(places, regions_apart=("CA-QC",))
    assert together.country_codes == ("CA", "US")
    assert apart.country_codes == ("CA-QC", "US"), "nobody of Ontario is as near"
    assert apart.counts == pytest.approx(together.counts)
    ottawa = people([Place.around("Ottawa", "CA", 25)], regions_apart=("CA-QC",))
    assert ottawa.country_codes == ("CA", "CA-QC")
    assert ottawa.counts.sum(axis=(1, 2)).min() > 200_000
