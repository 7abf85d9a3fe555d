"""One chunk of a sweep, from its number: the same work wherever it is done."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.planning.grid import Grid
from simulator.planning.look_up import figures_at
from simulator.planning.segments import areas_of_cells, residents_of, segment_shares
from simulator.planning.tables import COLUMNS, KNOTS, PerPerson, central_setting, per_person, reference_price

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = 1e-300
TABLES = 256
"""Tables (audience × duration) made at a time: about a megabyte."""
KEPT = 4
"""Grids whose tables a process keeps."""


@dataclass(eq=False)
class Prepared:
    """The tables that the chunks of a grid share within a process."""

    grid: Grid
    by_area: dict[tuple[int, str], PerPerson] = field(default_factory=dict)
    by_cell: dict[tuple[int, int, int], tuple[Array, float]] = field(default_factory=dict)
    circles: OrderedDict[int, tuple[Ints, Array]] = field(default_factory=OrderedDict)
    references: dict[int, float] = field(default_factory=dict)

    def residents(self, circle: int) -> tuple[Ints, Array]:
        """Return cells and residents of a (place, radius) number."""
        found = self.circles.get(circle)
        if found is None:
            found = residents_of(self.grid.places_of(circle), self.grid.campaign.targeting.excluded_places)
            self.circles[circle] = found
            if len(self.circles) > TABLES:
                self.circles.pop(next(iter(self.circles)), None)
        return found

    def area(self, duration: int, area: str) -> PerPerson:
        """Return the per-person table of an area at a duration's number."""
        found = self.by_area.get((duration, area))
        if found is None:
            campaign = self.grid.campaign.replace(duration_days=self.grid.durations[duration])
            rest = self.grid.parameters, self.grid.calibration
            if duration not in self.references:
                # The country of the first place: the same for every chunk, whichever is worked on first.
                country = self.grid.places[0][0].country_code
                self.references[duration] = reference_price(central_setting(campaign, country, *rest)[0])
            found = per_person(campaign, area, self.references[duration], *rest)
            self.by_area[duration, area] = found
        return found

    def cell(self, ages: int, duration: int, cell: int) -> tuple[Array, float]:
        """Return the table per resident of a cell, shape (knot × column,), and people aimed at per resident."""
        found = self.by_cell.get((ages, duration, cell))
        if found is None:
            shares = segment_shares(cell, self.grid.ages[ages], self.grid.campaign, self.grid.parameters).reshape(-1)
            table = self.area(duration, areas_of_cells()[cell]).values
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


def prepared(grid: Grid) -> Prepared:
    """Return the tables of a grid that this process keeps."""
    with _lock:
        found = _prepared.pop(grid.digest, None) or Prepared(grid)
        _prepared[grid.digest] = found
        while len(_prepared) > KEPT:
            _prepared.popitem(last=False)
        return found


def work(grid: Grid, chunk: int) -> Array:
    """Return the figures of a chunk, shape (point, 1 + column): audience_size, then those of the tables.

    Spend is over the campaign; the answers are link clicks without a trade.
    """
    ready = prepared(grid)
    points = grid.points_in(chunk)
    pair, budget = np.divmod(points, len(grid.budgets))
    result = np.empty((len(points), 1 + COLUMNS))
    first = int(pair[0])
    for start in range(first, int(pair[-1]) + 1, TABLES):
        stop = min(start + TABLES, int(pair[-1]) + 1)
        part = slice(int(np.searchsorted(pair, start)), int(np.searchsorted(pair, stop)))
        tables, sizes, clicks = _tables(ready, range(start, stop))
        some = figures_at(tables, pair[part] - start, grid.budgets[budget[part]])
        days = np.asarray(grid.durations, dtype=float)[pair[part] % len(grid.durations)]
        some[:, 0] *= days
        some[:, 2] *= clicks[pair[part] - start]
        empty = sizes[pair[part] - start] <= 0.0
        some[empty] = 0.0
        result[part, 0] = sizes[pair[part] - start]
        result[part, 1:] = some
    return result


def _tables(ready: Prepared, pairs: range) -> tuple[Array, Array, Array]:
    """Return the logarithms of the summed tables (pair, knot, column), people aimed at, and clicks per answer."""
    grid = ready.grid
    totals = np.zeros((len(pairs), len(KNOTS) * COLUMNS))
    sizes, clicks = np.zeros(len(pairs)), np.zeros(len(pairs))
    typed = grid.campaign.targeting.audience_size
    for row, pair in enumerate(pairs):
        audience, duration = divmod(pair, len(grid.durations))
        circle, ages = divmod(audience, len(grid.ages))
        for cell, residents in zip(*(values.tolist() for values in ready.residents(circle)), strict=True):
            table, share = ready.cell(ages, duration, cell)
            totals[row] += residents * table
            sizes[row] += residents * share
            clicks[row] = ready.area(duration, areas_of_cells()[cell]).clicks_per_answer
        if typed is not None and sizes[row] > 0.0:
            totals[row] *= typed / sizes[row]
            sizes[row] = typed
    logs = np.log(np.maximum(totals, NOTHING)).reshape(len(pairs), len(KNOTS), COLUMNS)
    # Rounding must not make the spend fall where every slot is bought.
    logs[:, :, 0] = np.maximum.accumulate(logs[:, :, 0], axis=1)
    return logs, sizes, clicks
