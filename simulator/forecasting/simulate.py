"""Simulate a campaign: the only place that joins tables, parameters and model."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import K_MAX, METRICS
from simulator.base.validation import instance_of, numbers
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import QUANTILES, Band, Flag, Forecast
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.delivery_estimate import delivery_estimate
from simulator.forecasting.metrics import curve_draws, daily_metrics, expected_responses, metrics_of, segments_of
from simulator.forecasting.sample import ROLES, Learnt, draw_sample
from simulator.forecasting.warnings import flags_for
from simulator.model.draws import width_by_cause
from simulator.model.interpolation import KnotTables
from simulator.model.simulation import run
from simulator.reference.parameters import Parameters, given_or_shipped

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

DRAWS = 512
MAX_DRAWS = 65_536
MAX_BUDGETS = 1_000
CURVE_METRICS = ("reach", "impressions", "frequency", "link_clicks", "cpm")
WIDTH_METRICS = ("reach", "impressions", "link_clicks")
TINY = 1e-12


def simulate(
    campaign: Campaign,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    parameters: Parameters | None = None,
    calibration: Learnt | None = None,
    tables: KnotTables | None = None,
) -> Forecast:
    """Forecast a campaign.

    Parameters
    ----------
    campaign : Campaign
    seed : int
        Same seed, same numbers.
    draws : int
        Draws behind the bands, 16 to 65,536; powers of two are best.
    parameters : Parameters, optional
        The shipped ones where absent.
    calibration : Calibration, optional
        What past campaigns have taught.
    tables : KnotTables, optional
        Keeps between calls what does not depend on place, ages or money: the same figures, sooner.

    Returns
    -------
    Forecast
        Zeros with the reason where nobody can be shown the advertisement.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for ``draws`` or ``seed``, ``wrong_type`` for anything else that is not what it should be.
    """
    instance_of("campaign", campaign, Campaign)
    check_draws(seed, draws)
    check_kept(calibration, tables)
    parameters = given_or_shipped(parameters)
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    if audience.size <= 0.0:
        return _nobody(campaign, audience, parameters, seed, draws)
    sample = draw_sample(campaign, audience, parameters, seed, draws, calibration)
    outcome = run(sample.setting, np.array([campaign.spend_per_day]), K_MAX, tables)
    metrics, reach_kplus = metrics_of(sample, outcome)
    values = {name: metrics[name][:, 0] for name in METRICS}
    scores = ndtri(sample.points)
    causes = tuple(ROLES.values())
    return Forecast(
        **{name: Band.of(values[name]) for name in METRICS},
        reach_kplus=tuple(Band.of(reach_kplus[:, 0, k]) for k in range(K_MAX)),
        currency=campaign.currency,
        duration_days=campaign.duration_days,
        seed=seed,
        model_version=MODEL_VERSION,
        parameter_digest=parameters.digest,
        draws=values,
        width={name: width_by_cause(np.log(values[name] + TINY), scores, causes) for name in WIDTH_METRICS},
        flags=flags_for(campaign, audience, values, parameters),
        reasons=audience.reasons,
        sources=audience.sources,
        segments=segments_of(audience, sample, outcome),
        daily=partial(daily_metrics, sample, outcome),
        expected=expected_responses(sample, outcome),
        delivery=partial(delivery_estimate, campaign, parameters, seed, draws, calibration),
    )


def budget_curve(
    campaign: Campaign,
    daily_budgets: Iterable[float],
    *,
    seed: int = 0,
    draws: int = DRAWS,
    parameters: Parameters | None = None,
    calibration: Learnt | None = None,
    tables: KnotTables | None = None,
) -> pd.DataFrame:
    """Return how exposure changes with the money, on the same draws for every budget.

    Parameters
    ----------
    daily_budgets : list, array, range, Series … of float
        Money a day in the campaign's currency, ≥ 0; at most 1,000 of them.
    tables : KnotTables, optional
        As in ``simulate``; what is kept was worked out for other money, so that figures differ by up to 1e-7.

    Returns
    -------
    DataFrame
        Index ``daily_budget``; columns ``reach_p10``, ``reach_p50``, ``reach_p90``, ``reach_mean``, and the
        same for impressions, frequency, link_clicks and cpm.
    """
    import pandas as pd

    instance_of("campaign", campaign, Campaign)
    check_draws(seed, draws)
    check_kept(calibration, tables)
    budgets = _budgets(campaign, daily_budgets)
    parameters = given_or_shipped(parameters)
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    metrics = curve_draws(campaign, audience, budgets, parameters, seed, draws, calibration, tables, interactions=False)
    columns: dict[str, Array] = {}
    for name in CURVE_METRICS:
        quantiles = np.quantile(metrics[name], QUANTILES, axis=0)
        for label, row in zip(("p10", "p50", "p90"), quantiles, strict=True):
            columns[f"{name}_{label}"] = row
        columns[f"{name}_mean"] = metrics[name].mean(axis=0)
    return pd.DataFrame(columns, index=pd.Index(budgets, name="daily_budget"))




def check_draws(seed: int, draws: int) -> None:
    """Raise ``InvalidInput`` unless seed and number of draws can be used."""
    for field, value, low, high in (("seed", seed, 0, 2**63 - 1), ("draws", draws, 16, MAX_DRAWS)):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or not low <= value <= high:
            allowed = f"a whole number from {low:,} to {high:,}"
            raise InvalidInput("out_of_range", field=field, received=shown(value), allowed=allowed, low=low, high=high)


def check_kept(calibration: Learnt | None, tables: KnotTables | None = None) -> None:
    """Raise ``InvalidInput`` unless what was learnt, and what is kept between calls, can be used."""
    if calibration is not None and (isinstance(calibration, type) or not isinstance(calibration, Learnt)):
        allowed = "a Calibration, or None"
        raise InvalidInput("wrong_type", field="calibration", received=shown(calibration), allowed=allowed)
    if tables is not None:
        instance_of("tables", tables, KnotTables)


def _budgets(campaign: Campaign, daily_budgets: Iterable[float]) -> Array:
    """Check budgets by the campaign's own limit; nothing at all is allowed here too."""
    most = campaign.most_per_day
    return np.array(numbers("daily_budgets", daily_budgets, 0.0, most, campaign.currency, MAX_BUDGETS))


def _nobody(campaign: Campaign, audience: Audience, parameters: Parameters, seed: int, draws: int) -> Forecast:
    """Return zeros, with the reason."""
    nothing = Band(0.0, 0.0, 0.0, 0.0)
    none = np.zeros(draws)
    days = np.zeros((1, campaign.duration_days))
    return Forecast(
        **dict.fromkeys(METRICS, nothing),  # type: ignore[arg-type]
        reach_kplus=(nothing,) * K_MAX,
        currency=campaign.currency,
        duration_days=campaign.duration_days,
        seed=seed,
        model_version=MODEL_VERSION,
        parameter_digest=parameters.digest,
        draws=dict.fromkeys(METRICS, none),
        width={},
        reasons=audience.reasons or (Flag("nobody_matches"),),
        sources=audience.sources,
        daily=partial(dict, spend=days, impressions=days, reach=days, link_clicks=days),
        delivery=partial(delivery_estimate, campaign, parameters, seed, draws),
    )
