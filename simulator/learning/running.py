"""A campaign under way: its final figures from the days that have run, and whether to keep, change or stop it.

What the days so far show is weighed against what was forecast. Every draw of the forecast says what these days would
have brought and what the rest will bring; draws move by as much as what was seen differs from what they said, in
proportion to how closely the two go together (an ensemble update, Evensen 1994), on logarithms. Assumptions: the
money still to be spent is the planned one; days of one campaign scatter by ``calibration.day_scatter``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import K_MAX, METRICS, WHOLE
from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.forecasting.bill import as_media
from simulator.forecasting.engine import Engine
from simulator.forecasting.metrics import daily_metrics
from simulator.forecasting.sample import Learnt
from simulator.model.draws import noisy_count, whole_count
from simulator.model.simulation import build_up, run
from simulator.reference.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

SEEN = ("impressions", "reach", "link_clicks")
COLUMNS = ("days", "spend", *SEEN)
RESPONSES = ("reactions", "comments", "shares")
DRAWS = 1024
TINY = 1e-9


@dataclass(frozen=True)
class SoFar:
    """What a campaign has brought by the end of its last full day.

    Attributes
    ----------
    days : int
    spend : float
        In the campaign's currency.
    impressions, reach, link_clicks : float or None
        Counts since the start; reach is people, each once, not the sum of its days. None where not known.
    """

    days: int
    spend: float
    impressions: float | None = None
    reach: float | None = None
    link_clicks: float | None = None

    @classmethod
    def of(cls, campaign: Campaign, told: Mapping[str, Any] | pd.DataFrame | SoFar) -> SoFar:
        """Read figures so far: one mapping, one row, or one row a day.

        Rows by day are added up, except their reach: who was reached on two days would count twice.

        Raises
        ------
        InvalidInput
            ``wrong_type``, ``missing_columns`` or ``out_of_range``, naming the entry.
        """
        if isinstance(told, SoFar):
            return told
        entries = dict(told) if isinstance(told, Mapping) else _from_rows(told)
        missing = [name for name in ("days", "spend") if entries.get(name) is None]
        if missing or all(entries.get(name) is None for name in SEEN):
            allowed = "days, spend, and one of impressions, reach, link_clicks"
            found = shown(", ".join(map(str, entries)), 200)
            raise InvalidInput("missing_columns", field="so_far", missing=", ".join(missing), found=found,
                               received=found, allowed=allowed)  # fmt: skip
        numbers = {name: _count(name, entries[name]) for name in COLUMNS if entries.get(name) is not None}
        days = numbers.pop("days")
        if not (days == round(days) and 1 <= days <= campaign.duration_days):
            allowed = f"a whole number from 1 to {campaign.duration_days}"
            raise InvalidInput("out_of_range", field="so_far.days", received=shown(days), allowed=allowed,
                               low=1, high=campaign.duration_days)  # fmt: skip
        found_so_far = cls(days=int(days), **numbers)
        found_so_far._check()
        return found_so_far

    def _check(self) -> None:
        most = self.impressions
        for name in ("reach", "link_clicks"):
            value = getattr(self, name)
            if value is not None and most is not None and value > most:
                allowed = f"at most the impressions, {most:g}"
                raise InvalidInput("out_of_range", field=f"so_far.{name}", received=shown(value), allowed=allowed,
                                   low=0, high=most)  # fmt: skip


def update(
    campaign: Campaign,
    so_far: Mapping[str, Any] | pd.DataFrame | SoFar,
    calibration: Learnt | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    parameters: Parameters | None = None,
    engine: Engine | None = None,
) -> Forecast:
    """Forecast the final figures of a campaign under way.

    Parameters
    ----------
    campaign : Campaign
        As it was planned.
    so_far : mapping, DataFrame or SoFar
        days, spend, impressions, reach, link_clicks since the start, or rows by day.
    calibration : Calibration, optional
        What past campaigns have taught.
    seed, draws, parameters
        As in ``simulate``; 1,024 draws where absent.
    engine : Engine, optional
        Instead of the calibration and those.

    Returns
    -------
    Forecast
        Of the whole campaign, days so far included.

    Examples
    --------
    >>> from simulator import Campaign, Place, Targeting, update
    >>> baker = Campaign(Targeting([Place.around("Pau")]), daily_budget=5, duration_days=14)
    >>> seen = {"days": 3, "spend": 15, "impressions": 1400, "reach": 1150, "link_clicks": 21}
    >>> update(baker, seen).impressions.p50 > 1400
    True
    """
    instance_of("campaign", campaign, Campaign)
    if engine is None:
        engine = Engine(parameters, calibration, seed, draws)  # type: ignore[arg-type]
    instance_of("engine", engine, Engine)
    seen = SoFar.of(campaign, so_far)
    before = engine.forecast(campaign)
    if engine.audience(campaign).size <= 0.0:
        return before
    return moved(before, course_of(campaign, seen.days, engine), seen, engine)


@dataclass(frozen=True)
class Course:
    """What each draw says of the days so far and of the rest, arrays of shape (draw,), at the planned money.

    Attributes
    ----------
    shown, people, rate : ndarray
        Impressions so far, people among them for each impression, clicks for each impression.
    rest, new, rest_rate : ndarray
        Impressions to come, new people and clicks for each of them.
    money, rest_money : ndarray
    """

    shown: Array
    people: Array
    rate: Array
    rest: Array
    new: Array
    rest_rate: Array
    money: Array
    rest_money: Array
    audience_size: Array


def course_of(campaign: Campaign, days: int, engine: Engine) -> Course:
    """Return what the forecast says of the first days and of the rest."""
    sample = engine.sample(campaign)
    bought = as_media(campaign, engine.parameters)
    outcome = run(sample.setting, np.array([bought.spend_per_day]), 1, engine.tables)
    people, answered = build_up(sample.setting, outcome.z)
    money = daily_metrics(sample, outcome)["spend"]
    part = days / campaign.duration_days
    whole = np.maximum(outcome.impressions.sum(axis=(1, 2, 3, 4)), TINY)
    clicks = sample.rates["link_clicks"][:, None] * answered
    now, last = days - 1, campaign.duration_days - 1
    shown, rest = whole * part, whole * (1.0 - part)
    return Course(
        shown=shown,
        people=np.maximum(people[:, now], TINY) / shown,
        rate=np.maximum(clicks[:, now], TINY) / shown,
        rest=np.maximum(rest, TINY),
        new=np.maximum(people[:, last] - people[:, now], TINY) / np.maximum(rest, TINY),
        rest_rate=np.maximum(clicks[:, last] - clicks[:, now], TINY) / np.maximum(rest, TINY),
        money=np.maximum(money[:, now], TINY),
        rest_money=money[:, last] - money[:, now],
        audience_size=sample.audience_size,
    )


def moved(before: Forecast, course: Course, seen: SoFar, engine: Engine) -> Forecast:
    """Return the forecast with its draws moved by what was seen."""
    campaign = before.campaign
    rng = np.random.default_rng([engine.seed, 1])
    scatter, left = engine.parameters.value("calibration.day_scatter"), campaign.duration_days - seen.days
    draws = len(course.shown)
    luck = scatter / np.sqrt(seen.days) * rng.standard_normal((2, draws))
    rest_luck = scatter / np.sqrt(max(left, 1)) * rng.standard_normal((2, draws))
    log_shown = np.log(course.shown * seen.spend / course.money + TINY) + luck[0]
    states = np.stack(
        [
            log_shown,
            np.log(course.people),
            np.log(course.rate) + luck[1],
            np.log(course.rest) + rest_luck[0],
            np.log(course.new),
            np.log(course.rest_rate) + rest_luck[1],
        ]
    )
    told, heard = _observations(seen, states, rng)
    return _final(before, course, seen, _ensemble_step(states, told, heard), rng)


def _final(before: Forecast, course: Course, seen: SoFar, states: Array, rng: np.random.Generator) -> Forecast:
    """Return the figures at the end: those seen so far, and each draw's own for what was not seen and for the rest."""
    log_shown, log_people, log_rate, log_rest, log_new, log_rest_rate = states
    draws = len(log_shown)
    shown = np.exp(log_shown) if seen.impressions is None else np.full(draws, seen.impressions)
    reach = np.minimum(shown * np.exp(log_people), shown) if seen.reach is None else np.full(draws, seen.reach)
    clicks = shown * np.exp(log_rate) if seen.link_clicks is None else np.full(draws, seen.link_clicks)
    if seen.days < before.campaign.duration_days:
        rest = noisy_count(np.exp(log_rest), rng.random(draws))
        most = np.maximum(course.audience_size, reach)
        reach = np.minimum(reach + rest * np.minimum(np.exp(log_new), 1.0), most)
        clicks = clicks + np.minimum(whole_count(np.exp(log_rest + log_rest_rate), rng.random(draws)), np.floor(rest))
        shown = shown + rest
    spend = seen.spend + course.rest_money
    return _with_figures(before, shown, np.minimum(reach, shown), np.minimum(clicks, shown), spend)


def _observations(seen: SoFar, states: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return what each draw would have counted so far (observation, draw) and what was counted, as logarithms.

    Small counts are counts: the noise of counting is drawn with them.
    """
    shown = np.exp(states[0])
    told: list[Array] = []
    heard: list[float] = []

    def count(expected: Array, actual: float) -> None:
        told.append(np.log(noisy_count(np.maximum(expected, TINY), rng.random(len(expected))) + 0.5))
        heard.append(np.log(max(actual, 0.0) + 0.5))

    if seen.impressions is not None:
        count(shown, seen.impressions)
        shown = np.full(len(shown), max(seen.impressions, TINY))
    if seen.reach is not None:
        # Given the showings: how many of them met somebody again.
        again = np.maximum(1.0 - np.exp(states[1]), TINY)
        if seen.impressions:
            count(shown * again, seen.impressions - seen.reach)
        else:
            count(shown * np.exp(states[1]), seen.reach)
    if seen.link_clicks is not None:
        count(shown * np.exp(states[2]), seen.link_clicks)
    return np.array(told), np.array(heard)


def _ensemble_step(states: Array, told: Array, heard: Array) -> Array:
    """Return states (state, draw) moved by what was heard (observation,) beyond what the draws told (…, draw)."""
    off_states = states - states.mean(axis=1, keepdims=True)
    off_told = told - told.mean(axis=1, keepdims=True)
    count = states.shape[1]
    covariance = off_told @ off_told.T / count + 1e-9 * np.eye(len(told))
    gain = np.linalg.solve(covariance, off_told @ off_states.T / count).T
    return np.asarray(states + gain @ (heard[:, None] - told))


def _with_figures(before: Forecast, impressions: Array, reach: Array, link_clicks: Array, spend: Array) -> Forecast:
    """Return the forecast with these draws, and those of what goes with them."""
    former = before.draws
    reach = np.maximum(reach, np.minimum(impressions, TINY))
    draws = dict(former)
    draws |= {"spend": spend, "impressions": impressions, "reach": reach, "link_clicks": link_clicks}
    draws["frequency"] = _over(impressions, reach)
    draws["cpm"] = 1000.0 * _over(spend, impressions)
    draws["ctr_link"] = _over(link_clicks, impressions)
    draws["cpc_link"] = _over(spend, np.maximum(link_clicks, 0.5))
    wider = _over(impressions, former["impressions"])
    for name in RESPONSES:
        draws[name] = np.round(former[name] * wider)
    draws["engagements"] = link_clicks + sum(draws[name] for name in RESPONSES)
    share = np.clip(_over(former["link_clicks"], former["clicks_all"]), 0.05, 1.0)
    draws["clicks_all"] = np.maximum(np.round(link_clicks / share), draws["engagements"])
    grown = float(np.median(_over(reach, former["reach"])))
    kplus = tuple(
        Band.of(reach) if k == 0 else Band(*(grown * value for value in _figures(before.reach_kplus[k])))
        for k in range(K_MAX)
    )
    bands: dict[str, Any] = {name: Band.of(draws[name], whole=name in WHOLE) for name in METRICS}
    return replace(before, **bands, draws=draws, reach_kplus=kplus, width={}, expected={})


def _figures(band: Band) -> tuple[float, ...]:
    return tuple(getattr(band, name) for name in band.__dataclass_fields__)


def _over(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0.0)


Decision = Literal["keep", "change", "stop"]
SURE = 0.8
"""Probability from which on something is said to be so."""
DEAR, FAR_TOO_DEAR = 1.25, 2.0
"""Cost of a result over that planned for: from the first something should change, from the second it should end."""
TIRING = 5.0
"""Showings to one person over the campaign from which on people are met too often."""
PRICE_OF = {"reach": ("reach", "impressions"), "link_clicks": ("link_clicks",)}


@dataclass(frozen=True)
class Verdict:
    """What to do with a campaign under way.

    Attributes
    ----------
    decision : str
        keep, change or stop.
    reason : str
        cost_as_planned, cost_above_plan, cost_far_above_plan or shown_too_often.
    probability : float
        That the reason holds at the end, 0 to 1.
    sentence : str
        In English.
    """

    decision: Decision
    reason: str
    probability: float
    sentence: str


def verdict(planned: Forecast, now: Forecast) -> Verdict:
    """Say whether to keep, change or stop, from the forecast before the start and the one under way.

    A result is a link click, or a person reached where the goal is reach or impressions. Nothing is called too dear
    before it is so with a probability of 0.8.
    """
    for field, forecast in (("planned", planned), ("now", now)):
        instance_of(field, forecast, Forecast)
    result = "reach" if planned.campaign.objective in PRICE_OF["reach"] else "link_clicks"
    usual = float(np.median(_over(planned.draws["spend"], np.maximum(planned.draws[result], 0.5))))
    cost = _over(now.draws["spend"], np.maximum(now.draws[result], 0.5)) / usual
    far, above = float((cost > FAR_TOO_DEAR).mean()), float((cost > DEAR).mean())
    often = float((now.draws["frequency"] > TIRING).mean())
    word = "person reached" if result == "reach" else "link click"
    if far >= SURE:
        said = f"Stop: a {word} will cost more than twice what was planned for ({far:.0%} sure)."
        return Verdict("stop", "cost_far_above_plan", far, said)
    if above >= SURE:
        said = f"Change it: a {word} will cost at least a quarter more than was planned for ({above:.0%} sure)."
        return Verdict("change", "cost_above_plan", above, said)
    if often >= SURE:
        said = f"Change it: people will see it more than {TIRING:g} times each ({often:.0%} sure)."
        return Verdict("change", "shown_too_often", often, said)
    said = f"Keep it: a {word} will not cost a quarter more than was planned for ({1.0 - above:.0%} sure)."
    return Verdict("keep", "cost_as_planned", 1.0 - above, said)


def _count(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if isinstance(value, bool) or not np.isfinite(number) or number < 0.0:
        allowed = "a number, 0 or more"
        raise InvalidInput("out_of_range", field=f"so_far.{name}", received=shown(value), allowed=allowed, low=0,
                           high=1e12)  # fmt: skip
    return number


def _from_rows(told: Any) -> dict[str, Any]:
    """Return totals from rows: one row of totals, or one row a day."""
    import pandas as pd

    if not isinstance(told, pd.DataFrame):
        allowed = "a mapping or a DataFrame of days, spend, impressions, reach, link_clicks"
        raise InvalidInput("wrong_type", field="so_far", received=shown(type(told)), allowed=allowed)
    if len(told) == 1 and "days" in told:
        row = told.iloc[0]
        return {name: row[name] for name in COLUMNS if name in told and pd.notna(row[name])}
    by_day = "start" if "start" in told else "date" if "date" in told else None
    days = len(told) if by_day is None else told[by_day].nunique()
    added = {name: told[name].sum() for name in ("spend", "impressions", "link_clicks") if name in told}
    return {"days": days, **added}
