"""How a campaign builds up from day to day: distinct people so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.model.simulation import Setting, expose

Array = NDArray[np.float64]

DAYS_COMPUTED = 9
"""Days worked out exactly; those between follow a monotone curve in log days, within 2e-3."""


def build_up(setting: Setting, z: Array) -> tuple[Array, Array]:
    """Return people reached and answers so far, shape (draw, day) each.

    Parameters
    ----------
    setting : Setting
    z : ndarray (draw, 1, cell)
        Normal quantile of the win share, the same every day.
    """
    from scipy.interpolate import PchipInterpolator

    days = setting.duration_days
    exact = np.unique(np.round(np.geomspace(1, days, min(days, DAYS_COMPUTED)))).astype(int)
    reach = np.empty((len(z), len(exact)))
    answered = np.empty_like(reach)
    for place, day in enumerate(exact):
        exposed = expose(setting, z, float(day), k_max=1)
        reach[:, place] = (exposed.reached[:, 0, :, :, 0] * setting.people).sum(axis=(1, 2))
        answered[:, place] = (exposed.answered[:, 0] * setting.people * setting.cell_appeal[:, None, :]).sum(
            axis=(1, 2)
        )
    if len(exact) == days:
        return reach, answered
    asked = np.log(np.arange(1, days + 1))
    at = np.log(exact)
    return (
        np.exp(PchipInterpolator(at, np.log(np.maximum(reach, 1e-300)), axis=1)(asked)),
        np.exp(PchipInterpolator(at, np.log(np.maximum(answered, 1e-300)), axis=1)(asked)),
    )
