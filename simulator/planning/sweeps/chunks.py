"""One piece of a sweep: the same work wherever it is done."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.base.metrics import AGE_BANDS, SEXES
from simulator.forecasting.audience import SURVEYED_REGIONS, estimate_audience
from simulator.forecasting.sample import smallness
from simulator.planning.sweeps.grid import Grid, Piece
from simulator.planning.sweeps.tables import (
    ANSWERED,
    COLUMNS,
    KNOTS,
    SPEND,
    PerPerson,
    central_points,
    central_setting,
    figures_at,
    per_person,
    reference_price,
    residents_of,
    segment_shares,
)
from simulator.reference.places.regions import areas_apart

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = 1e-300
TABLES = 256
"""Tables (audience × duration) made at a time: about a megabyte."""
KEPT = 4
"""Grids whose tables a process keeps."""


@dataclass(eq=False)
class Prepared:
    """The tables that the pieces of a grid share within a process; they do not depend on its places."""

    grid: Grid
    country: str
    by_area: dict[tuple[int, str], PerPerson] = field(default_factory=dict)
    by_cell: dict[tuple[int, int, int], tuple[Array, float]] = field(default_factory=dict)
    references: dict[int, float] = field(default_factory=dict)

    def area(self, duration: int, area: str) -> PerPerson:
        """Return the per-person table of an area at a duration's number."""
        found = self.by_area.get((duration, area))
        if found is None:
            campaign = self.grid.campaign.replace(duration_days=self.grid.durations[duration])
            rest = self.grid.parameters, self.grid.calibration
            if duration not in self.references:
                self.references[duration] = reference_price(central_setting(campaign, self.country, *rest)[0])
            found = per_person(campaign, area, self.references[duration], *rest)
            self.by_area[duration, area] = found
        return found

    def cell(self, ages: int, duration: int, cell: int) -> tuple[Array, float]:
        """Return the table per resident of a cell, shape (knot × column,), and people aimed at per resident."""
        found = self.by_cell.get((ages, duration, cell))
        if found is None:
            shares = segment_shares(cell, self.grid.ages[ages], self.grid.campaign, self.grid.parameters).reshape(-1)
            table = self.area(duration, areas_apart(SURVEYED_REGIONS)[cell]).values
            # Term by term rather than by a matrix product, whose last bit depends on the threads of the library.
            total = np.zeros(table.shape[1])
            for share, row in zip(shares.tolist(), table, strict=True):
                if share > 0.0:
                    total += share * row
            found = total, float(shares.sum())
            self.by_cell[ages, duration, cell] = found
        return found


_prepared: OrderedDict[str, Prepared] = OrderedDict()
_lock = threading.Lock()


def prepared(piece: Piece) -> Prepared:
    """Return the tables of a grid that this process keeps."""
    with _lock:
        found = _prepared.pop(piece.key, None) or Prepared(piece.grid, piece.country)
        _prepared[piece.key] = found
        while len(_prepared) > KEPT:
            _prepared.popitem(last=False)
        return found


def work(piece: Piece) -> Array:
    """Return the figures of a piece, shape (point, 1 + column): audience_size, then those of the tables.

    Spend is over the campaign; the answers are link clicks without a trade.
    """
    ready, grid = prepared(piece), piece.grid
    points = central_points(piece.country, grid.campaign.objective, grid.calibration)
    pair, budget = np.divmod(piece.points, len(grid.budgets))
    result = np.empty((len(pair), 1 + COLUMNS))
    circles: dict[int, tuple[Ints, Array]] = {}
    for start in range(int(pair[0]), int(pair[-1]) + 1, TABLES):
        stop = min(start + TABLES, int(pair[-1]) + 1)
        part = slice(int(np.searchsorted(pair, start)), int(np.searchsorted(pair, stop)))
        tables, sizes, clicks = _tables(ready, grid, range(start, stop), circles)
        row = pair[part] - start
        # A common factor on all prices is the same as less money.
        dearer = smallness(sizes, grid.parameters, points)[row]
        some = figures_at(tables, row, grid.budgets[budget[part]] / dearer)
        some[:, SPEND] *= dearer
        some[:, SPEND] *= np.asarray(grid.durations, dtype=float)[pair[part] % len(grid.durations)]
        some[:, ANSWERED] *= clicks[row]
        some[sizes[row] <= 0.0] = 0.0
        result[part, 0] = sizes[row]
        result[part, 1:] = some
    return result


def _told(ready: Prepared, grid: Grid, circle: int, ages: int, duration: int) -> tuple[Array, float, float]:
    """Return the sums of an audience whose size is told though nobody of it is found: see ``estimate_audience``."""
    low, high = grid.ages[ages]
    target = grid.campaign.targeting.replace(places=grid.places_of(circle), age_min=low, age_max=high)
    audience = estimate_audience(target, grid.parameters, grid.campaign.platforms)
    total, clicks = np.zeros(len(KNOTS) * COLUMNS), 0.0
    for column, cell in enumerate(audience.cells):
        table = ready.area(duration, cell.country_code)
        place = SEXES.index(cell.sex) * len(AGE_BANDS) + AGE_BANDS.index(cell.age_band)
        for row, people in enumerate(audience.people[:, column].tolist()):
            total += people * table.values[row * len(SEXES) * len(AGE_BANDS) + place]
        clicks = table.clicks_per_answer
    return total, audience.size, clicks


def _tables(
    ready: Prepared, grid: Grid, pairs: range, circles: dict[int, tuple[Ints, Array]]
) -> tuple[Array, Array, Array]:
    """Return the logarithms of the summed tables (pair, knot, column), people aimed at, and clicks per answer.

    ``circles`` keeps the residents of the last (place, radius) number, which several ages and durations share.
    """
    totals = np.zeros((len(pairs), len(KNOTS) * COLUMNS))
    sizes, clicks = np.zeros(len(pairs)), np.zeros(len(pairs))
    typed = grid.campaign.targeting.audience_size
    for row, pair in enumerate(pairs):
        audience, duration = divmod(pair, len(grid.durations))
        circle, ages = divmod(audience, len(grid.ages))
        if circle not in circles:
            circles.clear()
            circles[circle] = residents_of(grid.places_of(circle), grid.campaign.targeting.excluded_places)
        for cell, residents in zip(*(values.tolist() for values in circles[circle]), strict=True):
            table, share = ready.cell(ages, duration, cell)
            totals[row] += residents * table
            sizes[row] += residents * share
            clicks[row] = ready.area(duration, areas_apart(SURVEYED_REGIONS)[cell]).clicks_per_answer
        if typed is not None and sizes[row] > 0.0:
            totals[row] *= typed / sizes[row]
            sizes[row] = typed
        elif typed:
            totals[row], sizes[row], clicks[row] = _told(ready, grid, circle, ages, duration)
    logs = np.log(np.maximum(totals, NOTHING)).reshape(len(pairs), len(KNOTS), COLUMNS)
    # Rounding must not make the spend fall where every slot is bought.
    logs[:, :, SPEND] = np.maximum.accumulate(logs[:, :, SPEND], axis=1)
    return logs, sizes, clicks
