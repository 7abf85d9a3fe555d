"""Places behave like sets of people: unions, exclusions, radii, ages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.reference.places import People, people, people_between, population
from simulator.reference.places.place import Place

# Where tables meet: France and Spain, France and Belgium, Québec and Ontario, the United States, the sea.
CENTRES = [
    (43.3, -1.7, "FR"),
    (50.6, 3.1, "BE"),
    (45.45, -75.7, "CA"),
    (46.8, -71.2, "CA"),
    (45.0, -73.0, "US"),
    (43.0, 5.0, "FR"),
]
REGIONS = ["FR-64", "FR-59", "FR-NAQ", "CA-QC", "CA-QC-03", "CA-QC-07"]
COUNTRIES = ["BE", "ES", "CA"]


@st.composite
def circles(draw: st.DrawFn) -> Place:
    latitude, longitude, country = draw(st.sampled_from(CENTRES))
    shift = st.floats(-0.6, 0.6)
    return Place.at(latitude + draw(shift), longitude + draw(shift), country, draw(st.floats(1, 80)))


places = st.one_of(
    circles(), circles(), st.sampled_from(REGIONS).map(Place.region), st.sampled_from(COUNTRIES).map(Place.country)
)
several = st.lists(places, min_size=1, max_size=4)
ages = st.tuples(st.integers(13, 65), st.integers(13, 65)).map(sorted)


def total(wanted: list[Place], excluded: list[Place] | None = None) -> float:
    return people(wanted, excluded or []).total


def near(value: float) -> float:
    """Allow for rounding, in people."""
    return 1e-6 + 1e-9 * abs(value)


@given(circles(), st.floats(0, 20))
def test_a_larger_radius_never_has_fewer_people(circle: Place, more: float) -> None:
    assert circle.radius_km is not None
    larger = circle.replace(radius_km=min(circle.radius_km + more, 80.0))
    assert population(larger) >= population(circle) - near(population(circle))


@given(several, several)
def test_a_union_is_at_most_the_sum_and_at_least_each(one: list[Place], other: list[Place]) -> None:
    first, second, both = total(one), total(other), total(one + other)
    assert max(first, second) - near(both) <= both <= first + second + near(both)


@given(several, several, several)
def test_what_overlaps_is_shared_consistently(one: list[Place], other: list[Place], third: list[Place]) -> None:
    """Adding a place to more places adds fewer people."""
    alone = total(one + third) - total(one)
    beside = total(one + other + third) - total(one + other)
    assert beside <= alone + near(total(one + other + third))


@given(several, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(chosen: list[Place], random: object) -> None:
    mixed = [*chosen, chosen[0]]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = people(chosen), people(mixed)
    assert one.country_codes == other.country_codes
    assert one.counts == pytest.approx(other.counts, rel=1e-9, abs=1e-6)


@given(several, several)
def test_an_exclusion_takes_exactly_what_it_covers(wanted: list[Place], excluded: list[Place]) -> None:
    rest = people(wanted, excluded)
    assert rest.counts.min(initial=0.0) >= 0.0
    inside = total(wanted) + total(excluded) - total(wanted + excluded)
    assert rest.total + inside == pytest.approx(total(wanted), rel=1e-9, abs=1e-6)
    assert rest.total <= total(wanted) + near(total(wanted))


@given(several, several, circles())
def test_excluding_more_never_leaves_more(wanted: list[Place], excluded: list[Place], further: Place) -> None:
    assert total(wanted, [*excluded, further]) <= total(wanted, excluded) + near(total(wanted))


@given(several, ages, ages, st.sampled_from(["women", "men"]))
def test_narrower_ages_and_one_sex_are_never_larger(
    chosen: list[Place], wide: list[int], cut: list[int], sex: str
) -> None:
    found = people(chosen)
    narrow = (max(wide[0], cut[0]), min(wide[1], cut[1]))
    everyone = people_between(found, *wide)
    if narrow[0] <= narrow[1]:
        assert np.all(people_between(found, *narrow) <= everyone + 1e-9)
    assert np.all(people_between(found, *wide, sex) <= everyone)


@given(several, st.integers(13, 64), st.integers(13, 64), st.integers(14, 65))
def test_neighbouring_ages_add_up(chosen: list[Place], one: int, other: int, last: int) -> None:
    first, cut = sorted((one, other))
    last = max(last, cut + 1)
    found = people(chosen)
    parts = people_between(found, first, cut) + people_between(found, cut + 1, last)
    assert parts == pytest.approx(people_between(found, first, last), rel=1e-12)


@given(several)
def test_bands_and_years_are_the_same_people(chosen: list[Place]) -> None:
    found: People = people(chosen)
    assert found.by_year.sum() == pytest.approx(found.counts.sum())
    assert people_between(found, 13, 65) == pytest.approx(found.counts[..., 1:])


@given(several, several, ages)
def test_a_union_of_one_age_is_at_most_the_sum(one: list[Place], other: list[Place], span: list[int]) -> None:
    counts = [people_between(people(chosen), *span).sum() for chosen in (one, other, one + other)]
    assert counts[2] <= counts[0] + counts[1] + near(counts[2])
    assert counts[2] >= max(counts[:2]) - near(counts[2])
