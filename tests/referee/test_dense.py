"""The dense reference at limits that are known without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from tests.referee import dense
from tests.referee.dense import Group

GROUP = Group(1000.0, 0.9, 0.4, 0.53, 0.46, (3.0,), (0.004,))
TWO = Group(1000.0, 0.9, 0.4, 0.53, 0.46, (2.0, 1.5), (0.004, 0.006), (1.0, 0.6))


def test_without_persistence_the_reach_is_scipys_negative_binomial() -> None:
    group = Group(1000.0, 0.9, 0.0, 0.53, 0.46, (3.0,), (0.004,))
    mean = 3.0 * 7 * 0.2
    expected = [1000.0 * stats.nbinom.sf(k - 1, 0.9, 0.9 / (0.9 + mean)) for k in range(1, 11)]
    assert dense.reach(group, group.mean_count(np.array([special.ndtri(0.2)]), 7)) == pytest.approx(expected, rel=1e-9)


def test_poisson_without_any_difference_between_people() -> None:
    group = Group(1000.0, 1e7, 0.0, 0.53, 0.46, (3.0,), (0.004,))
    reach = dense.reach(group, group.mean_count(np.array([special.ndtri(0.2)]), 7))
    assert reach[0] == pytest.approx(1000.0 * -np.expm1(-4.2), rel=1e-6)


@pytest.mark.parametrize("win_share", [1e-7, 0.001, 0.3, 0.99])
@pytest.mark.parametrize("rho", [0.1, 0.4, 0.85])
def test_averages_over_the_trait_return_what_all_slots_together_give(win_share: float, rho: float) -> None:
    group = Group(1000.0, 0.9, rho, 0.53, 0.46, (3.0,), (0.004,))
    z = float(special.ndtri(win_share))
    weights = dense.TRAIT_WEIGHTS
    assert weights @ group.win_share_by_trait(z) == pytest.approx(win_share, rel=1e-9)
    for shift in (group.value_dispersion, -group.price_dispersion):
        assert weights @ group.tilted_share_by_trait(z, shift) == pytest.approx(special.ndtr(z + shift), rel=1e-9)


def test_the_sum_of_reach_is_the_impressions_and_no_wear_leaves_the_values() -> None:
    z = GROUP.thresholds(-6.0)
    shown = dense.impressions(GROUP, z, 7).sum()
    assert dense.reach(GROUP, GROUP.mean_count(z, 7), k_max=400).sum() == pytest.approx(shown, rel=1e-6)
    lift = special.ndtr(z[0] + GROUP.value_dispersion) / special.ndtr(z[0])
    assert dense.responses(GROUP, z, 7, wear=0.0) == pytest.approx(lift * shown, rel=1e-6)


@pytest.mark.parametrize("cap", [None, (2, 7), (3, 2)])
@pytest.mark.parametrize("groups", [[GROUP], [GROUP, TWO]])
def test_the_multiplier_spends_the_budget(groups: list[Group], cap: tuple[int, int] | None) -> None:
    log_multiplier = dense.spending_multiplier(groups, 0.8, 7, cap)
    spent = sum(dense.spend(group, group.thresholds(log_multiplier), 7, cap) for group in groups)
    assert spent == pytest.approx(5.6, rel=1e-9)


def test_a_cap_nobody_reaches_changes_nothing() -> None:
    z = TWO.thresholds(-7.5)
    assert dense.spend(TWO, z, 6, (400, 3)) == pytest.approx(dense.spend(TWO, z, 6), rel=1e-6)
    assert dense.impressions(TWO, z, 6, (400, 3)) == pytest.approx(dense.impressions(TWO, z, 6), rel=1e-6)
    free = dense.reach(TWO, TWO.mean_count(z, 6))
    assert dense.reach_with_windows(TWO, z, 6, (60, 3)) == pytest.approx(free, rel=1e-4)


def test_a_window_as_long_as_the_campaign_is_a_cap_of_the_campaign() -> None:
    z = TWO.thresholds(-5.0)
    reach = dense.reach_with_windows(TWO, z, 6, (3, 6))
    free = dense.reach(TWO, TWO.mean_count(z, 6))
    assert reach[:3] == pytest.approx(free[:3], rel=1e-5)
    assert reach[3:] == pytest.approx(np.zeros(7), abs=1e-6)
    one_window = dense.responses(TWO, z, 6, 0.43, most=3)
    assert dense.responses_with_windows(TWO, z, 6, (3, 6), 0.43) == pytest.approx(one_window, rel=1e-5)


def test_windows_add_up() -> None:
    z = TWO.thresholds(-5.0)
    reach = dense.reach_with_windows(TWO, z, 10, (2, 4), k_max=6)
    assert dense.windows(10, (2, 4)) == [4, 4, 2]
    assert reach.sum() == pytest.approx(dense.impressions(TWO, z, 10, (2, 4)).sum(), rel=1e-5)
