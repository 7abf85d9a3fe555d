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
        reported(4, "2025-02-05", start_is_reporting=False),
        reported(4, "2025-02-05", end_is_reporting=[False, False, False, True]),
        reported(1, "2025-02-05"),
        reported(4, "2025-02-05", campaign="one", ad_set="one"),
    ],
    ids=["no report", "starts told", "ends told", "alone", "one campaign"],
)
def test_days_that_are_told_stay(frame: pd.DataFrame) -> None:
    rows = rows_of(frame)
    np.testing.assert_allclose(rows.days, 36.0)
    assert not noted(rows)


def test_months_of_a_report_are_not_guessed() -> None:
    frame = reported(4, "2025-01-31")
    frame.attrs["breakdowns"] = ("month",)
    assert not noted(rows_of(frame))


def test_flags_that_are_none_are_ignored() -> None:
    odd = reported(3, "2025-02-05", start_is_reporting=["yes", None, 1], end_is_reporting=np.nan)
    np.testing.assert_allclose(rows_of(odd).days, 36.0)
    nullable = reported(3, "2025-02-05").astype({"start_is_reporting": "boolean"})
    np.testing.assert_allclose(rows_of(nullable).days, 6.0)
