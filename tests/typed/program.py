"""What a stranger may write under ``mypy --strict``: every public model by its fields, with lists."""

from __future__ import annotations

import datetime

from simulator import (
    Business,
    Campaign,
    ClicksGoal,
    EnquiriesGoal,
    FrequencyGoal,
    Page,
    Place,
    ReachGoal,
    Scenario,
    Targeting,
)
from simulator.store import Actual

towns: list[Place] = [Place.around("Pau", radius_km=15), Place.at(43.3, -0.37, label="Here")]
area = Place(kind="region", country_code="FR", code="FR-64")
women = Targeting(towns, 25, 54, gender="women", interests=["cooking"], excluded_places=(area,))
campaign = Campaign(
    women,
    daily_budget=5,
    duration_days=14,
    currency="EUR",
    start=datetime.date(2026, 12, 1),
    objective="reach",
    platforms=["facebook"],
    creative_format="video",
    trade="bakery",
    frequency_cap=(2, 7),
)
dearer: Campaign = campaign.replace(daily_budget=8.5)
goals = [ReachGoal(5_000, at_least=2), ClicksGoal(100), EnquiriesGoal(3), FrequencyGoal(mean=2.5)]
actual = Actual(
    70.0, impressions=20_000, reach=9_000.0, start=datetime.date(2026, 12, 1), end=datetime.date(2026, 12, 14)
)
scenario = Scenario(title="Advent", tags=["bread"], campaign=campaign, seed=3, actual=actual, page=Page(800))
own = Business("bakery", basket=12.5, margin=0.4)
ages: tuple[int, int] = (women.age_min, women.age_max)
labels: list[str] = [place.label for place in campaign.targeting.places]
money: float | None = scenario.campaign.daily_budget
same: Campaign = Campaign.from_dict(campaign.to_dict())
