"""From a table to a calibration, and what a forecast makes of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import simulator
from simulator import calibrate, simulate
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.objectives import OBJECTIVES
from simulator.learning import benchmarks, pooled, read_ads_manager
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place
from tests.unit.learning.tables import one, table

DATA = Path(__file__).parents[2] / "data"
PARAMETERS = load_parameters()
PLAN = Campaign(Targeting([Place.country("FR")], audience_size=300_000), daily_budget=10, duration_days=10)


def width(calibration: simulator.Calibration | None, metric: str = "impressions") -> float:
    band = getattr(simulate(PLAN, calibration=calibration, draws=256), metric)
    return float(np.log(band.p90 / band.p10))


def test_no_usable_row_is_the_prior_with_a_reason() -> None:
    for frame in (table(0), table(3, spend=0.0), pd.DataFrame()):
        learnt = calibrate(frame)
        assert (learnt.rows, learnt.reason) == (0, "no_usable_rows")
        plain, own = (simulate(PLAN, calibration=one_, draws=64).to_frame() for one_ in (None, learnt))
        np.testing.assert_allclose(*(frame_[["p10", "p50", "p90"]].astype(float) for frame_ in (own, plain)), rtol=1e-9)
    assert calibrate(table(3, spend=0.0)).dropped[0]["reason"] == "spend_missing_or_zero"


def test_each_of_the_first_three_campaigns_narrows_the_bands() -> None:
    frame = table(3, objective="link_clicks", cpm=7.0)
    widths = [width(None)] + [width(calibrate(frame.iloc[:count])) for count in (1, 2, 3)]
    assert (np.diff(widths) < 0.0).all()


def test_three_campaigns_narrow_the_bands_by_a_third() -> None:
    """Campaigns that scatter as the shipped figures say (log-sd 0.28); the median of several accounts."""
    before = width(None)
    after = [width(calibrate(table(3, seed=seed, cpm=7.0, spread=0.28))) for seed in range(9)]
    assert np.median(after) < 0.7 * before


def test_three_campaigns_narrow_reach_as_well() -> None:
    assert width(calibrate(table(3)), "reach") < 0.7 * width(None, "reach")


def test_a_shuffled_table_is_the_same_calibration() -> None:
    frame = table(14, objective=["leads", "link_clicks"] * 7)
    there = calibrate(frame)
    back = calibrate(frame.sample(frac=1.0, random_state=1))
    assert there.layout == back.layout
    np.testing.assert_allclose(there.mean, back.mean, atol=2e-3)
    np.testing.assert_allclose(there.covariance, back.covariance, atol=2e-3)
    forecasts = [simulate(PLAN, calibration=one_, draws=128).impressions.p50 for one_ in (there, back)]
    assert forecasts[0] == pytest.approx(forecasts[1], rel=2e-3)


def test_an_odd_row_barely_moves_a_forecast() -> None:
    frame = table(12)
    spoiled = pd.concat([frame, one(spend=300.0, impressions=900.0, reach=850.0)], ignore_index=True)
    before, after = (simulate(PLAN, calibration=calibrate(some), draws=128).impressions for some in (frame, spoiled))
    assert abs(np.log(after.p50 / before.p50)) < 0.1 * np.log(before.p90 / before.p10)


def test_a_forecast_follows_what_the_account_paid() -> None:
    usual, dear = (simulate(PLAN, calibration=calibrate(table(12, cpm=cpm)), draws=256).cpm for cpm in (5.0, 15.0))
    assert 4.0 < usual.p50 < 6.5
    assert 11.0 < dear.p50 < 18.0


def test_missing_columns_are_learnt_from_all_the_same() -> None:
    full = table(10, cpm=20.0)
    for missing in (["country"], ["audience_size"], ["objective"], ["country", "audience_size", "objective"]):
        learnt = calibrate(full.drop(columns=missing))
        assert learnt.rows == 10
        assert width(learnt) < width(None)
        assert simulate(PLAN, calibration=learnt, draws=128).cpm.p50 > 1.5 * simulate(PLAN, draws=128).cpm.p50


def test_dates_as_texts_are_dates() -> None:
    frame = table(6)
    texts = frame.assign(start=frame.start.astype(str), end=frame.end.astype(str))
    np.testing.assert_array_equal(calibrate(frame).mean, calibrate(texts).mean)


def test_the_shipped_parameters_stay_as_they_are() -> None:
    folder = Path(simulator.__file__).parent / "reference" / "parameters"
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.toml")}
    digest = load_parameters().digest
    learnt = calibrate(table(5))
    simulate(PLAN, calibration=learnt, draws=64)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.toml")} == before
    assert load_parameters().digest == digest == learnt.parameter_digest


def test_a_calibration_knows_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes((DATA / "EXEMPLE-invente-fr-tableur.csv").read_bytes())
    learnt = calibrate(read_ads_manager(path), name="Épicerie")
    assert (learnt.name, learnt.rows) == ("Épicerie", 8)
    assert learnt.file_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert calibrate(table(2), file=path).file_hash == learnt.file_hash
    with pytest.raises(InvalidInput) as caught:
        calibrate(table(2), file=tmp_path / "none.csv")
    assert caught.value.code == "file_not_found"


def test_own_priors_are_taken() -> None:
    dear = PARAMETERS.replace({"prices.cpm.FR": 30.0})
    empty = calibrate(table(0), priors=dear)
    assert empty.parameter_digest == dear.digest
    both = (calibrate(table(4), priors=priors) for priors in (PARAMETERS, dear))
    assert np.subtract(*(one_.score("price_level", "FR")[0] for one_ in both)) > 0.5


def test_clients_by_name_are_accounts_and_forecasts_are_for_one_more() -> None:
    clients = {name: table(6, seed=seed) for seed, name in enumerate("ABC")}
    together = calibrate(clients)
    assert dict(together.accounts) == {"A": 6, "B": 6, "C": 6}
    np.testing.assert_array_equal(together.mean, calibrate(pooled(clients)).mean)
    alone = calibrate(pd.concat(clients.values(), ignore_index=True))
    assert alone.accounts == {}
    assert width(alone) < width(together) < width(None)
    assert not any("account" in own for _, own in together.layout.names), "no client in what is saved"


def test_a_client_without_currency_is_not_in_that_of_another() -> None:
    euros = table(4).drop(columns="currency")
    dollars = table(4, seed=1, currency="CAD")
    found = pooled({"euros": euros, "dollars": dollars})
    assert found.currency.tolist() == ["EUR"] * 4 + ["CAD"] * 4
    assert found.account.tolist() == ["euros"] * 4 + ["dollars"] * 4
    assert pooled([euros, dollars]).account.unique().tolist() == ["1", "2"]


def test_what_is_no_table_of_a_client_is_refused() -> None:
    for wrong, code in (({"A": "table.csv"}, "wrong_type"), ({}, "empty_choice"), ([], "empty_choice")):
        with pytest.raises(InvalidInput) as caught:
            pooled(wrong)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_tables_of_several_breakdowns_keep_them() -> None:
    first, second = table(2, age=["18-24", "65+"]), table(2)
    first.attrs, second.attrs = {"breakdowns": ("age",), "sha256": "a"}, {"breakdowns": (), "sha256": "b"}
    found = pooled({"A": first, "B": second})
    assert found.attrs["breakdowns"] == ("age",)
    assert found.attrs["sha256"] == hashlib.sha256(b"ab").hexdigest()
    assert found.age.tolist()[:2] == ["18-24", "65+"]
    assert len(found) == 4


def benchmark_table() -> pd.DataFrame:
    clients = {f"client {n}": table(4, seed=n, cpm=4.0 if n < 4 else 14.0) for n in range(8)}
    frame = pooled(clients)
    number = frame.account.str.split().str[1].astype(int)
    return frame.assign(trade=np.where(number < 4, "bakery", "roofer"), zone=np.where(number == 7, "coast", "Pau"))


def test_benchmarks_are_by_trade_and_zone_and_name_no_client() -> None:
    found = benchmarks(benchmark_table())
    assert list(found) == [("bakery", "Pau"), ("roofer", "Pau")], "one roofer on the coast makes no benchmark"
    cheap, dear = found.values()
    assert cheap.name == "bakery, Pau"
    assert dict(cheap.accounts) == {"1": 4, "2": 4, "3": 4, "4": 4}
    assert "client" not in cheap.to_json()
    assert cheap.score("price_level", "FR")[0] < dear.score("price_level", "FR")[0]
    assert list(benchmarks(benchmark_table(), by=["trade"], fewest=4)) == [("bakery",), ("roofer",)]


def test_rows_without_a_trade_or_client_belong_to_no_benchmark() -> None:
    frame = benchmark_table()
    frame.loc[frame.trade == "roofer", "trade"] = None
    frame.loc[frame.account == "client 0", "account"] = None
    found = benchmarks(frame)
    assert {key: one_.rows for key, one_ in found.items()} == {("bakery", "Pau"): 12}
    with pytest.raises(InvalidInput) as caught:
        benchmarks(frame.drop(columns="zone"))
    assert caught.value.code == "missing_columns"


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        ({"name": 5}, "name", "wrong_type"),
        ({"name": {}}, "name", "wrong_type"),
        ({"name": "x" * 10_000}, "name", "too_long"),
        ({"name": "two\nlines"}, "name", "unprintable"),
        ({"name": "line\n"}, "name", "unprintable"),
        ({"name": "\x07"}, "name", "unprintable"),
        ({"priors": 5}, "priors", "wrong_type"),
        ({"priors": {}}, "priors", "wrong_type"),
        ({"file": 5}, "file", "wrong_type"),
        ({"file": "\x00"}, "file", "file_not_found"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(arguments: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        calibrate(table(0), **arguments)  # type: ignore[arg-type]
    assert (caught.value.data["field"], caught.value.code) == (field, code)


def test_an_audience_below_the_people_reached_teaches_as_none() -> None:
    frame = table(4)
    found = calibrate(frame.assign(audience_size=5))
    assert [entry["reason"] for entry in found.dropped] == ["audience_below_reach"] * 4
    np.testing.assert_array_equal(found.mean, calibrate(frame.drop(columns="audience_size")).mean)


def test_every_goal_can_be_learnt_and_told() -> None:
    """An export may hold any goal, with figures of its own here or without."""
    goals = list(OBJECTIVES) * 2
    learnt = calibrate(table(len(goals), objective=goals))
    assert set(learnt.objectives) == set(OBJECTIVES)
    told = set(learnt.before_after(load_parameters()).parameter)
    assert {f"prices.objective.{goal}" for goal in ("sales", "messages", "unknown")} <= told
