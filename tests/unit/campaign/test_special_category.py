"""Employment, housing, credit: what cannot be had is refused with what can, and the nearest target is at hand."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Campaign, InvalidInput, Place, Targeting, simulate
from simulator.campaign.campaign import SPECIAL_CATEGORIES

PAU, QUEBEC = Place.around("Pau", radius_km=10), Place.around("Québec", country="CA", radius_km=20)
CATEGORIES = SPECIAL_CATEGORIES[1:]


def campaign(*places: Place, **entries: Any) -> Campaign:
    return Campaign(Targeting(places or [PAU.replace(radius_km=15)], **entries), daily_budget=5)


def test_none_is_the_usual_one_and_changes_nothing() -> None:
    narrow = campaign(PAU, age_min=30, age_max=40, gender="women", interests=["cooking"])
    assert narrow.special_category == "none"
    assert narrow.in_special_category("none") == narrow


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"gender": "women"}, "gender"),
        ({"interests": ["cooking"]}, "interests"),
        ({"excluded_places": [Place.around("Tarbes")]}, "excluded_places"),
        ({"places": [PAU]}, "places"),
        ({"places": [QUEBEC]}, "places"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_can(category: str, entries: dict[str, Any], field: str) -> None:
    target = Targeting(**{"places": [PAU.replace(radius_km=15)], **entries})
    with pytest.raises(InvalidInput) as caught:
        Campaign(target, daily_budget=5, special_category=category)
    assert caught.value.code == "special_category"
    assert caught.value.data["field"] == f"targeting.{field}"
    assert category in caught.value.message
    allowed = Campaign(target, daily_budget=5).in_special_category(category)
    assert allowed.special_category == category
    assert getattr(allowed.targeting, field) != getattr(target, field)


@pytest.mark.parametrize("category", ["employment", "housing"])
@pytest.mark.parametrize("ages", [{"age_min": 25}, {"age_max": 54}, {"age_min": 13}])
def test_ages_are_eighteen_to_sixty_five_and_over(category: str, ages: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as caught:
        campaign(**ages).replace(special_category=category)
    assert caught.value.data["field"] == f"targeting.{next(iter(ages))}"
    target = campaign(**ages).in_special_category(category).targeting
    assert (target.age_min, target.age_max) == (18, 65)


def test_credit_may_choose_ages_in_france_and_not_in_canada() -> None:
    assert campaign(age_min=30).in_special_category("credit").targeting.age_min == 30
    quebec = QUEBEC.replace(radius_km=25)
    assert campaign(quebec, age_min=30).in_special_category("credit").targeting.age_min == 18


@pytest.mark.parametrize(("place", "least"), [(PAU, 15), (QUEBEC, 25)])
def test_circles_are_widened_to_the_least_radius_of_their_country(place: Place, least: float) -> None:
    assert campaign(place).in_special_category("employment").targeting.places[0].radius_km == least
    wide = place.replace(radius_km=60)
    assert campaign(wide).in_special_category("employment").targeting.places[0].radius_km == 60


def test_regions_and_countries_stay() -> None:
    places = (Place.region("FR-64"), Place.country("CA"))
    assert campaign(*places).in_special_category("housing").targeting.places == places


def test_the_forecast_is_of_what_is_then_possible() -> None:
    narrow = campaign(PAU, age_min=30, age_max=40)
    wide = narrow.in_special_category("employment")
    assert simulate(wide, draws=32).audience_size.p50 > 2 * simulate(narrow, draws=32).audience_size.p50


@pytest.mark.parametrize("category", ["jobs", "", None, 3])
def test_an_unknown_category_is_refused(category: Any) -> None:
    with pytest.raises(InvalidInput):
        campaign().replace(special_category=category)
    with pytest.raises(InvalidInput):
        campaign().in_special_category(category)
