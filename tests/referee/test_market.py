"""The person-by-person simulation counts what its description says, where that is known without any formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("numba")
from tests.referee.market import Outcome, run
from tests.referee.pacing import multiplier_for, won_per_slot
from tests.referee.people import Platform, Segment, activity_groups

PEOPLE = 100_000
SEGMENT = Segment(PEOPLE, log_price_mean=-1.2, log_value_mean=0.7)
MULTIPLIER = 0.07


def close(counted: tuple[np.ndarray, np.ndarray], expected: float, errors: float = 4.0) -> bool:
    """Whether a total with its standard error is the expected number."""
    value, error = counted
    return bool(abs(value[0] - expected) <= errors * error[0] + 1e-9 * abs(expected))


def agree(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> bool:
    """Whether two totals differ by less than four standard errors everywhere."""
    return bool(np.all(np.abs(first[0] - second[0]) <= 4.0 * np.hypot(first[1], second[1])))


def test_the_same_seed_gives_the_same_counts_and_another_seed_others() -> None:
    first, again, other = (run([SEGMENT], 3, MULTIPLIER, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(first.impressions, again.impressions)
    assert np.array_equal(first.spend, again.spend)
    assert not np.array_equal(first.impressions, other.impressions)


def test_an_infinite_bid_wins_every_slot_at_the_mean_price() -> None:
    outcome = run([SEGMENT], 7, math.inf)
    assert np.array_equal(outcome.impressions, outcome.opportunities)
    assert close(outcome.total(outcome.opportunities), PEOPLE * 3.0 * 7)
    price, error = outcome.ratio(outcome.spend, outcome.impressions)
    assert close((price, error), math.exp(-1.2 + 0.5 * 0.5**2))
    unworn = run([SEGMENT], 7, math.inf, wear=0.0)
    assert close(unworn.ratio(unworn.responses, unworn.impressions), 1.0)


def test_a_bid_of_nearly_nothing_wins_nothing() -> None:
    outcome = run([SEGMENT], 7, 1e-9)
    assert outcome.impressions.sum() == outcome.spend.sum() == outcome.reach.sum() == 0.0
    assert outcome.opportunities.sum() > 0.0


def test_reach_is_counted_per_person() -> None:
    outcome = run([Segment(PEOPLE, slots_per_day=0.4)], 3, MULTIPLIER * 10)
    reach, _ = outcome.total(outcome.reach[:, 0])
    assert np.all(np.diff(reach) <= 0.0)
    assert 0.0 < reach[0] <= PEOPLE
    assert reach.sum() == pytest.approx(outcome.impressions.sum(), rel=1e-3), "few see it more than ten times"


def test_even_spreading_and_focus_change_no_expectation() -> None:
    segment = Segment(PEOPLE, persistence=0.7)
    at_random = run([segment], 7, 0.3, spread=False, seed=1)
    for outcome in (run([segment], 7, 0.3, seed=2), run([segment], 7, 0.3, seed=3, focus=3.0)):
        for name in ("impressions", "spend", "responses", "opportunities", "reach"):
            assert agree(outcome.total(getattr(outcome, name)), at_random.total(getattr(at_random, name))), name


def test_the_activity_groups_have_the_moments_of_the_gamma_law() -> None:
    for shape in (0.6, 0.9, 1.4):
        groups = activity_groups(shape)
        assert groups.mean() == pytest.approx(1.0, abs=2e-5)
        assert groups.var() == pytest.approx(1.0 / shape, rel=1e-3)


def counted_reach(outcome: Outcome) -> np.ndarray:
    """Return people reached at least k times, shape (10,)."""
    return outcome.total(outcome.reach)[0][0]


def test_a_cap_of_the_campaign_stops_at_its_number() -> None:
    free = run([SEGMENT], 10, MULTIPLIER * 10, seed=1)
    capped = run([SEGMENT], 10, MULTIPLIER * 10, cap=(3, 10), seed=2)
    assert np.all(counted_reach(capped)[3:] == 0.0)
    assert agree(
        tuple(part[:, :3] for part in free.total(free.reach)), tuple(part[:, :3] for part in capped.total(capped.reach))
    )
    assert capped.impressions.sum() == pytest.approx(counted_reach(capped).sum())


def test_a_daily_cap_counts_each_calendar_day_anew() -> None:
    days = run([SEGMENT], 4, math.inf, cap=(1, 1))
    assert counted_reach(days)[3] > 0.0
    assert counted_reach(days)[4] == 0.0
    assert close(days.total(days.impressions), PEOPLE * 4 * (1.0 - (1.0 + 3.0 / 0.9) ** -0.9))
    broken_week = run([SEGMENT], 8, math.inf, cap=(1, 7))
    assert counted_reach(broken_week)[1] > 0.0
    assert counted_reach(broken_week)[2] == 0.0


def test_each_day_has_its_own_multiplier() -> None:
    alternating = run([SEGMENT], 4, [math.inf, 1e-9, math.inf, 1e-9], seed=1)
    two_days = run([SEGMENT], 2, math.inf, seed=2)
    assert agree(alternating.total(alternating.impressions), two_days.total(two_days.impressions))
    assert agree(alternating.total(alternating.reach), two_days.total(two_days.reach))


def test_platforms_share_slots_and_have_their_own_price_and_appeal() -> None:
    platforms = (Platform(0.25, 0.0, 1.0), Platform(0.75, math.log(2.0), 0.5))
    outcome = run([Segment(PEOPLE, platforms=platforms)], 7, math.inf, wear=0.0)
    assert close(outcome.ratio(outcome.shown_on[:, :1], outcome.impressions), 0.25)
    assert close(outcome.ratio(outcome.spend, outcome.impressions), (0.25 + 0.75 * 2.0) * math.exp(0.5 * 0.5**2))
    assert close(outcome.ratio(outcome.responses, outcome.impressions), 0.25 + 0.75 * 0.5)


def test_wear_out_lowers_each_further_showing_of_a_person() -> None:
    alike = Segment(PEOPLE, price_log_sd=0.5, value_log_sd=1e-9)
    outcome = run([alike], 7, 1.0, wear=1.0, cap=(10, 7))
    assert outcome.responses.sum() == pytest.approx(counted_reach(outcome) @ (1.0 / np.arange(1, 11)), rel=1e-6)


@pytest.mark.parametrize(
    "segment", [SEGMENT, Segment(PEOPLE, price_log_sd=0.0, value_log_sd=0.6), Segment(PEOPLE, persistence=0.85)]
)
def test_the_bid_spends_the_budget(segment: Segment) -> None:
    segments = [segment, Segment(PEOPLE // 2, log_price_mean=0.4)]
    budget = 0.1 * PEOPLE * 3.0 * math.exp(segment.log_price_mean)
    outcome = run(segments, 7, multiplier_for(segments, budget))
    spent, error = outcome.total(outcome.spend.sum(axis=1, keepdims=True))
    assert close((spent, error), 7.0 * budget)
    assert error[0] < 0.01 * spent[0]


def test_a_budget_beyond_the_inventory_wins_everything() -> None:
    inventory = PEOPLE * 3.0 * math.exp(SEGMENT.log_price_mean + 0.5 * SEGMENT.price_log_sd**2)
    assert multiplier_for([SEGMENT], 1.001 * inventory) == math.inf
    assert math.isfinite(multiplier_for([SEGMENT], 0.999 * inventory))
    assert won_per_slot(SEGMENT, 50.0) == pytest.approx((1.0, inventory / (3.0 * PEOPLE)), rel=1e-6)
