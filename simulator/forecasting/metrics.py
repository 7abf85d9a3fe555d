"""From what the model computes to the metrics a forecast reports: counts with their noise, ratios, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.forecasting.audience import Audience
from simulator.forecasting.sample import INTERACTIONS, Sample
from simulator.model.draws import noisy_count, whole_count
from simulator.model.simulation import Outcome, build_up

Array = NDArray[np.float64]


def metrics_of(
    sample: Sample, outcome: Outcome, *, interactions: bool = True, whole: bool = True
) -> tuple[dict[str, Array], Array]:
    """Return every metric, shape (draw, budget), and reach_kplus (draw, budget, k), with count noise.

    Responses are whole numbers, Poisson given what a draw expects; with ``whole`` false, what it expects.
    """
    size = sample.audience_size[:, None]
    shown_point = sample.point("noise_shown")[:, None]
    impressions = noisy_count(outcome.impressions.sum(axis=(2, 3, 4)), shown_point)
    people = outcome.reach_kplus.sum(axis=(2, 3))
    most = np.minimum(size, impressions)[..., None]
    reach_kplus = np.minimum.accumulate(np.minimum(noisy_count(people, shown_point[..., None]), most), axis=-1)
    reach = reach_kplus[..., 0]
    answered = outcome.answered.sum(axis=(2, 3))
    # Of less than one showing there is no click: counts never pass the showings.
    most_answers = np.floor(impressions) if whole else impressions

    def counted(expected: Array, role: str) -> Array:
        count = whole_count(expected, sample.point(role)[:, None]) if whole else expected
        return np.minimum(count, most_answers)

    expected_clicks = sample.rates["link_clicks"][:, None] * answered
    clicks = counted(expected_clicks, "noise_link_clicks")
    metrics = {
        "audience_size": np.broadcast_to(size, reach.shape),
        "spend": outcome.spend,
        "impressions": impressions,
        "reach": reach,
        "frequency": _ratio(impressions, reach),
        "cpm": 1000.0 * _ratio(outcome.spend, impressions),
        "link_clicks": clicks,
        "ctr_link": _ratio(clicks, impressions),
        # Where nobody clicks a click has no price: then what the draw expects is divided by, at most one.
        "cpc_link": _ratio(outcome.spend, np.maximum(clicks, np.minimum(expected_clicks, 1.0))),
    }
    if interactions:
        counts = {name: counted(sample.rates[name][:, None] * answered, f"noise_{name}") for name in INTERACTIONS}
        engagements = clicks + sum(counts.values())
        elsewhere = expected_clicks * (1.0 / sample.click_share[:, None] - 1.0)
        clicks_all = np.maximum(clicks + counted(elsewhere, "noise_clicks_other"), engagements)
        metrics |= {**counts, "engagements": engagements, "clicks_all": clicks_all}
    return metrics, reach_kplus


def expected_responses(sample: Sample, outcome: Outcome) -> dict[str, Array]:
    """Return the expected counts of responses before their own noise, shape (draw,) each."""
    answered = outcome.answered[:, 0].sum(axis=(1, 2))
    return {name: rate * answered for name, rate in sample.rates.items()}


def _ratio(top: Array, bottom: Array) -> Array:
    """Divide; nothing over nothing is nothing."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0.0)


def segments_of(audience: Audience, sample: Sample, outcome: Outcome) -> tuple[Mapping[str, Any], ...]:
    """Return the means over the draws by cell and presence."""
    people = sample.audience_size.mean() * audience.people / audience.size
    shown_on = outcome.impressions[:, 0].mean(axis=0)
    reach = outcome.reach_kplus[:, 0, :, :, 0].mean(axis=0)
    clicks = (outcome.answered[:, 0] * sample.rates["link_clicks"][:, None, None]).mean(axis=0)
    rows = []
    for column, cell in enumerate(audience.cells):
        for row, presence in enumerate(audience.presences):
            by_platform = {
                f"{name}_impressions": float(shown_on[row, place, column])
                for place, name in enumerate(audience.platforms)
            }
            rows.append(
                {
                    "country": cell.country_code,
                    "age_band": cell.age_band,
                    "sex": cell.sex,
                    "presence": presence,
                    "audience_size": float(people[row, column]),
                    "impressions": float(shown_on[row, :, column].sum()),
                    "reach": float(reach[row, column]),
                    "link_clicks": float(clicks[row, column]),
                    "facebook_impressions": by_platform.get("facebook_impressions", 0.0),
                    "instagram_impressions": by_platform.get("instagram_impressions", 0.0),
                }
            )
    return tuple(rows)


def daily_metrics(sample: Sample, outcome: Outcome) -> Mapping[str, Array]:
    """Return spend, impressions, reach and link_clicks so far, shape (draw, day) each."""
    reach, answered = build_up(sample.setting, outcome.z)
    days = np.arange(1, sample.setting.duration_days + 1) / sample.setting.duration_days
    shown_point = sample.point("noise_shown")[:, None]
    impressions = noisy_count(outcome.impressions.sum(axis=(2, 3, 4)) * days, shown_point)
    clicks = whole_count(sample.rates["link_clicks"][:, None] * answered, sample.point("noise_link_clicks")[:, None])
    return {
        "spend": outcome.spend * days,
        "impressions": impressions,
        "reach": np.minimum(noisy_count(reach, shown_point), np.minimum(sample.audience_size[:, None], impressions)),
        "link_clicks": np.minimum(clicks, np.floor(impressions)),
    }
