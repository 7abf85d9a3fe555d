"""From residents to segments, for many audiences at once: what ``estimate_audience`` does, as one linear map.

People of a segment (presence × sex × age band) are residents of a cell times shares that depend on the cell, the
ages and the campaign alone. So the cells of a circle are all that a sweep has to look up.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.base.metrics import AGE_BANDS, K_MAX, PRESENCES, SEXES
from simulator.campaign.campaign import Campaign
from simulator.forecasting.audience import SURVEYED_REGIONS, Audience, Cell, aimed_at, on_platforms
from simulator.forecasting.sample import ROLES, Learnt, draw_sample, smallness
from simulator.model.interpolation import BEFORE, STENCIL, STEP
from simulator.model.simulation import Setting, expose
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


KNOTS = STEP * np.arange(-20, 19)
"""Places of the knots, relative to the price of the first area: win shares from 1e-23 to all."""
SPEND, IMPRESSIONS, ANSWERED, REACHED = 0, 1, 2, 3
"""Columns of a table; the chances of at least k showings begin at the last."""
COLUMNS = REACHED + K_MAX


class PerPerson(NamedTuple):
    """What comes of one person of each segment.

    Attributes
    ----------
    values : ndarray (segment, knot × column)
    active : float
        Share of the people who come in the flight: already in ``values``.
    clicks_per_answer : float
        Link clicks, without a trade.
    """

    values: Array
    active: float
    clicks_per_answer: float


class Medians:
    """Every parameter at its median, or where past campaigns have moved it."""

    def __init__(self, learnt: Learnt | None) -> None:
        self.learnt = learnt
        self.digest = "" if learnt is None else learnt.digest

    def aimed_at(self, campaign: Campaign, audience: Audience, parameters: Parameters) -> Medians:
        """Return the same where past campaigns have moved it for this one."""
        return Medians(None if self.learnt is None else self.learnt.aimed_at(campaign, audience, parameters))

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:
        """Return points of one half, shape as given."""
        middle = np.full_like(points, 0.5)
        return middle if self.learnt is None else self.learnt.moved(middle, roles, country, objective)


def central_setting(
    campaign: Campaign, area: str, parameters: Parameters, learnt: Learnt | None
) -> tuple[Setting, float]:
    """Return one person of every segment of an area at the median parameters, and clicks per answer.

    Prices are those of a large audience: what the size of one's own adds is a factor on all of them.
    """
    sample = draw_sample(campaign, one_of_each(area, campaign), parameters, 0, 1, Medians(learnt))
    small = smallness(sample.audience_size, parameters, sample.points)
    setting = replace(sample.setting, cell_price=sample.setting.cell_price / small[:, None])
    return setting, float(sample.rates["link_clicks"][0])


def central_points(country: str, objective: str, learnt: Learnt | None) -> Array:
    """Return the points at which a sweep stands, shape (1, role)."""
    return Medians(learnt).moved(np.full((1, len(ROLES)), 0.5), tuple(ROLES), country, objective)


def reference_price(setting: Setting) -> float:
    """Return the logarithm of the price from which the knots are counted."""
    return float(np.log(setting.cell_price[0]).mean())


def per_person(
    campaign: Campaign, area: str, reference: float, parameters: Parameters, learnt: Learnt | None
) -> PerPerson:
    """Return the table of an area for a campaign of this duration.

    Parameters
    ----------
    reference : float
        Logarithm of the price at which the knots stand, the same for all areas of a sweep.
    """
    setting, clicks = central_setting(campaign, area, parameters, learnt)
    spread = float((setting.price_dispersion + setting.value_dispersion)[0])
    z = KNOTS[:, None] - (np.log(setting.cell_price[0]) - reference) / spread
    exposed = expose(setting, z[None], setting.duration_days, K_MAX)
    if setting.cap is None:
        spend, impressions = _bought(setting, z, spread)
    else:
        spend = exposed.cost[0] * setting.cell_price[0] / setting.duration_days
        impressions = exposed.impressions[0].sum(axis=2)
    reached = np.minimum(exposed.reached[0], impressions[..., None])
    answered = exposed.answered[0] * setting.cell_appeal[0]
    values = np.concatenate((np.stack((spend, impressions, answered), axis=-1), reached), axis=-1)
    active = float(setting.people[0, 0, 0])
    by_segment = np.moveaxis(values, 0, 2).reshape(-1, len(KNOTS) * COLUMNS)
    return PerPerson(by_segment * active, active, clicks)


def _bought(setting: Setting, z: Array, spread: float) -> tuple[Array, Array]:
    """Return spend a day and showings over the campaign, shape (knot, presence, cell), without a cap."""
    price = setting.platform_price[0][:, None]
    on_each = z[:, None, :] - np.log(price) / spread
    slots = setting.slots_per_day[0][:, None]
    shown = ndtr(on_each) * slots * setting.duration_days
    spent = ndtr(on_each - setting.price_dispersion[0]) * slots * price * setting.cell_price[0]
    presence = setting.presence.astype(float)
    return np.einsum("rj,kjc->krc", presence, spent), np.einsum("rj,kjc->krc", presence, shown)



POINTS = 8192
"""Points worked on at a time: their arrays stay in the second-level cache."""
ROUNDS = 8
"""Newton's steps inside a shrinking bracket; six reach the last digit from anywhere within a step of the knots."""


def figures_at(tables: Array, table: Ints, budgets: Array) -> Array:
    """Return the figures of points.

    Parameters
    ----------
    tables : ndarray (table, knot, column)
        Logarithms of the sums over people; spend a day never falls along the knots.
    table : ndarray (point,)
        Which table each point is read from.
    budgets : ndarray (point,)
        Money a day, > 0.

    Returns
    -------
    ndarray (point, column)
        Columns as in ``tables``; spend is what is used a day.
    """
    result = np.empty((len(table), COLUMNS))
    for start in range(0, len(table), POINTS):
        part = slice(start, start + POINTS)
        result[part] = _some(tables, table[part], budgets[part])
    return result


def _some(tables: Array, table: Ints, budgets: Array) -> Array:
    knots = tables.shape[1]
    wanted = np.log(budgets)
    first, last = tables[table, 0, SPEND], tables[table, -1, SPEND]
    below, above = wanted < first, wanted >= last
    inside = np.clip(wanted, first, last)
    cell = np.zeros(len(table), dtype=np.int64)
    # Halving over the knots, which are sorted by what is spent there.
    step = 1 << (knots - 1).bit_length()
    flat = tables.reshape(-1, COLUMNS)
    base = table * knots
    while step := step >> 1:
        tried = np.minimum(cell + step, knots - 2)
        cell = np.where(flat[base + tried, SPEND] <= inside, tried, cell)
    start = np.clip(cell - BEFORE, 0, knots - STENCIL)
    rows = base + start
    spent = [flat[rows + k, SPEND] for k in range(STENCIL)]
    place = _root(spent, inside, (cell - start).astype(float))
    place = np.where(above, (knots - 1 - start).astype(float), np.where(below, 0.0, place))
    result = _interpolated(flat, rows, place)
    np.exp(result, out=result)
    # Below the first knot a win share of 1e-23: everything is in proportion to the money.
    scale = np.where(below, budgets / np.exp(first), 1.0)
    result *= scale[:, None]
    result[:, SPEND] = np.where(above, np.exp(last), budgets)
    result[:, REACHED:] = np.minimum.accumulate(
        np.minimum(result[:, REACHED:], result[:, IMPRESSIONS : IMPRESSIONS + 1]), axis=1
    )
    return result


def _root(values: list[Array], wanted: Array, cell: Array) -> Array:
    """Return where the polynomial through six values (at 0 … 5) takes a value, within ``cell`` … ``cell`` + 1."""
    differences = [values[0]]
    row = values
    for _ in range(STENCIL - 1):
        row = [after - before for before, after in itertools.pairwise(row)]
        differences.append(row[0])
    low, high = cell, cell + 1.0
    place = cell + 0.5
    for _ in range(ROUNDS):
        value, slope = differences[-1], np.zeros_like(place)
        for order in range(STENCIL - 2, -1, -1):
            along = (place - order) / (order + 1)
            slope = slope * along + value / (order + 1)
            value = value * along + differences[order]
        error = value - wanted
        over = error > 0.0
        high, low = np.where(over, place, high), np.where(over, low, place)
        moved = place - error / np.where(slope > 0.0, slope, np.inf)
        place = np.where((moved >= low) & (moved <= high), moved, 0.5 * (low + high))
    return place


def _interpolated(flat: Array, rows: Ints, place: Array) -> Array:
    """Return the rows between the knots, by Lagrange's polynomials through six, shape (point, column)."""
    apart = [place - k for k in range(STENCIL)]
    result: Array | None = None
    for own in range(STENCIL):
        weight = np.ones_like(place)
        for other in range(STENCIL):
            if other != own:
                weight = weight * (apart[other] / (own - other))
        term = np.take(flat, rows + own, axis=0)
        term *= weight[:, None]
        result = term if result is None else np.add(result, term, out=result)
    return np.asarray(result)
