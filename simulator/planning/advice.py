"""What to change first: one thing at a time, at the same money, under the same luck."""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput
from simulator.base.validation import instance_of, one_of
from simulator.campaign.campaign import AGES, CREATIVE_FORMATS, DURATION_DAYS, PLATFORMS, Campaign
from simulator.campaign.forecast import LEVEL, Band
from simulator.forecasting.engine import Engine, Settings
from simulator.reference.parameters import Parameters
from simulator.reference.places.place import RADIUS_KM

Array = NDArray[np.float64]

DRAWS = 256
KINDS = ("duration_days", "month", "ages", "radius_km", "gender", "platforms", "interests", "creative_format", "budget")
MORE_IS_BETTER = (
    "reach",
    "impressions",
    "link_clicks",
    "clicks_all",
    *("reactions", "comments", "shares", "engagements"),
)
COUNTED = ("reach", "impressions", "link_clicks")
"""Figures that the format of the advertisement does not move: it is known for interactions only."""
ADULT = 18
DAYS = (3, 7, 14, 30)
YEARS_MORE = 10
RADIUS_STEPS = (0.5, 1.5, 2.0)
MONTHS_TRIED = 2
"""Cheapest and dearest months tried: what lies between lies between."""
MORE_MONEY = 1.2
"""The change that is not at the same money, for scale: a fifth more of it."""


@dataclass(frozen=True)
class Change:
    """One change of a campaign and what it does.

    Attributes
    ----------
    kind : str
        One of ``KINDS``; only ``budget`` costs more money.
    value : int, float, str or tuple
        What the entry becomes: days, month (1 to 12), ages, km, …
    metric : str
    gain : Band
        In the unit of the metric, on paired draws.
    relative : Band
        The same over what the campaign brings as it is.
    probability : float
        That it is an improvement.
    campaign : Campaign
        The campaign with the change.
    """

    kind: str
    value: Any
    metric: str
    gain: Band
    relative: Band
    probability: float
    campaign: Campaign = field(repr=False)

    @property
    def within_noise(self) -> bool:
        """Whether better or worse is said with less than 90 %."""
        beyond = (1.0 - LEVEL) / 2
        return beyond < self.probability < 1.0 - beyond

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return {
            "kind": self.kind,
            "value": list(self.value) if isinstance(self.value, tuple) else self.value,
            "metric": self.metric,
            "gain": self.gain.to_dict(),
            "relative": self.relative.to_dict(),
            "probability": self.probability,
            "within_noise": self.within_noise,
        }


def what_to_change(
    campaign: Campaign,
    metric: str = "reach",
    **settings: Unpack[Settings],
) -> tuple[Change, ...]:
    """Return changes of one thing each, the most promising first: by the median gain, those within the noise last.

    Durations change at equal money in all; everything but ``budget`` costs the same.

    Parameters
    ----------
    campaign : Campaign
    metric : str
        A count of which more is better: reach, impressions, link_clicks, reactions … The format of the
        advertisement is tried for interactions only: nothing is known of what it does to the others.
    seed, draws, parameters, calibration, tables, engine
        As in ``simulate``; 256 draws where none are named.

    Raises
    ------
    InvalidInput
        ``unknown_choice`` for a metric.
    """
    instance_of("campaign", campaign, Campaign)
    one_of("metric", metric, MORE_IS_BETTER)
    engine = Engine.of(settings, draws=DRAWS)

    @functools.cache
    def drawn(other: Campaign) -> Array:
        budget = np.array([other.spend_per_day])
        return engine.metrics(other, budget, interactions=metric not in COUNTED, whole=False)[metric][:, 0]

    now = drawn(campaign)
    if not now.any():
        return ()
    changes = [
        _change(kind, value, metric, other, drawn(other) - (now if base is None else drawn(base)), now)
        for kind, value, other, base in _candidates(campaign, metric, engine.parameters)
    ]
    return tuple(sorted(changes, key=lambda one: (one.within_noise, -one.gain.p50)))


def _change(kind: str, value: Any, metric: str, campaign: Campaign, gain: Array, now: Array) -> Change:
    relative = np.divide(gain, now, out=np.zeros_like(gain), where=now > 0.0)
    probability = float(np.mean(gain > 0.0) + 0.5 * np.mean(gain == 0.0))
    return Change(kind, value, metric, Band.of(gain), Band.of(relative), probability, campaign)


Candidate = tuple[str, Any, Campaign, Campaign | None]
"""Kind, value, the changed campaign, and what to compare it with (None: the campaign as it is)."""


def _candidates(campaign: Campaign, metric: str, parameters: Parameters) -> Iterator[Candidate]:
    """Yield every change that is allowed."""
    yield from _durations(campaign)
    yield from _months(campaign, parameters)
    yield from _audiences(campaign)
    yield from _others(campaign, metric)
    more = campaign.spend_per_day * MORE_MONEY
    if more <= campaign.most_per_day:
        yield "budget", more, campaign.with_daily_budget(more), None


def _durations(campaign: Campaign) -> Iterator[Candidate]:
    low, high = DURATION_DAYS
    for days in sorted({*DAYS, campaign.duration_days * 2} - {campaign.duration_days}):
        daily = campaign.spend_planned / days
        if low <= days <= high and daily <= campaign.most_per_day:
            yield "duration_days", days, campaign.with_daily_budget(daily).replace(duration_days=days), None


def _months(campaign: Campaign, parameters: Parameters) -> Iterator[Candidate]:
    """Yield the cheapest months and the dearest; without a start they are compared with a month of average price."""
    index = {int(month): value for month, value in parameters.table("prices.month").items()}
    ranked = sorted(index, key=lambda month: index[month])
    base, year = campaign, None
    if campaign.start is None:
        # In one year, so that the trend of prices does not count as the month's.
        year = max(parameters[key].price_year for key in parameters.keys("prices.cpm"))
        average = min(index, key=lambda month: abs(index[month] - 1.0))
        base = campaign.replace(start=datetime.date(year, average, 1))
    for month in (*ranked[:MONTHS_TRIED], ranked[-1]):
        if base.start is not None and month != base.start.month:
            later = base.start.year + (month < base.start.month) if year is None else year
            with contextlib.suppress(InvalidInput):  # beyond the years that a campaign may start in
                yield "month", month, base.replace(start=datetime.date(later, month, 1)), base


def _audiences(campaign: Campaign) -> Iterator[Candidate]:
    target = campaign.targeting
    ages = target.age_min, target.age_max
    wider = {
        (max(ages[0] - YEARS_MORE, min(ADULT, ages[0])), ages[1]),
        (ages[0], min(ages[1] + YEARS_MORE, AGES[1])),
        (min(ADULT, ages[0]), AGES[1]),
    }
    for low, high in sorted(wider - {ages}):
        yield "ages", (low, high), campaign.replace(targeting=target.replace(age_min=low, age_max=high)), None
    if target.gender != "all":
        yield "gender", "all", campaign.replace(targeting=target.replace(gender="all")), None
    if target.interests:
        yield "interests", "none", campaign.replace(targeting=target.replace(interests=())), None
    circles = [place for place in target.places if place.kind == "circle"]
    if len(circles) != 1 or len(target.places) != 1 or target.audience_size is not None:
        return
    own = circles[0].radius_km or RADIUS_KM[0]
    for step in RADIUS_STEPS:
        radius = float(min(max(round(own * step), RADIUS_KM[0]), RADIUS_KM[1]))
        if radius != own:
            places = (circles[0].replace(radius_km=radius),)
            yield "radius_km", radius, campaign.replace(targeting=target.replace(places=places)), None


def _others(campaign: Campaign, metric: str) -> Iterator[Candidate]:
    if set(campaign.platforms) != set(PLATFORMS):
        yield "platforms", "facebook and instagram", campaign.replace(platforms=PLATFORMS), None
    if metric not in COUNTED:
        for other in CREATIVE_FORMATS:
            if other != campaign.creative_format:
                yield "creative_format", other, campaign.replace(creative_format=other), None
