"""People whom several campaigns aim at: one rule of who may be shown an advertisement, used by all."""

from __future__ import annotations

import random

import pytest

from simulator import Campaign, Place, Targeting, estimate_audience, load_parameters
from simulator.planning.overlap import shared_groups

PARAMETERS = load_parameters()
QUEBEC = Place.region("CA-QC")
PLACES = (
    [Place.around("Pau", radius_km=15)],
    [Place.around("Montréal", "CA", radius_km=20)],
    [QUEBEC],
    [Place.country("FR"), Place.country("CA")],
    [Place.around("Pau", radius_km=40), Place.around("Bayonne", radius_km=25)],
    [Place.around("Hendaye", radius_km=12)],
)


def one(targeting: Targeting, platforms: tuple[str, ...] = ("facebook", "instagram")) -> Campaign:
    return Campaign(targeting, daily_budget=5, platforms=platforms)


def common(first: Campaign, second: Campaign) -> float:
    return float(shared_groups([first, second], PARAMETERS).people.sum())


def size(campaign: Campaign) -> float:
    return estimate_audience(campaign.targeting, PARAMETERS, campaign.platforms).size


def random_campaign(seed: int) -> Campaign:
    """Draw a campaign with minors, one sex, several countries, interests or a typed size, more often than usual."""
    draw = random.Random(seed)
    low = draw.choice([13, 13, 15, 18, 25, 40, 65])
    targeting = Targeting(
        draw.choice(PLACES),
        age_min=low,
        age_max=draw.choice([age for age in (16, 20, 34, 54, 65) if age >= low]),
        gender=draw.choice(["all", "women", "men"]),
        interests=draw.choice([(), (), ("cooking",), ("cooking", "gardening")]),
        audience_size=draw.choice([None, None, None, 5_000.0]),
    )
    return one(targeting, draw.choice([("facebook",), ("instagram",), ("facebook", "instagram")]))


@pytest.mark.parametrize("seed", range(60))
def test_a_campaign_has_its_whole_audience_in_common_with_itself(seed: int) -> None:
    campaign = random_campaign(seed)
    if campaign.targeting.audience_size is not None and size(campaign.replace(
        targeting=campaign.targeting.replace(audience_size=None, interests=())
    )) <= 0.0:
        pytest.skip("a typed size where nobody is found has no place to be in common")
    assert common(campaign, campaign) == pytest.approx(size(campaign), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_disjoint_ages_have_nobody_in_common(seed: int) -> None:
    campaign = random_campaign(seed)
    young = campaign.replace(targeting=campaign.targeting.replace(age_min=13, age_max=29))
    old = campaign.replace(targeting=campaign.targeting.replace(age_min=30, age_max=65))
    assert common(young, old) == 0.0


def test_minors_who_may_not_be_chosen_by_sex_are_in_no_common_group() -> None:
    """Women of 13 to 20 in Québec are women of 18 to 20: the rule about minors holds for both counts."""
    women = one(Targeting([QUEBEC], age_min=13, age_max=20, gender="women"))
    minors = one(Targeting([QUEBEC], age_min=13, age_max=17))
    assert common(women, women) == pytest.approx(size(women), rel=1e-6)
    assert common(women, minors) == 0.0


def test_what_is_in_common_is_never_more_than_either_audience() -> None:
    for seed in range(20):
        first, second = random_campaign(seed), random_campaign(seed + 100)
        assert common(first, second) <= min(size(first), size(second)) * (1.0 + 1e-6) + 1e-6
