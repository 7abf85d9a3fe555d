"""The real result: typed, or read from a row of an export."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.library import Actual

ROW = {
    "campaign": "Pain", "start": pd.Timestamp("2026-03-01"), "end": pd.Timestamp("2026-03-07"), "days": 7,
    "currency": "EUR", "spend": 34.5, "reach": 3000.0, "impressions": 5000.0, "link_clicks": np.nan,
    "age": None, "gender": "", "country": np.nan, "start_is_reporting": False, "row": 2,
}  # fmt: skip


def test_ratios_follow_from_what_is_known() -> None:
    found = Actual(spend=30, impressions=6000, reach=3000, link_clicks=60).figures
    assert (found["frequency"], found["cpm"], found["ctr_link"], found["cpc_link"]) == (2.0, 5.0, 0.01, 0.5)
    assert set(Actual(spend=30).figures) == {"spend"}
    assert "cpc_link" not in Actual(spend=30, impressions=6000, link_clicks=0).figures
    assert Actual(spend=30, impressions=6000, link_clicks=0).figures["ctr_link"] == 0.0


def test_days_count_both_ends() -> None:
    assert Actual(spend=1, start="2026-03-01", end="2026-03-07").days == 7
    assert Actual(spend=1).days is None


def test_one_row_of_an_export_is_taken_whatever_form_it_has() -> None:
    expected = Actual(
        spend=34.5, impressions=5000, reach=3000, currency="EUR", source="export.csv",
        start=datetime.date(2026, 3, 1), end=datetime.date(2026, 3, 7),
    )  # fmt: skip
    frame = pd.DataFrame([ROW])
    for rows in (frame, frame.iloc[0], ROW):
        assert Actual.from_export(rows, source="export.csv") == expected


def test_a_real_export_is_read_and_taken(root: Any) -> None:
    from simulator.learning.export.export import read_ads_manager

    text = (
        "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Reach,Link clicks\n"
        "Pain,2026-03-01,2026-03-07,34.50,5000,3000,41\n"
    )
    found = Actual.from_export(read_ads_manager(text.encode()))
    assert (found.spend, found.reach, found.link_clicks, found.days, found.currency) == (34.5, 3000, 41, 7, "EUR")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"age": "25-34"}, "part_of_campaign"),
        ({"platform": "instagram"}, "part_of_campaign"),
        ({"spend": np.nan}, "missing"),
    ],
)
def test_a_row_that_is_no_result_is_named(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Actual.from_export({**ROW, **change})
    assert caught.value.code == code


@pytest.mark.parametrize("count", [0, 2])
def test_rows_are_never_added_up(count: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        Actual.from_export(pd.DataFrame([ROW] * count, columns=list(ROW)))
    assert caught.value.code == "several_rows"


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ({}, "missing", "spend"),
        ({"spend": -1}, "out_of_range", "spend"),
        ({"spend": float("nan")}, "not_a_number", "spend"),
        ({"spend": 1, "impressions": 10, "reach": 11}, "above_whole", "reach"),
        ({"spend": 1, "impressions": 10, "link_clicks": 11}, "above_whole", "link_clicks"),
        ({"spend": 1, "start": "2026-01-01"}, "missing", "end"),
        ({"spend": 1, "end": "2026-01-01"}, "missing", "start"),
        ({"spend": 1, "start": "2026-01-02", "end": "2026-01-01"}, "out_of_range", "end"),
        ({"spend": 1, "start": "2025-01-01", "end": "2026-06-01"}, "out_of_range", "end"),
        ({"spend": 1, "start": "01/02/2026", "end": "2026-01-01"}, "wrong_type", "start"),
    ],
)
def test_what_cannot_be_is_named(entries: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Actual(**entries)
    assert (caught.value.code, caught.value.data["field"]) == (code, field)
