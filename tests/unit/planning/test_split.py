"""Money over curves: against answers known on paper, and against every split of a coarse grid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.planning.split import Curve, by_result_per_money, curve_through, divide, marginal_split, tabulated

Array = NDArray[np.float64]


def root(scale: float, most: float = 100.0) -> Curve:
    """scale × √money: the split of a total goes by the squares of the scales."""

    def function(money: Array) -> tuple[Array, Array]:
        return scale * np.sqrt(money + 1e-6), 0.5 * scale / np.sqrt(money + 1e-6)

    return tabulated(function, most)


def saturating(scale: float, most: float = 100.0) -> Curve:
    def function(money: Array) -> tuple[Array, Array]:
        return 100.0 * -np.expm1(-money / scale), 100.0 / scale * np.exp(-money / scale)

    return tabulated(function, most)


def test_equal_curves_share_equally() -> None:
    curve = saturating(30.0)
    assert marginal_split([curve] * 4, 60.0, np.zeros(4), np.full(4, 100.0)) == pytest.approx([15.0] * 4)


def test_square_roots_share_by_the_squares_of_their_scales() -> None:
    amounts = marginal_split([root(1.0), root(2.0)], 50.0, np.zeros(2), np.full(2, 100.0))
    assert amounts == pytest.approx([10.0, 40.0], rel=5e-3)


def test_bounds_are_kept_and_the_rest_goes_to_the_others() -> None:
    curve = saturating(30.0)
    amounts = marginal_split([curve] * 3, 60.0, np.array([30.0, 0.0, 0.0]), np.array([100.0, 5.0, 100.0]))
    assert amounts == pytest.approx([30.0, 5.0, 25.0])


def test_money_that_brings_nothing_more_is_left_over() -> None:
    curve = saturating(2.0)
    amounts = marginal_split([curve, curve], 100.0, np.zeros(2), np.full(2, 100.0))
    # The last unit is worth 1e-4 of the first: money = 2 ln 10,000.
    assert amounts == pytest.approx([2.0 * np.log(1e4)] * 2, rel=1e-2)


@pytest.mark.parametrize("scales", [(5.0, 20.0, 60.0), (10.0, 10.0, 10.0), (2.0, 90.0, 90.0)])
def test_no_split_of_a_grid_is_better(scales: tuple[float, ...]) -> None:
    curves = [saturating(scale) for scale in scales]
    total, least = 30.0, np.array([12.0, 12.0, 12.0])
    found = divide(curves, total, least, np.full(3, 100.0))
    assert found.proven
    assert found.amounts.sum() <= total * (1.0 + 1e-9)
    assert all(amount == 0.0 or amount >= 12.0 * (1.0 - 1e-9) for amount in found.amounts)
    steps = [0.0, *np.arange(12.0, 30.5, 0.5)]
    best = max(
        sum(curve.at(amount) for curve, amount in zip(curves, amounts, strict=True))
        for amounts in itertools.product(steps, repeat=3)
        if sum(amounts) <= total
    )
    assert best * (1.0 - 1e-6) <= found.value <= best * 1.01


def test_an_overlap_moves_money_away_from_the_second_of_two_twins() -> None:
    """The result counts half of the second's people again: its curve is worth half, and the split is that of halves."""
    one, half = saturating(30.0), saturating(30.0)
    half = Curve(half.money, half.value / 2.0, half.slope / 2.0)

    def joint(amounts: Array) -> tuple[float, Array]:
        slopes = np.array([100.0 / 30.0, 50.0 / 30.0]) * np.exp(-amounts / 30.0)
        return float(100.0 * -np.expm1(-amounts[0] / 30.0) - 50.0 * np.expm1(-amounts[1] / 30.0)), slopes

    apart = marginal_split([one, half], 60.0, np.zeros(2), np.full(2, 100.0))
    together = divide([one, one], 60.0, np.zeros(2), np.full(2, 100.0), joint)
    assert together.amounts == pytest.approx(apart, abs=0.1)


def test_a_first_split_lets_in_the_minimum_that_brings_most_for_its_money() -> None:
    worth = np.array([10.0, 30.0, 12.0])
    least = np.array([5.0, 10.0, 5.0])

    def result(amounts: Array) -> float:
        return float(np.where(amounts >= least, worth, 0.0).sum())

    def solved(floor: Array, ceiling: Array) -> tuple[float, Array]:
        return result(floor), floor

    value, amounts = by_result_per_money(result, solved, 15.0, least, np.full(3, 100.0))
    assert value == 42.0
    assert amounts.tolist() == [0.0, 10.0, 5.0]


def test_without_money_for_any_minimum_nothing_is_split() -> None:
    value, amounts = by_result_per_money(
        lambda amounts: float(amounts.sum()), lambda low, high: (0.0, low), 4.0, np.full(2, 5.0), np.full(2, 9.0)
    )
    assert (value, amounts.tolist()) == (0.0, [0.0, 0.0])


def test_a_curve_passes_through_its_points_and_its_slope_falls() -> None:
    money = np.array([1.0, 2.0, 5.0, 20.0, 100.0])
    value = 100.0 * -np.expm1(-money / 30.0)
    curve = curve_through(money, value)
    assert [curve.at(one) for one in money] == pytest.approx(value, rel=2e-3)
    assert curve.at(0.0) == 0.0
    assert (np.diff(curve.slope) <= 0.0).all()
