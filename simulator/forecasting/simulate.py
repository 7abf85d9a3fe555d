"""The doors that most programs need: simulate a campaign, its budget curve, and reach given impressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.campaign.objectives import OBJECTIVES, nearest_known
from simulator.forecasting.engine import CURVE_METRICS, Engine, Settings
from simulator.model.expected import reach_from_impressions
from simulator.reference.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    import pandas as pd

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


def simulate(campaign: Campaign, **settings: Unpack[Settings]) -> Forecast:
    """Forecast a campaign.

    Parameters
    ----------
    campaign : Campaign
    seed, draws, parameters, calibration, tables
        See ``Engine``: 0, 512, the shipped ones, none and none where absent.
    engine : Engine, optional
        Instead of those.

    Returns
    -------
    Forecast
        Zeros with the reason where nobody can be shown the advertisement.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for ``draws`` or ``seed``, ``wrong_type`` for anything else that is not what it should be.
    """
    return Engine.of(settings).forecast(campaign)


def budget_curve(
    campaign: Campaign,
    daily_budgets: Iterable[float],
    *,
    metrics: Iterable[str] = CURVE_METRICS,
    **settings: Unpack[Settings],
) -> pd.DataFrame:
    """Return how exposure changes with the money, on the same draws for every budget.

    Parameters
    ----------
    campaign : Campaign
    daily_budgets : list, array, range, Series … of float
        Money a day in the campaign's currency, ≥ 0; at most 1,000 of them.
    metrics : iterable of str
        Any of a forecast, and ``reach_1plus`` … ``reach_10plus``.
    seed, draws, parameters, calibration, tables, engine
        As in ``simulate``. What ``tables`` keep was worked out for other money: figures differ by up to 1e-7.

    Returns
    -------
    DataFrame
        Index ``daily_budget``; columns ``reach_p10``, ``reach_p50``, ``reach_p90``, ``reach_mean``, and the
        same for the other metrics; ``attrs`` hold the currency and the units.
    """
    return Engine.of(settings).curve(campaign, daily_budgets, metrics)
