"""The rivals, each against what anybody would work out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.learning.baselines import BASELINES, ROOM, constant, last, negative_binomial, poisson
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import table

PARAMETERS = load_parameters()


def rows_of(frame: pd.DataFrame) -> Rows:
    return usable_rows(frame, PARAMETERS)


HISTORY = table(3).assign(
    spend=[10.0, 20.0, 40.0],
    impressions=[1000.0, 4000.0, 4000.0],
    reach=[800.0, 2000.0, 3200.0],
    link_clicks=[9.0, 40.5, 40.0],
    start=["2025-01-01", "2025-03-01", "2025-02-01"],
    end=["2025-01-07", "2025-03-07", "2025-02-07"],
)
NEXT = rows_of(table(2).assign(spend=[30.0, 60.0], impressions=[5000.0, 9000.0], reach=[4000.0, 8000.0]))


def test_constant_is_the_middle_of_the_history() -> None:
    guess = constant(rows_of(HISTORY), NEXT)
    np.testing.assert_allclose(guess.impressions, [3000.0, 6000.0])
    np.testing.assert_allclose(guess.reach, [2400.0, 4800.0])
    np.testing.assert_allclose(guess.link_clicks, np.array([3000.0, 6000.0]) * 90.0 / 9000.0)
    np.testing.assert_allclose(guess.reach_given_impressions, [4000.0, 7200.0])


def test_last_is_the_latest_campaign_stretched_by_the_money() -> None:
    guess = last(rows_of(HISTORY), NEXT)
    np.testing.assert_allclose(guess.impressions, [6000.0, 12000.0])
    np.testing.assert_allclose(guess.reach, [3000.0, 6000.0])


def test_several_last_campaigns_are_their_middle_in_any_order() -> None:
    tied = HISTORY.assign(start="2025-03-01", end="2025-03-07")
    earlier = HISTORY.head(1).assign(impressions=9000.0, reach=100.0)
    frame = pd.concat([tied, earlier], ignore_index=True)
    for order in (frame, frame.iloc[[3, 0, 2, 1]]):
        guess = last(rows_of(order), NEXT)
        np.testing.assert_allclose(guess.impressions, [3000.0, 6000.0])
        np.testing.assert_allclose(guess.reach, [2400.0, 4800.0])


def test_the_last_campaign_that_tells_its_reach_and_clicks_stands_in_for_one_that_does_not() -> None:
    frame = HISTORY.assign(reach=[800.0, np.nan, 3200.0], link_clicks=[9.0, np.nan, np.nan])
    guess = last(rows_of(frame), NEXT)
    np.testing.assert_allclose(guess.impressions, [6000.0, 12_000.0])
    np.testing.assert_allclose(guess.reach, guess.impressions / 1.25)
    np.testing.assert_allclose(guess.reach_given_impressions, [4000.0, 7200.0])
    np.testing.assert_allclose(guess.link_clicks, guess.impressions * 9.5 / 1000.0)


def test_poisson_spreads_impressions_over_the_audience() -> None:
    guess = poisson(rows_of(HISTORY), NEXT)
    audience = NEXT.audience
    np.testing.assert_allclose(guess.impressions, [3000.0, 6000.0])
    np.testing.assert_allclose(guess.reach, audience * (1.0 - np.exp(-guess.impressions / audience)))
    np.testing.assert_allclose(guess.reach_given_impressions, audience * (1.0 - np.exp(-NEXT.impressions / audience)))


def test_the_negative_binomial_finds_the_shape_of_its_history() -> None:
    people, shape = 20_000.0, 0.5
    impressions = np.array([2000.0, 10_000.0, 60_000.0])
    reach = people * (1.0 - (1.0 + impressions / people / shape) ** -shape)
    frame = table(3, audience_size=people).assign(impressions=impressions, reach=reach, spend=impressions / 100.0)
    then = table(1, audience_size=people).assign(impressions=30_000.0, reach=9000.0, spend=300.0)
    guess = negative_binomial(rows_of(frame), rows_of(then))
    expected = people * (1.0 - (1.0 + 30_000.0 / people / shape) ** -shape)
    assert guess.reach_given_impressions[0] == pytest.approx(expected, rel=1e-3)
    assert guess.reach_given_impressions[0] < poisson(rows_of(frame), rows_of(then)).reach_given_impressions[0]


def test_an_audience_that_nobody_told_holds_three_times_those_reached() -> None:
    frame = HISTORY.drop(columns="audience_size").assign(reach=[800.0, 2000.0, 3200.0])
    big = frame.assign(impressions=frame.impressions * 1000.0, reach=frame.reach * 1000.0, spend=frame.spend * 1000.0)
    then = rows_of(table(1).drop(columns="audience_size").assign(spend=100_000.0, impressions=1e7, reach=5e6))
    guess = poisson(rows_of(big), then)
    people = max(float(then.audience[0]), ROOM * 3.2e6)
    assert guess.reach[0] == pytest.approx(people * (1.0 - np.exp(-guess.impressions[0] / people)))


@pytest.mark.parametrize("name", BASELINES)
def test_no_rival_looks_at_the_result(name: str) -> None:
    plain, other = (
        BASELINES[name](rows_of(HISTORY), rows_of(table(2).assign(spend=[30.0, 60.0], link_clicks=clicks, reach=reach)))
        for clicks, reach in ((5.0, 400.0), (9.0, 300.0))
    )
    for metric in ("impressions", "reach", "link_clicks"):
        np.testing.assert_array_equal(getattr(plain, metric), getattr(other, metric))


@pytest.mark.parametrize("name", BASELINES)
def test_a_history_that_says_nothing_gives_no_guess(name: str) -> None:
    silent = rows_of(HISTORY.assign(reach=np.nan, link_clicks=np.nan))
    guess = BASELINES[name](silent, NEXT)
    assert np.isfinite(guess.impressions).all()
    assert np.isnan(guess.link_clicks).all()
    if name != "poisson":
        assert np.isnan(guess.reach).all()
