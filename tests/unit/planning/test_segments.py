"""Segments of a sweep: the same people as ``estimate_audience`` counts, area by area."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, load_parameters
from simulator.forecasting.audience import SURVEYED_REGIONS, estimate_audience
from simulator.planning.sweeps.tables import one_of_each, residents_of, segment_shares
from simulator.reference.places.regions import areas_apart, cells_of

PLACES = [("Pau", "FR"), ("Québec", "CA"), ("Bayonne", "FR")]


@pytest.mark.parametrize(("name", "country"), PLACES)
@pytest.mark.parametrize("platforms", [("facebook",), ("facebook", "instagram")])
@pytest.mark.parametrize("ages", [(13, 20), (25, 54)])
def test_segments_are_those_of_the_audience(
    name: str, country: str, platforms: tuple[str, ...], ages: tuple[int, int]
) -> None:
    place = Place.around(name, country=country, radius_km=12)
    targeting = Targeting(places=[place], age_min=ages[0], age_max=ages[1], gender="women")
    campaign = Campaign(targeting=targeting, daily_budget=5, platforms=platforms)
    parameters = load_parameters()
    rows, residents = residents_of(targeting.places, ())
    people = sum(
        count * segment_shares(int(cell), ages, campaign, parameters)
        for cell, count in zip(rows, residents, strict=True)
    )
    audience = estimate_audience(targeting, parameters, campaign.platforms)
    assert np.sum(people) == pytest.approx(audience.people.sum(), rel=1e-9)
    assert np.sum(people, axis=-1) == pytest.approx(audience.people.sum(axis=-1), rel=1e-9)


def test_excluded_places_take_their_residents_away() -> None:
    around, inside = Place.around("Pau", radius_km=30), Place.around("Pau", radius_km=10)
    residents = residents_of([around], [])[1].sum()
    assert residents_of([around], [inside])[1].sum() == pytest.approx(residents - residents_of([inside], [])[1].sum())
    assert residents_of([inside], [around])[1].size == 0


def test_a_surveyed_region_has_its_own_area() -> None:
    areas = areas_apart(SURVEYED_REGIONS)
    assert {areas[int(cell)] for cell in cells_of(Place.region("CA-QC"))} == {"CA-QC"}
    assert {areas[int(cell)] for cell in cells_of(Place.region("FR-64"))} == {"FR"}


def test_one_of_each_has_one_person_in_every_segment() -> None:
    campaign = Campaign(targeting=Targeting(places=[Place.around("Pau")]), daily_budget=5)
    audience = one_of_each("FR", campaign)
    assert audience.people.shape == (len(audience.presences), len(audience.cells))
    assert (audience.people == 1.0).all()
