"""Interests together: nobody counted twice, nobody lost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.base.errors import InvalidInput
from simulator.reference.interests import all_interests, find_interest, shares_by_segment, tilt, union_share
from simulator.reference.parameters import load_parameters

CODES = [entry.code for entry in all_interests()]
SOME = st.lists(st.sampled_from(CODES), min_size=1, max_size=12)


def share(code: str) -> float:
    return find_interest(code).share


def test_unrelated_interests_are_independent() -> None:
    expected = 1 - (1 - share("gardening")) * (1 - share("wine")) * (1 - share("dogs"))
    assert union_share(["gardening", "wine", "dogs"]) == pytest.approx(expected)


def test_related_interests_overlap_by_eighty_three_per_cent() -> None:
    """model.md section 1: the largest and 17 % of each other."""
    family = ["gardening", "furniture", "do-it-yourself"]
    assert len({find_interest(code).family for code in family}) == 1
    largest, *others = sorted(map(share, family), reverse=True)
    assert union_share(family) == pytest.approx(largest + 0.17 * sum(others))


def test_families_are_joined_as_unrelated() -> None:
    home = union_share(["gardening", "furniture"])
    food = union_share(["baking", "desserts"])
    joined = union_share(["baking", "gardening", "desserts", "furniture"])
    assert joined == pytest.approx(1 - (1 - home) * (1 - food))


def test_the_overlap_is_a_parameter() -> None:
    related = ["gardening", "furniture"]
    apart = load_parameters({"audience.related_interest_overlap": 0.2})
    inside = load_parameters({"audience.related_interest_overlap": 0.999})
    assert union_share(related, apart) > union_share(related)
    assert union_share(related, inside) == pytest.approx(max(map(share, related)), rel=1e-3)


def test_an_interest_that_the_platform_lacks_counts_as_its_neighbours() -> None:
    assert union_share(["bakery"]) == union_share(["baking"]) == union_share(["bakery", "baking"])
    assert union_share(["pottery"]) == union_share(["crafts", "sculpture"])


def test_no_interest_is_no_restriction() -> None:
    assert union_share([]) == 1.0


def test_an_unknown_interest_is_refused() -> None:
    with pytest.raises(InvalidInput, match="unknown-thing"):
        union_share(["gardening", "unknown-thing"])


@given(SOME, st.sampled_from(CODES), st.randoms(use_true_random=False))
def test_a_union_is_a_share_monotone_below_the_sum_and_without_order(codes: list[str], more: str, random) -> None:  # type: ignore[no-untyped-def]
    whole = union_share(codes)
    assert 0.0 < whole <= 1.0
    singles = [union_share([code]) for code in codes]
    assert max(singles) - 1e-12 <= whole <= min(1.0, sum(singles)) + 1e-12
    assert union_share([*codes, more]) >= whole - 1e-12
    shuffled = list(codes)
    random.shuffle(shuffled)
    assert union_share(shuffled) == union_share(codes) == union_share(codes + codes)


def test_all_interests_together_are_at_most_everybody() -> None:
    assert 0.99 < union_share(CODES) <= 1.0
    for family in {entry.family for entry in all_interests()}:
        members = [entry.code for entry in all_interests() if entry.family == family]
        assert union_share(members) < 1.0


def test_a_small_overlap_never_makes_more_people_than_independence() -> None:
    apart = load_parameters({"audience.related_interest_overlap": 0.01})
    food = [entry.code for entry in all_interests() if entry.family == "food" and not entry.is_assumption]
    independent = 1 - math.prod(1 - share(code) for code in food)
    assert sum(map(share, food)) > 1.0
    assert union_share(food, apart) == pytest.approx(independent)


def test_tilts_are_one_where_no_survey_speaks() -> None:
    np.testing.assert_array_equal(tilt("guitar"), np.ones((2, 7)))
    tilted = [entry.code for entry in all_interests() if not np.all(tilt(entry.code) == 1.0)]
    assert 5 <= len(tilted) <= 20


def test_tilts_of_the_surveys() -> None:
    """Beauty care: 44 % of women, 10 % of men (2011); creative activity: more from 35 on (Ipsos 2015)."""
    beauty = tilt("beauty-salons")
    assert np.all(beauty[0] > 1.0)
    assert np.all(beauty[1] < 1.0)
    assert beauty[0, 0] / beauty[1, 0] == pytest.approx(math.sqrt(44 / 10), rel=0.01)
    assert tilt("crafts")[0, 6] > tilt("crafts")[0, 1]
    assert tilt("do-it-yourself")[1, 3] > tilt("do-it-yourself")[0, 3]


def test_a_stand_in_is_tilted_like_its_neighbours() -> None:
    np.testing.assert_allclose(tilt("bakery"), tilt("baking"))
    crafts, pottery = tilt("crafts"), tilt("pottery")
    assert 1.0 < pottery[0, 6] < crafts[0, 6]


def test_shares_by_segment_are_shares_around_the_union() -> None:
    for codes in (["baking"], ["beauty-salons", "cosmetics"], ["pottery", "books", "gardening"], CODES):
        segments = shares_by_segment(codes)
        assert segments.shape == (2, 7)
        assert np.all((segments > 0.0) & (segments <= 1.0))
        assert segments.mean() == pytest.approx(union_share(codes), rel=0.03)
    np.testing.assert_allclose(shares_by_segment(["guitar", "wine"]), union_share(["guitar", "wine"]))
    assert shares_by_segment(["baking"])[0, 3] > shares_by_segment(["baking"])[1, 3]
    np.testing.assert_array_equal(shares_by_segment([]), np.ones((2, 7)))
