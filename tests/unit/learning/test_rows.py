"""From a table of any origin to rows that can teach something, each one left out with its reason."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.learning.export.frame import NEEDED
from simulator.learning.random_effects import MOST_ACCOUNTS
from simulator.learning.rows import OTHER, Rows, usable_rows
from simulator.reference.parameters import load_parameters, units_per_euro
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()


def rows_of(frame: pd.DataFrame) -> Rows:
    return usable_rows(frame, PARAMETERS)


def reasons(frame: pd.DataFrame) -> list[str]:
    return [entry["reason"] for entry in rows_of(frame).dropped]


@pytest.mark.parametrize("name", NEEDED)
def test_a_needed_column_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rows_of(table().drop(columns=name))
    assert caught.value.code == "missing_columns"
    assert name in str(caught.value)


def test_only_a_table_is_taken() -> None:
    for wrong in (None, [], "campaigns.csv", {"start": []}):
        with pytest.raises(InvalidInput) as caught:
            rows_of(wrong)  # type: ignore[arg-type]
        assert caught.value.code == "wrong_type"


def test_no_rows_are_no_error() -> None:
    assert len(rows_of(table().iloc[:0])) == 0
    assert len(rows_of(pd.DataFrame())) == 0


def test_dates_may_be_texts_stamps_or_days() -> None:
    kinds = [
        "2025-03-01",
        " 2025-03-01T23:59:59+11:00",
        datetime.date(2025, 3, 1),
        datetime.datetime(2025, 3, 1, 22, 30, tzinfo=datetime.UTC),
        pd.Timestamp("2025-03-01", tz="America/Montreal"),
        np.datetime64("2025-03-01T05:00"),
    ]
    frame = pd.concat([one()] * len(kinds), ignore_index=True).assign(
        start=pd.Series(kinds, dtype=object), end="2025-03-10"
    )
    rows = rows_of(frame.drop(columns="campaign"))
    assert (rows.start == np.datetime64("2025-03-01")).all()
    assert rows.days.tolist() == [10.0] * len(kinds)


def test_an_end_that_is_ongoing_is_one_day_and_said() -> None:
    frame = one(end="Ongoing")
    assert rows_of(frame).days.tolist() == [PARAMETERS.value("calibration.unknown_days")]
    assert reasons(frame) == ["end_unknown"]


def test_an_end_that_is_known_is_not_called_unknown() -> None:
    assert reasons(one(start="x")) == ["start_unknown"]
    assert reasons(one(start="x", end="2025-03-01")) == ["start_unknown"]
    assert reasons(one(start="x", end="x")) == ["end_unknown", "start_unknown"]
    assert rows_of(one(start="x")).days.tolist() == [PARAMETERS.value("calibration.unknown_days")]


@pytest.mark.parametrize("start", ["1925-03-01", "2525-03-01", "2025-02-30", "01/03/2025", 20250301, 45_000.0, True])
def test_a_date_that_cannot_be_one_is_none(start: object) -> None:
    rows = rows_of(one(start=start, days=5.0))
    assert np.isnat(rows.start).tolist() == [True]
    assert [entry["reason"] for entry in rows.dropped] == ["start_unknown"]


def test_days_given_are_taken_and_a_fraction_is_a_day() -> None:
    assert rows_of(one(days=7.0)).days.tolist() == [7.0]
    assert rows_of(one(days=0.05)).days.tolist() == [1.0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"spend": 0.0}, "spend_missing_or_zero"),
        ({"spend": -5.0}, "spend_missing_or_zero"),
        ({"spend": "much"}, "spend_missing_or_zero"),
        ({"spend": float("inf")}, "spend_missing_or_zero"),
        ({"impressions": 0.0}, "impressions_missing_or_few"),
        ({"impressions": float("nan")}, "impressions_missing_or_few"),
        ({"reach": 1e9}, "reach_impossible"),
        ({"reach": -1.0}, "reach_impossible"),
        ({"reach": 1.0}, "reach_impossible"),
        ({"end": "2005-01-01"}, "duration_impossible"),
        ({"spend": 1e9}, "price_impossible"),
        ({"currency": "XYZ"}, "unknown_currency"),
        ({"impressions": 90.0, "reach": 80.0, "spend": 1.0}, "impressions_few"),
    ],
)
def test_a_row_that_cannot_be_true_is_left_out_with_its_reason(changes: dict[str, object], reason: str) -> None:
    frame = pd.concat([table(3), one(**changes)], ignore_index=True)
    rows = rows_of(frame)
    assert rows.index.tolist() == [0, 1, 2]
    assert rows.dropped == ({"row": 3, "reason": reason},)


def test_a_row_without_reach_still_tells_its_price() -> None:
    rows = rows_of(one(reach=0.0))
    assert len(rows) == 1
    assert np.isnan(rows.reach[0])


def test_money_is_in_euros_whatever_the_currency() -> None:
    euros, dollars = rows_of(one(spend=100.0)), rows_of(one(spend=100.0, currency="CAD"))
    assert euros.spend[0] == 100.0
    assert dollars.spend[0] == pytest.approx(100.0 / units_per_euro("CAD", PARAMETERS))


def test_money_at_a_rate_that_is_assumed_is_said() -> None:
    assert reasons(one(currency="MAD")) == ["rate_assumed"]
    assert reasons(one(currency="XOF", spend=20_000.0)) == []


def test_a_row_without_currency_is_in_the_only_one_of_the_file() -> None:
    frame = table(3, currency=["CAD", None, "CAD"])
    assert rows_of(frame).spend * units_per_euro("CAD", PARAMETERS) == pytest.approx(frame.spend.to_numpy())
    assert rows_of(table(2, currency=None)).spend == pytest.approx(table(2).spend.to_numpy())


def test_missing_columns_are_wide_guesses() -> None:
    frame = table(4).drop(columns=["country", "audience_size", "objective", "currency", "link_clicks", "campaign"])
    rows = rows_of(frame)
    assert set(rows.country) == {"world"}
    assert set(rows.objective) == {"link_clicks"}
    assert not rows.is_told.any()
    assert np.isnan(rows.link_clicks).all()
    spread = np.hypot(rows.audience_log_sd, rows.audience_common_log_sd)
    assert spread == pytest.approx(PARAMETERS["calibration.unknown_audience.link_clicks"].log_sd)
    assert rows.dropped == ()


def test_what_is_not_known_of_place_and_goal_is_said() -> None:
    frame = table(3, country=["fr", "ZZ", None], objective=["leads", "fame", ""])
    rows = rows_of(frame)
    assert rows.country.tolist() == ["FR", "world", "world"]
    assert rows.objective.tolist() == ["leads", "unknown", "link_clicks"]
    assert sorted(entry["reason"] for entry in rows.dropped) == ["country_unknown", "objective_unknown"]


def test_results_are_clicks_only_where_clicks_are_the_goal() -> None:
    frame = table(3, link_clicks=[np.nan, np.nan, 7.0], results=30.0, objective=["link_clicks", "leads", "link_clicks"])
    found = rows_of(frame).link_clicks
    assert found[0] == 30.0
    assert np.isnan(found[1])
    assert found[2] == 7.0


def test_an_audience_told_without_doubt_is_nearly_sure_and_with_doubt_is_not() -> None:
    sure, doubted = rows_of(one()), rows_of(one(audience_log_sd=0.7))
    assert sure.audience_common_log_sd[0] == 0.0
    assert sure.audience_log_sd[0] == PARAMETERS["calibration.told_audience"].log_sd
    assert np.hypot(doubted.audience_log_sd, doubted.audience_common_log_sd)[0] == pytest.approx(0.7)


def test_an_audience_below_the_people_reached_is_not_believed() -> None:
    frame = pd.concat([one(), one(audience_size=5), one(audience_size=5, reach=0.0)], ignore_index=True)
    rows = rows_of(frame.assign(campaign=list("abc")))
    assert rows.is_told.tolist() == [True, False, True]
    assert rows.audience[1] == PARAMETERS.value("calibration.unknown_audience.link_clicks")
    assert rows.dropped == ({"row": 1, "reason": "audience_below_reach"},)
    untold = rows_of(one().drop(columns="audience_size"))
    assert rows.audience_log_sd[1] == untold.audience_log_sd[0]
    assert rows.audience_common_log_sd[1] == untold.audience_common_log_sd[0]


def test_days_of_one_campaign_are_one_row_without_reach() -> None:
    days = pd.date_range("2025-03-01", periods=5)
    frame = pd.concat([one(start=day, end=day, spend=10.0, impressions=1000.0, reach=900.0) for day in days])
    frame = frame.assign(link_clicks=3.0)
    rows = rows_of(frame)
    assert len(rows) == 1
    assert (rows.spend[0], rows.impressions[0], rows.link_clicks[0], rows.days[0]) == (50.0, 5000.0, 15.0, 5.0)
    assert np.isnan(rows.reach[0]), "the reach of days is never added up"
    assert rows.dropped == ({"row": 0, "reason": "joined_in_time", "count": 5},)


def test_ages_of_one_campaign_are_parts_whose_reach_is_not_used() -> None:
    frame = pd.concat([one(age=age) for age in ("18-24", "25-34", "65+")], ignore_index=True)
    frame.attrs["breakdowns"] = ("age",)
    rows = rows_of(frame)
    assert rows.is_part.all()
    assert np.isnan(rows.reach).all()
    assert rows.age_band.tolist() == ["18-24", "25-34", "65+"]
    assert len(set(rows.campaign)) == 1


def test_rows_of_one_name_and_month_share_their_luck_and_nameless_rows_do_not() -> None:
    named = rows_of(table(4, campaign="the same", start="2025-03-01", end="2025-03-10", ad_set=list("abcd")))
    nameless = rows_of(table(4).drop(columns="campaign"))
    assert len(set(named.campaign)) == 1
    assert len(set(nameless.campaign)) == 4


def test_rows_without_an_account_are_one_among_several() -> None:
    assert rows_of(table(3, account=["A", None, "B"])).account.tolist() == ["A", OTHER, "B"]
    assert set(rows_of(table(3)).account) == {""}


def test_the_smallest_of_very_many_accounts_are_one() -> None:
    count = MOST_ACCOUNTS + 30
    names = ["big", "big", *(f"small {number}" for number in range(count - 2))]
    found = rows_of(table(count, account=names)).account
    assert len(set(found)) == MOST_ACCOUNTS
    assert "big" in found
    assert (found == OTHER).sum() == count - 2 - (MOST_ACCOUNTS - 2)


def test_hostile_cells_are_left_out_or_ignored() -> None:
    cells = [[1], {"a": 1}, 1 + 2j, object(), b"12", "١٢", "1e999", "=1+1", "x" * 5000, None, pd.NA]
    frame = pd.concat([one()] * len(cells), ignore_index=True).astype(object)
    for name in ("spend", "country", "objective", "start", "audience_size", "campaign", "account"):
        spoiled = frame.copy()
        spoiled[name] = pd.Series(cells, dtype=object)
        rows = rows_of(spoiled)
        assert np.isfinite(rows.spend).all()
        assert np.isfinite(rows.audience).all()


def test_a_column_given_twice_counts_once() -> None:
    frame = table(3)
    twice = pd.concat([frame, frame[["spend"]] * 100.0], axis=1)
    assert rows_of(twice).spend == pytest.approx(rows_of(frame).spend)


def test_very_many_notes_are_counted() -> None:
    frame = pd.concat([table(5)] * 300, ignore_index=True).assign(spend=0.0)
    notes = rows_of(frame).dropped
    assert len(notes) == 1001
    assert notes[-1] == {"row": 1000, "reason": "and_more", "count": 1500}
