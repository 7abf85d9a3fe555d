"""Random campaigns as a user would type them, drawn by hypothesis or by a plain generator."""

from __future__ import annotations

import datetime
import math
from functools import lru_cache
from random import Random
from typing import Any

from simulator import Campaign, Place, Targeting
from simulator.campaign.campaign import CREATIVE_FORMATS, GENDERS, PLATFORMS
from simulator.campaign.objectives import CAPPED, OBJECTIVES
from simulator.reference.interests import all_interests
from simulator.reference.parameters import currencies, trades, units_per_euro


@lru_cache(maxsize=1)
def some_places() -> tuple[Place, ...]:
    """Return circles, regions and countries, overlapping and apart, on both sides of the ocean."""
    return (
        Place.around("Pau", radius_km=25),
        Place.around("Pau", radius_km=5),
        Place.around("Bayonne", radius_km=10),
        Place.at(43.3, -0.4, radius_km=40),
        Place.region("FR-64"),
        Place.region("FR-NAQ"),
        Place.around("Québec", country="CA", radius_km=15),
        Place.region("CA-QC"),
        Place.country("FR"),
        Place.country("DE"),
        Place.country("US"),
    )


def random_targeting(random: Random) -> Targeting:
    """Return people: one to three places, ages, sex, interests, one time in four a typed size."""
    ages = sorted(random.randint(13, 65) for _ in range(2))
    codes = [entry.code for entry in all_interests()]
    return Targeting(
        places=tuple(random.sample(some_places(), random.choice([1, 1, 1, 2, 3]))),
        age_min=ages[0],
        age_max=ages[1],
        gender=random.choice(GENDERS),
        interests=tuple(random.sample(codes, random.choice([0, 0, 1, 2, 4]))),
        audience_size=math.exp(random.uniform(math.log(50.0), math.log(5e7))) if random.randrange(4) == 0 else None,
    )


def random_campaign(random: Random, *, capped: float = 0.0) -> Campaign:
    """Return a campaign; ``capped`` is the chance of a frequency cap."""
    currency = random.choice(currencies())
    entries: dict[str, Any] = {
        "targeting": random_targeting(random),
        "daily_budget": math.exp(random.uniform(math.log(0.5), math.log(20_000.0))) * units_per_euro(currency),
        "duration_days": random.choice([1, 2, 3, 7, 14, 30, 90, 365]),
        "currency": currency,
        "objective": random.choice(OBJECTIVES),
        "platforms": random.choice([PLATFORMS, PLATFORMS, PLATFORMS[:1], PLATFORMS[1:]]),
        "creative_format": random.choice(CREATIVE_FORMATS),
        "trade": random.choice([None, *trades()]),
        "start": random.choice([None, datetime.date(2026, 12, 1), datetime.date(2027, 6, 15)]),
    }
    if random.random() < capped:
        entries["objective"] = random.choice(CAPPED)
        entries["frequency_cap"] = (random.randint(1, 5), random.choice([1, 3, 7, 30]))
    return Campaign(**entries)
