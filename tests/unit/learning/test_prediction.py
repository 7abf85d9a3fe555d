"""What the model expects of a row: the same model as in a forecast, seen from one group of people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from simulator.learning.impute import level_of
from simulator.learning.population_mix import ordinary_mix
from simulator.learning.prediction import Predictor, middle_of
from simulator.learning.random_effects import ALL, UNTOLD_AUDIENCE
from simulator.learning.rows import usable_rows
from simulator.model import expected_reach
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()


def predictor(frame: pd.DataFrame) -> Predictor:
    return Predictor(usable_rows(frame, PARAMETERS), PARAMETERS)


def scores(rows: int, **moved: float) -> dict[str, np.ndarray]:
    return {role: np.full(rows, moved.get(role, 0.0)) for role in ALL}


def test_reach_is_that_of_the_model_given_impressions() -> None:
    frame = table(20)
    rows = predictor(frame).rows
    found = predictor(frame).reach(scores(20), rows.impressions)
    expected = expected_reach(rows.impressions, rows.audience, rows.days, "link_clicks", 1)[:, 0]
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_a_published_price_is_what_the_anchor_pays() -> None:
    """At the anchor's share of slots won, the price is the published one: what anchoring means."""
    frame = one(audience_size=1e6, start="2025-07-01", end="2025-07-14")
    model = predictor(frame)
    anchor, slots = PARAMETERS.value("delivery.anchor_win_share"), 1e6 * model.slots(scores(1))[0] * 14
    published = model.published_cpm(scores(1))[0]
    bought = one(audience_size=1e6, start="2025-07-01", end="2025-07-14", spend=published * anchor * slots / 1000.0)
    bought = bought.assign(impressions=anchor * slots, reach=1e5)
    assert predictor(bought).cpm(scores(1))[0] == pytest.approx(published, rel=1e-9)


def test_the_price_rises_with_the_budget_and_the_more_the_wider_prices_differ() -> None:
    frame = pd.concat([one(spend=spend) for spend in (5.0, 50.0, 500.0)], ignore_index=True)
    narrow, usual, wide = (predictor(frame).cpm(scores(3, price_dispersion=z)) for z in (-2.0, 0.0, 2.0))
    assert (np.diff(usual) > 0.0).all()
    assert narrow[2] / narrow[0] < usual[2] / usual[0] < wide[2] / wide[0]


def test_the_level_moves_the_price_by_its_own_spread() -> None:
    model = predictor(table(5))
    ratio = model.published_cpm(scores(5, price_level=1.0)) / model.published_cpm(scores(5))
    np.testing.assert_allclose(ratio, np.exp(level_of("FR", PARAMETERS).log_sd))


def test_december_is_dear_and_an_account_may_not_follow_the_season() -> None:
    months = [("2024-02-05", "2024-02-14"), ("2025-11-05", "2025-11-14")]
    frame = pd.concat([one(start=start, end=end) for start, end in months], ignore_index=True)
    index = PARAMETERS.table("prices.month")
    followed, ignored = (
        predictor(frame).published_cpm(scores(2, month_strength=strength, price_trend=0.0))
        for strength in (0.0, -1.0 / PARAMETERS["calibration.month_strength"].sd)
    )
    years = (np.datetime64("2025-11-10") - np.datetime64("2024-02-10")).astype(int) / 365.25
    growth = PARAMETERS.value("prices.trend") * years
    assert np.log(followed[1] / followed[0]) == pytest.approx(np.log(index["11"] / index["2"]) + growth, abs=1e-6)
    assert np.log(ignored[1] / ignored[0]) == pytest.approx(growth, abs=1e-6)


def test_a_row_without_a_start_has_no_month_and_no_trend() -> None:
    unknown = predictor(one(start="soon", days=10))
    assert np.isnat(middle_of(unknown.rows)).all()
    np.testing.assert_allclose(
        unknown.published_cpm(scores(1, price_trend=2.0, month_strength=2.0, price_month=2.0)),
        unknown.published_cpm(scores(1)),
    )


def test_reach_never_exceeds_impressions_or_people() -> None:
    frame = pd.concat(
        [one(impressions=i, reach=150.0, audience_size=a) for i in (200.0, 5e4) for a in (300.0, 1e8)],
        ignore_index=True,
    )
    frame["spend"] = frame.impressions / 200.0
    model = predictor(frame)
    for z in (-3.0, 0.0, 3.0):
        reach = model.reach(scores(4, persistence=z, slots_per_day=z), model.rows.impressions)
        assert (reach <= model.rows.impressions).all()
        assert (reach <= model.audience(scores(4)) * (1.0 + 1e-12)).all()


def test_an_untold_audience_moves_with_its_score_and_is_not_lifted_by_what_it_reached() -> None:
    frame = pd.concat([one(reach=reach) for reach in (500.0, 4000.0)], ignore_index=True).drop(columns="audience_size")
    model = predictor(frame)
    small = model.audience(scores(2, **{UNTOLD_AUDIENCE: -6.0}))
    assert small[0] == small[1] < 4000.0
    np.testing.assert_allclose(
        model.audience(scores(2, **{UNTOLD_AUDIENCE: 1.0})) / model.audience(scores(2)),
        np.exp(model.rows.audience_common_log_sd),
    )


def test_an_audience_told_holds_those_it_reached_or_is_not_believed() -> None:
    reach = predictor(one()).rows.reach[0]
    told, impossible = (predictor(one(audience_size=size)) for size in (reach, reach - 1.0))
    assert told.audience(scores(1))[0] == reach
    assert impossible.audience(scores(1))[0] > 10.0 * reach, "the guess of an audience that nobody told"


def test_clicks_per_impression_fall_as_a_campaign_wears_out() -> None:
    frame = pd.concat([one(impressions=i, reach=i / 2, spend=i / 100) for i in (1e3, 1e5)], ignore_index=True)
    model = predictor(frame.assign(audience_size=2e4))
    rate = model.ctr_link(scores(2), model.rows.impressions)
    assert rate[1] < rate[0]
    keen = model.ctr_link(scores(2, ctr_link=1.0), model.rows.impressions)
    assert (keen > rate).all()


def test_ages_have_their_own_price_and_a_drawn_gradient() -> None:
    frame = pd.concat([one(age=age) for age in ("18-24", "65+")], ignore_index=True)
    frame.attrs["breakdowns"] = ("age",)
    table_ = PARAMETERS.table("prices.age")
    usual, steep = (predictor(frame).published_cpm(scores(2, price_age=z)) for z in (0.0, 1.5))
    assert usual[1] / usual[0] == pytest.approx(table_["65+"] / table_["18-24"])
    assert steep[1] / steep[0] > usual[1] / usual[0]


def test_draws_and_rows_give_the_same_as_one_by_one() -> None:
    frame = table(6, objective=["link_clicks", "leads"] * 3)
    model = predictor(frame)
    rng = np.random.default_rng(0)
    many = {role: rng.standard_normal((4, 6)) for role in ALL}
    for name in ("cpm", "reach", "ctr_link"):
        more = () if name == "cpm" else (model.rows.impressions,)
        together = getattr(model, name)(many, *more)
        for draw in range(4):
            alone = getattr(predictor(frame), name)({role: score[draw] for role, score in many.items()}, *more)
            np.testing.assert_allclose(together[draw], alone, rtol=1e-9)


def test_what_was_worked_out_is_kept_for_the_very_same_scores_only() -> None:
    model = predictor(table(3))
    some, other = scores(3), scores(3, slots_per_day=1.0)
    assert model.slots(some) is model.slots(some)
    assert (model.slots(other) > model.slots(some)).all()
    aside = model.with_audience(model.rows.audience * 10.0)
    assert (aside.reach(some, model.rows.impressions) > model.reach(some, model.rows.impressions)).all()
    assert (aside.ctr_link(some, model.rows.impressions) != model.ctr_link(some, model.rows.impressions)).all()


def test_a_parameter_at_a_score_is_its_quantile() -> None:
    model = predictor(table(3))
    entry = PARAMETERS["delivery.slots_per_day.link_clicks"]
    np.testing.assert_allclose(model.slots(scores(3, slots_per_day=0.7)), entry.quantile(ndtr(0.7)))
    assert np.isfinite(model.slots(scores(3, slots_per_day=1e6))).all()


def test_the_mix_of_a_forecast_moves_price_and_clicks_but_not_reach() -> None:
    frame = table(4)
    plain = predictor(frame)
    mixed = Predictor(plain.rows, PARAMETERS, ordinary_mix(PARAMETERS))
    assert (mixed.cpm(scores(4)) != plain.cpm(scores(4))).all()
    assert (
        mixed.ctr_link(scores(4), plain.rows.impressions) != plain.ctr_link(scores(4), plain.rows.impressions)
    ).all()
    np.testing.assert_array_equal(
        mixed.reach(scores(4), plain.rows.impressions), plain.reach(scores(4), plain.rows.impressions)
    )
