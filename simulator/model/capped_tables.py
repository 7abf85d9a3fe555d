"""Frequency caps, quickly: what a cap leaves of a person's showings is a table in one number, the showings a day.

Given how often a person would be shown it a day, m = g·a(u), the count N under a cap follows one law for all draws,
groups and budgets. So P(N ≥ k), E N and the answers are worked out once over ln m, exactly; a draw's activity g is
averaged over by a moving sum along ln m; and the trait u reads the result off by a cubic.
``caps`` works the same out without tables, point by point: the check of this module.

Assumptions: those of ``caps``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln

from simulator.model.caps import Cap, CappedResponse, Grid, PerPlatform, poisson_sum, windows
from simulator.model.engagement import DECAYS, HEAD, People, tail_weights

Array = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Single precision holds a logarithm to 1e-5, far inside the error of the quadrature, in half the time."""

STEP = 0.125
"""Step of the tables in ln m: resolves where a cap of 90 begins to bite, and lets a cubic read between."""
ACTIVITY_STEPS = (-96, 28)
"""Ends of ln g in such steps: −12 to 3.5, for the hardly reached over a year and for the tenth showing of a day."""
DEEPEST = 30.0
"""People whose showings a day are fewer than the most of their curve by e^−30 add nothing."""
FAINTEST = 1e-26
"""Showings a day, relative to the most of all curves, below which the tables do not go."""
KEPT = 64
"""Tables of m kept between calls: a tenth of a megabyte each."""
WEAR_NODES = 10
"""Values of γ at which the answers to many showings within one window are summed; between them a polynomial."""
NOTHING = 1e-300


def capped_responses(
    sets: Sequence[PerPlatform],
    people: People,
    price_dispersion: Array,
    draw: NDArray[np.int64],
    duration: float,
    cap: Cap,
    k_max: int,
    nodes: int,
) -> list[CappedResponse]:
    """Average exposure, response and cost under a cap over trait and activity, as ``caps.capped_response``.

    Parameters
    ----------
    sets : sequence of PerPlatform
        Curves of people on one platform, on the other, on both: each has the curves of ``draw``.
    people, price_dispersion, duration, cap, k_max, nodes
        As there.
    draw : ndarray (curve,) of int
        Draw of each curve, rising; within a draw α and γ are the same.
    """
    grids = [Grid.at(platforms, people, price_dispersion, duration, nodes, max(k_max, HEAD)) for platforms in sets]
    starts = np.r_[True, draw[1:] != draw[:-1]]
    own = People(*(values[starts] for values in people))
    number = np.cumsum(starts) - 1
    most = max(float(grid.a_day.max()) for grid in grids)
    places = [_places(np.maximum(grid.a_day, most * FAINTEST)) for grid in grids]
    first = int(np.floor(min(float(place.min()) for place in places))) - 1
    last = int(np.floor(max(float(place.max()) for place in places))) + 2
    table = _curves(own, duration, cap, k_max, first, last)
    read = (_read(table, place - first, number) for place in places)
    return [_averaged(grid, seen, k_max) for grid, seen in zip(grids, read, strict=True)]


def _places(a_day: Array) -> Array:
    """Return where on the table the showings a day of each node lie, in steps, shape (node, curve)."""
    logs = np.log(np.maximum(a_day, NOTHING))
    return np.asarray(np.maximum(logs, logs.max(axis=0) - DEEPEST) / STEP)


def _read(table: Singles, place: Array, number: NDArray[np.int64]) -> Singles:
    """Return every column at each node, shape (node, curve, column): Lagrange's cubic through the logarithms."""
    cell = np.floor(place).astype(np.int64)
    t = (place - cell).astype(np.float32)
    rows = table.reshape(-1, table.shape[2])
    start = number * table.shape[1] + cell - 1
    up, down, far = t + 1, t - 1, t - 2
    thirds = t * down / (1 + 2)
    weights = (-thirds * far / 2, up * down * far / 2, -up * t * far / 2, thirds * up / 2)
    logs = rows.take(start, axis=0) * weights[0][..., None]
    for step, weight in enumerate(weights[1:], start=1):
        part = rows.take(start + step, axis=0)
        part *= weight[..., None]
        logs += part
    return np.asarray(np.exp(logs, out=logs))


def _averaged(grid: Grid, seen: Singles, k_max: int) -> CappedResponse:
    """Average what people see over the trait."""
    return CappedResponse(
        np.einsum("nc,nck->ck", grid.weight, seen[..., :k_max]),
        np.einsum("nc,nc->c", grid.keen, seen[..., -1]),
        np.einsum("pnc,nc->pc", grid.on_platform, seen[..., k_max]),
        np.einsum("nc,nc->c", grid.paid, seen[..., k_max]),
    )


def _curves(people: People, duration: float, cap: Cap, k_max: int, first: int, last: int) -> Singles:
    """Return logarithms at ln a = STEP·(first … last), averaged over the activity of each draw.

    Returns
    -------
    ndarray (draw, step, column)
        P(N ≥ 1) … P(N ≥ k_max), then E N, then the answers for a rate of one.
    """
    table = _table(cap, duration, first + ACTIVITY_STEPS[0], last + ACTIVITY_STEPS[1])
    weights = _activity(people.activity_shape)
    width = weights.shape[1]
    columns = np.column_stack((table.head[:, :k_max], table.mean))
    moving = sliding_window_view(columns, width, axis=0)  # (step, column, activity)
    result = np.empty((len(weights), len(moving), k_max + 2))
    result[..., :-1] = (weights @ moving.reshape(-1, width).T).reshape(len(weights), *moving.shape[:2])
    answers = sliding_window_view(_answers(people.wear_out, table), width, axis=1)
    result[..., -1] = (answers @ weights[..., None])[..., 0]
    return np.log(np.maximum(result, NOTHING), out=result).astype(np.float32)


def _activity(shape: Array) -> Array:
    """Return the weight of each step of ln g under a gamma law of mean 1, shape (draw, activity)."""
    logs = STEP * np.arange(ACTIVITY_STEPS[0], ACTIVITY_STEPS[1] + 1)
    own = shape[:, None]
    return np.asarray(np.exp(own * np.log(own) - gammaln(own) + own * (logs - np.exp(logs))) * STEP)


class _Table(NamedTuple):
    """What a cap leaves at each m, one step of ln m after another.

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


@lru_cache(maxsize=KEPT)
def _table(cap: Cap, duration: float, low: int, high: int) -> _Table:
    m = np.exp(STEP * np.arange(low, high + 1))
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
