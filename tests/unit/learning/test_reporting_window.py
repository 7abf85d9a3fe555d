"""Days of a report taken for those of a campaign: guessed where several campaigns share them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import table


def reported(count: int, last: str, **columns: object) -> pd.DataFrame:
    """Campaigns of which the file tells only the days of the report."""
    flags = {"start_is_reporting": True, "end_is_reporting": True}
    return table(count).assign(start="2025-01-01", end=last, **{**flags, **columns})


def rows_of(frame: pd.DataFrame) -> Rows:
    return usable_rows(frame, load_parameters())


def noted(rows: Rows) -> list[int]:
    return [entry["row"] for entry in rows.dropped if entry["reason"] == "report_window"]


def test_a_campaign_is_taken_to_have_run_between_a_day_and_the_whole_report() -> None:
    rows = rows_of(reported(4, "2025-02-05"))
    np.testing.assert_allclose(rows.days, 6.0)
    assert (rows.start == np.datetime64("2025-01-16")).all(), "in the middle of 36 days"
    assert noted(rows) == [0, 1, 2, 3]


def test_the_month_within_a_long_report_is_unknown() -> None:
    rows = rows_of(reported(4, "2026-01-04"))
    np.testing.assert_allclose(rows.days, np.sqrt(369.0))
    assert np.isnat(rows.start).all()


@pytest.mark.parametrize(
    "frame",
    [
        table(4).assign(start="2025-01-01", end="2025-02-05"),
        reported(4, "2025-02-05", start_is_reporting=False, end_is_reporting=False),
        reported(1, "2025-02-05"),
        reported(4, "2025-02-05", campaign="one", ad_set="one"),
    ],
    ids=["no report", "both told", "alone", "one campaign"],
)
def test_days_that_are_told_stay(frame: pd.DataFrame) -> None:
    rows = rows_of(frame)
    np.testing.assert_allclose(rows.days, 36.0)
    assert not noted(rows)


def test_a_day_that_is_told_is_kept_and_the_other_guessed_within_the_report() -> None:
    """An export with ``Ends`` alone, or with campaigns that have no end: a reporting window is no flight."""
    ends = rows_of(reported(4, "2025-02-05", end_is_reporting=False))
    np.testing.assert_allclose(ends.days, 6.0)
    assert (ends.start == np.datetime64("2025-01-31")).all()
    starts = rows_of(reported(4, "2025-02-05", start_is_reporting=False))
    np.testing.assert_allclose(starts.days, 6.0)
    assert (starts.start == np.datetime64("2025-01-01")).all()
    mixed = rows_of(
        reported(4, "2025-02-05").assign(end=["2025-01-09", *["2025-02-05"] * 3], end_is_reporting=[False, *[True] * 3])
    )
    np.testing.assert_allclose(mixed.days, [3.0, 6.0, 6.0, 6.0])


def test_a_daily_budget_tells_how_long_the_money_lasted_unless_it_is_another_one() -> None:
    frame = reported(2, "2025-12-31", spend=[80.0, 80.0], impressions=10_000.0, reach=8_000.0, budget=[10.0, 0.1])
    np.testing.assert_allclose(rows_of(frame.assign(budget_kind="daily")).days, [8.0, np.sqrt(365.0)])
    np.testing.assert_allclose(rows_of(frame.assign(budget_kind="lifetime")).days, np.sqrt(365.0))


def test_a_start_that_was_cut_to_the_report_is_known() -> None:
    frame = reported(4, "2025-02-05", end_is_reporting=False)
    frame.attrs["starts_told"] = True
    np.testing.assert_allclose(rows_of(frame).days, 36.0)


def test_months_of_a_report_are_not_guessed() -> None:
    frame = reported(4, "2025-01-31")
    frame.attrs["breakdowns"] = ("month",)
    assert not noted(rows_of(frame))


def test_flags_that_are_none_are_ignored() -> None:
    odd = reported(3, "2025-02-05", start_is_reporting=["yes", None, 1], end_is_reporting=np.nan)
    np.testing.assert_allclose(rows_of(odd).days, 36.0)
    nullable = reported(3, "2025-02-05").astype({"start_is_reporting": "boolean"})
    np.testing.assert_allclose(rows_of(nullable).days, 6.0)
