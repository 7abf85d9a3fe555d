"""From residents to segments, for many audiences at once: what ``estimate_audience`` does, as one linear map.

People of a segment (presence × sex × age band) are residents of a cell times shares that depend on the cell, the
ages and the campaign alone. So the cells of a circle are all that a sweep has to look up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.base.metrics import AGE_BANDS, PRESENCES, SEXES
from simulator.campaign.campaign import Campaign
from simulator.forecasting.audience import SURVEYED_REGIONS, Audience, Cell, aimed_at, on_platforms
from simulator.reference.interests import shares_by_segment
from simulator.reference.parameters import Parameters
from simulator.reference.places.people import LIMITS, residents_by_cell, year_shares
from simulator.reference.places.place import Place
from simulator.reference.places.regions import areas_apart
from simulator.reference.places.tables import cells

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def residents_of(places: Sequence[Place], excluded: Sequence[Place]) -> tuple[Ints, Array]:
    """Return the cells with people inside the places, and how many, shapes (cell,)."""
    residents = residents_by_cell((*places, *excluded))
    if excluded:
        residents = np.maximum(residents - residents_by_cell(excluded), 0.0)
    rows = np.flatnonzero(residents > 0.0)
    return rows, residents[rows]


def segment_shares(cell: int, ages: tuple[int, int], campaign: Campaign, parameters: Parameters) -> Array:
    """Return people of each segment per resident of a cell, shape (presence, sex × age band)."""
    target, area = campaign.targeting, areas_apart(SURVEYED_REGIONS)[cell]
    aimed = year_shares()[cells().age_groups[cell]] * aimed_at(area, target, parameters, ages)
    living = np.add.reduceat(aimed, LIMITS, axis=-1)[:, 1:]
    interested = shares_by_segment(target.interests, parameters) if target.interests else 1.0
    rows = on_platforms(area, campaign.platforms, parameters)
    people = np.stack([living * share * interested for share in rows.values()])
    return people.reshape(len(rows), -1)


def one_of_each(area: str, campaign: Campaign) -> Audience:
    """Return an audience of one person in every segment of an area: what a table by person is made from."""
    both = len(campaign.platforms) > 1
    presences = PRESENCES if both else campaign.platforms
    rows = np.array([[True, False], [False, True], [True, True]]) if both else np.array([[True]])
    all_cells = tuple(Cell(area[:2], sex, band) for sex in SEXES for band in AGE_BANDS)
    return Audience(
        people=np.ones((len(presences), len(all_cells))),
        presence=rows,
        presences=presences,
        platforms=tuple(name for name in PRESENCES if name in campaign.platforms),
        cells=all_cells,
        log_sd=0.0,
        bound=1.0,
        gauge="",
        living_there=float(len(all_cells)),
        counted_within=0.0,
        is_assumption=False,
        reasons=(),
        sources=(),
    )
