"""What a row shows, and what the forecaster expects of it where its audience is not told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.learning.aims import Aims
from simulator.learning.expected import Expectation
from simulator.learning.observed import KINDS, averaged, contexts_of, observations
from simulator.learning.random_effects import ALL
from simulator.learning.rows import usable_rows
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()


def seen_from(frame: pd.DataFrame) -> Expectation:
    rows = usable_rows(frame, PARAMETERS)
    return Expectation(rows, Aims.untold(len(rows)), PARAMETERS, {})


def scores(count: int, **moved: float) -> dict[str, np.ndarray]:
    return {role: np.full(count, moved.get(role, 0.0)) for role in ALL}


@pytest.mark.parametrize("impressions", [2_000.0, 200_000.0, 2_000_000.0], ids=["few", "many", "too many"])
def test_an_untold_audience_is_averaged_over(impressions: float) -> None:
    """Against the mean and deviation over 20,000 audiences drawn as the row's own doubt has it."""
    frame = one(impressions=impressions, reach=impressions / 3, spend=impressions / 150).drop(columns="audience_size")
    model = seen_from(frame)
    spread = model.own_log_sd()[0]
    assert spread > 0.5
    drawn = seen_from(pd.concat([frame] * 20_000, ignore_index=True).assign(campaign=None))
    aside = spread * np.random.default_rng(0).standard_normal(20_000)
    found = drawn.log_reach(scores(20_000), aside).value
    mean, _, doubt = averaged(model, model.log_reach, scores(1))
    assert mean[0] == pytest.approx(found.mean(), abs=0.1 * found.std() + 1e-3)
    assert doubt[0] == pytest.approx(found.std(), rel=0.25)


def test_the_mean_is_below_the_value_at_the_middle_where_reach_bends() -> None:
    model = seen_from(one(impressions=2e6, reach=3e5, spend=2e4).drop(columns="audience_size"))
    middle = model.log_reach(scores(1)).value[0]
    assert averaged(model, model.log_reach, scores(1))[0][0] < middle - 0.05


def test_a_told_audience_is_taken_as_it_is_with_a_straight_doubt() -> None:
    model = seen_from(one(impressions=2e5, reach=8e4, spend=2e3))
    mean, _, doubt = averaged(model, model.log_reach, scores(1))
    np.testing.assert_array_equal(mean, model.log_reach(scores(1)).value)
    step = 0.05
    slope = (model.log_reach(scores(1), step).value - model.log_reach(scores(1)).value) / step
    np.testing.assert_allclose(doubt, slope * model.rows.audience_log_sd, rtol=0.05)


def test_each_kind_sees_the_rows_that_have_it() -> None:
    frame = table(4, reach=[np.nan, 500.0, 500.0, 500.0], link_clicks=[3.0, np.nan, np.nan, 5.0])
    kinds = {kind.name: kind for kind in observations(seen_from(frame.assign(impressions=2000.0, spend=20.0)))}
    assert {name: kind.seen.tolist() for name, kind in kinds.items()} == {
        "price": [0, 1, 2, 3],
        "reach": [1, 2, 3],
        "clicks": [0, 3],
    }
    np.testing.assert_allclose(kinds["price"].observed, np.log(10.0))
    np.testing.assert_allclose(kinds["clicks"].observed, np.log([3.5, 5.5]))


@pytest.mark.parametrize("name", KINDS)
def test_slopes_are_those_of_what_is_expected(name: str) -> None:
    """Against differences, role by role, for a saturating campaign of young people whose audience is not told."""
    frame = table(3, age=["18-24", "35-44", "65+"], objective="leads").drop(columns="audience_size")
    frame = frame.assign(reach=frame.impressions / 2, impressions=frame.impressions * 3)
    kind = next(one_ for one_ in observations(seen_from(frame)) if one_.name == name)
    count, step = len(kind.seen), 0.02
    _, slopes, _ = kind.seen_at(scores(count))
    for role in ALL:
        there, back = (kind.expected(scores(count, **{role: move})) for move in (step, -step))
        expected = slopes.get(role, np.zeros(count))
        np.testing.assert_allclose((there - back) / (2.0 * step), expected, atol=0.03, rtol=0.1, err_msg=role)


def test_few_clicks_count_little() -> None:
    frame = pd.concat([one(impressions=i, reach=i / 2, spend=i / 100) for i in (500.0, 50_000.0)], ignore_index=True)
    kind = next(one_ for one_ in observations(seen_from(frame)) if one_.name == "clicks")
    errors = kind.seen_at(scores(2))[2]
    assert errors.other[0] > 3.0 * errors.other[1]


def test_rows_of_one_campaign_share_their_luck_and_parts_share_more() -> None:
    frame = table(5, campaign=["a", "a", "b", "c", "c"], start="2025-03-01", end="2025-03-10", ad_set=list("vwxyz"))
    share = PARAMETERS.value("calibration.set_share")
    assert observations(seen_from(frame))[0].seen_at(scores(5))[2].shared.tolist() == [share, share, 0.0, share, share]
    parts = observations(seen_from(frame.assign(age=["18-24", "25-34", "65+", "18-24", "65+"])))[0]
    assert parts.seen_at(scores(5))[2].shared.max() == PARAMETERS.value("calibration.part_share")


def test_contexts_are_told_apart_once_each() -> None:
    frame = table(6, country=["FR", "CA"] * 3, objective="leads", start="2025-03-01", end="2025-03-10")
    contexts, of_row = contexts_of(usable_rows(frame, PARAMETERS))
    assert [(one_.country, one_.objective, one_.month, one_.quarter) for one_ in contexts] == [
        ("FR", "leads", "3", str(55 * 4)),
        ("CA", "leads", "3", str(55 * 4)),
    ]
    assert of_row.tolist() == [0, 1] * 3
