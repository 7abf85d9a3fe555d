"""Draws of a posterior brought back to what the campaigns showed.

A fit is normal around its most probable scores, as if the forecaster were straight there. It is not: what a keen
audience does to clicks bends with four or five parameters that no campaign tells apart. Left alone, draws far from the
middle would answer past campaigns otherwise than these were answered. So the forecaster is run on the draws for a
typical past campaign, and what it says there beyond the straight line is taken out of the two scores that only scale
price and clicks: their distribution given the others is then the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.campaign.objectives import nearest_known
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import draw_sample
from simulator.learning.aims import Aims, Past
from simulator.learning.expected import SHAPES, Expectation, Fixed, centre_near
from simulator.learning.impute import level_of
from simulator.learning.random_effects import ALL
from simulator.learning.rows import Rows
from simulator.model.simulation import run
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

MOST = 3.0
"""Largest logarithm taken out: beyond, the draw is as good as any."""
MOST_OWN = 1.5
"""Scores of its persistence by which a campaign may differ from others of its account."""
EDGE = 1e-9


def typical(rows: Rows, aims: Aims) -> Past | None:
    """Return one campaign for each country and goal, with the medians of its rows; None without any."""
    chosen, medians = [], []
    pairs = sorted(set(zip(map(str, rows.country), map(str, rows.objective), strict=True)))
    for country, objective in pairs:
        of = np.flatnonzero((rows.country == country) & (rows.objective == objective))
        aim = int(np.bincount(aims.of_row[of]).argmax())
        first = of[aims.of_row[of] == aim][0]
        chosen.append(first)
        days = float(np.median(rows.days[of]))
        spend = float(np.median(rows.spend[of] / rows.days[of])) * days
        impressions = max(spend * float(np.median(rows.impressions[of] / rows.spend[of])), 1.0)
        medians.append((spend, days, impressions, float(np.median(rows.audience[of]))))
    if not chosen:
        return None
    some, count = rows.take(np.array(chosen)), len(chosen)
    spend, days, impressions, audience = np.array(medians).T
    unknown = np.full(count, np.nan)
    return Past(
        replace(
            some,
            spend=spend,
            days=days,
            impressions=impressions,
            audience=audience,
            reach=unknown,
            link_clicks=unknown,
            start=np.full(count, np.datetime64("NaT", "D")),
            account=np.full(count, ""),
            index=np.arange(count),
            campaign=np.arange(count),
            age_band=np.full(count, ""),
            platform=np.full(count, ""),
            is_part=np.zeros(count, dtype=bool),
            dropped=(),
        ),
        aims.take(np.array(chosen)),
    )


def own_repetition(mean: dict[str, float], luck: float, campaign: Past, parameters: Parameters) -> float:
    """Return the spread of a campaign's own persistence, in scores, that varies its reach by ``luck`` (logarithm).

    How often people are met again differs between campaigns of one account; as a factor on reach it could pass the
    impressions. Where hardly anybody is met twice, nothing varies.
    """
    slope = _model(mean, campaign, parameters).log_reach(_scores(mean)).slopes["persistence"]
    return min(luck / max(abs(float(slope[0])), 1e-9), MOST_OWN)


def _scores(mean: dict[str, float]) -> dict[str, Array]:
    return {role: np.full(1, mean.get(role, 0.0)) for role in ALL}


def _model(mean: dict[str, float], campaign: Past, parameters: Parameters) -> Expectation:
    """Return the forecaster seen from one campaign, run around the posterior means."""
    model = Expectation(campaign.rows, campaign.aims, parameters, {})
    centre = centre_near(np.array([mean.get(role, 0.0) for role in SHAPES]))
    return model.at({model.groups[0][0]: centre})


def brought_back(
    points: Array,
    roles: Sequence[str],
    mean: dict[str, float],
    certain: dict[str, float],
    campaign: Past,
    parameters: Parameters,
) -> Array:
    """Return the points (draw, role) with price level and click rate as the typical campaign demands.

    Parameters
    ----------
    mean : mapping of str to float
        Posterior means of the scores.
    certain : mapping of str to float
        For price_level and ctr_link, the share of their variance, given all others, that is gone.
    campaign : Past
        One row.
    """
    rows, middle, model = campaign.rows, _scores(mean), _model(mean, campaign, parameters)
    straight = {"price_level": model.log_price(middle).slopes, "ctr_link": model.log_rate(middle).slopes}
    last = np.full(points.shape[1], 0.5)
    names = list(roles)
    for role, value in mean.items():
        if role in names:
            last[names.index(role)] = ndtr(value)
    with_middle = np.vstack([points, last])
    log_price, log_rate = _answers(with_middle, names, model, parameters)
    scores = ndtri(points)
    for role, answer in (("price_level", log_price), ("ctr_link", log_rate)):
        line = answer[-1] + sum(
            slope[0] * (scores[:, names.index(name)] - mean.get(name, 0.0))
            for name, slope in straight[role].items()
            if name in names
        )
        beyond = np.clip(answer[:-1] - line, -MOST, MOST) * certain[role]
        column = names.index(role)
        scores[:, column] = _lowered(scores[:, column], beyond, role, rows, parameters)
    return np.asarray(np.clip(ndtr(scores), EDGE, 1.0 - EDGE))


def _answers(points: Array, names: Sequence[str], model: Expectation, parameters: Parameters) -> tuple[Array, Array]:
    """Return log price and log click rate of the campaign on each draw, without the campaign's own luck."""
    even = points.copy()
    for luck in ("model_error", "creative"):
        even[:, names.index(luck)] = 0.5
    days = int(np.clip(np.round(model.rows.days[0]), 1, 365))
    campaign = model.groups[0][0].campaign(days)
    found = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    base, doubt = (float(array[0]) for array in model.audience[:2])
    audience = replace(found, people=found.people * (np.exp(base) / found.size), log_sd=doubt)
    sample = draw_sample(campaign, audience, parameters, 0, len(even), Fixed(even))
    spend = float(model.rows.spend[0] / model.rows.days[0])
    outcome = run(sample.setting, np.array([spend]), 1)
    impressions = outcome.impressions[:, 0].sum(axis=(1, 2, 3))
    answered = outcome.answered[:, 0].sum(axis=(1, 2)) * sample.rates["link_clicks"]
    return np.log(1000.0 * spend * days / impressions), np.log(answered / impressions)


def _lowered(score: Array, log_factor: Array, role: str, rows: Rows, parameters: Parameters) -> Array:
    """Return the scores at which a price level or a click rate is lower by a factor."""
    if role == "price_level":
        return np.asarray(score - log_factor / level_of(str(rows.country[0]), parameters).log_sd)
    entry = parameters[f"response.ctr_link.{nearest_known(str(rows.objective[0]))}"]

    def log_rate(at: Array) -> Array:
        return np.log(entry.quantile(ndtr(np.clip(at, -8.0, 8.0))))

    wanted = log_rate(score) - log_factor
    found = score
    for _ in range(3):
        slope = (log_rate(found + 0.01) - log_rate(found)) / 0.01
        found = np.clip(found + (wanted - log_rate(found)) / np.maximum(slope, 1e-3), -7.0, 7.0)
    return np.asarray(found)
