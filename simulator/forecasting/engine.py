"""The engine: what a forecast depends on besides the campaign, made once and checked once.

Forecasts, curves, plans, splits, comparisons and back-tests that share an engine share parameters, calibration,
seed and draws, and so meet the same luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NotRequired, Self, TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import K_MAX, METRICS, REACH_KPLUS, WHOLE
from simulator.base.validation import instance_of, numbers
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import QUANTILES, Band, Flag, Forecast, quantiles
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.bill import as_media, media_budgets
from simulator.forecasting.delivery_estimate import delivery_estimate
from simulator.forecasting.metrics import daily_metrics, expected_responses, metrics_of, segments_of
from simulator.forecasting.sample import ROLES, Learnt, Sample, draw_sample, prior_points, role_point
from simulator.forecasting.warnings import flags_for
from simulator.model.draws import width_by_cause
from simulator.model.interpolation import KnotTables
from simulator.model.simulation import Outcome, run
from simulator.reference.parameters import (
    OWN_CLICK_RATE,
    OWN_CPM,
    Parameters,
    given_or_shipped,
    load_parameters,
    units_per_euro,
)

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

DRAWS = 512
MAX_DRAWS = 65_536
MAX_BUDGETS = 1_000
CURVE_METRICS = ("reach", "impressions", "frequency", "link_clicks", "cpm")
WIDTH_METRICS = ("reach", "impressions", "link_clicks")
TINY = 1e-12


class Settings(TypedDict):
    """Keyword arguments of every function that forecasts: those of ``Engine``, or an engine made before."""

    seed: NotRequired[int]
    draws: NotRequired[int]
    parameters: NotRequired[Parameters | None]
    calibration: NotRequired[Learnt | None]
    tables: NotRequired[KnotTables | None]
    engine: NotRequired[Engine | None]


@dataclass(frozen=True)
class Engine:
    """Everything a forecast depends on besides the campaign.

    Attributes
    ----------
    parameters : Parameters
        The shipped ones where None is given.
    calibration : Calibration, optional
        What past campaigns have taught.
    seed : int
        0 to 2⁶³ − 1. Same seed, same numbers.
    draws : int
        Draws behind the bands, 16 to 65,536; powers of two are best.
    tables : KnotTables, optional
        Keeps between calls what does not depend on place, ages or money: the same figures, sooner. Left behind
        when the engine is pickled.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for ``seed`` or ``draws``, ``wrong_type`` for the others.

    Examples
    --------
    >>> from simulator import Campaign, Engine, Place, Targeting
    >>> engine = Engine(seed=1)
    >>> baker = Campaign(Targeting([Place.around("Pau")]), daily_budget=5)
    >>> engine.forecast(baker).reach == engine.forecast(baker).reach
    True
    """

    parameters: Parameters = None  # type: ignore[assignment]
    calibration: Learnt | None = field(default=None)
    seed: int = 0
    draws: int = DRAWS
    tables: KnotTables | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", given_or_shipped(self.parameters))
        check_draws(self.seed, self.draws)
        calibration, tables = self.calibration, self.tables
        if calibration is not None and (isinstance(calibration, type) or not isinstance(calibration, Learnt)):
            allowed = "a Calibration, or None"
            raise InvalidInput("wrong_type", field="calibration", received=shown(calibration), allowed=allowed)
        if tables is not None:
            instance_of("tables", tables, KnotTables)

    @classmethod
    def of(cls, settings: Settings, *, draws: int = DRAWS) -> Engine:
        """Return the engine among the settings, or make one of them, with ``draws`` where they name no number.

        Raises
        ------
        InvalidInput
            ``both_engines`` where an engine and other settings are given together.
        """
        others = {name: value for name, value in settings.items() if name != "engine"}
        engine = settings.get("engine")
        if engine is None:
            return cls(**{"draws": draws, **others})  # type: ignore[arg-type]
        instance_of("engine", engine, Engine)
        if others:
            raise InvalidInput("both_engines", field="engine", received=", ".join(sorted(others)))
        return engine

    def with_draws(self, draws: int) -> Self:
        """Return the same engine with another number of draws; the first of many are those of few."""
        return replace(self, draws=draws)

    def audience(self, campaign: Campaign) -> Audience:
        """Estimate who could be shown the campaign."""
        return estimate_audience(campaign.targeting, self.parameters, campaign.platforms)

    def sample(self, campaign: Campaign, audience: Audience | None = None) -> Sample:
        """Draw every parameter that the campaign uses."""
        audience = self.audience(campaign) if audience is None else audience
        sample = draw_sample(campaign, audience, self.parameters, self.seed, self.draws, self.calibration)
        if OWN_CPM not in self.parameters and OWN_CLICK_RATE not in self.parameters:
            return sample
        daily = max(as_media(campaign, self.parameters).spend_per_day, 0.01 * units_per_euro(campaign.currency))
        points = prior_points(self.seed, self.draws)
        return with_own_figures(sample, points, daily, campaign.currency, self.parameters, self.tables)

    def metrics(
        self,
        campaign: Campaign,
        daily_budgets: Array,
        *,
        audience: Audience | None = None,
        interactions: bool = True,
        whole: bool = True,
        k_max: int = 1,
    ) -> dict[str, Array]:
        """Return the draws of every metric, shape (draw, budget), all on the same points.

        The budgets are of the kind that ``campaign.budget_is`` says.
        ``interactions`` false leaves out reactions, comments, shares and what is counted from them; ``whole`` false
        gives responses as each draw expects them, before they are counted: smooth in the budget. With ``reach_1plus``
        up to ``k_max``.
        """
        audience = self.audience(campaign) if audience is None else audience
        if audience.size <= 0.0:
            none = np.zeros((self.draws, len(daily_budgets)))
            return dict.fromkeys((*METRICS, *REACH_KPLUS[:k_max]), none)
        sample = self.sample(campaign, audience)
        daily_budgets = media_budgets(campaign, daily_budgets, self.parameters)
        outcome = run(sample.setting, daily_budgets, k_max, self.tables)
        metrics, reach_kplus = metrics_of(sample, outcome, interactions=interactions, whole=whole)
        return {**metrics, **{name: reach_kplus[..., k] for k, name in enumerate(REACH_KPLUS[:k_max])}}

    def forecast(self, campaign: Campaign) -> Forecast:
        """Forecast a campaign; zeros with the reason where nobody can be shown the advertisement."""
        instance_of("campaign", campaign, Campaign)
        audience = self.audience(campaign)
        if audience.size <= 0.0:
            return self._nobody(campaign, audience)
        sample = self.sample(campaign, audience)
        bought = as_media(campaign, self.parameters)
        outcome = run(sample.setting, np.array([bought.spend_per_day]), K_MAX, self.tables)
        metrics, reach_kplus = metrics_of(sample, outcome)
        values = {name: metrics[name][:, 0] for name in METRICS}
        bands: dict[str, Any] = {name: Band.of(values[name], whole=name in WHOLE) for name in METRICS}
        scores = ndtri(sample.points)
        causes = tuple(ROLES.values())
        return Forecast(
            **bands,
            reach_kplus=tuple(Band.of(reach_kplus[:, 0, k]) for k in range(K_MAX)),
            **self._identity(campaign),
            draws={**values, **{name: reach_kplus[:, 0, k] for k, name in enumerate(REACH_KPLUS)}},
            width={name: width_by_cause(np.log(values[name] + TINY), scores, causes) for name in WIDTH_METRICS},
            flags=flags_for(bought, audience, values, self.parameters),
            reasons=audience.reasons,
            sources=audience.sources,
            segments=segments_of(audience, sample, outcome),
            expected=expected_responses(sample, outcome),
        )

    def curve(
        self, campaign: Campaign, daily_budgets: Iterable[float], metrics: Iterable[str] = CURVE_METRICS
    ) -> pd.DataFrame:
        """Return how exposure changes with the money: see ``budget_curve``."""
        import pandas as pd  # slow to import

        instance_of("campaign", campaign, Campaign)
        most = campaign.most_per_day
        budgets = np.array(numbers("daily_budgets", daily_budgets, 0.0, most, campaign.currency, MAX_BUDGETS))
        names = _checked_metrics(metrics)
        deep = any(name in REACH_KPLUS for name in names)
        drawn = self.metrics(
            campaign, budgets, interactions=not {*names} <= {*CURVE_METRICS}, k_max=K_MAX if deep else 1
        )
        columns: dict[str, Array] = {}
        for name in names:
            bands = quantiles(drawn[name], QUANTILES, whole=name in WHOLE)
            for label, row in zip(("p10", "p50", "p90"), bands, strict=True):
                columns[f"{name}_{label}"] = row
            columns[f"{name}_mean"] = drawn[name].mean(axis=0)
        frame = pd.DataFrame(columns, index=pd.Index(budgets, name="daily_budget"))
        units = {name: METRICS[name].unit if name in METRICS else "people" for name in names}
        frame.attrs = {"currency": campaign.currency, "units": units, "seed": self.seed}
        return frame

    def daily(self, campaign: Campaign) -> Mapping[str, Array]:
        """Return spend, impressions, reach and link_clicks so far, shape (draw, day) each."""
        audience = self.audience(campaign)
        if audience.size <= 0.0:
            none = np.zeros((1, campaign.duration_days))
            return dict.fromkeys(("spend", "impressions", "reach", "link_clicks"), none)
        sample = self.sample(campaign, audience)
        daily = np.array([as_media(campaign, self.parameters).spend_per_day])
        return daily_metrics(sample, run(sample.setting, daily, 1, self.tables))

    def delivery_estimate(self, campaign: Campaign) -> dict[str, Any]:
        """Return the shape of the platform's withdrawn ``delivery_estimate``: see the module of that name."""
        audience = self.audience(campaign)
        return delivery_estimate(
            as_media(campaign, self.parameters),
            audience,
            self.parameters,
            lambda one, budgets: self.metrics(one, budgets, audience=audience),
        )

    def _identity(self, campaign: Campaign) -> dict[str, Any]:
        """Return what names a forecast: the campaign, and everything its figures depend on."""
        return {
            "campaign": campaign,
            "seed": self.seed,
            "model_version": MODEL_VERSION,
            "parameter_digest": self.parameters.digest,
            "calibration_digest": "" if self.calibration is None else self.calibration.digest,
            "engine": self,
        }

    def _nobody(self, campaign: Campaign, audience: Audience) -> Forecast:
        """Return zeros, with the reason."""
        nothing = Band(0.0, 0.0, 0.0, 0.0)
        return Forecast(
            **dict.fromkeys(METRICS, nothing),  # type: ignore[arg-type]
            reach_kplus=(nothing,) * K_MAX,
            **self._identity(campaign),
            draws=dict.fromkeys((*METRICS, *REACH_KPLUS), np.zeros(self.draws)),
            width={},
            reasons=audience.reasons or (Flag("nobody_matches"),),
            sources=audience.sources,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # The shipped parameters are the same everywhere, and the tables are only a saving: neither travels.
        parameters = None if self.parameters is load_parameters() else self.parameters
        return Engine, (parameters, self.calibration, self.seed, self.draws)


def _checked_metrics(metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the metrics of a curve, each once; refuse with ``unknown_metric`` or ``wrong_type``."""
    if isinstance(metrics, str) or not isinstance(metrics, Iterable):
        raise InvalidInput("wrong_type", field="metrics", received=shown(metrics), allowed="a list of metrics")
    names = tuple(dict.fromkeys(metrics))
    for place, name in enumerate(names):
        if name not in METRICS and name not in REACH_KPLUS:
            allowed = ", ".join((*METRICS, REACH_KPLUS[0], "…", REACH_KPLUS[-1]))
            raise InvalidInput("unknown_metric", field=f"metrics.{place}", received=shown(name), allowed=allowed)
    return names


def check_draws(seed: int, draws: int) -> None:
    """Raise ``out_of_range`` unless seed and number of draws can be used."""
    for name, value, low, high in (("seed", seed, 0, 2**63 - 1), ("draws", draws, 16, MAX_DRAWS)):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or not low <= value <= high:
            allowed = f"a whole number from {low:,} to {high:,}"
            raise InvalidInput("out_of_range", field=name, received=shown(value), allowed=allowed, low=low, high=high)


CLOSE = 2e-3
"""Relative distance from the own CPM at which the search ends in every draw."""
MOST_ROUNDS = 12
LEAST_ELASTIC = 0.2
"""Least percent of CPM for a percent of price: dearer showings at a fixed budget are fewer, and the cheaper ones."""


def with_own_figures(
    sample: Sample,
    points: Array,
    daily_budget: float,
    currency: str,
    parameters: Parameters,
    tables: KnotTables | None = None,
) -> Sample:
    """Return the sample in which the campaign pays the own CPM and has the own click rate, as far as they are given.

    What is left of the published prices is how places, ages, platforms and budgets differ from each other; what is left
    of the published click rates is how ages, platforms and repetition do.

    Parameters
    ----------
    sample : Sample
    points : ndarray (draw, role)
        Uniform points before learning: what the user states takes the place of what was learnt.
    daily_budget : float
        Money a day on showings at which the two hold, in ``currency``.
    """
    budget = np.array([daily_budget])
    outcome = run(sample.setting, budget, 1, tables)
    if OWN_CPM in parameters:
        own = parameters[OWN_CPM].quantile(role_point(points, "price_level")) * units_per_euro(currency)
        sample, outcome = _paying(sample, outcome, own, budget, tables)
    if OWN_CLICK_RATE in parameters:
        own = parameters[OWN_CLICK_RATE].quantile(role_point(points, "ctr_link"))
        answered = outcome.answered[:, 0].sum(axis=(1, 2))
        rate = np.minimum(own, 1.0) * _impressions(outcome) / np.maximum(answered, 1e-300)
        sample = replace(sample, rates={**sample.rates, "link_clicks": rate})
    return sample


def _paying(
    sample: Sample, outcome: Outcome, own: Array, budget: Array, tables: KnotTables | None
) -> tuple[Sample, Outcome]:
    """Scale the prices of every draw until its CPM is ``own``, shape (draw,): by secants on logarithmic scales."""
    elasticity, before = np.ones_like(own), None
    for _ in range(MOST_ROUNDS):
        missing = np.log(own * _impressions(outcome) / (1000.0 * outcome.spend[:, 0]))
        if np.abs(missing).max() < CLOSE:
            break
        if before is not None:
            moved = 1.0 - missing / np.where(before == 0.0, 1.0, before)
            elasticity = np.clip(elasticity * moved, LEAST_ELASTIC, 1.0)
        before = missing
        price = sample.setting.cell_price * np.exp(missing / elasticity)[:, None]
        sample = replace(sample, setting=replace(sample.setting, cell_price=price))
        outcome = run(sample.setting, budget, 1, tables)
    return sample, outcome


def _impressions(outcome: Outcome) -> Array:
    return np.asarray(outcome.impressions[:, 0].sum(axis=(1, 2, 3)))
