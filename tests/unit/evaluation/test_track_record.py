"""The track record: what was promised before the result was known, and how often it held."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from simulator.campaign.forecast import Band
from simulator.evaluation import track_record
from simulator.library import Actual
from simulator.library.database import Store
from tests.unit.library.examples import campaign, scenario, with_reach

DRAWS = 16


def save_with_result(store: Store, reach: float, *, promised: float = 4_000.0, **entries: object) -> str:
    """Announce 2,000 to 8,000 people, then enter the real number."""
    one = with_reach(promised, **entries)
    store.save(one)
    store.save(one.replace(actual=Actual(spend=35, impressions=reach * 2, reach=reach)))
    return one.id


def test_inside_and_outside_are_counted(store: Store) -> None:
    for reach in (3_000, 5_000, 8_000, 1_999, 9_000):
        save_with_result(store, reach)
    store.save(scenario(title="no result yet"))
    record = track_record(store, draws=DRAWS)
    assert record.count("reach") == (3, 5)
    assert record.count("reach", "announced") == (3, 5)
    assert record.count("link_clicks") == (0, 0)
    positions = record.to_frame().query("metric == 'reach'")["position"]
    assert sorted(positions) == ["above", "below", "inside", "inside", "inside"]


def test_the_interval_is_the_exact_binomial_one() -> None:
    from simulator.evaluation.explain import Check
    from simulator.evaluation.track_record import Judged, TrackRecord

    for inside, total in ((7, 9), (0, 3), (3, 3), (1, 2)):
        checks = [Check("reach", 1.0 if place < inside else 9.0, Band(0.0, 1.0, 2.0, 1.0)) for place in range(total)]
        record = TrackRecord(tuple(Judged(str(i), "", "", "announced", (check,)) for i, check in enumerate(checks)))
        expected = binomtest(inside, total).proportion_ci(0.8, method="exact")
        assert record.interval("reach") == pytest.approx((expected.low, expected.high))
    assert TrackRecord(()).interval() == (0.0, 1.0)


def test_a_band_drawn_with_the_result_in_sight_does_not_count(sqlite: Store) -> None:
    """The figures were changed together with the result, and afterwards: the promise is what stood before."""
    key = save_with_result(sqlite, 9_000.0)
    latest = sqlite.load(key)
    sqlite.save(latest.replace(figures={"reach": Band(8_000.0, 9_000.0, 9_500.0, 9_000.0)}))
    record = track_record(sqlite, draws=DRAWS)
    assert record.judged[0].checks[0].band.p90 == 8_000.0
    assert record.count("reach") == (0, 1)


def test_a_campaign_that_left_its_plan_is_judged_on_what_it_became(sqlite: Store) -> None:
    one = with_reach(4_000.0)
    sqlite.save(one)
    sqlite.save(one.replace(actual=Actual(spend=350, impressions=70_000, reach=30_000)))
    (judged,) = track_record(sqlite, draws=DRAWS).judged
    assert judged.basis == "recomputed"
    expected = campaign().replace(daily_budget=50)
    from simulator.forecasting.simulate import simulate

    bands = {check.metric: check.band for check in judged.checks}
    assert bands["reach"] == simulate(expected, draws=DRAWS).reach


def test_without_figures_kept_the_forecast_is_recomputed_and_says_so(sqlite: Store) -> None:
    one = scenario()
    sqlite.save(one)
    sqlite.save(one.replace(actual=Actual(spend=35, impressions=8_000, reach=4_000)))
    record = track_record(sqlite, draws=DRAWS)
    assert record.judged[0].basis == "recomputed"
    assert record.count("reach", "announced") == (0, 0)


def test_a_calibration_attached_after_the_result_is_not_used(sqlite: Store) -> None:
    one = scenario()
    sqlite.save(one)
    changed = {"delivery.activity_shape": 0.7}
    actual = Actual(spend=350, impressions=70_000, reach=30_000)
    sqlite.save(one.replace(actual=actual, overrides=changed))
    (judged,) = track_record(sqlite, draws=DRAWS).judged
    plain = campaign().replace(daily_budget=50)
    bands = {check.metric: check.band for check in judged.checks}
    assert bands["reach"] == scenario(campaign=plain).forecast(draws=DRAWS).reach
    assert bands["reach"] != scenario(campaign=plain, overrides=changed).forecast(draws=DRAWS).reach


def test_a_deleted_result_does_not_count(sqlite: Store) -> None:
    sqlite.delete(save_with_result(sqlite, 3_000))
    assert track_record(sqlite, draws=DRAWS).judged == ()


def test_one_that_cannot_be_judged_does_not_hide_the_others(sqlite: Store) -> None:
    save_with_result(sqlite, 3_000)
    broken = save_with_result(sqlite, 3_000)
    with sqlite._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scenario_version SET body = '{' WHERE id = ?", (broken,))
    record = track_record(sqlite, draws=DRAWS)
    assert record.count("reach") == (1, 1)
    assert [(key, error.code) for key, error in record.skipped] == [(broken, "broken_json")]


def test_nothing_spent_proves_nothing(sqlite: Store) -> None:
    one = with_reach(4_000.0)
    sqlite.save(one)
    sqlite.save(one.replace(actual=Actual(spend=0, impressions=0)))
    assert track_record(sqlite, draws=DRAWS).count("reach") == (0, 0)
