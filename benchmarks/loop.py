"""The same two-level quantity as anybody would write it first: a loop of scipy.stats.nbinom over the nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import nbinom

from simulator.model.quadrature import trait_grid, win_probability

Array = NDArray[np.float64]


def loop(win_share: Array, slots: Array, shape: Array, persistence: Array, nodes: int, k_max: int = 10) -> Array:
    """Return R_k / A, shape (curve, k_max), one curve and one node at a time, on the kernel's own nodes."""
    z = ndtri(win_share)
    result = np.zeros((len(z), k_max))
    k = np.arange(k_max)
    for curve in range(len(z)):
        one = slice(curve, curve + 1)
        trait, weight = trait_grid(z[one], slots[one], persistence[one], nodes, k_max)
        mean = slots[curve] * win_probability(z[one], trait, persistence[one])[:, 0]
        for node in range(nodes):
            success = shape[curve] / (shape[curve] + mean[node])
            result[curve] += weight[node, 0] * nbinom.sf(k, shape[curve], success)
    return result
