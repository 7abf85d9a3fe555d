"""Reach given impressions for a goal: looks up λ, α and ρ, and asks the formula."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import instance_of
from simulator.campaign.objectives import OBJECTIVES, nearest_known
from simulator.model.expected import reach_from_impressions
from simulator.reference.parameters import Parameters, load_parameters

Array = NDArray[np.float64]


def expected_reach(
    impressions: ArrayLike,
    audience_size: ArrayLike,
    duration_days: ArrayLike,
    objective: str = "link_clicks",
    k_max: int = 10,
    parameters: Parameters | None = None,
) -> Array:
    """Return the people reached at least k times, k = 1 … k_max.

    Parameters
    ----------
    impressions : array_like
        Times shown over the campaign, ≥ 0.
    audience_size : array_like
        People who could be shown it, > 0; taken as given.
    duration_days : array_like
        Days, > 0.
    objective : str
        Goal of the campaign; sets slots a day (λ) and persistence (ρ).
    k_max : int
        1 to 100,000.
    parameters : Parameters, optional
        The shipped ones where absent.

    Returns
    -------
    ndarray (…, k_max)
        Inputs broadcast against each other. R_{k+1} ≤ R_k, R_1 ≤ min(impressions, audience_size). When the
        impressions exceed all slots that λ allows, slots a person rise to fit.

    Raises
    ------
    InvalidInput
        For an unknown objective, parameters that are none, numbers that are negative, not finite or out of range,
        or lists whose lengths do not fit each other.
    """
    if objective not in OBJECTIVES:
        allowed = ", ".join(OBJECTIVES)
        raise InvalidInput("unknown_choice", field="objective", received=shown(objective), allowed=allowed)
    parameters = load_parameters() if parameters is None else parameters
    instance_of("parameters", parameters, Parameters)
    how = nearest_known(objective)
    return reach_from_impressions(
        impressions,
        audience_size,
        duration_days,
        slots_per_day=parameters.value(f"delivery.slots_per_day.{how}"),
        activity_shape=parameters.value("delivery.activity_shape"),
        persistence=parameters.value(f"delivery.persistence.{how}"),
        k_max=k_max,
    )
