"""Fast random numbers for the referee: 64 bits, uniform, normal, Poisson, one state number carried along.

Every function takes the state and returns the next state with its draw, so that the compiler keeps the state
in a register. Sources: splitmix64 (Steele, Lea and Flood 2014); the ziggurat (Marsaglia and Tsang 2000); the
normal quantile by rational functions (Acklam 2003, relative error 1.2e-9).

The compiled simulation is kept in __pycache__ and follows changes of its own file only: after a change of this
file remove tests/referee/__pycache__.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

LAYERS = 256
ZIGGURAT_EDGE = 3.6541528853610088
"""Right edge of the lowest of the 256 layers; the test of the tables shows that the layers close at the top."""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_LAYER_MASK = np.uint64(LAYERS - 1)
_UNIT = 2.0**-53
QUANTILE_TAIL = 0.02425
POISSON_STEP = 30.0
"""Largest mean drawn at once; above, the sum of several draws (exp(-mean) would otherwise reach zero)."""
POISSON_MOST = 200
"""Where the search stops; a mean of 30 exceeds it with a probability below 1e-80, rounding of the sum apart."""


def _ziggurat_tables() -> tuple[np.ndarray, np.ndarray]:
    """Return the right edges of the layers and the unnormalised density there, both of shape (257,)."""
    tail = math.sqrt(math.pi / 2.0) * math.erfc(ZIGGURAT_EDGE / math.sqrt(2.0))
    area = ZIGGURAT_EDGE * math.exp(-(ZIGGURAT_EDGE**2) / 2.0) + tail
    edges = np.zeros(LAYERS + 1)
    edges[0] = area / math.exp(-(ZIGGURAT_EDGE**2) / 2.0)
    edges[1] = ZIGGURAT_EDGE
    for layer in range(2, LAYERS):
        height = math.exp(-(edges[layer - 1] ** 2) / 2.0) + area / edges[layer - 1]
        edges[layer] = math.sqrt(-2.0 * math.log(height))
    return edges, np.exp(-(edges**2) / 2.0)


EDGES, HEIGHTS = _ziggurat_tables()


@njit(inline="always")
def next_bits(state):
    """Return the next state and 64 random bits."""
    state = state + _STEP
    bits = (state ^ (state >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return state, bits ^ (bits >> np.uint64(31))


@njit(inline="always")
def next_uniform(state):
    """Return the next state and a uniform number in [0, 1)."""
    state, bits = next_bits(state)
    return state, np.float64(bits >> np.uint64(11)) * _UNIT


@njit(cache=True)
def _outside_the_core(state, layer, point):
    """Decide a point outside the core of its layer: return state, accepted, value (about 1 draw in 80)."""
    if layer == 0:
        while True:
            state, first = next_uniform(state)
            state, second = next_uniform(state)
            beyond = -math.log(1.0 - first) / ZIGGURAT_EDGE
            if -2.0 * math.log(1.0 - second) > beyond * beyond:
                return state, True, math.copysign(ZIGGURAT_EDGE + beyond, point)
    state, share = next_uniform(state)
    height = HEIGHTS[layer] + share * (HEIGHTS[layer + 1] - HEIGHTS[layer])
    return state, height < math.exp(-0.5 * point * point), point


@njit(inline="always")
def next_normal(state):
    """Return the next state and a standard normal number."""
    while True:
        state, bits = next_bits(state)
        layer = np.int64(bits & _LAYER_MASK)
        point = (np.float64(bits >> np.uint64(11)) * (2.0 * _UNIT) - 1.0) * EDGES[layer]
        if abs(point) < EDGES[layer + 1]:
            return state, point
        state, accepted, point = _outside_the_core(state, layer, point)
        if accepted:
            return state, point


@njit(inline="always")
def _tail_quantile(share):
    q = math.sqrt(-2.0 * math.log(share))
    above = -7.784894002430293e-03 * q - 3.223964580411365e-01
    above = ((above * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968
    below = ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416
    return (above * q + 2.938163982698783) / (below * q + 1.0)


@njit(inline="always")
def normal_quantile(share):
    """Return the normal quantile of a share in (0, 1)."""
    if share < QUANTILE_TAIL:
        return _tail_quantile(share)
    if share > 1.0 - QUANTILE_TAIL:
        return -_tail_quantile(1.0 - share)
    q = share - 0.5
    r = q * q
    above = (-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02
    above = ((above * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    below = (-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02
    below = ((below * r + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return q * above / below


@njit(inline="always")
def _poisson_by_inversion(state, mean, none):
    state, left = next_uniform(state)
    count = 0
    probability = none
    while left >= probability and count < POISSON_MOST:
        left -= probability
        count += 1
        probability *= mean / count
    return state, count


@njit(cache=True)
def _poisson_in_steps(state, mean):
    total = 0
    while mean > POISSON_STEP:
        state, count = _poisson_by_inversion(state, POISSON_STEP, math.exp(-POISSON_STEP))
        total += count
        mean -= POISSON_STEP
    state, count = _poisson_by_inversion(state, mean, math.exp(-mean))
    return state, total + count


@njit(inline="always")
def next_poisson(state, mean, none):
    """Return the next state and a Poisson count; ``none`` is exp(-mean), computed once for many draws."""
    if mean <= POISSON_STEP:
        return _poisson_by_inversion(state, mean, none)
    return _poisson_in_steps(state, mean)
