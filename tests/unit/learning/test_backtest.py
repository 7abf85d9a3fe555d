"""The back-test: what each origin may know, ties, rivals, and frames of any kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator import calibrate, simulate
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.learning import backtest
from simulator.learning.backtest import scored
from simulator.learning.baselines import BASELINES
from simulator.reference.places.place import Place
from tests.unit.learning.tables import one, table

COLUMNS = ["metric", "method", "median_abs_log_error", "bias", "coverage", "n"]
METHODS = {"calibrated", "uncalibrated", "constant", "last", "last_three", "negative_binomial", "poisson"}
METRICS = {"impressions", "reach", "link_clicks", "cpm"}


def days_of(frame: pd.DataFrame, starts: list[str]) -> pd.DataFrame:
    return frame.assign(start=starts, end=starts)


def test_every_method_is_judged_on_every_metric() -> None:
    found = backtest(table(8))
    assert list(found.errors.columns) == COLUMNS
    assert set(found.errors.method) == METHODS
    assert set(found.errors.metric) == METRICS
    assert (found.errors.n == 7).all(), "the first campaign has no history"
    models = found.errors.method.isin(["calibrated", "uncalibrated"])
    assert found.errors.coverage[models].between(0.0, 1.0).all()
    assert found.errors.coverage[~models].isna().all()
    assert set(found.given_impressions.metric) == {"reach_given_impressions"}
    assert found.origins == 7


@pytest.mark.parametrize("count", [0, 1, 4])
def test_the_columns_are_of_one_kind_however_many_campaigns(count: int) -> None:
    kinds = backtest(table(count), draws=16).errors.dtypes
    assert all(kinds[name] == np.float64 for name in COLUMNS[2:5])
    assert kinds["n"] == np.int64


def test_campaigns_of_one_day_are_forecast_together_from_the_days_before() -> None:
    starts = ["2025-01-01"] * 2 + ["2025-02-01"] * 3 + ["2025-03-01"]
    found = backtest(days_of(table(6), starts))
    assert found.origins == 2
    some = found.forecasts[(found.forecasts.metric == "reach") & (found.forecasts.method == "constant")]
    assert some.set_index("row").origin.to_dict() == {2: 1, 3: 1, 4: 1, 5: 2}
    first = found.forecasts[found.forecasts.origin == 0]
    assert set(first.method) == {"uncalibrated"}
    assert set(first.row) == {0, 1}


def test_a_forecast_knows_nothing_of_its_own_day_or_later() -> None:
    starts = ["2025-01-01", "2025-01-01", "2025-02-01", "2025-02-01", "2025-03-01"]
    frame = days_of(table(5), starts)
    altered = frame.copy()
    altered.loc[3:, "impressions"] = altered.loc[3:, "impressions"] * 3.0
    before, after = (backtest(some).forecasts for some in (frame, altered))
    key = ["row", "metric", "method"]
    both = before.merge(after, on=key, suffixes=("", "_after"))
    told = both[(both.row <= 3) & (both.metric != "reach_given_impressions")]
    np.testing.assert_array_equal(told.p50, told.p50_after)
    assert (both[(both.row == 3) & (both.metric == "impressions")].actual_after > 0).all()
    later = both[(both.row == 4) & (both.metric == "impressions") & (both.method == "calibrated")]
    assert (later.p50 != later.p50_after).all()


def test_no_result_of_a_campaign_that_has_not_ended_reaches_a_forecast() -> None:
    """Thirty-day campaigns started every four days: whatever those still running bring, no forecast moves."""
    start = pd.date_range("2025-01-06", periods=12, freq="4D")
    frame = table(12, start=start, end=start + pd.Timedelta(days=29), campaign=[f"c{n}" for n in range(12)])
    asked = 9
    begun = start[asked]
    running = (frame.end >= begun).to_numpy()
    assert running[asked]
    assert 0 < (~running).sum() < asked, "some have ended, some have not"
    altered = frame.copy()
    altered.loc[running, ["impressions", "reach"]] *= 4.0
    altered.loc[running, "link_clicks"] += 50.0
    key = ["metric", "method"]
    before, after = (backtest(some, draws=16).forecasts for some in (frame, altered))
    both = before[before.row == asked].merge(after[after.row == asked], on=key, suffixes=("", "_after"))
    both = both[both.metric != "reach_given_impressions"]
    assert set(both.method) == METHODS
    np.testing.assert_array_equal(both.p50, both.p50_after)
    assert (both.actual != both.actual_after).any()
    ended = frame.copy()
    ended.loc[~running, "impressions"] *= 2.0
    moved = backtest(ended, draws=16).forecasts
    both = before[before.row == asked].merge(moved[moved.row == asked], on=key, suffixes=("", "_after"))
    assert (both.p50 != both.p50_after)[both.method == "calibrated"].any()


def test_a_campaign_of_which_none_had_ended_has_no_history() -> None:
    frame = table(3, start=["2025-01-01", "2025-01-03", "2025-03-01"], end=["2025-01-30", "2025-01-20", "2025-03-05"])
    found = backtest(frame, draws=16)
    assert found.origins == 1
    some = found.forecasts[(found.forecasts.metric == "cpm") & (found.forecasts.method == "uncalibrated")]
    assert some.set_index("row").origin.to_dict() == {0: 0, 1: 0, 2: 1}


def test_a_back_test_is_what_simulate_says() -> None:
    frame = table(5)
    found = backtest(frame, draws=64).forecasts
    row = frame.iloc[4]
    plan = Campaign(
        Targeting([Place.country("FR")], audience_size=row.audience_size),
        total_budget=row.spend,
        duration_days=(row.end - row.start).days + 1,
        start=row.start.date(),
    )
    ended = frame[frame.end < row.start]
    for method, learnt in (("uncalibrated", None), ("calibrated", calibrate(ended))):
        forecast = simulate(plan, calibration=learnt, draws=64)
        told = found[(found.row == 4) & (found.method == method)].set_index("metric")
        for metric in METRICS:
            band = getattr(forecast, metric)
            assert told.p50[metric] == pytest.approx(band.p50, rel=2e-3)
            assert told.p90[metric] == pytest.approx(band.p90, rel=2e-3)


def test_ranks_and_crps_are_those_of_the_draws() -> None:
    draws = np.array([1.0, 2.0, 4.0, 8.0])
    rank, crps = scored(draws, 3.0, "reach")
    assert rank == 0.5
    logs, at = np.log(draws), np.log(3.0)
    spread = np.abs(logs[:, None] - logs).mean() / 2.0
    assert crps == pytest.approx(np.abs(logs - at).mean() - spread)
    assert all(np.isnan(scored(draws, np.nan, "reach")))


def test_the_order_of_the_table_does_not_matter() -> None:
    frame = table(7)
    there, back = backtest(frame).errors, backtest(frame.iloc[::-1]).errors
    for name in ("median_abs_log_error", "bias", "n"):
        np.testing.assert_allclose(there[name], back[name], atol=5e-3)


def test_another_column_may_order_the_campaigns() -> None:
    frame = table(5).assign(wave=[3, 3, 1, 2, 2])
    found = backtest(frame, by="wave")
    some = found.forecasts[(found.forecasts.metric == "reach") & (found.forecasts.method == "uncalibrated")]
    assert some.set_index("row").origin.to_dict() == {0: 2, 1: 2, 2: 0, 3: 1, 4: 1}
    with pytest.raises(InvalidInput) as caught:
        backtest(frame, by="moon")
    assert caught.value.code == "unknown_choice"
    mixed = backtest(table(3).assign(wave=[1, "a", None]), by="wave")
    assert mixed.dropped == ({"row": 2, "reason": "order_unknown"},)


def test_a_row_without_a_start_is_left_out_and_named() -> None:
    found = backtest(pd.concat([table(4), one(start="soon")], ignore_index=True))
    assert {"row": 4, "reason": "order_unknown"} in found.dropped
    assert 4 not in set(found.forecasts.row)


def test_any_table_will_do() -> None:
    plain = table(5)[["start", "end", "spend", "impressions", "reach"]]
    plain = plain.assign(start=plain.start.astype(str), end=plain.end.astype(str), colour="blue")
    found = backtest(plain)
    assert set(found.errors.metric) == METRICS - {"link_clicks"}
    assert found.origins > 0
    strange = plain.assign(country="ZZ", objective="fame", audience_size="many", account=[f"a{n}" for n in range(5)])
    assert backtest(strange).origins == found.origins


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_history_only_the_defaults_are_shown(count: int) -> None:
    found = backtest(table(count))
    assert found.origins == 0
    assert set(found.errors.method) <= {"uncalibrated"}
    assert len(found.errors) == (4 if count else 0)
    assert list(found.errors.columns) == COLUMNS


def test_learning_helps_an_account_that_is_unlike_the_rest() -> None:
    errors = backtest(table(12, cpm=28.0, spread=0.1)).errors.set_index(["metric", "method"]).median_abs_log_error
    assert errors["impressions", "calibrated"] < 0.5 * errors["impressions", "uncalibrated"]
    best = min(errors["impressions", name] for name in BASELINES)
    assert errors["impressions", "calibrated"] < best + 0.1


def test_needed_columns_are_asked_for() -> None:
    with pytest.raises(InvalidInput) as caught:
        backtest(table(4).drop(columns="spend"))
    assert caught.value.code == "missing_columns"


def test_progress_rises_to_the_end() -> None:
    shares: list[float] = []
    backtest(
        days_of(table(5), ["2025-01-01", "2025-01-02", "2025-01-02", "2025-01-05", "2025-01-09"]),
        progress=shares.append,
    )
    assert shares == [0.6, 0.8, 1.0]


def test_many_origins_are_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(backtest.__globals__, "MOST_FITS", 2)
    shares: list[float] = []
    found = backtest(table(7), progress=shares.append)
    assert len(shares) == 2
    assert found.origins == 6
    assert (found.errors.n == 6).all()


@pytest.mark.parametrize("draws", [10**9, 0, 15, -1, "x", 64.0, True, None])
def test_draws_have_limits(draws: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        backtest(table(3), draws=draws)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.data["field"]) == ("out_of_range", "draws")


@pytest.mark.parametrize("priors", [5, {}])
def test_priors_are_parameters(priors: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        backtest(table(3), priors=priors)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.data["field"]) == ("wrong_type", "priors")
