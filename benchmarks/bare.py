"""The bare arithmetic of a two-level reach curve: what no implementation in numpy can do without.

Per curve one normal quantile; per node one normal distribution function and one power; then ten
multiply-adds. Nothing else: fixed nodes, no care for accuracy, no tails, no checks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

NODES = 16
CHUNK = 1024
TRAIT = np.linspace(-5.0, 5.0, NODES)[:, None]
WEIGHT = np.exp(-0.5 * TRAIT**2) * (TRAIT[1, 0] - TRAIT[0, 0]) / np.sqrt(2.0 * np.pi)


def bare(win_share: Array, slots: Array, shape: Array, persistence: Array, k_max: int = 10) -> Array:
    """Return an approximation of R_k / A, shape (curve, k_max)."""
    result = np.empty((len(win_share), k_max))
    for start in range(0, len(win_share), CHUNK):
        part = slice(start, start + CHUNK)
        root, rest = np.sqrt(persistence[part]), np.sqrt(1.0 - persistence[part])
        mean = slots[part] * ndtr((ndtri(win_share[part]) - root * TRAIT) / rest)
        term = WEIGHT * (1.0 + mean / shape[part]) ** -shape[part]
        ratio = mean / (mean + shape[part])
        left = WEIGHT - term
        for k in range(1, k_max + 1):
            result[part, k - 1] = left.sum(axis=0)
            term = term * ratio
            left -= term
    return result
