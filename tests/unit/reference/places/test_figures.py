"""The figures that a table must reproduce (official totals; counts around four towns)."""

import pytest

from simulator.reference.places import find_place, people, population
from simulator.reference.places.place import Place
from tools.check.circles import answer, on_borders

TOTALS = [
    ("FR-64", 706_564),
    ("CA-QC", 9_058_297),
]
RADII = [
    # Published by the centres of communes; the cells cut those at the rim: within 4 %.
    ("Pau", "FR", (169_478, 302_934, 508_546), 0.04),
    ("Bayonne", "FR", (185_134, 345_935, 422_053), 0.04),
    ("Québec", "CA", (477_105, 881_238, 977_172), 0.05),
    ("Rimouski", "CA", (46_434, 61_239, 78_110), 0.05),
]


@pytest.mark.parametrize(("code", "expected"), TOTALS)
def test_totals_of_regions(code: str, expected: int) -> None:
    assert population(Place.region(code)) == pytest.approx(expected, rel=0.005)


def test_france_without_mayotte_is_68_1_million() -> None:
    without = people([Place.country("FR")], [Place.region("FR-976")]).total
    assert without == pytest.approx(68.1e6, rel=0.005)


@pytest.mark.parametrize(
    ("name", "country", "expected"), [("Pau", "FR", 80_441), ("Bayonne", "FR", 54_306), ("Québec", "CA", 595_190)]
)
def test_people_of_towns(name: str, country: str, expected: int) -> None:
    assert find_place(name, country).population == expected


@pytest.mark.parametrize(("name", "country", "expected", "tolerance"), RADII)
def test_people_within_10_25_and_40_km_on_the_town_s_side_of_the_border(
    name: str, country: str, expected: tuple[int, ...], tolerance: float
) -> None:
    for radius, count in zip((10, 25, 40), expected, strict=True):
        found = people([Place.around(name, country, radius)])
        own = found.counts[found.country_codes.index(country)].sum()
        assert own == pytest.approx(count, rel=tolerance), radius


@pytest.mark.parametrize(
    ("code", "millions"),
    [
        ("US", 347.5),
        ("DE", 83.2),
        ("ES", 47.7),
        ("BE", 11.7),
        ("TW", 23.1),
        ("MC", 0.0377),
        ("CA", 39.91),
        ("IN", 1464),
    ],
)
def test_countries_have_the_population_of_the_united_nations(code: str, millions: float) -> None:
    assert population(Place.country(code)) == pytest.approx(millions * 1e6, rel=0.005)


@pytest.mark.parametrize(
    ("name", "country", "radius", "millions"),
    [
        # Statistics Canada, 2021 census: Ottawa–Gatineau 1.49 M, Toronto metropolitan area 6.2 M people.
        ("Ottawa", "CA", 40, 1.49),
        ("Toronto", "CA", 45, 6.2),
    ],
)
def test_cities_abroad_are_near_what_censuses_say(name: str, country: str, radius: int, millions: float) -> None:
    assert population(Place.around(name, country, radius)) == pytest.approx(millions * 1e6, rel=0.15)


@pytest.mark.parametrize(
    ("name", "country", "people_within"),
    [
        # Census of 2021 on squares of 1 km, brought to 2023; both sides of a border.
        ("Paris", "FR", {1: 51_539, 2: 230_331, 3: 608_366, 10: 4_673_577}),
        ("Pau", "FR", {1: 15_793, 2: 50_756, 3: 82_113, 5: 125_736, 40: 502_563}),
        ("Saint-Louis (68)", "FR", {5: 221_354, 10: 469_285, 40: 1_665_778}),
        ("Annemasse", "FR", {10: 507_489, 25: 997_354}),
        # Dissemination areas of 2021, brought to 2025.
        ("Gatineau", "CA", {5: 227_921, 15: 858_945, 40: 1_421_119}),
    ],
)
def test_people_at_the_door_are_those_of_the_census(name: str, country: str, people_within: dict[int, int]) -> None:
    allowed = {"FR": {1: 0.30, 2: 0.20, 3: 0.12}, "CA": {5: 0.30, 10: 0.15}}[country]
    for radius, expected in people_within.items():
        found = population(Place.around(name, country, radius))
        assert found == pytest.approx(expected, rel=allowed.get(radius, 0.10)), radius


def test_circles_along_borders_coasts_and_islands_are_answered() -> None:
    """A sample of what ``python -m tools.check.circles`` asks 500 times."""
    for name, place in on_borders(56, seed=3):
        assert answer(place) >= 0.0, name
