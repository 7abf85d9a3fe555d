"""From whom to reach to how many: rules of age, platforms, interests, typed sizes; nobody counted twice."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simulator.base.metrics import AGE_BANDS, PRESENCES, SEXES
from simulator.campaign.campaign import Targeting
from simulator.forecasting.audience import Audience, estimate_audience, table_error
from simulator.reference.interests import shares_by_segment
from simulator.reference.parameters import load_parameters, presence
from simulator.reference.places.place import Place

PAU = Place.at(43.2951, -0.3708, radius_km=25)
BIARRITZ = Place.at(43.48, -1.56, radius_km=15)
QUEBEC = Place.region("CA-QC")
SEA = Place.at(45.0, -20.0, radius_km=25)
PARAMETERS = load_parameters()


def estimate(*places: Place, platforms: tuple[str, ...] = ("facebook", "instagram"), **entries: Any) -> Audience:
    return estimate_audience(Targeting(places or [PAU], **entries), PARAMETERS, platforms)


def codes(audience: Audience) -> list[str]:
    return [flag.code for flag in audience.reasons]


def test_an_audience_is_a_part_of_the_people_living_there() -> None:
    audience = estimate()
    assert 0 < audience.size < audience.living_there < PAU.population
    assert audience.people.shape == (len(audience.presences), len(audience.cells))
    assert (audience.people >= 0).all()
    assert audience.reasons == ()
    assert audience.sources
    assert audience.main_country == "FR"


def test_people_are_on_one_of_the_two_platforms_or_on_both() -> None:
    both = estimate()
    assert both.presences == PRESENCES
    assert both.presence.tolist() == [[True, False], [False, True], [True, True]]
    on_facebook = estimate(platforms=("facebook",))
    on_instagram = estimate(platforms=("instagram",))
    assert on_facebook.presences == ("facebook",)
    only_facebook, only_instagram, on_both = both.people.sum(axis=1)
    assert on_facebook.size == pytest.approx(only_facebook + on_both)
    assert on_instagram.size == pytest.approx(only_instagram + on_both)
    assert max(on_facebook.size, on_instagram.size) < both.size < on_facebook.size + on_instagram.size


def test_the_order_of_platforms_and_places_changes_nothing() -> None:
    turned = estimate(platforms=("instagram", "facebook"))
    assert turned.people == pytest.approx(estimate().people)
    assert turned.platforms == estimate().platforms, "the columns of presence stand in this order"
    assert estimate(PAU, QUEBEC).size == pytest.approx(estimate(QUEBEC, PAU).size)


def test_places_that_overlap_count_once() -> None:
    apart = estimate(PAU, BIARRITZ).size
    assert apart == pytest.approx(estimate(PAU).size + estimate(BIARRITZ).size)
    assert estimate(PAU, PAU).size == pytest.approx(estimate(PAU).size)
    assert estimate(PAU, Place.region("FR-64")).size < estimate(PAU).size + estimate(Place.region("FR-64")).size


def test_excluded_places_are_taken_out() -> None:
    whole, out = Place.region("FR-64"), estimate(Place.region("FR-64"), excluded_places=[PAU]).size
    assert 0 < out < estimate(whole).size
    assert estimate(PAU, excluded_places=[PAU]).size == 0


@pytest.mark.parametrize(
    "narrower",
    [
        {"age_min": 30},
        {"age_max": 50},
        {"gender": "women"},
        {"interests": ["jazz-music"]},
        {"excluded_places": [BIARRITZ]},
    ],
    ids=str,
)
def test_a_narrower_target_is_never_larger(narrower: dict[str, Any]) -> None:
    places = [Place.region("FR-64")]
    assert 0 < estimate(*places, **narrower).size < estimate(*places).size


def test_women_and_men_are_everybody() -> None:
    assert estimate(gender="women").size + estimate(gender="men").size == pytest.approx(estimate().size)
    assert {cell.sex for cell in estimate(gender="women").cells} == {"women"}


def test_ages_add_up() -> None:
    parts = [estimate(age_min=low, age_max=high).size for low, high in ((18, 34), (35, 54), (55, 65))]
    assert sum(parts) == pytest.approx(estimate().size)
    assert {cell.age_band for cell in estimate(age_min=25, age_max=54).cells} == {"25-34", "35-44", "45-54"}


def test_interests_leave_their_share_of_every_group() -> None:
    interests = ["jazz-music", "pottery"]
    everybody, interested = estimate(), estimate(interests=interests)
    assert everybody.cells == interested.cells
    shares = shares_by_segment(interests, PARAMETERS)
    for column, cell in enumerate(everybody.cells):
        share = shares[SEXES.index(cell.sex), AGE_BANDS.index(cell.age_band)]
        assert 0 < share < 1
        assert interested.people[:, column] == pytest.approx(everybody.people[:, column] * share)
    assert interested.log_sd > everybody.log_sd, "another figure that may be wrong"


def test_nobody_under_eighteen_in_the_union_and_the_reason_said_once() -> None:
    young = estimate(age_min=13, age_max=17)
    assert (young.size, codes(young)) == (0, ["minors_not_allowed"])
    assert young.reasons[0].data == {"country": "FR", "age": 18}
    assert young.living_there > 0
    assert estimate(age_min=13, age_max=30).size == pytest.approx(estimate(age_min=18, age_max=30).size)


def test_under_eighteen_elsewhere_by_age_and_place_only() -> None:
    assert estimate(QUEBEC, age_min=13, age_max=17).size > 0
    for more in ({"gender": "men"}, {"interests": ["jazz-music"]}):
        audience = estimate(QUEBEC, age_min=13, age_max=17, **more)
        assert (audience.size, codes(audience)) == (0, ["minors_by_age_and_place_only"])
        assert audience.reasons[0].data == {"country": "CA", "age": 18}


def test_a_rule_of_a_country_is_said_once_whatever_its_surveys() -> None:
    audience = estimate(Place.country("CA"), age_min=13, age_max=17, gender="men")
    assert [flag.data["country"] for flag in audience.reasons] == ["CA"]


def test_each_country_keeps_its_own_rule() -> None:
    audience = estimate(PAU, QUEBEC, age_min=13, age_max=17)
    assert {cell.country_code for cell in audience.cells} == {"CA"}
    assert audience.size == pytest.approx(estimate(QUEBEC, age_min=13, age_max=17).size)
    assert [flag.data["country"] for flag in audience.reasons] == ["FR"]


def test_nobody_lives_at_sea() -> None:
    audience = estimate(SEA)
    assert (audience.size, codes(audience), audience.living_there) == (0, ["nobody_lives_there"], 0)
    assert len(audience.cells) == audience.people.shape[1] >= 1, "a column is kept, so that the model has its axes"


def test_the_doubt_is_that_of_its_parts_together() -> None:
    use = presence("FR", PARAMETERS).log_sd
    table = PARAMETERS["audience.table_error.measured"].log_sd
    assert max(use, table) < estimate().log_sd < use + table + math.log(PARAMETERS.value("audience.bound"))
    assert estimate(Place.country("KE")).log_sd > estimate().log_sd, "where no survey was found"


@pytest.mark.parametrize(
    ("name", "country", "radius_km", "error"),
    [
        ("Pau", "FR", 2, "near"),
        ("Pau", "FR", 3, "measured"),
        ("Cork", "IE", 1, "near"),
        ("Rimouski", "CA", 2, "assumption"),
        ("Rimouski", "CA", 5, "near"),
        ("Rimouski", "CA", 10, "measured"),
        ("Toronto", "CA", 5, "measured"),
    ],
)
def test_people_in_small_circles_are_counted_less_surely(name: str, country: str, radius_km: float, error: str) -> None:
    place = Place.around(name, country, radius_km)
    found, typed = estimate(place), estimate(place, audience_size=5_000)
    assert found.counted_within == pytest.approx({"near": 0.25, "measured": 0.075, "assumption": 0.43}[error], abs=0.01)
    use = presence("CA-QC" if name == "Rimouski" else country, PARAMETERS).log_sd
    parts = (use, PARAMETERS[f"audience.table_error.{error}"].log_sd, typed.log_sd)
    assert found.log_sd == pytest.approx(math.hypot(*parts))
    assert typed.counted_within == 0
    beside = Targeting([place, place.replace(radius_km=40)])
    assert table_error(beside, ("CA-QC",)) == "audience.table_error.measured", "the largest circle decides"


def test_a_typed_size_replaces_the_estimate_and_keeps_its_shape() -> None:
    estimated, typed = estimate(), estimate(audience_size=10_000)
    assert typed.size == pytest.approx(10_000)
    assert typed.people / typed.size == pytest.approx(estimated.people / estimated.size)
    assert 0 < typed.log_sd < estimated.log_sd, "a figure read on the platform is surer than ours"
    assert codes(estimate(audience_size=0)) == ["audience_size_zero"]
    assert estimate(audience_size=0).size == 0


def test_a_typed_size_needs_nobody_in_the_tables() -> None:
    typed = estimate(SEA, audience_size=500)
    assert typed.size == pytest.approx(500)
    assert np.isfinite(typed.people).all()


def test_places_of_several_countries_keep_their_countries() -> None:
    audience = estimate(PAU, QUEBEC)
    assert {cell.country_code for cell in audience.cells} == {"CA", "FR"}
    assert audience.main_country == "CA"
    assert len(audience.cells) == len(set(audience.cells))


@pytest.mark.parametrize(
    ("latitude", "longitude", "named", "lived_in"),
    [
        (44.6995, -73.4529, "US", {"CA", "US"}),  # Plattsburgh, 30 km from Québec
        (45.5089, -73.5617, "FR", {"CA", "US"}),  # Montréal, told to be in France
        (45.3500, -75.8000, "US", {"CA"}),  # Ottawa and Gatineau
    ],
)
def test_people_count_where_they_live_whatever_country_a_place_names(
    latitude: float, longitude: float, named: str, lived_in: set[str]
) -> None:
    told = estimate(Place.at(latitude, longitude, named, 50))
    assert {cell.country_code for cell in told.cells} == lived_in
    assert told.to_dict() == estimate(Place.at(latitude, longitude, radius_km=50)).to_dict()
