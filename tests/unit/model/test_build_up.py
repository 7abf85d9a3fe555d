"""How a campaign builds up: every day against that day worked out alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.model.simulation import build_up, run
from tests.unit.model.examples import capacity, many, setting


def whole_and_days(example: object, share: float) -> tuple[object, np.ndarray, np.ndarray, np.ndarray]:
    budget = np.array([share * capacity(example)])
    outcome = run(example, budget)
    return (outcome, *build_up(example, outcome.z), budget)


@pytest.mark.parametrize("share", [1e-3, 0.1, 0.8])
@pytest.mark.parametrize("days", [1, 2, 7, 60])
def test_every_day_is_a_campaign_of_that_length(days: int, share: float) -> None:
    """At the same daily budget; within 2e-3 between the days worked out exactly."""
    example = many(duration_days=days)
    _, reach, answered, budget = whole_and_days(example, share)
    assert reach.shape == answered.shape == (1, days)
    for day in sorted({1, min(2, days), days // 2 or 1, max(days - 1, 1), days}):
        alone = run(replace(example, duration_days=day), budget)
        assert reach[0, day - 1] == pytest.approx(alone.reach_kplus[..., 0].sum(), rel=2e-3), day
        assert answered[0, day - 1] == pytest.approx(alone.answered.sum(), rel=3e-3), day


@pytest.mark.parametrize(
    "example", [setting(duration_days=365), many(duration_days=30), setting(cap=(2, 7), duration_days=21)]
)
def test_the_last_day_is_the_whole_and_no_day_takes_people_back(example: object) -> None:
    outcome, reach, answered, _ = whole_and_days(example, 0.05)
    assert reach[0, -1] == pytest.approx(outcome.reach_kplus[..., 0].sum(), rel=1e-4)
    assert answered[0, -1] == pytest.approx(outcome.answered.sum(), rel=1e-4)
    assert (np.diff(reach) > 0.0).all()
    assert (np.diff(answered) > 0.0).all()


def test_nothing_spent_builds_up_to_nothing() -> None:
    example = setting(duration_days=30)
    outcome = run(example, np.array([0.0]))
    reach, answered = build_up(example, outcome.z)
    assert (reach < 1e-200).all()
    assert (answered < 1e-200).all()
