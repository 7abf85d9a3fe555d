"""Invariants of model.md, section 8, of the audience: each takes any campaign and raises AssertionError."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from simulator import Campaign, Targeting, estimate_audience, load_parameters
from simulator.reference.interests import all_interests, find_interest, union_share
from tests.properties.random_campaigns import some_places

ROUNDING = 1.0 + 1e-9


@lru_cache(maxsize=32)
def size(targeting: Targeting) -> float:
    """Return the estimate, whatever size is typed."""
    return estimate_audience(targeting.replace(audience_size=None), load_parameters()).size


def narrower_is_never_larger(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 10: fewer ages, one sex, fewer places, a place taken away, some interest rather than none."""
    whole = campaign.targeting
    ages = sorted(random.randint(whole.age_min, whole.age_max) for _ in range(2))
    narrower = {
        "ages": whole.replace(age_min=ages[0], age_max=ages[1]),
        "one place": whole.replace(places=whole.places[:1]),
        "excluded": whole.replace(excluded_places=(random.choice(some_places()),)),
    }
    if whole.gender == "all":
        narrower["sex"] = whole.replace(gender=random.choice(["women", "men"]))
    if not whole.interests:
        narrower["interest"] = whole.replace(interests=(random.choice(all_interests()).code,))
    else:
        narrower["fewer interests"] = whole.replace(interests=whole.interests[:1])
    for name, targeting in narrower.items():
        assert size(targeting) <= size(whole) * ROUNDING, name


def a_union_is_at_most_the_sum(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 10, for places and for interests; and at least the largest of them."""
    whole = campaign.targeting
    alone = [size(whole.replace(places=(place,))) for place in whole.places]
    together = size(whole)
    assert together <= sum(alone) * ROUNDING
    assert together >= max(alone) / ROUNDING
    if whole.interests:
        shares = [union_share([code]) for code in whole.interests]
        assert max(shares) / ROUNDING <= union_share(whole.interests) <= min(sum(shares), 1.0) * ROUNDING


def both_sexes_are_women_and_men(campaign: Campaign, seed: int, random: Random) -> None:
    """Nobody is lost between the sexes, nor between two age ranges that meet."""
    whole = campaign.targeting.replace(gender="all", age_min=18, age_max=65)
    sexes = sum(size(whole.replace(gender=gender)) for gender in ("women", "men"))
    age = random.randint(18, 63)
    ages = size(whole.replace(age_max=age)) + size(whole.replace(age_min=age + 1))
    assert abs(sexes - size(whole)) <= 1e-9 * size(whole)
    assert abs(ages - size(whole)) <= 1e-9 * size(whole)


def french_and_english_names_are_the_same(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 11."""
    entries = [find_interest(code) for code in campaign.targeting.interests] or [random.choice(all_interests())]
    named = [
        campaign.targeting.replace(interests=tuple(getattr(entry, name) for entry in entries))
        for name in ("name_fr", "name_en", "code")
    ]
    assert named[0] == named[1] == named[2]


CHECKS = (
    narrower_is_never_larger,
    a_union_is_at_most_the_sum,
    both_sexes_are_women_and_men,
    french_and_english_names_are_the_same,
)
"""Every invariant of an audience, to be tried on any campaign."""
