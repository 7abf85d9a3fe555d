"""The grid of a sweep: its axes, the order of its rows, its chunks, and what tells it from another.

Rows follow the axes place, radius, ages, duration, budget, trade, the last running fastest. A point is a row
without its trade, which changes clicks only. Chunks are runs of points of a fixed length: they depend on the grid
alone, never on who works on them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import figure, numbers, one_of
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import AGES, DURATION_DAYS, Campaign
from simulator.forecasting.sample import Learnt
from simulator.reference.parameters import Parameters, trades
from simulator.reference.places.place import RADIUS_KM, Place

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

ROWS_OF_CHUNK = 262_144
MOST_VALUES = 10_000_000
"""Values of one axis."""
MOST_ENTRIES = 1_000_000
"""Places, pairs of ages or trades of one axis: each is an object of its own."""
MOST_ROWS = 10_000_000_000
TABLE_VERSION = 2
"""Raise when the arithmetic of sweeps changes, so that old parts are not taken for new ones."""


@dataclass(frozen=True, eq=False)
class Grid:
    """All variants of a sweep.

    Attributes
    ----------
    campaign : Campaign
        What is not swept.
    places : tuple of tuple of Place
        Each entry is one choice of places.
    labels : tuple of str
        What to call each of them.
    radii_km : tuple of float or None
        None leaves the circles as they are.
    ages : tuple of (int, int)
    durations : tuple of int
    budgets : ndarray (budget,)
        Money a day, in the campaign's currency.
    trades : tuple of str or None
    parameters : Parameters
    calibration : Learnt, optional
    rows_of_chunk : int
        Rows worked on, and kept, at a time.
    """

    campaign: Campaign
    places: tuple[tuple[Place, ...], ...]
    labels: tuple[str, ...]
    radii_km: tuple[float | None, ...]
    ages: tuple[tuple[int, int], ...]
    durations: tuple[int, ...]
    budgets: Array
    trades: tuple[str | None, ...]
    parameters: Parameters
    calibration: Learnt | None = None
    rows_of_chunk: int = ROWS_OF_CHUNK

    @property
    def audiences(self) -> int:
        """Number of choices of place, radius and ages."""
        return len(self.places) * len(self.radii_km) * len(self.ages)

    @property
    def points(self) -> int:
        """Number of rows without their trades."""
        return self.audiences * len(self.durations) * len(self.budgets)

    @property
    def rows(self) -> int:
        """Number of variants."""
        return self.points * len(self.trades)

    @property
    def points_of_chunk(self) -> int:
        """Points of every chunk but the last."""
        return max(1, self.rows_of_chunk // len(self.trades))

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return math.ceil(self.points / self.points_of_chunk)

    def points_in(self, chunk: int) -> Ints:
        """Return the numbers of the points of a chunk."""
        first = chunk * self.points_of_chunk
        return np.arange(first, min(first + self.points_of_chunk, self.points))

    def piece(self, chunk: int) -> Piece:
        """Return a chunk with the places it needs and no others: it is sent to another process, or another machine."""
        points = self.points_in(chunk)
        of_place = self.points // len(self.places)
        first, last = int(points[0]) // of_place, int(points[-1]) // of_place
        here = replace(self, places=self.places[first : last + 1], labels=())
        return Piece(here, self.digest, self.places[0][0].country_code, points - first * of_place)

    def places_of(self, circle: int) -> tuple[Place, ...]:
        """Return the places of a (place, radius) number, with that radius."""
        place, radius = divmod(circle, len(self.radii_km))
        wanted = self.radii_km[radius]
        if wanted is None:
            return self.places[place]
        return tuple(one.replace(radius_km=wanted) if one.kind == "circle" else one for one in self.places[place])

    @cached_property
    def digest(self) -> str:
        """Hexadecimal digits that change with anything that moves a figure or a row."""
        learnt = getattr(self.calibration, "to_dict", lambda: repr(self.calibration))()
        described: dict[str, Any] = {
            "version": [MODEL_VERSION, TABLE_VERSION, self.rows_of_chunk],
            "parameters": self.parameters.digest,
            "calibration": None if self.calibration is None else learnt,
            "campaign": {**self.campaign.to_dict(), "daily_budget": None, "total_budget": None, "duration_days": None},
            "places": [[place.to_dict() for place in places] for places in self.places],
            "labels": self.labels,
            "radii_km": self.radii_km,
            "ages": self.ages,
            "durations": self.durations,
            "budgets": hashlib.sha256(self.budgets.tobytes()).hexdigest(),
            "trades": self.trades,
        }
        return hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode()).hexdigest()[:32]


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a grid to work on.

    Attributes
    ----------
    grid : Grid
        With the places of this part only.
    key : str
        Digest of the whole grid, whose parts share their tables.
    country : str
        Country whose price the tables are counted from, the same in all parts.
    points : ndarray (point,)
        Numbers within ``grid``.
    """

    grid: Grid
    key: str
    country: str
    points: Ints


def make_grid(
    campaign: Campaign,
    axes: dict[str, Any],
    parameters: Parameters,
    calibration: Learnt | None,
) -> Grid:
    """Return the grid of the axes given, each checked; those that are None stay as in the campaign.

    Raises
    ------
    InvalidInput
        With the axis and the position of the value.
    """
    if campaign.budget_is != "media":
        # The share of fees changes with the places of a grid, and its tables are shared by all of them.
        raise InvalidInput("unknown_choice", field="budget_is", received=campaign.budget_is, allowed="media")
    target = campaign.targeting
    places = [tuple(target.places)] if axes["places"] is None else _places(axes["places"])
    radii: tuple[float | None, ...] = (None,)
    if axes["radius_km"] is not None:
        radii = tuple(numbers("radius_km", axes["radius_km"], *RADIUS_KM, "km", MOST_VALUES))
        _need_circles(places)
    budgets = [campaign.spend_per_day]
    if axes["daily_budget"] is not None:
        budgets = numbers(
            "daily_budget", axes["daily_budget"], 0.0, campaign.most_per_day, campaign.currency, MOST_VALUES
        )
        _above_nothing(budgets, campaign)
    grid = Grid(
        campaign=campaign.with_daily_budget(campaign.spend_per_day).replace(trade=None),
        places=tuple(places),
        labels=_labels(places),
        radii_km=radii,
        ages=((target.age_min, target.age_max),) if axes["ages"] is None else _ages(axes["ages"]),
        durations=(campaign.duration_days,) if axes["duration_days"] is None else _days(axes["duration_days"]),
        budgets=np.asarray(budgets, dtype=float),
        trades=(campaign.trade,) if axes["trade"] is None else _trades(axes["trade"]),
        parameters=parameters,
        calibration=calibration,
        rows_of_chunk=ROWS_OF_CHUNK,
    )
    if grid.rows > MOST_ROWS:
        raise InvalidInput("too_many", field="sweep", received=f"{grid.rows:,}", allowed=f"at most {MOST_ROWS:,}")
    return grid


def _entries(field: str, values: object, allowed: str) -> list[Any]:
    """Return the entries of a list, which may be endless; a text is no list of letters, and an empty one no axis."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise InvalidInput("wrong_type", field=field, received=shown(values), allowed=f"a list: {allowed}")
    found = list(itertools.islice(values, MOST_ENTRIES + 1))
    if len(found) > MOST_ENTRIES:
        received, most = f"more than {MOST_ENTRIES:,}", f"at most {MOST_ENTRIES:,}"
        raise InvalidInput("too_many", field=field, received=received, allowed=most)
    if not found:
        raise InvalidInput("empty_choice", field=field, allowed=allowed)
    return found


def _places(values: object) -> list[tuple[Place, ...]]:
    found = []
    for position, entry in enumerate(_entries("places", values, "places such as Place.around('Pau')")):
        group = (entry,) if isinstance(entry, Place) else entry
        if not isinstance(group, Sequence) or not group or not all(isinstance(place, Place) for place in group):
            field, allowed = f"places.{position}", "a Place, or a list of them"
            raise InvalidInput("wrong_type", field=field, received=shown(entry), allowed=allowed)
        found.append(tuple(group))
    return found


def _need_circles(places: list[tuple[Place, ...]]) -> None:
    for position, group in enumerate(places):
        if all(place.kind != "circle" for place in group):
            field, allowed = f"places.{position}", "a circle, since radius_km is given"
            raise InvalidInput("wrong_type", field=field, received=group[0].kind, allowed=allowed)


def _labels(places: list[tuple[Place, ...]]) -> tuple[str, ...]:
    """Return what to call each choice of places; namesakes get their codes, or their number in the list."""
    labels = [" + ".join(place.label or place.code or _coordinates(place) for place in group) for group in places]
    for more in ([" + ".join(place.code for place in group) for group in places], [str(n) for n in range(len(places))]):
        count = Counter(labels)
        pairs = zip(labels, more, strict=True)
        labels = [f"{label} ({detail})" if count[label] > 1 and detail else label for label, detail in pairs]
    return tuple(labels)


def _coordinates(place: Place) -> str:
    return f"{place.latitude:g}, {place.longitude:g}"


def _above_nothing(budgets: list[float], campaign: Campaign) -> None:
    for position, budget in enumerate(budgets):
        if budget <= 0.0:
            allowed = f"above 0, up to {campaign.most_per_day:,} {campaign.currency}"
            field = f"daily_budget.{position}"
            raise InvalidInput("out_of_range", field=field, received=figure(budget), allowed=allowed)


def _ages(values: object) -> tuple[tuple[int, int], ...]:
    found = []
    for position, entry in enumerate(_entries("ages", values, "pairs such as (25, 54)")):
        field = f"ages.{position}"
        if not isinstance(entry, Sequence) or isinstance(entry, str) or len(entry) != 2:
            raise InvalidInput("wrong_type", field=field, received=shown(entry), allowed="a pair such as (25, 54)")
        low, high = (_whole(field, age) for age in numbers(field, entry, *AGES, "years", 2))
        if low > high:
            raise InvalidInput("age_order", field=field, received=f"{low}, {high}")
        found.append((low, high))
    return tuple(found)


def _days(values: object) -> tuple[int, ...]:
    found = numbers("duration_days", values, *DURATION_DAYS, "days", MOST_VALUES)
    return tuple(_whole(f"duration_days.{position}", days) for position, days in enumerate(found))


def _whole(field: str, value: float) -> int:
    if not float(value).is_integer():
        raise InvalidInput("not_a_number", field=field, received=figure(value), allowed="a whole one")
    return int(value)


def _trades(values: object) -> tuple[str | None, ...]:
    found = _entries("trade", values, ", ".join(trades()))
    for position, trade in enumerate(found):
        if trade is not None:
            one_of(f"trade.{position}", trade, trades())
    return tuple(found)
