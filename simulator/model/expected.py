"""Reach given impressions: the formula alone, for analysts, fast enough for millions of curves.

For fixed λ, α and ρ the shares reached depend on two numbers only, the share of slots won and the number of
days. They are tabulated once as a Chebyshev polynomial in (z, ln D) of ln(R_k / I) and then cost a matrix
product; outside the table the integral is worked out directly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.chebyshev import chebinterpolate, chebpts1, chebvander
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.model.exposure import averaged_at_least, reach_shares

Array = NDArray[np.float64]

Z_RANGE = (-5.4, 4.8)
"""Win shares 3e-8 … 1 − 8e-7; beyond, the integral is worked out directly."""
DAY_RANGE = (1.0, 365.0)
LOG_DAY_RANGE = (float(np.log(DAY_RANGE[0])), float(np.log(DAY_RANGE[1])))
Z_NODES, DAY_NODES = 28, 8
"""Relative error below 1e-4 on R_1 and 5e-4 on R_10, for a persistence of 0.05 to 0.85."""
LEAST_PERSISTENCE = 0.05
"""Below it the logarithm bends too sharply for the table: the integral is worked out directly."""
TABLE_K = 10
TABLE_QUADRATURE = 64
CHUNK = 4096
"""Curves worked on at a time."""
MOST_K = 100_000


class Table(NamedTuple):
    """Chebyshev coefficients of ln(R_k / I) in (z, ln D), shape (Z_NODES, DAY_NODES, TABLE_K)."""

    coefficients: Array
    slots_per_day: float
    activity_shape: float
    persistence: float


def reach_from_impressions(
    impressions: ArrayLike,
    audience_size: ArrayLike,
    duration_days: ArrayLike,
    *,
    slots_per_day: float,
    activity_shape: float,
    persistence: float,
    k_max: int = 10,
) -> Array:
    """Return the people reached at least k times, k = 1 … k_max, for fixed λ, α and ρ.

    Parameters
    ----------
    impressions, audience_size, duration_days : array_like
        Times shown over the campaign (≥ 0), people who could be shown it (> 0), days (> 0); broadcast together.
    slots_per_day : float
        λ, eligible slots per person and day, > 0.
    activity_shape : float
        α, shape of the gamma distribution of activity, > 0.
    persistence : float
        ρ, share of the variance that belongs to the person, 0 to 1.
    k_max : int
        1 to 100,000.

    Returns
    -------
    ndarray (…, k_max)
        R_{k+1} ≤ R_k, R_1 ≤ min(impressions, audience_size).
    """
    if isinstance(k_max, bool) or not isinstance(k_max, (int, np.integer)) or not 1 <= k_max <= MOST_K:
        allowed = f"a whole number from 1 to {MOST_K:,}"
        raise InvalidInput("out_of_range", field="k_max", received=shown(k_max), allowed=allowed, low=1, high=MOST_K)
    shown_times = _checked("impressions", impressions, zero=True)
    people = _checked("audience_size", audience_size)
    days = _checked("duration_days", duration_days)
    shown_times, people, days = _broadcast(shown_times, people, days)
    shape = shown_times.shape
    flat = shown_times.reshape(-1), people.reshape(-1), days.reshape(-1)
    result = np.empty((flat[0].size, k_max))
    table = reach_table(slots_per_day, activity_shape, persistence)
    for start in range(0, len(result), CHUNK):
        part = slice(start, start + CHUNK)
        some, of, over = (values[part] for values in flat)
        result[part] = _people_reached(some, of, over, table, k_max)
    return result.reshape(*shape, k_max)


@lru_cache(maxsize=64)
def reach_table(slots_per_day: float, activity_shape: float, persistence: float) -> Table:
    """Tabulate ln(R_k / I) over the win share and the days; a few milliseconds."""
    slots = slots_per_day * np.exp(_from_unit(chebpts1(DAY_NODES), *LOG_DAY_RANGE))

    def logs(x: Array) -> Any:  # the stubs of numpy know one curve only
        z = _from_unit(x, *Z_RANGE)[:, None]
        shares = reach_shares(z, slots[None, :], activity_shape, persistence, TABLE_K, TABLE_QUADRATURE)
        return np.log(shares / (slots * ndtr(z))[..., None]).reshape(len(x), -1)

    in_z = chebinterpolate(logs, Z_NODES - 1).reshape(Z_NODES, DAY_NODES, TABLE_K)
    by_day: Any = np.swapaxes(in_z, 0, 1).reshape(DAY_NODES, -1)
    in_both = chebinterpolate(lambda _: by_day, DAY_NODES - 1).reshape(DAY_NODES, Z_NODES, TABLE_K)
    coefficients = np.ascontiguousarray(np.swapaxes(in_both, 0, 1))
    return Table(coefficients, slots_per_day, activity_shape, persistence)


def _people_reached(impressions: Array, people: Array, days: Array, table: Table, k_max: int) -> Array:
    slots = table.slots_per_day * days
    per_person = impressions / people
    won = per_person / slots
    with np.errstate(divide="ignore"):
        z = ndtri(np.minimum(won, 1.0))
    inside = (z > Z_RANGE[0]) & (z < Z_RANGE[1]) & (days >= DAY_RANGE[0]) & (days <= DAY_RANGE[1])
    if k_max > TABLE_K or table.persistence < LEAST_PERSISTENCE:
        inside[:] = False
    if inside.all():
        shares = _from_table(z, days, table, k_max) * per_person[:, None]
    else:
        shares = np.zeros((len(z), k_max))
        shares[inside] = _from_table(z[inside], days[inside], table, k_max) * per_person[inside, None]
        outside = ~inside & (impressions > 0.0)
        shares[outside] = _direct(z[outside], slots[outside], per_person[outside], table, k_max)
    np.minimum(shares, np.minimum(per_person, 1.0)[:, None], out=shares)
    return np.minimum.accumulate(shares, axis=1) * people[:, None]


def _from_table(z: Array, days: Array, table: Table, k_max: int) -> Array:
    """Return R_k / I from the polynomial, shape (curve, k_max)."""
    coefficients = table.coefficients[:, :, :k_max]
    in_z = chebvander(_to_unit(z, *Z_RANGE), Z_NODES - 1)
    if len(days) and days.min() == days.max():
        at = chebvander(_to_unit(np.log(days[:1]), *LOG_DAY_RANGE), DAY_NODES - 1)[0]
        logs = in_z @ np.einsum("b,abk->ak", at, coefficients)
    else:
        in_days = chebvander(_to_unit(np.log(days), *LOG_DAY_RANGE), DAY_NODES - 1)
        partial = (in_z @ coefficients.reshape(Z_NODES, -1)).reshape(len(z), DAY_NODES, k_max)
        logs = np.einsum("nb,nbk->nk", in_days, partial)
    return np.asarray(np.exp(logs))


def _direct(z: Array, slots: Array, per_person: Array, table: Table, k_max: int) -> Array:
    """Return R_k / A by the integral; where every slot is won, by the count alone."""
    shapes = np.full(len(z), table.activity_shape)
    full = np.isinf(z) | (z >= Z_RANGE[1])
    result = np.empty((len(z), k_max))
    if full.any():
        mean = per_person[full]
        result[full] = averaged_at_least(np.ones((1, len(mean))), mean[None], shapes[full], k_max).T
    rest = ~full
    if rest.any():
        result[rest] = reach_shares(z[rest], slots[rest], table.activity_shape, table.persistence, k_max)
    return result


def _broadcast(*arrays: Array) -> tuple[Array, ...]:
    """Return the three arguments in one common shape, or say that theirs do not fit each other."""
    try:
        return np.broadcast_arrays(*arrays)
    except ValueError:
        field, shapes = "impressions, audience_size, duration_days", " and ".join(str(one.shape) for one in arrays)
        allowed = "arrays of shapes that broadcast, such as lists of one length"
        raise InvalidInput("wrong_type", field=field, received=f"shapes {shapes}", allowed=allowed) from None


def _checked(field: str, values: ArrayLike, *, zero: bool = False) -> Array:
    """Return numbers as an array, or say which are wrong."""
    allowed = "finite numbers, 0 or more" if zero else "finite numbers above 0"
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InvalidInput("not_a_number", field=field, received=shown(values), allowed=allowed) from None
    wrong = ~np.isfinite(array) | (array < 0.0 if zero else array <= 0.0)
    if wrong.any():
        raise InvalidInput("not_a_number", field=field, received=f"{array[wrong].flat[0]:g}", allowed=allowed)
    return array


def _to_unit(values: Array, low: float, high: float) -> Array:
    """Return ``values`` scaled from [low, high] to [−1, 1], where Chebyshev polynomials live."""
    return (2.0 * values - (low + high)) / (high - low)


def _from_unit(x: Array, low: float, high: float) -> Array:
    """Undo ``_to_unit``."""
    return 0.5 * (low + high) + 0.5 * (high - low) * x
