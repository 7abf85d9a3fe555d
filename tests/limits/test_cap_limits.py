"""Frequency caps where the answer is known without them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from simulator.model.caps import Cap, windows
from simulator.model.simulation import run
from tests.referee import dense
from tests.unit.model.examples import capacity, many, setting

BUDGETS = np.array([1e-4, 1e-2, 0.1, 0.5, 0.9])

NOBODY = 1e-6
"""People so few that they are a rounding error."""


def budgets(example: object) -> np.ndarray:
    """Return money a day, as shares of what all slots cost."""
    return BUDGETS * capacity(example)


@pytest.mark.parametrize("build", [setting, many])
@pytest.mark.parametrize("cap", [(1000, 7), (900, 365)])
def test_a_cap_nobody_reaches_changes_nothing(build: object, cap: tuple[int, int]) -> None:
    free, capped = run(build(), budgets(build())), run(build(cap=cap), budgets(build()))
    for name, error in (("spend", 1e-9), ("impressions", 3e-4), ("reach_kplus", 2e-3), ("answered", 2e-3)):
        np.testing.assert_allclose(getattr(capped, name), getattr(free, name), rtol=error, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("times", [1, 3, 8, 14])
def test_a_cap_of_the_campaign_is_the_sum_of_the_first_showings(times: int) -> None:
    """I = A·Σ_{k ≤ c} P(Y ≥ k), spend with C(u), answers with V(u) and k^−γ; R_k = 0 beyond c: a dense sum."""
    example = setting(cap=(times, 7))
    outcome = run(example, budgets(example))
    group = dense.Group(10_000.0, 0.9, 0.4, np.sqrt(0.4 * 0.7), np.sqrt(0.3 * 0.7), (3.0,), (0.004,))
    for place, z in enumerate(outcome.z[0, :, 0]):
        if np.isinf(z):
            continue
        at = np.array([z])
        reach = dense.reach(group, group.mean_count(at, 7), times)
        np.testing.assert_allclose(outcome.reach_kplus[0, place, 0, 0, :times], reach[:10], rtol=2e-3)
        assert (outcome.reach_kplus[0, place, 0, 0, times:] < NOBODY).all()
        assert outcome.impressions[0, place].sum() == pytest.approx(reach.sum(), rel=1e-3)
        assert outcome.spend[0, place] == pytest.approx(dense.spend(group, at, 7, (times, 7)), rel=1e-3)
        answers = dense.responses(group, at, 7, 0.43, most=times)
        assert outcome.answered[0, place].sum() == pytest.approx(answers, rel=2e-3)


@pytest.mark.parametrize("build", [setting, many])
@pytest.mark.parametrize("cap", [(1, 1), (2, 7), (3, 3)])
def test_at_equal_budget_a_cap_raises_the_cpm(build: object, cap: tuple[int, int]) -> None:
    """The budget is spent all the same, on fewer and dearer showings of more people."""
    money = np.array([1e-4, 1e-2, 0.03]) * capacity(build())
    free, capped = run(build(), money), run(build(cap=cap), money)
    np.testing.assert_allclose(capped.spend, free.spend, rtol=1e-9)
    shown = [outcome.impressions.sum(axis=(2, 3, 4)) for outcome in (free, capped)]
    assert (shown[1] < shown[0]).all()
    reached = [outcome.reach_kplus[..., 0].sum(axis=(2, 3)) for outcome in (free, capped)]
    assert (reached[1] > reached[0]).all()
    assert (capped.z > free.z).all()


@pytest.mark.parametrize("cap", [(1, 1), (2, 3), (1, 7)])
def test_nobody_is_shown_it_more_often_than_the_windows_allow(cap: tuple[int, int]) -> None:
    example = setting(cap=cap)
    outcome = run(example, np.array([0.5, 0.9, 5.0]) * capacity(example))
    most = cap[0] * -(-7 // cap[1])
    reach = outcome.reach_kplus[0, :, 0, 0]
    assert (reach[:, most:] < NOBODY).all()
    assert (reach[:, : min(most, 10)] > 0.0).all()
    assert (np.diff(reach) <= 0.0).all()
    assert (outcome.impressions.sum(axis=(0, 2, 3, 4)) <= most * reach[:, 0] * (1.0 + 1e-3)).all()
    if most <= 10:
        np.testing.assert_allclose(reach.sum(axis=1), outcome.impressions.sum(axis=(0, 2, 3, 4)), rtol=2e-3)


def test_under_a_cap_the_inventory_ends_earlier() -> None:
    """With one showing a day, even all slots cost less than an endless budget; spend stops there."""
    example = setting(cap=(1, 1))
    outcome = run(example, np.array([1e3, 1e6]))
    assert np.isposinf(outcome.z).all()
    assert (outcome.spend == outcome.spend[:, :1]).all()
    assert outcome.spend[0, 0] < capacity(example) * 7
    shown = 10_000.0 * 7 * (1.0 - (1.0 + 3.0 / 0.9) ** -0.9)
    assert outcome.impressions[0, 0].sum() == pytest.approx(shown, rel=1e-4)
    assert outcome.spend[0, 0] == pytest.approx(shown * 0.004, rel=2e-3)


@pytest.mark.parametrize("cap", [(2, 14), (1, 1), (3, 5)])
def test_two_platforms_under_a_cap(cap: tuple[int, int]) -> None:
    """People on both, of one price: showings on each, spend, reach and answers by the dense reference."""
    example = setting(
        cap=cap,
        duration_days=14,
        people=[[10_000.0]],
        presence=[[True, True]],
        slots_per_day=[2.5, 1.5],
        platform_price=[0.9, 1.3],
        platform_appeal=[1.3, 0.4],
    )
    group = dense.Group(
        10_000.0, 0.9, 0.4, np.sqrt(0.4 * 0.7), np.sqrt(0.3 * 0.7), (2.5, 1.5), (0.0036, 0.0052), (1.3, 0.4)
    )
    for share in (0.01, 0.1):
        outcome = run(example, np.array([share * capacity(example)]))
        z = outcome.z[0, 0, 0] - np.log(example.platform_price[0]) / 0.7
        shown = dense.impressions(group, z, 14, cap)
        np.testing.assert_allclose(outcome.impressions[0, 0, 0, :, 0], shown, rtol=2e-3)
        assert outcome.spend[0, 0] == pytest.approx(dense.spend(group, z, 14, cap), rel=1e-3)
        answers = dense.responses_with_windows(group, z, 14, cap, 0.43)
        assert outcome.answered[0, 0, 0, 0] == pytest.approx(answers, rel=5e-3)
        reach = dense.reach_with_windows(group, z, 14, cap)
        np.testing.assert_allclose(outcome.reach_kplus[0, 0, 0, 0], reach, rtol=5e-3, atol=1e-3)


def test_windows_cover_the_campaign() -> None:
    assert windows(28, Cap(2, 7)) == (4, 7, 0.0)
    assert windows(10, Cap(2, 4)) == (2, 4, 2.0)
    assert windows(5, Cap(2, 7)) == (1, 5, 0.0)
    assert windows(7, Cap(2, 7)) == (1, 7, 0.0)


@pytest.mark.parametrize(("cap", "days"), [((1, 1), 28), ((2, 3), 8), ((1, 7), 35), ((8, 2), 9)])
def test_window_caps_agree_with_people_simulated_one_by_one(cap: tuple[int, int], days: int) -> None:
    """400,000 people: activity and trait for good, Poisson showings in every window, cut at the cap."""
    rng = np.random.default_rng(5)
    example = setting(cap=cap, duration_days=days)
    outcome = run(example, np.array([0.2 * capacity(example)]))
    people, z = 400_000, float(outcome.z[0, 0, 0])
    activity = rng.gamma(0.9, 1.0 / 0.9, people)
    trait = ndtri((np.arange(people) + rng.random(people)) / people)
    group = dense.Group(10_000.0, 0.9, 0.4, np.sqrt(0.4 * 0.7), np.sqrt(0.3 * 0.7), (3.0,), (0.004,))
    won = np.interp(trait, dense.TRAITS, group.win_share_by_trait(z))
    keen = np.interp(trait, dense.TRAITS, group.mean_of_showing(np.array([z]), (1.0,), group.value_dispersion))
    paid = np.interp(trait, dense.TRAITS, group.mean_of_showing(np.array([z]), (0.004,), -group.price_dispersion))
    seen = np.zeros(people, dtype=int)
    for start in range(0, days, cap[1]):
        length = min(cap[1], days - start)
        seen += np.minimum(rng.poisson(3.0 * activity * won * length), cap[0])
    worn = np.concatenate(([0.0], np.cumsum(np.arange(1.0, seen.max() + 2) ** -0.43)))
    scale = 10_000.0 / people
    assert outcome.impressions.sum() == pytest.approx(seen.sum() * scale, rel=0.01)
    assert outcome.spend.sum() == pytest.approx((seen * paid).sum() * scale, rel=0.01)
    assert outcome.answered.sum() == pytest.approx((worn[seen] * keen).sum() * scale, rel=0.012)
    for k in range(1, 11):
        counted = int((seen >= k).sum())
        allowed = 0.01 * counted + 3.5 * np.sqrt(counted) + NOBODY
        assert abs(outcome.reach_kplus[0, 0, 0, 0, k - 1] / scale - counted) <= allowed, k
