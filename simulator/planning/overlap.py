"""People whom several campaigns aim at, counted once.

Everybody belongs to one group: those whom exactly these campaigns aim at. Groups follow from the points that the
places cover, single years of age, sex, and the use of the platforms.

Assumptions
1. A point that two circles cut is cut alike: the smaller part lies inside the larger.
2. Interests that differ are independent of each other, and of where people live; the same ones are the same
   people. A typed size is a random part of the people of its places.
3. Who uses any platform of one campaign uses those of the others as far as their shares allow.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.base.metrics import AGE_BANDS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.audience import SURVEYED_REGIONS, aimed_at, estimate_audience, on_platforms
from simulator.reference.interests import shares_by_segment
from simulator.reference.parameters import Parameters
from simulator.reference.places.circles import Circle
from simulator.reference.places.people import LIMITS, SEXES, circle_of, year_shares
from simulator.reference.places.place import Place
from simulator.reference.places.points import Points, points_near, shares_inside
from simulator.reference.places.regions import areas_apart, cells_of
from simulator.reference.places.tables import cells

Array = NDArray[np.float64]

MOST_THINNINGS = 6
"""Different interests within one group whose every combination is counted; more are taken as the same people."""
_BAND_OF_YEAR = np.searchsorted(LIMITS, np.arange(LIMITS[-1] + 1), side="right") - 2
"""Platform age band (0 is 13-17) of each single year; −1 for children."""


class Groups(NamedTuple):
    """People whom the same two or more campaigns aim at.

    Attributes
    ----------
    people : ndarray (group,)
    members : ndarray (group, campaign) of bool
    """

    people: Array
    members: NDArray[np.bool_]


def shared_groups(campaigns: Sequence[Campaign], parameters: Parameters) -> Groups:
    """Return the groups of people whom two or more of the campaigns aim at."""
    people: dict[int, float] = {}
    thinned = [_thinning(campaign, parameters) for campaign in campaigns]
    for cell, members, residents in _by_place(campaigns):
        area = areas_apart(SURVEYED_REGIONS)[cell]
        aimed = _aimed(campaigns, members, area, parameters)
        living = residents * year_shares()[cells().age_groups[cell]] * _use(campaigns, members, area, parameters)
        for mask in np.unique(aimed).tolist():
            if mask.bit_count() > 1:
                _thin(people, int(mask), np.where(aimed == mask, living, 0.0), thinned)
    masks = sorted(mask for mask, count in people.items() if mask.bit_count() > 1 and count > 0.0)
    members_of = [[bool(mask >> place & 1) for place in range(len(campaigns))] for mask in masks]
    counts = np.array([people[mask] for mask in masks])
    return Groups(counts, np.array(members_of, dtype=bool).reshape(len(masks), len(campaigns)))


def _by_place(campaigns: Sequence[Campaign]) -> Iterator[tuple[int, int, float]]:
    """Yield (cell, mask of campaigns, residents) of every part of a point or a cell that several campaigns cover."""
    circles = {circle for campaign in campaigns for circle in _circles(campaign.targeting)}
    elsewhere = cells().population.copy()
    for near in points_near(circles):
        elsewhere -= np.bincount(near.area, weights=near.people, minlength=len(elsewhere))
        shares = [_covered(near.area, near, campaign.targeting) for campaign in campaigns]
        yield from _of_several(np.stack(shares), near.people, near.area)
    # Those whom no circle comes near: of them regions and countries hold whole cells.
    every = np.arange(len(elsewhere))
    shares = [_covered(every, None, campaign.targeting) for campaign in campaigns]
    yield from _of_several(np.stack(shares), np.maximum(elsewhere, 0.0), every)


def _of_several(shares: Array, residents: Array, cell: NDArray[np.int64]) -> Iterator[tuple[int, int, float]]:
    """Yield what ``_by_place`` does, for points with these shares, (campaign, point)."""
    several = np.flatnonzero((shares > 0.0).sum(axis=0) > 1)
    shares, residents, cell = shares[:, several], residents[several], cell[several]
    whole = ((shares >= 1.0 - 1e-9) | (shares <= 0.0)).all(axis=0)
    bits = (shares > 0.0).astype(np.int64).T @ (1 << np.arange(len(shares), dtype=np.int64))
    pairs, inverse = np.unique(np.stack((cell[whole], bits[whole])), axis=1, return_inverse=True)
    sums = np.bincount(inverse.reshape(-1), weights=residents[whole], minlength=pairs.shape[1])
    yield from zip(pairs[0].tolist(), pairs[1].tolist(), sums.tolist(), strict=True)
    for point in np.flatnonzero(~whole).tolist():
        steps = np.unique(shares[:, point][shares[:, point] > 0.0])
        for low, high in itertools.pairwise([0.0, *steps.tolist()]):
            mask = sum(1 << int(place) for place in np.flatnonzero(shares[:, point] >= high))
            yield int(cell[point]), mask, float(residents[point] * (high - low))


def _circles(targeting: Targeting) -> set[Circle]:
    places = (*targeting.places, *targeting.excluded_places)
    return {circle_of(place) for place in places if place.kind == "circle"}


def _covered(cell: NDArray[np.int64], near: Points | None, targeting: Targeting) -> Array:
    """Return the share of each point inside the places and outside the excluded ones, (point,)."""
    if not targeting.excluded_places:
        return _inside(cell, near, targeting.places)
    either = _inside(cell, near, (*targeting.places, *targeting.excluded_places))
    return np.maximum(either - _inside(cell, near, targeting.excluded_places), 0.0)


def _inside(cell: NDArray[np.int64], near: Points | None, places: Sequence[Place]) -> Array:
    circles = {circle_of(place) for place in places if place.kind == "circle"}
    share = shares_inside(near, circles) if near and circles else np.zeros(len(cell))
    for place in places:
        if place.kind != "circle":
            share[np.isin(cell, cells_of(place))] = 1.0
    return share


def _aimed(campaigns: Sequence[Campaign], members: int, area: str, parameters: Parameters) -> NDArray[np.int64]:
    """Return the mask of campaigns that aim at each (sex, single year of age)."""
    aimed = np.zeros((len(SEXES), LIMITS[-1] + 1), dtype=np.int64)
    for place, campaign in enumerate(campaigns):
        if members >> place & 1:
            aimed |= aimed_at(area, campaign.targeting, parameters).astype(np.int64) << place
    return aimed


def _use(campaigns: Sequence[Campaign], members: int, area: str, parameters: Parameters) -> Array:
    """Return the share of people on the platforms of all the campaigns, (sex, single year of age)."""
    shares = [
        sum(on_platforms(area, campaign.platforms, parameters).values(), start=np.zeros(()))
        for place, campaign in enumerate(campaigns)
        if members >> place & 1
    ]
    least = np.minimum.reduce(shares)
    return np.where(_BAND_OF_YEAR >= 0, least[:, np.maximum(_BAND_OF_YEAR, 0)], 0.0)


def _thinning(campaign: Campaign, parameters: Parameters) -> tuple[object, Array | None]:
    """Return what thins an audience out beyond place, age and sex: a key (same key, same people) and the share."""
    target = campaign.targeting
    if target.audience_size is not None:
        open_ = estimate_audience(target.replace(audience_size=None, interests=()), parameters, campaign.platforms)
        share = np.full((len(SEXES), len(AGE_BANDS)), target.audience_size / max(open_.size, 1e-9))
        return (target.audience_size, target.interests), share[:, np.maximum(_BAND_OF_YEAR, 0)]
    if not target.interests:
        return None, None
    return frozenset(target.interests), shares_by_segment(target.interests, parameters)[:, np.maximum(_BAND_OF_YEAR, 0)]


def _thin(people: dict[int, float], mask: int, living: Array, thinned: Sequence[tuple[object, Array | None]]) -> None:
    """Add the people of a group to those of its parts: who has which interests."""
    keys: dict[object, int] = {}
    shares: dict[object, Array] = {}
    always = 0
    for place, (key, share) in enumerate(thinned):
        if mask >> place & 1:
            if share is None:
                always |= 1 << place
            else:
                keys[key] = keys.get(key, 0) | 1 << place
                shares.setdefault(key, share)
    chosen = list(keys)
    if len(chosen) > 1:  # of different choices, none can hold more people than there are
        shares = {key: np.minimum(share, 1.0) for key, share in shares.items()}
    if len(chosen) > MOST_THINNINGS:
        people[mask] = people.get(mask, 0.0) + float(
            (living * np.minimum.reduce([shares[key] for key in chosen])).sum()
        )
        return
    for having in itertools.product((False, True), repeat=len(chosen)):
        count, part = living, always
        for key, has in zip(chosen, having, strict=True):
            count = count * (shares[key] if has else np.maximum(1.0 - shares[key], 0.0))
            part |= keys[key] if has else 0
        if part.bit_count() > 1:
            people[part] = people.get(part, 0.0) + float(count.sum())
