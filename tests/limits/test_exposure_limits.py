"""Limits of the exposure model where the answer is known without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import pdtrc

from simulator.model.exposure import reach_shares


@pytest.mark.parametrize("k_max", [1, 10])
@pytest.mark.parametrize("slots", [5.0, 50.0])
def test_people_equally_active_and_equally_dear_are_met_as_poisson_says(slots: float, k_max: int) -> None:
    """α → ∞, ρ = 0: P(Y ≥ k) of a Poisson count; R_1 = A(1 − e^−m)."""
    counts = np.arange(1, k_max + 1)
    found = reach_shares(np.inf, slots, 1e8, 0.0, k_max=k_max)
    np.testing.assert_allclose(found, pdtrc(counts - 1.0, slots), rtol=1e-4)
