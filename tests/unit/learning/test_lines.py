"""Which lines of a file are rows of the table: totals, names said once, cells too many or left out, other tables."""

from __future__ import annotations

import pytest

from simulator.base.errors import InvalidInput
from tests.unit.learning.exports import CAMPAIGN_COLUMNS, Style, campaigns, delimited, table
from tests.unit.learning.reading import DAYS, HEADER, codes, differences, lines, read, rows_of
from tests.unit.learning.test_workbook import HEADER as BOOK_HEADER
from tests.unit.learning.test_workbook import ROW, book

GROUPED = "Campaign name,Ad set name,Age,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"


@pytest.mark.parametrize("dash", ["-", "—", "–", "--"])
def test_a_dash_in_a_breakdown_is_a_subtotal(dash):
    header = "Campaign name,Age,Gender,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"
    frame = read(lines(f"A,{dash},{dash},3,20,30,{DAYS}", f"A,18-24,male,1,10,10,{DAYS}",
                       f"A,25-34,male,2,10,20,{DAYS}", header=header))  # fmt: skip
    assert frame["age"].tolist() == ["18-24", "25-34"]
    assert rows_of(frame, "subtotal_row") == [2]


@pytest.mark.parametrize(
    "label",
    ["Résultats des 3 campagnes", "Résultats pour 3 publicités", "Total des 3 campagnes", "Total of 3 ad sets",
     "Account total", "Total 2025", "Totaux"],
)  # fmt: skip
def test_a_total_however_it_is_called(label):
    rows = [f"A,10,80,100,{DAYS}", f"B,25,160,210,{DAYS}", f"C,11.5,90,111,{DAYS}"]
    frame = read(lines(*rows, f"{label},46.5,300,421,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "B", "C"]
    assert rows_of(frame, "totals_row") == [5]


def test_results_of_so_many_campaigns_are_a_total_though_rows_were_taken_out():
    frame = read(lines(f"Results from 12 campaigns,99,300,421,{DAYS}", f"A,10,80,100,{DAYS}", f"B,25,160,210,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "B"]


@pytest.mark.parametrize("label", ["Total", "C", "Résultats"])
def test_a_campaign_as_large_as_the_others_or_called_total_stays(label):
    spend, impressions = (30, 3000) if label == "C" else (30, 2900)
    frame = read(lines(f"A,10,800,1000,{DAYS}", f"B,20,1500,2000,{DAYS}", f"{label},{spend},2200,{impressions},{DAYS}"))
    assert len(frame) == 3


@pytest.mark.parametrize("more", ["rows", "header", "three", "all"])
def test_separators_too_many_at_the_end_are_nothing(more):
    text = delimited(table(campaigns(), CAMPAIGN_COLUMNS, Style("fr")))
    head, *rows = text.splitlines()
    ends = {"rows": ("", ","), "header": (",", ""), "three": ("", ",,,"), "all": (",", ",")}[more]
    frame = read("\n".join([head + ends[0], *(row + ends[1] for row in rows)]) + "\n")
    assert differences(frame, campaigns()) == []


def test_a_row_shifted_by_a_comma_is_no_habit_of_the_file():
    shifted = f"Pau, été,25,20,30,{DAYS}"
    with pytest.raises(InvalidInput, match="8 cells where the header has 7"):
        read(lines(f"{shifted},", header=f"{HEADER},Remarks"))
    frame = read(lines(f"A,1,8,10,{DAYS}", shifted, f"B,1,8,10,{DAYS}"))
    assert rows_of(frame, "wrong_cell_count") == [3]
    late = [f"A{number},1,8,10,{DAYS}," for number in range(40)]
    assert rows_of(read(lines(*late, f"{shifted}")), "wrong_cell_count") == [42]


def test_a_second_table_of_another_width_is_refused():
    other = "Impressions,Reach,Amount spent,Campaign name,Starts,Ends,Link clicks"
    with pytest.raises(InvalidInput) as refusal:
        read(lines(f"A,1,8,10,{DAYS}", "", other, f"10,8,1,B,{DAYS},1"))
    assert refusal.value.code == "several_tables"


@pytest.mark.parametrize("content", ["\n\n  \n", ",,,\n , ,\n"])
def test_lines_without_a_cell_are_an_empty_file(content):
    with pytest.raises(InvalidInput) as refusal:
        read(content)
    assert refusal.value.code == "empty_file"


def test_sheets_that_hold_a_table_too_are_told():
    other = [BOOK_HEADER[::-1], ROW[::-1]]
    months = {"January": [BOOK_HEADER, ROW], "February": [BOOK_HEADER, ["B", *ROW[1:]]]}
    frame = read(book(sheets={**months, "Account B": other, "Notes": [["Reach"]]}))
    told = {entry["code"]: entry["data"].get("received") for entry in frame.attrs["warnings"]}
    assert told["other_sheets"] == "'Account B'"
    assert told["joined_sheets"] == "'January', 'February'"
    assert frame["campaign"].tolist() == [ROW[0], "B"]
    french = {"Rapport mis en forme": [BOOK_HEADER, [ROW[0], 1.0, *ROW[2:]]], "Données brutes": [BOOK_HEADER, ROW]}
    frame = read(book(sheets=french))
    assert frame["spend"].tolist() == [12.345]
    assert "other_sheets" not in codes(frame)


@pytest.mark.parametrize("label", ["7 campagnes", "Boulangerie", "Ensemble"])
def test_the_sum_of_three_others_is_a_total_whatever_it_is_called(label):
    rows = [f"A,10.2,80,100,{DAYS}", f"B,25,160,210,{DAYS}", f"C,11.5,90,111,{DAYS}"]
    total = f"{label},46.7,300,421,{DAYS}"
    for order in ([*rows, total], [total, *rows]):
        frame = read(lines(*order))
        assert frame["campaign"].tolist() == ["A", "B", "C"]
        assert len(rows_of(frame, "totals_row")) == 1
    between = read(lines(rows[0], total, *rows[1:]))
    assert len(between) == 4


def sixteen(size: int) -> list[str]:
    """An export as a spreadsheet saves it: from the seventeenth row on without the separator of the blank remarks."""
    rows = [f"A{number},1,8,10,{DAYS}," for number in range(size)]
    return [*rows[:15], *(row.removesuffix(",") for row in rows[15:])]


def test_rows_whose_last_blank_cells_a_spreadsheet_left_out():
    frame = read(lines(*sixteen(40), header=f"{HEADER},Remarks"))
    assert len(frame) == 40
    assert frame["reach"].tolist() == [8.0] * 40


def test_one_row_shorter_than_those_around_it_is_cut():
    rows = [f"A{number},1,8,10,{DAYS},seen" for number in range(40)]
    rows[20] = rows[20].replace(",8,", ",")
    frame = read(lines(*rows, header=f"{HEADER},Remarks"))
    assert rows_of(frame, "wrong_cell_count") == [22]
    assert frame["reach"].tolist() == [8.0] * 39


def test_cells_that_must_be_there_were_not_left_out():
    rows = [f",A{number},1,8,10,{DAYS}" for number in range(40)]
    rows = [*rows[:15], *(row.rpartition(",")[0] for row in rows[15:])]
    frame = read(lines(*rows, header=f"Remarks,{HEADER}"))
    assert rows_of(frame, "wrong_cell_count") == list(range(17, 42))


def test_the_first_of_two_tables_is_not_passed_over():
    with pytest.raises(InvalidInput) as refusal:
        read(lines(f"A,1,8,10,{DAYS}", "", HEADER + ",Link clicks,Results", f"B,1,8,10,{DAYS},1,1"))
    assert refusal.value.code == "several_tables"


def test_a_name_said_once_for_a_group_of_rows():
    frame = read(lines(f",,,10,90,100,{DAYS}", f"A,,All,6,50,60,{DAYS}", f",x,All,6,50,60,{DAYS}",
                       f",,18-24,2,20,20,{DAYS}", f",,25-34,4,30,40,{DAYS}", f"B,,All,4,40,40,{DAYS}",
                       f",y,18-24,1,10,10,{DAYS}", f",,25-34,3,30,30,{DAYS}", header=GROUPED))  # fmt: skip
    assert frame[["campaign", "ad_set", "age"]].to_numpy().tolist() == [
        ["A", "x", "18-24"], ["A", "x", "25-34"], ["B", "y", "18-24"], ["B", "y", "25-34"],
    ]  # fmt: skip
    assert rows_of(frame, "totals_row") == [2]
    assert rows_of(frame, "subtotal_row") == [3, 4, 7]
    assert rows_of(frame, "name_above") == [4, 5, 6, 8, 9, 5, 6, 9]


def test_the_name_of_the_campaign_before_is_not_taken():
    frame = read(lines(f",x,18-24,2,20,20,{DAYS}", f"A,x,18-24,2,20,20,{DAYS}", f"B,,18-24,2,20,20,{DAYS}",
                       header=GROUPED))  # fmt: skip
    assert frame[["campaign", "ad_set"]].values.tolist() == [["A", "x"], ["B", None]]
    assert rows_of(frame, "name_above") == []


@pytest.mark.parametrize(
    "label",
    ["Total Results 118 / 118 rows displayed", "118/118 rows displayed", "Résultats totaux 7/7 lignes affichées"],
)
def test_the_total_of_a_report_is_none_of_its_rows(label):
    frame = read(lines(f"{label},99,300,421,{DAYS}", f"A,10,80,100,{DAYS}", f"7/7 days,25,160,210,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "7/7 days"]


def test_a_total_of_a_day_over_campaigns_takes_no_name():
    header = HEADER.replace("Campaign name", "Day,Campaign name")
    days = [
        f"2025-01-0{day},{name},{spend},{10 * spend},{12 * spend},{DAYS}"
        for day in (1, 2) for name, spend in (("", 3), ("A", 1), ("B", 2))
    ]  # fmt: skip
    frame = read(lines(*days, header=header))
    assert frame["campaign"].tolist() == ["A", "B", "A", "B"]
    assert rows_of(frame, "totals_row") == [2, 5]
    assert read(lines(*days[:2], days[3], days[5], header=header))["campaign"].tolist() == ["A", "B"]


def test_a_name_said_once_above_its_days():
    header = HEADER.replace("Campaign name", "Day,Campaign name")
    rows = [f",A,3,30,36,{DAYS}", f"2025-01-01,,1,10,12,{DAYS}", f"2025-01-02,,2,20,24,{DAYS}"]
    frame = read(lines(*rows, header=header))
    assert frame["campaign"].tolist() == ["A", "A"]
    assert frame.attrs["level"] == "campaign/day"


def test_a_total_of_an_age_over_campaigns_takes_no_name():
    rows = [
        f"{name},{'x' if name else ''},{age},{spend},{10 * spend},{12 * spend},{DAYS}"
        for age in ("18-24", "25-34") for name, spend in (("", 3), ("A", 1), ("B", 2))
    ]  # fmt: skip
    frame = read(lines(*rows, header=GROUPED))
    assert frame["campaign"].tolist() == ["A", "B", "A", "B"]
    assert rows_of(frame, "totals_row") == [2, 5]
