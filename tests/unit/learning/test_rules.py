"""Which rows are dropped, which are put right, and what each is told for."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from tests.unit.learning.reading import codes, read, rows_of

HEADER = (
    "Campaign name,Amount spent (EUR),Reach,Impressions,Frequency,Link clicks,Unique link clicks,Clicks (all),Results,"
    "CPM,Starts,Ends"
)
GOOD = "A,12.50,800,1000,1.25,20,18,30,20,12.5,2025-01-01,2025-01-31"
FIELDS = HEADER.split(",")


def line(**changes: str) -> str:
    """A good row with some cells changed."""
    cells = dict(zip(FIELDS, GOOD.split(","), strict=True))
    return ",".join({**cells, **{name.replace("_", " "): value for name, value in changes.items()}}.values())


def after(*lines: str) -> pd.DataFrame:
    return read("\n".join([HEADER, GOOD.replace("A,", "Z,", 1), *lines, GOOD.replace("A,", "B,", 1)]))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Reach": "1200"}, "reach_above_impressions"),
        ({"Reach": "-800"}, "negative"),
        ({"Results": "-1"}, "negative"),
        ({"Amount spent (EUR)": "-1"}, "negative"),
        ({"Amount spent (EUR)": ""}, "blank_number"),
        ({"Impressions": ""}, "blank_number"),
        ({"Amount spent (EUR)": "free"}, "bad_number"),
        ({"Reach": "many"}, "bad_number"),
        ({"Impressions": "1.2E+05"}, "rounded_number"),
        ({"Impressions": "1000.5"}, "not_whole"),
        ({"Reach": "799.5"}, "not_whole"),
        ({"Amount spent (EUR)": "9999999999999"}, "too_high"),
        ({"Impressions": "0", "Reach": "0"}, "spend_without_impressions"),
        ({"Frequency": "12.5"}, "inconsistent_figures"),
        ({"CPM": "125"}, "inconsistent_figures"),
        ({"Starts": "soon"}, "bad_date"),
        ({"Starts": "Ongoing"}, "bad_date"),
        ({"Starts": ""}, "blank_date"),
        ({"Ends": "Ongoing"}, "blank_date"),
        ({"Ends": "2024-12-01"}, "end_before_start"),
        ({"Campaign name": ""}, "totals_row"),
        ({"Amount spent (EUR)": "", "Impressions": "", "Reach": ""}, "no_delivery"),
    ],
)
def test_a_row_that_cannot_be_believed_is_dropped_for_its_reason(changes, code):
    cells = dict(zip(FIELDS, GOOD.split(","), strict=True))
    frame = after(",".join({**cells, **changes}.values()))
    assert frame["row"].tolist() == [2, 4]
    assert rows_of(frame, code) == [3]


@pytest.mark.parametrize(
    ("changes", "code", "blank"),
    [
        ({"Link clicks": "40"}, "link_clicks_above_clicks", {"link_clicks", "clicks_all"}),
        ({"Unique link clicks": "25"}, "unique_above_link_clicks", {"unique_link_clicks"}),
        ({"Clicks (all)": "2000"}, "clicks_above_impressions", {"clicks_all"}),
        ({"Link clicks": "some"}, "unread_cell", {"link_clicks"}),
        ({"Link clicks": "1.5"}, "unread_cell", {"link_clicks"}),
        ({"Results": "#REF!"}, "unread_cell", {"results"}),
        ({"Reach": "", "Frequency": ""}, "reach_blank", {"reach", "frequency"}),
        ({"Reach": "0", "Frequency": ""}, "reach_blank", {"reach", "frequency"}),
    ],
)
def test_a_row_whose_clicks_alone_are_wrong_keeps_the_rest(changes, code, blank):
    cells = dict(zip(FIELDS, GOOD.split(","), strict=True))
    frame = after(",".join({**cells, **changes}.values()))
    assert rows_of(frame, code) == [3]
    figures = [
        "spend",
        "reach",
        "impressions",
        "frequency",
        "link_clicks",
        "unique_link_clicks",
        "clicks_all",
        "results",
    ]
    row = frame[figures].iloc[1]
    assert set(row.index[row.isna()]) == blank


def test_blank_results_and_clicks_are_zeros():
    frame = after(line(Results="", **{"Clicks_(all)": "", "Link_clicks": "", "Unique_link_clicks": ""}))
    assert frame.loc[1, ["results", "link_clicks", "unique_link_clicks", "clicks_all"]].tolist() == [0, 0, 0, 0]
    assert rows_of(frame, "blank_as_zero") == [3, 3, 3, 3]


def test_a_row_of_zeros_is_no_campaign_and_among_days_one_without_delivery():
    frame = after("A,0,0,0,,0,0,0,0,,2025-01-01,2025-01-31")
    assert len(frame) == 2
    assert rows_of(frame, "no_delivery") == [3]
    days = "Campaign name,Day,Amount spent (EUR),Reach,Impressions"
    frame = read("\n".join([days, "A,2025-01-01,1,80,100", "A,2025-01-02,0,0,0", "A,2025-01-03,,,"]))
    assert frame["frequency"].isna().tolist() == [False, True]
    assert rows_of(frame, "no_delivery") == [4]


def test_rounding_is_no_contradiction():
    rows = [line(Campaign_name="C", Frequency="1"), line(Campaign_name="D", CPM="13")]
    assert len(after(*rows, line(Campaign_name="E", Frequency="1.3", CPM="12"))) == 5


def test_totals_first_last_or_called_so():
    total = "Results from 2 campaigns,25,1600,2000,1.25,40,36,60,40,12.5,2025-01-01,2025-01-31"
    other = GOOD.replace("A,", "B,", 1)
    for lines in (
        [total, GOOD, other],
        [GOOD, other, total],
        [GOOD, other, total.replace("Results from 2 campaigns", "TOTAL")],
    ):
        frame = read("\n".join([HEADER, *lines]))
        assert frame["campaign"].tolist() == ["A", "B"]
        assert len(rows_of(frame, "totals_row")) == 1


def test_a_campaign_called_total_is_a_campaign():
    frame = read("\n".join([HEADER, GOOD, line(Campaign_name="Total").replace(",12.50,", ",13.00,")]))
    assert frame["campaign"].tolist() == ["A", "Total"]


def test_subtotals_of_a_breakdown_are_dropped():
    header = "Campaign name,Ad set name,Age,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"
    days = "2025-01-01,2025-01-31"
    lines = [f"A,x,,3,20,30,{days}", f"A,x,All,3,20,30,{days}", f"A,x,18-24,1,10,15,{days}",
             f"A,x,25-34,2,12,15,{days}", f"A,,18-24,1,10,15,{days}", f",,,3,20,30,{days}"]  # fmt: skip
    frame = read("\n".join([header, *lines]))
    assert frame["age"].tolist() == ["18-24", "25-34"]
    assert rows_of(frame, "subtotal_row") == [2, 3, 6]
    assert rows_of(frame, "totals_row") == [7]
    assert frame.attrs["level"] == "ad_set/age"


HEADLESS = "Campaign name,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"


@pytest.mark.parametrize(
    ("windows", "kind"),
    [
        (["2025-01-01,2025-01-01", "2025-01-02,2025-01-02"], "day"),
        (["2025-01-06,2025-01-12", "2025-01-13,2025-01-19"], "week"),
        (["2025-01-01,2025-01-31", "2025-02-01,2025-02-28"], "month"),
        (["2025-01-01,2025-03-31", "2025-04-01,2025-06-30"], "period"),
    ],
)
def test_a_report_split_by_time_without_a_column_for_it(windows, kind):
    frame = read("\n".join([HEADLESS, *(f"A,1,2,3,{days}" for days in windows)]))
    assert frame.attrs["level"] == f"campaign/{kind}"
    assert "rows_of_parts" in codes(frame)
    assert not codes(frame) & {"flight_cut", "start_from_report"}


def test_several_campaigns_of_one_report_are_not_split_by_time():
    frame = read("\n".join([HEADLESS, "A,1,2,3,2025-01-01,2025-01-31", "B,1,2,3,2025-01-01,2025-01-31"]))
    assert frame.attrs["level"] == "campaign"
    assert frame.attrs["breakdowns"] == ()


def test_a_file_joined_to_itself_is_read_once_and_told():
    text = "\n".join([HEADLESS, *["A,1,2,3,2025-01-01,2025-01-31"] * 2])
    assert rows_of(read(text), "repeated_row") == [3]
    assert len(read(text)) == 1
    assert len(read(text, keep_repeated=True)) == 2


def test_one_row_for_each_attribution_counts_once_and_two_of_one_name_are_two():
    header = f"{HEADLESS},Results,Attribution setting"
    days = "2025-01-01,2025-01-31"
    frame = read(
        f"{header}\nA,1,2,3,{days},5,7-day click\nA,1,2,3,{days},4,1-day click\nA,4,5,6,{days},4,1-day click\n"
    )
    assert frame["results"].tolist() == [5, 4]
    assert {"repeated_row", "repeated_rows"} <= codes(frame)


def test_weeks_in_a_column():
    header = HEADLESS.replace("Reporting starts,Reporting ends", "Week")
    frame = read(f"{header}\nA,1,2,3,2025-01-06 - 2025-01-12\nA,9,9,9,\n")
    assert frame["days"].tolist() == [7]
    assert frame.attrs["level"] == "campaign/week"
    assert rows_of(frame, "subtotal_row") == [3]


def test_identifiers_stand_in_for_names_and_are_told_when_rounded():
    header = HEADLESS.replace("name", "ID")
    frame = read(f"{header}\n1.2E+17,1,2,3,2025-01-01,2025-01-31\n")
    assert frame["campaign"].tolist() == ["1.2E+17"]
    assert "damaged_identifiers" in codes(frame)
    assert "damaged_identifiers" not in codes(read(f"{header}\n120210433571280071,1,2,3,2025-01-01,2025-01-31\n"))


def test_a_budget_held_elsewhere_is_no_amount():
    header = f"{HEADLESS},Ad set budget,Ad set budget type"
    days = "2025-01-01,2025-01-31"
    frame = read(
        f"{header}\nA,1,2,3,{days},Using campaign budget,\nB,1,2,3,{days},20,Daily\nC,1,2,3,{days},500,Lifetime\n"
    )
    assert frame["budget"].tolist()[1:] == [20, 500]
    assert frame["budget"].isna().tolist() == [True, False, False]
    assert frame["budget_kind"].tolist() == [None, "daily", "lifetime"]


def test_a_file_of_which_nothing_is_left_is_refused_with_the_first_reason():
    with pytest.raises(InvalidInput) as refusal:
        read("\n".join([HEADER, line(Reach="1200"), line(Amount_spent__EUR_="x")]))
    assert refusal.value.code == "no_usable_rows"
    assert refusal.value.data["reason"] == "reach_above_impressions"
    assert "row 2" in refusal.value.message


def test_markup_and_formulas_in_names_stay_text():
    frame = read(
        f"{HEADLESS}\n\"=cmd|'/C calc'!A0\",1,2,3,2025-01-01,2025-01-31\n<b>{{x}}</b>,1,2,3,2025-01-01,2025-01-31\n"
    )
    assert frame["campaign"].tolist() == ["=cmd|'/C calc'!A0", "<b>{x}</b>"]
