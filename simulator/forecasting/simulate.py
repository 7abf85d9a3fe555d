"""Simulate a campaign: the two doors that most programs need; the work is the engine's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Unpack

from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.forecasting.engine import CURVE_METRICS, Engine, Settings

if TYPE_CHECKING:
    import pandas as pd


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
