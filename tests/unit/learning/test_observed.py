"""What a row shows, and what the model expects of it where its audience is not told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.learning.observed import ROLES_OF, Own, contexts_of, observations
from simulator.learning.prediction import Predictor
from simulator.learning.random_effects import ALL
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()


def rows_of(frame: pd.DataFrame) -> Rows:
    return usable_rows(frame, PARAMETERS)


def scores(count: int, **moved: float) -> dict[str, np.ndarray]:
    return {role: np.full(count, moved.get(role, 0.0)) for role in ALL}


def log_reach(model: Predictor, at: dict[str, np.ndarray]) -> np.ndarray:
    return np.log(model.reach(at, model.rows.impressions))


@pytest.mark.parametrize("impressions", [2_000.0, 200_000.0, 2_000_000.0], ids=["few", "many", "too many"])
def test_an_untold_audience_is_averaged_over(impressions: float) -> None:
    """Against the mean and deviation over 100,000 audiences drawn as the row's own doubt has it."""
    frame = one(impressions=impressions, reach=impressions / 3, spend=impressions / 150).drop(columns="audience_size")
    rows = rows_of(frame)
    assert rows.audience_log_sd[0] > 0.5
    own = Own.of(Predictor(rows, PARAMETERS))
    draws = np.random.default_rng(0).standard_normal((100_000, 1))
    drawn = Predictor(rows, PARAMETERS).with_audience(rows.audience * np.exp(rows.audience_log_sd * draws))
    wide = {role: np.zeros((100_000, 1)) for role in ALL}
    found = log_reach(drawn, wide)
    assert own.mean(log_reach, scores(1))[0] == pytest.approx(found.mean(), abs=0.1 * found.std() + 1e-3)
    assert own.doubt(log_reach, scores(1))[0] == pytest.approx(found.std(), rel=0.25)


def test_the_mean_is_below_the_value_at_the_middle_where_reach_bends() -> None:
    rows = rows_of(one(impressions=2e6, reach=3e5, spend=2e4).drop(columns="audience_size"))
    model = Predictor(rows, PARAMETERS)
    assert Own.of(model).mean(log_reach, scores(1))[0] < log_reach(model, scores(1))[0] - 0.05


def test_a_told_audience_is_taken_as_it_is_with_a_straight_doubt() -> None:
    rows = rows_of(one(impressions=2e5, reach=8e4, spend=2e3))
    model = Predictor(rows, PARAMETERS)
    own = Own.of(model)
    np.testing.assert_array_equal(own.mean(log_reach, scores(1)), log_reach(model, scores(1)))
    step = 0.05
    aside = model.with_audience(rows.audience * np.exp(step))
    slope = (log_reach(aside, scores(1)) - log_reach(model, scores(1))) / step
    np.testing.assert_allclose(own.doubt(log_reach, scores(1)), slope * rows.audience_log_sd, rtol=0.05)


def test_each_kind_sees_the_rows_that_have_it() -> None:
    frame = table(4, reach=[np.nan, 500.0, 500.0, 500.0], link_clicks=[3.0, np.nan, np.nan, 5.0])
    frame = frame.assign(impressions=2000.0, spend=20.0)
    kinds = {kind.name: kind for kind in observations(rows_of(frame), PARAMETERS)}
    assert {name: kind.seen.tolist() for name, kind in kinds.items()} == {
        "price": [0, 1, 2, 3],
        "reach": [1, 2, 3],
        "clicks": [0, 3],
    }
    np.testing.assert_allclose(kinds["price"].observed, np.log(10.0))
    np.testing.assert_allclose(kinds["clicks"].observed, np.log([3.5, 5.5]))


@pytest.mark.parametrize("name", ROLES_OF)
def test_a_kind_depends_on_the_roles_it_names_and_on_no_others(name: str) -> None:
    frame = table(3, age=["18-24", "35-44", "65+"], objective="leads").drop(columns="audience_size")
    rows = rows_of(frame.drop(columns="age"))
    aged = rows_of(frame)
    kind = next(one_ for one_ in observations(aged if name != "reach" else rows, PARAMETERS) if one_.name == name)
    count = len(kind.seen)
    here = kind.expected(scores(count))
    moving = {role for role in ALL if (kind.expected(scores(count, **{role: 0.5})) != here).any()}
    assert moving <= {*ROLES_OF[name], "untold_audience"}, "clicks leave out the audience: it moves them little"
    assert set(ROLES_OF[name]) <= moving


def test_few_clicks_count_little() -> None:
    frame = pd.concat([one(impressions=i, reach=i / 2, spend=i / 100) for i in (500.0, 50_000.0)], ignore_index=True)
    kind = next(one_ for one_ in observations(rows_of(frame), PARAMETERS) if one_.name == "clicks")
    errors = kind.errors(scores(2))
    assert errors.other[0] > 3.0 * errors.other[1]


def test_rows_of_one_campaign_share_their_luck_and_parts_share_more() -> None:
    frame = table(5, campaign=["a", "a", "b", "c", "c"], start="2025-03-01", end="2025-03-10", ad_set=list("vwxyz"))
    kind = observations(rows_of(frame), PARAMETERS)[0]
    share = PARAMETERS.value("calibration.set_share")
    assert kind.errors(scores(5)).shared.tolist() == [share, share, 0.0, share, share]
    parts = frame.assign(age=["18-24", "25-34", "65+", "18-24", "65+"])
    kind = observations(rows_of(parts), PARAMETERS)[0]
    assert kind.errors(scores(5)).shared.max() == PARAMETERS.value("calibration.part_share")


def test_contexts_are_told_apart_once_each() -> None:
    frame = table(6, country=["FR", "CA"] * 3, objective="leads", start="2025-03-01", end="2025-03-10")
    contexts, of_row = contexts_of(rows_of(frame))
    assert [(context.country, context.objective, context.month) for context in contexts] == [
        ("FR", "leads", "3"),
        ("CA", "leads", "3"),
    ]
    assert of_row.tolist() == [0, 1] * 3
