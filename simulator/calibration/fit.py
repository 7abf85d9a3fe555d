"""Fit: the most probable scores and how sure they are, by robust Gauss–Newton steps and Laplace's approximation.

Every row gives up to three observations: its price, its reach given its impressions, its click rate. Errors
follow Student laws, so that an odd row cannot pull the fit away; an audience that the file does not tell adds
its own doubt to each observation. The prior is N(0, 1) on every score, so no row at all returns the defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.latents import ALL, UNTOLD_AUDIENCE, Layout, context_of
from simulator.calibration.prediction import Predictor, Scores
from simulator.calibration.rows import Rows
from simulator.parameters import Parameters

Array = NDArray[np.float64]

ROLES_OF = {
    "price": (
        "price_level", "price_trend", "price_month", "price_objective", "price_age",
        "anchor_win_share", "price_dispersion", "slots_per_day", UNTOLD_AUDIENCE,
    ),
    "reach": ("slots_per_day", "activity_shape", "persistence", UNTOLD_AUDIENCE),
    "clicks": (
        "ctr_link", "anchor_win_share", "slots_per_day", "activity_shape", "persistence",
        "value_dispersion", "wear_out", "response_age",
    ),
}  # fmt: skip
"""Roles that each kind of observation depends on."""
SCATTERED = ("price", "clicks")
"""Kinds whose scatter an account may have smaller or larger than the shipped one."""
STEPS = 25
TOLERANCE = 1e-4
NUDGE = 0.02
"""Step of the numerical derivatives, in standard deviations of the prior."""
LONGEST_STEP = 1.5
SCALES = np.linspace(-2.5, 2.5, 51)
"""Candidate deviations of an account's own scatter, in standard deviations of its prior."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of observation: what was seen, how it scatters, how the model expects it."""

    name: str
    observed: Array
    noise: Array
    seen: NDArray[np.bool_]
    expected: Callable[[Scores], Array]


@dataclass(frozen=True, eq=False)
class Fitted:
    """Posterior of the latent scores: normal with ``mean`` (latent,) and ``covariance``; scatter factors by kind."""

    layout: Layout
    mean: Array
    covariance: Array
    scatter: dict[str, float]
    residuals: dict[str, Array]


def fit_scores(rows: Rows, parameters: Parameters) -> Fitted:
    """Fit the latent scores to rows.

    Parameters
    ----------
    rows : Rows
        May be empty.
    parameters : Parameters
        The prior.
    """
    layout = Layout.for_contexts(list(rows.country), list(rows.objective), parameters.value("calibration.pooling"))
    scatter = dict.fromkeys(SCATTERED, 1.0)
    mean = np.zeros(len(layout))
    if not len(rows):
        return Fitted(layout, mean, np.eye(len(layout)), scatter, {})
    design = {role: layout.design(role, _contexts(role, rows)) for role in ALL}
    predictor = Predictor(rows, parameters)
    freedom = parameters.value("calibration.outlier_freedom")
    doubt = parameters.value("calibration.scatter_doubt")
    precision = np.eye(len(layout))
    for _ in range(STEPS):
        precision = np.eye(len(layout))
        gradient = -mean
        kinds = observations(predictor, _role_scores(design, mean))
        for kind in kinds:
            residual, slope = _linearised(kind, design, mean)
            if kind.name in scatter:
                scatter[kind.name] = _own_scatter(residual, kind.noise[kind.seen], freedom, doubt)
            spread = kind.noise[kind.seen] * scatter.get(kind.name, 1.0)
            weight = (freedom + 1.0) / (freedom + (residual / spread) ** 2) / spread**2
            precision += slope.T @ (weight[:, None] * slope)
            gradient = gradient + slope.T @ (weight * residual)
        step = np.linalg.solve(precision, gradient)
        longest = float(np.abs(step).max())
        mean = mean + step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
        if longest < TOLERANCE:
            break
    last = observations(predictor, _role_scores(design, mean))
    residuals = {kind.name: _residual(kind, design, mean) for kind in last}
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    return Fitted(layout, mean, covariance, scatter, residuals)


def observations(predictor: Predictor, scores: Scores) -> tuple[Kind, ...]:
    """Return the three kinds of observation that rows give; their noise is worked out at ``scores``."""
    rows, parameters = predictor.rows, predictor.parameters
    clicks = np.where(np.isfinite(rows.link_clicks), rows.link_clicks, 0.0) + 0.5

    def price(some: Scores) -> Array:
        return np.log(predictor.cpm(some))

    def reach(some: Scores) -> Array:
        return np.log(predictor.reach(some, rows.impressions))

    more = Predictor(rows.with_audience(rows.audience * np.exp(NUDGE)), parameters)
    price_slope = (np.log(more.cpm(scores)) - price(scores)) / NUDGE * rows.audience_log_sd
    reach_slope = (np.log(more.reach(scores, rows.impressions)) - reach(scores)) / NUDGE * rows.audience_log_sd
    error = parameters["delivery.model_error"].log_sd
    creative = parameters["response.creative_spread"].log_sd
    return (
        Kind(
            "price",
            np.log(1000.0 * rows.spend / rows.impressions),
            np.sqrt(error**2 + price_slope**2 + 1.0 / rows.impressions),
            np.ones(len(rows), dtype=bool),
            price,
        ),
        Kind(
            "reach",
            np.log(rows.reach),
            np.hypot(parameters.value("calibration.reach_scatter"), reach_slope),
            rows.age_band == "",
            reach,
        ),
        Kind(
            "clicks",
            np.log(clicks / rows.impressions),
            np.sqrt(creative**2 + 1.0 / clicks),
            np.isfinite(rows.link_clicks),
            lambda some: np.log(predictor.ctr_link(some, rows.impressions)),
        ),
    )


def _contexts(role: str, rows: Rows) -> NDArray[np.str_]:
    return np.array([context_of(role, str(c), str(o)) for c, o in zip(rows.country, rows.objective, strict=True)])


def _role_scores(design: dict[str, Array], mean: Array) -> dict[str, Array]:
    return {role: matrix @ mean for role, matrix in design.items()}


def _residual(kind: Kind, design: dict[str, Array], mean: Array) -> Array:
    return (kind.observed - kind.expected(_role_scores(design, mean)))[kind.seen]


def _linearised(kind: Kind, design: dict[str, Array], mean: Array) -> tuple[Array, Array]:
    """Return residuals (seen row,) and the slope of the expectation on the latents (seen row, latent).

    A row's expectation depends on that row's scores only, so one nudge a role serves all rows.
    """
    scores = _role_scores(design, mean)
    here = kind.expected(scores)
    slope = np.zeros((len(here), len(mean)))
    for role in ROLES_OF[kind.name]:
        moved = kind.expected({**scores, role: scores[role] + NUDGE})
        slope += ((moved - here) / NUDGE)[:, None] * design[role]
    return (kind.observed - here)[kind.seen], slope[kind.seen]


def _own_scatter(residual: Array, noise: Array, freedom: float, doubt: float) -> float:
    """Return the most probable factor on the scatter, under a log-normal prior around one."""
    factors = np.exp(doubt * SCALES)
    scaled = residual[None, :] / (noise[None, :] * factors[:, None])
    likelihood = -np.log(factors) * len(residual) - 0.5 * (freedom + 1.0) * np.log1p(scaled**2 / freedom).sum(axis=1)
    return float(factors[np.argmax(likelihood - 0.5 * SCALES**2)])
