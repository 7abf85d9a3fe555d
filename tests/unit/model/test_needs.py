"""Needs and forgetting as clocks: closed forms against people simulated one by one, and limits known without them."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.model import needs

CASES = [(0.002, 0.07, 0.2, 7.0, 365.0), (0.05, 0.05, 0.02, 30.0, 30.0), (0.3, 0.01, 1.0, 90.0, 120.0)]
"""Need, forgetting, settling (a day); days of the campaign; horizon."""


def simulated(case: tuple[float, ...], people: int, seed: int) -> tuple[float, float]:
    """Return the shares who asked, and whose order came, among people whose clocks are drawn one by one."""
    need, forgetting, settling, duration, horizon = case
    rng = np.random.default_rng(seed)
    seen = rng.uniform(0.0, duration, people)
    needed = seen + rng.exponential(1.0 / need, people)
    forgotten = seen + rng.exponential(1.0 / forgetting, people)
    asked = (needed < forgotten) & (needed <= horizon)
    settled = asked & (needed + rng.exponential(1.0 / settling, people) <= horizon)
    return float(asked.mean()), float(settled.mean())


@pytest.mark.parametrize("case", CASES)
def test_people_simulated_one_by_one_agree(case: tuple[float, ...]) -> None:
    people = 400_000
    need, forgetting, settling = (np.array([rate]) for rate in case[:3])
    expected = needs.asked(need, forgetting, *case[3:]), needs.asked_and_settled(need, forgetting, settling, *case[3:])
    for share, seen in zip(expected, simulated(case, people, seed=3), strict=True):
        error = np.sqrt(share[0] * (1.0 - share[0]) / people)
        assert abs(seen - share[0]) < 3.0 * error


def test_limits() -> None:
    one = np.array([1.0])
    never_forgotten, always = np.array([1e-12]), np.array([50.0])
    assert needs.asked(always, never_forgotten, 1.0, 1e6)[0] == pytest.approx(1.0)
    assert needs.asked(0.0 * one, one, 7.0, 365.0)[0] == 0.0
    assert needs.asked(one, 3.0 * one, 1.0, 1e4)[0] == pytest.approx(0.25), "the chance that the need comes first"
    at_once = needs.asked_and_settled(one, one, 1e9 * one, 7.0, 9.0)
    assert at_once == pytest.approx(needs.asked(one, one, 7.0, 9.0), rel=1e-6)
    assert needs.asked_and_settled(one, one, 1e-9 * one, 7.0, 9.0)[0] == pytest.approx(0.0, abs=1e-7)


def test_the_delay_may_equal_the_two_clocks() -> None:
    rate = np.array([0.1])
    same = needs.asked_and_settled(rate, rate, 2.0 * rate, 7.0, 30.0)
    beside = needs.asked_and_settled(rate, rate, 2.001 * rate, 7.0, 30.0)
    assert same == pytest.approx(beside, rel=1e-3)


def test_more_time_never_means_fewer() -> None:
    need, forgetting, settling = np.array([0.01]), np.array([0.05]), np.array([0.03])
    horizons = np.linspace(14.0, 400.0, 60)
    asked = np.array([needs.asked(need, forgetting, 14.0, t)[0] for t in horizons])
    settled = np.array([needs.asked_and_settled(need, forgetting, settling, 14.0, t)[0] for t in horizons])
    assert (np.diff(asked) >= 0.0).all()
    assert (np.diff(settled) >= 0.0).all()
    assert (settled < asked).all()


def test_the_chance_of_some() -> None:
    assert needs.chance_of_some(np.array([0.0, np.log(2.0)])) == pytest.approx(0.25)
