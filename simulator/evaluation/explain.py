"""The real result beside the forecast: inside the band or not, and which cause moved it.

A campaign is told apart in four steps, each a factor on the median, so that their product is the whole distance from
what was announced to what happened:

    delivery   other money or other days than planned: the forecast of the campaign as it ran, over that as planned
    price      impressions that the same money bought, against the forecast of the campaign as it ran
    audience   people among that many impressions, against what the model gives for that many
    response   link clicks on that many impressions, likewise

People and clicks are not proportional to impressions (the next thousand showings meet fewer new people), so the
last three are read on the campaign's own curve. What a newer version of the model changed since the figures were
announced stands apart, as ``model``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.version import Change, changes_since
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.evaluation.compare import Variant
from simulator.forecasting.bill import as_media
from simulator.forecasting.engine import DRAWS, Engine
from simulator.library.actual import Actual
from simulator.library.scenario import Scenario
from simulator.reference.places import town_of_code
from simulator.reference.places.circles import distances_km
from simulator.reference.places.tables import unit_vectors

Array = NDArray[np.float64]

CHECKED = ("impressions", "reach", "frequency", "cpm", "link_clicks", "ctr_link", "cpc_link")
"""Spend is left out: the user sets it, so it is no test."""
EXPLAINED = ("impressions", "reach", "link_clicks")
CAUSES = ("model", "delivery", "price", "audience", "response")
RATIO_OF = {"price": "cpm", "audience": "frequency", "response": "ctr_link"}
"""The figure by which a cause is seen in the platform's own report."""
AS_PLANNED = 0.10
"""A campaign ran as planned if its spend is within this share of the plan and its days are the same. The platform
itself may spend more on one day and less on another; a tenth over all is our judgement, not a published figure."""
STEPS = np.arange(-8, 9) / 2.0
"""Powers of two, around the money spent, at which the curve of the campaign is read."""
SMALLEST_STEP = 1e-6
BELOW, INSIDE, ABOVE = "below", "inside", "above"


@dataclass(frozen=True)
class Check:
    """One figure of the real result against the band that was forecast."""

    metric: str
    actual: float
    band: Band

    @property
    def position(self) -> str:
        """``below``, ``inside`` or ``above`` the band."""
        if self.actual < self.band.p10:
            return BELOW
        return ABOVE if self.actual > self.band.p90 else INSIDE


@dataclass(frozen=True)
class Cause:
    """One cause of the distance between forecast and result.

    Attributes
    ----------
    factors : mapping of str to float
        By metric, what this cause alone made of the median: 1.2 is a fifth more.
    check : Check, optional
        The figure by which the cause is seen, against its band: inside, the cause is no surprise.
    """

    name: str
    factors: Mapping[str, float]
    check: Check | None = None


@dataclass(frozen=True)
class Explanation:
    """Forecast against actual.

    Attributes
    ----------
    announced : tuple of Check
        Against what was announced (the figures saved; the forecast of the plan by today's model where none were).
    as_run : tuple of Check
        Against the forecast for the money really spent and the days it really ran.
    causes : tuple of Cause
        In the order of ``CAUSES``, those that can be told from the figures given.
    ran_as_planned : bool
        Whether money and days were those of the plan, so that ``announced`` is a fair test.
    """

    announced: tuple[Check, ...]
    as_run: tuple[Check, ...]
    causes: tuple[Cause, ...]
    ran_as_planned: bool
    forecast: Forecast | None

    def total(self, metric: str) -> float:
        """Return the product of all factors: result over what was announced."""
        return float(np.prod([cause.factors.get(metric, 1.0) for cause in self.causes]))

    def main_cause(self, metric: str) -> Cause | None:
        """Return the cause that moved a metric most, if any did."""
        moved = [cause for cause in self.causes if cause.factors.get(metric, 1.0) not in (0.0, 1.0)]
        return max(moved, key=lambda cause: abs(np.log(cause.factors[metric])), default=None)


def explain(subject: Scenario | Campaign, actual: Actual | None = None, *, draws: int = DRAWS) -> Explanation:
    """Set the real result beside the forecast.

    Parameters
    ----------
    actual : Actual, optional
        That of the scenario where absent.

    Raises
    ------
    InvalidInput
        ``missing`` without an actual result, ``other_currency``, or money that no campaign may spend.
    """
    actual = actual or (subject.actual if isinstance(subject, Scenario) else None)
    if actual is None:
        raise InvalidInput("missing", field="actual", allowed="what the campaign really did")
    campaign = subject.campaign if isinstance(subject, Scenario) else subject
    if actual.currency not in ("", campaign.currency):
        received = shown(actual.currency)
        raise InvalidInput("other_currency", field="actual.currency", received=received, allowed=campaign.currency)
    plan = variant_of(subject, campaign, draws)
    campaign = as_media(campaign, plan.engine.parameters)  # the result's spend is money on showings
    planned = plan.forecast()
    told = subject.figures if isinstance(subject, Scenario) and subject.figures else None
    announced = told or {metric: planned.band(metric) for metric in CHECKED}
    checks = checks_of(actual, announced)
    ran_as_planned = kept_to_plan(campaign, actual)
    if actual.spend <= 0.0:
        return Explanation(checks, (), (), ran_as_planned, None)
    real = variant_of(subject, campaign_as_run(campaign, actual), draws)
    forecast = planned if real.campaign == campaign else real.forecast()
    as_run = checks_of(actual, {metric: forecast.band(metric) for metric in CHECKED})
    causes = _causes(actual, announced, planned, forecast, real)
    return Explanation(checks, as_run, causes, ran_as_planned, forecast)


def checks_of(actual: Actual, bands: Mapping[str, Band]) -> tuple[Check, ...]:
    """Return each figure that is known of the result against its band."""
    figures = actual.figures
    return tuple(Check(name, figures[name], bands[name]) for name in CHECKED if name in figures and name in bands)


def kept_to_plan(campaign: Campaign, actual: Actual) -> bool:
    """Whether money and days were those of the plan."""
    same_days = actual.days is None or actual.days == campaign.duration_days
    return same_days and abs(actual.spend / campaign.spend_planned - 1.0) <= AS_PLANNED


def campaign_as_run(campaign: Campaign, actual: Actual) -> Campaign:
    """Return the campaign with the money and the dates it really had."""
    days = actual.days or campaign.duration_days
    is_planned = days == campaign.duration_days and actual.spend == campaign.spend_planned
    money = {} if is_planned else {"daily_budget": actual.spend / days, "total_budget": None, "duration_days": days}
    return campaign.replace(**money, start=actual.start or campaign.start)


def variant_of(subject: Scenario | Campaign, campaign: Campaign, draws: int) -> Variant:
    """Return ``campaign`` with whatever else the forecasts of ``subject`` depend on."""
    if isinstance(subject, Scenario):
        return Variant(campaign, Engine(subject.parameters(), subject.calibration, subject.seed, draws))
    return Variant(campaign, Engine(draws=draws))


def _causes(
    actual: Actual, announced: Mapping[str, Band], planned: Forecast, forecast: Forecast, real: Variant
) -> tuple[Cause, ...]:
    told, plan, run = (
        {metric: source[metric].p50 for metric in EXPLAINED if metric in source}
        for source in (announced, _bands(planned), _bands(forecast))
    )
    if min(plan["impressions"], run["impressions"]) <= 0.0:
        return ()
    # A median of no click is no figure to divide by.
    known = [metric for metric in EXPLAINED if min(told.get(metric, 0.0), plan[metric], run[metric]) > 0.0]
    found = [
        Cause("model", {metric: plan[metric] / told[metric] for metric in known}),
        Cause("delivery", {metric: run[metric] / plan[metric] for metric in known}),
    ]
    if actual.impressions:
        at_actual = _at(real, actual.impressions)
        price = {metric: at_actual[metric] / run[metric] for metric in known}
        found.append(Cause("price", price, _seen("price", actual, forecast)))
        for name, metric in (("audience", "reach"), ("response", "link_clicks")):
            figure = getattr(actual, metric)
            if figure is not None and metric in known:
                found.append(Cause(name, {metric: figure / at_actual[metric]}, _seen(name, actual, forecast)))
    has_moved = [cause.name != "model" or any(abs(f - 1.0) > 1e-9 for f in cause.factors.values()) for cause in found]
    return tuple(cause for cause, moved in zip(found, has_moved, strict=True) if moved)


def _bands(forecast: Forecast) -> dict[str, Band]:
    return {metric: forecast.band(metric) for metric in EXPLAINED}


def _seen(name: str, actual: Actual, forecast: Forecast) -> Check | None:
    metric = RATIO_OF[name]
    value = actual.figures.get(metric)
    return None if value is None else Check(metric, value, forecast.band(metric))


def _at(real: Variant, impressions: float) -> dict[str, float]:
    """Return the median of each metric where the campaign's own curve has so many impressions."""
    budgets = np.minimum(real.campaign.spend_per_day * 2.0**STEPS, real.campaign.most_per_day)
    frame = real.curve(np.unique(budgets), real.campaign.currency)
    along = np.log(frame["impressions_p50"].to_numpy())
    # Where the inventory is exhausted, more money buys nothing more: such steps say nothing about people.
    rising = np.append(True, np.diff(along) > SMALLEST_STEP)
    at = np.log(impressions)
    found = {}
    for metric in EXPLAINED:
        up = frame[f"{metric}_p50"].to_numpy()
        steps = rising & (up > 0.0)  # counts are whole numbers: at little money their median is no click
        found[metric] = float(np.exp(_extended(at, along[steps], np.log(up[steps])))) if steps.any() else 0.0
    return found


def _extended(x: float, along: Array, up: Array) -> float:
    """Interpolate; beyond the ends, go on with the slope of the last step."""
    if len(along) == 1:
        return float(up[0])
    place = int(np.clip(np.searchsorted(along, x), 1, len(along) - 1))
    slope = (up[place] - up[place - 1]) / (along[place] - along[place - 1])
    return float(up[place - 1] + slope * (x - along[place - 1]))


MOVED_KM = 5.0
"""A town's position of before is said to be wrong from this distance on."""


@dataclass(frozen=True)
class Moved:
    """A circle around the position that its town once had in the tables.

    Attributes
    ----------
    name : str
    distance_km : float
        To the town's position of today.
    """

    name: str
    distance_km: float


@dataclass(frozen=True)
class Reopened:
    """Both results of a scenario.

    Attributes
    ----------
    as_saved : mapping of str to Band
        The bands kept when it was saved; empty if none were.
    today : Forecast, optional
        By today's model and figures; None if they cannot take it any more, with the ``problem``.
    changes : tuple of Change
        Versions of the model since then that change results.
    figures_changed : bool
        Whether today's parameters differ from those it was made with, its own overrides aside.
    moved : tuple of Moved
        Circles that stand where their town no longer is. Both results are those of the old position.
    """

    scenario: Scenario
    as_saved: Mapping[str, Band]
    today: Forecast | None
    changes: tuple[Change, ...]
    figures_changed: bool
    problem: InvalidInput | None = field(default=None)
    moved: tuple[Moved, ...] = ()

    @property
    def is_up_to_date(self) -> bool:
        """Whether nothing that could change its result has come since it was saved."""
        return self.problem is None and not self.changes and not self.figures_changed


def reopen(scenario: Scenario, *, draws: int | None = None) -> Reopened:
    """Return a scenario's results as saved and as today."""
    changes = changes_since(scenario.model_version)
    try:
        today = scenario.forecast(draws=draws)
    except InvalidInput as error:
        return Reopened(scenario, scenario.figures, None, changes, True, error, moved_places(scenario.campaign))
    changed = today.parameter_digest != scenario.parameter_digest
    return Reopened(scenario, scenario.figures, today, changes, changed, None, moved_places(scenario.campaign))


def moved_places(campaign: Campaign) -> tuple[Moved, ...]:
    """Return the circles of a campaign that stand far from where the tables of today have their town."""
    found = []
    for place in campaign.targeting.places:
        town = town_of_code(place.code, place.country_code) if place.kind == "circle" else None
        if town is None:
            continue
        here = unit_vectors(place.latitude, place.longitude)
        distance = float(distances_km(here, unit_vectors(town.latitude, town.longitude)))
        if distance > MOVED_KM:
            found.append(Moved(town.name, distance))
    return tuple(found)
