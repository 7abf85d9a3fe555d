"""Frequency caps, quickly: what a cap leaves of a person's showings is a table in one number, the showings a day.

Given how often a person would be shown it a day, m = g·a(u), the count N under a cap follows one law for all draws,
groups and budgets. So P(N ≥ k), E N and the answers are worked out once over ln m, exactly; a draw's activity g is
averaged over by a moving sum along ln m; and the trait u reads the result off by the polynomial through six points.
``caps`` works the same out without tables, point by point: the check of this module.

Assumptions: those of ``caps``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln

from simulator.model import interpolation
from simulator.model.caps import Cap, CappedResponse, Grid, PerPlatform, poisson_sum, windows
from simulator.model.engagement import DECAYS, HEAD, People, tail_weights

Array = NDArray[np.float64]

FINE = 4
"""Steps of the table of ln m to one step of ``interpolation.STEP``: resolves where a cap of 90 begins to bite."""
ACTIVITY_STEPS = (-56, 22)
"""Ends of ln g in fine steps, as ``caps.ACTIVITY_LOGS``: −7 to 2.75."""
DEEPEST = 24.0
"""People whose showings a day are fewer than the most of their draw by e^−24 add nothing."""
WEAR_NODES = 6
"""Values of γ at which the answers to many showings within one window are summed; between them a polynomial."""
NOTHING = 1e-300


class Curves(NamedTuple):
    """Logarithms of what a draw's people see, shape (draw, step, column), at ln a = STEP·(first + step).

    Columns: P(N ≥ 1) … P(N ≥ k), then E N, then the answers for a rate of one.
    """

    first: int
    logs: Array


def capped_response(
    platforms: PerPlatform,
    people: People,
    price_dispersion: Array,
    draw: NDArray[np.int64],
    duration: float,
    cap: Cap,
    k_max: int,
    nodes: int,
    *,
    money_only: bool = False,
) -> CappedResponse:
    """Average exposure, response and cost under a cap over trait and activity, as ``caps.capped_response``.

    Parameters
    ----------
    platforms, people, price_dispersion, duration, cap, k_max, nodes, money_only
        As there.
    draw : ndarray (curve,) of int
        Draw of each curve, rising; within a draw α and γ are the same.
    """
    count = platforms.z.shape[1]
    if not count:
        return CappedResponse(np.zeros((0, k_max)), np.zeros(0), np.zeros(platforms.z.shape), np.zeros(0))
    grid = Grid.at(platforms, people, price_dispersion, duration, nodes, max(k_max, HEAD))
    first_of, draws = _grouped(draw)
    own = People(*(values[first_of] for values in people))
    heads = 0 if money_only else k_max
    seen = _read(grid.a_day, draws, own, duration, cap, heads)  # (node, curve, column)
    shown_on = np.einsum("pnc,nc->pc", grid.on_platform, seen[..., heads])
    cost = np.einsum("nc,nc->c", grid.paid, seen[..., heads])
    if money_only:
        return CappedResponse(np.zeros((count, k_max)), np.zeros(count), shown_on, cost)
    reached = np.einsum("nc,nck->ck", grid.weight, seen[..., :k_max])
    return CappedResponse(reached, np.einsum("nc,nc->c", grid.keen, seen[..., -1]), shown_on, cost)


def _grouped(draw: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first curve of each draw, and the number of each curve's draw among those that are there."""
    starts = np.r_[True, draw[1:] != draw[:-1]]
    return np.flatnonzero(starts), np.cumsum(starts) - 1


def _read(a_day: Array, draws: NDArray[np.int64], people: People, duration: float, cap: Cap, k_max: int) -> Array:
    """Return every column at the showings a day of each node, shape (node, curve, column)."""
    nodes, curves = a_day.shape
    logs = np.log(np.maximum(a_day, NOTHING))
    most = logs.max(axis=0)
    np.maximum.at(highest := np.full(len(people.wear_out), -np.inf), draws, most)
    points = np.maximum(logs, (highest - DEEPEST)[draws])
    counts = np.bincount(draws)
    place = np.arange(curves) - (np.cumsum(counts) - counts)[draws]
    padded = np.repeat(highest[:, None], int(counts.max()) * nodes, axis=1).reshape(len(counts), -1, nodes)
    padded[draws, place] = points.T
    flat = padded.reshape(len(counts), -1)
    knots = interpolation.knots_for(flat)
    lowest = int(knots.first.min())
    table = _curves(people, duration, cap, k_max, lowest, int((knots.first + knots.used.sum(axis=1)).max()))
    steps = (knots.first - lowest)[:, None] + np.arange(knots.used.shape[1])
    own = np.take_along_axis(table, np.minimum(steps, table.shape[1] - 1)[..., None], axis=1)
    values = np.exp(interpolation.weights(flat, knots) @ own)
    return np.moveaxis(values.reshape(*padded.shape, -1)[draws, place], 1, 0)


def _curves(people: People, duration: float, cap: Cap, k_max: int, first: int, last: int) -> Array:
    """Return the logarithms of all columns, shape (draw, step, column), averaged over the activity of each draw."""
    low, high = FINE * first + ACTIVITY_STEPS[0], FINE * (last - 1) + ACTIVITY_STEPS[1]
    table = _table(cap, duration, low, high)
    weights = _activity(people.activity_shape)
    width = weights.shape[1]
    plain = table.head[:, :k_max] if k_max else table.head[:, :0]
    columns = np.column_stack((plain, table.mean))
    moving = sliding_window_view(columns, width, axis=0)[::FINE]  # (step, column, activity)
    averaged = np.einsum("da,sca->dsc", weights, moving, optimize=True)
    if k_max:
        answers = _answers(people.wear_out, table)
        own = sliding_window_view(answers, width, axis=1)[:, ::FINE]
        averaged = np.concatenate((averaged, np.einsum("da,dsa->ds", weights, own)[..., None]), axis=2)
    return np.asarray(np.log(np.maximum(averaged, NOTHING)))


def _activity(shape: Array) -> Array:
    """Return the weight of each fine step of ln g under a gamma law of mean 1, shape (draw, activity)."""
    step = interpolation.STEP / FINE
    logs = step * np.arange(ACTIVITY_STEPS[0], ACTIVITY_STEPS[1] + 1)
    own = shape[:, None]
    return np.asarray(np.exp(own * np.log(own) - gammaln(own) + own * (logs - np.exp(logs))) * step)


class _Table(NamedTuple):
    """What a cap leaves at each m, a fine step of ln m after another.

    ``head`` (m, 10) is P(N ≥ 1) …, ``mean`` (m,) is E N, ``late`` (m, column) belongs to the answers beyond the tenth:
    Σ q^(k−1)·P(N ≥ k), k > 10, for the decays q of ``engagement``; within one window, the answers for a few γ.
    """

    head: Array
    mean: Array
    late: Array
    one_window: bool


WEAR_ENDS = (0.0, 1.5)
"""γ between which a polynomial through ``WEAR_NODES`` places holds; the prior is 0.43 ± 0.10."""


def _wear_places() -> Array:
    low, high = WEAR_ENDS
    nodes = np.cos(np.pi * (np.arange(WEAR_NODES) + 0.5) / WEAR_NODES)
    return np.asarray(0.5 * (low + high) + 0.5 * (high - low) * nodes)


@lru_cache(maxsize=64)
def _table(cap: Cap, duration: float, low: int, high: int) -> _Table:
    m = np.exp(interpolation.STEP / FINE * np.arange(low, high + 1))
    cut = windows(duration, cap)
    one_window = cut.number == 1 and cut.rest == 0.0
    counts = np.arange(1, cap.times + 1)
    tails = [(cut.number, gammainc(counts, (cut.days * m)[:, None]))]
    if cut.rest > 0.0:
        tails.append((1, gammainc(counts, (cut.rest * m)[:, None])))
    mean = sum(number * tail.sum(axis=1) for number, tail in tails)
    # Fewer than k showings after the cap, for k up to c, means fewer than k before it.
    head = gammainc(np.arange(1, HEAD + 1), (duration * m)[:, None])
    head[:, cap.times :] = 0.0
    if one_window:
        late = np.zeros((len(m), WEAR_NODES))
        if cap.times > HEAD:
            late = tails[0][1][:, HEAD:] @ counts[HEAD:, None] ** -_wear_places()
        return _Table(head, np.asarray(mean), late, True)
    if cap.times < HEAD:
        law = poisson_sum(m, cut, cap.times, HEAD)
        head[:, cap.times :] = np.maximum(1.0 - np.cumsum(law, axis=0)[cap.times : HEAD], 0.0).T
    q = np.exp(-DECAYS)
    late = np.empty((len(m), len(q)))
    for place, one in enumerate(q):
        if one == 1.0:
            late[:, place] = mean
            continue
        # E q^N is a product over the windows; 1 − E q^min(Y, c) = (1 − q)·Σ q^(k−1)·P(Y ≥ k), without cancellation.
        gone = sum(number * np.log1p(-(1.0 - one) * (tail @ one ** (counts - 1.0))) for number, tail in tails)
        late[:, place] = -np.expm1(gone) / (1.0 - one)
    late -= head @ q ** np.arange(HEAD)[:, None]
    return _Table(head, np.asarray(mean), late, False)


def _answers(wear_out: Array, table: _Table) -> Array:
    """Return Σ k^(−γ)·P(N ≥ k), shape (draw, m)."""
    first = np.arange(1, HEAD + 1) ** -wear_out[:, None] @ table.head.T
    if table.one_window:
        places = _wear_places()
        weights = np.ones((len(wear_out), WEAR_NODES))
        for own in range(WEAR_NODES):
            for other in range(WEAR_NODES):
                if other != own:
                    weights[:, own] *= (wear_out - places[other]) / (places[own] - places[other])
        return np.asarray(first + weights @ table.late.T)
    return np.asarray(first + np.maximum(tail_weights(wear_out, HEAD).T @ table.late.T, 0.0))
