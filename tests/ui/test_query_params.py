"""A campaign carried to Simuler makes the same campaign there, or is refused."""

from __future__ import annotations

import datetime

import pytest

from simulator import Campaign, Place, Targeting
from simulator.apps.web import address
from simulator.apps.web.address import entries_for
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.library import templates


def aimed(*places: Place, **more: object) -> Targeting:
    return Targeting(places=places, **more)


def arrived(campaign: Campaign, seed: int = 0) -> Campaign:
    entries = entries_for(campaign, seed)
    assert entries, "never a bare address: that would mean the choices as they were left"
    reading = address.read({name: [value] for name, value in entries.items()})
    assert not reading.rejected
    made = attempt({**DEFAULTS, **reading.values}, "en")
    assert made.campaign is not None
    assert made.seed == seed
    return made.campaign


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.title[:20])
def test_every_template_arrives(template: object) -> None:
    campaign = template.campaign  # type: ignore[attr-defined]
    made = arrived(campaign)
    assert made.spend_planned == pytest.approx(campaign.spend_planned, abs=1e-3)
    assert made.duration_days == campaign.duration_days
    assert made.targeting.interests == campaign.targeting.interests


def test_regions_countries_and_expert_choices_arrive() -> None:
    start = datetime.date(2026, 12, 1)
    region = Campaign(targeting=aimed(Place.region("FR-64"), audience_size=2000), total_budget=100, start=start)
    made = arrived(region, seed=7)
    assert made.targeting == region.targeting
    assert made.start == start
    assert made.spend_planned == pytest.approx(100, abs=1e-3)
    country = Campaign(
        targeting=aimed(Place.country("CA")), daily_budget=5, currency="CAD", objective="reach", frequency_cap=(2, 7)
    )
    assert arrived(country) == country


def test_towns_with_one_radius_arrive_together() -> None:
    places = [Place.around(name, radius_km=12) for name in ("Pau", "Bayonne", "Tarbes")]
    campaign = Campaign(targeting=aimed(*places), daily_budget=5)
    assert arrived(campaign).targeting == campaign.targeting


def test_what_the_page_cannot_hold_is_refused() -> None:
    pau, bayonne = Place.around("Pau"), Place.around("Bayonne")
    several = Campaign(targeting=aimed(pau, Place.around("Bayonne", radius_km=10)), daily_budget=5)
    mixed = Campaign(targeting=aimed(pau, Place.region("FR-40")), daily_budget=5)
    without = Campaign(targeting=aimed(pau, excluded_places=(bayonne,)), daily_budget=5)
    half = Campaign(targeting=aimed(Place.around("Pau", radius_km=12.5)), daily_budget=5)
    nowhere = Campaign(targeting=aimed(Place.at(45.0, -30.0)), daily_budget=5)
    assert [entries_for(campaign) for campaign in (several, mixed, without, half, nowhere)] == [None] * 5
