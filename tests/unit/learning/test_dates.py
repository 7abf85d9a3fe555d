"""Dates are read in the order the file shows; a guess is told or refused."""

from __future__ import annotations

import datetime

import pytest

from simulator.base.errors import InvalidInput
from simulator.learning.export.dates import BLANK, DATED, INVALID, ONGOING, Dates, resolved
from tests.unit.learning.reading import codes, read

HEADER = "Campaign name,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"


def day(cell: object, day_first: bool = True, **options: object) -> tuple[object, object, int]:
    """First and last day of one cell, and its kind."""
    dates = Dates(**options)
    dates.read([cell])
    days = resolved(dates, day_first)
    return days.first[0].item(), days.last[0].item(), int(days.kinds[0])


@pytest.mark.parametrize(
    "written",
    [
        "2024-06-05", "2024/6/5", "2024.06.05", "20240605", "05/06/2024", "5.6.2024", "05-06-24", "5 juin 2024",
        "5 June 2024", "June 5, 2024", "Jun 5 2024", "2024-06-05 00:00:00", "2024-06-05T08:30:00Z",
        "2024-06-05T08:30:00+0200", "05/06/2024 08:30", "5 juin 2024 à 8h30", "1er juin 2024", "'2024-06-05",
        datetime.date(2024, 6, 5), datetime.datetime(2024, 6, 5, 12, tzinfo=datetime.UTC),
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(written):
    expected = datetime.date(2024, 6, 1 if written == "1er juin 2024" else 5)
    assert day(written) == (expected, expected, DATED)


def test_month_first():
    assert day("06/05/2024 8:30 AM", day_first=False)[0] == datetime.date(2024, 6, 5)


@pytest.mark.parametrize("written", ["2024-01-01 - 2024-01-31", "01/01/2024 - 31/01/2024", "2024-01-01/2024-01-31"])
def test_a_span(written):
    assert day(written) == (datetime.date(2024, 1, 1), datetime.date(2024, 1, 31), DATED)


@pytest.mark.parametrize("written", ["2024-02-30", "32/01/2024", "2024-13-01", "tomorrow", "45296", 45296, "1999-01-01",
                                     "2024-13", "5/6", "2024-06-05 noon", True, 1.5, "00/00/0000"])  # fmt: skip
def test_what_is_no_day(written):
    assert day(written)[2] == INVALID


def test_a_serial_is_a_day_in_a_workbook_only():
    serial = lambda number: datetime.date(1899, 12, 30) + datetime.timedelta(days=number)  # noqa: E731
    assert day(45448, serial=serial)[0] == datetime.date(2024, 6, 5)


@pytest.mark.parametrize("written", ["Ongoing", "En cours", "ongoing ", "EN COURS"])
def test_what_has_no_end_yet(written):
    assert day(written)[2] == ONGOING


@pytest.mark.parametrize("written", ["", "  ", "-", None])
def test_what_is_blank(written):
    assert day(written)[2] == BLANK


def starts(lines: list[str], header: str = HEADER, **options: object) -> list[str]:
    frame = read("\n".join([header, *lines]), **options)
    return frame["start"].dt.strftime("%Y-%m-%d").tolist()


def test_one_date_that_fits_one_order_decides_for_all():
    assert starts(["A,1.5,2,3,05/06/2024,25/06/2024"]) == ["2024-06-05"]
    assert starts(["A,1.5,2,3,05/06/2024,05/26/2024"]) == ["2024-05-06"]


def test_the_order_in_which_no_row_ends_before_it_starts_decides():
    assert starts(["A,1.5,2,3,05/06/2024,04/07/2024"]) == ["2024-06-05"]
    assert starts(["A,1.5,2,3,05/06/2024,06/05/2024"]) == ["2024-05-06"]


@pytest.mark.parametrize(
    ("header", "start"),
    [
        (HEADER, "2024-06-05"),
        (HEADER.replace("EUR", "USD"), "2024-05-06"),
        (
            "Nom de la campagne,Montant dépensé (USD),Couverture,Impressions,Début des rapports,Fin des rapports",
            "2024-06-05",
        ),
    ],
)
def test_without_evidence_language_and_currency_decide_with_a_warning(header, start):
    frame = read(f"{header}\nA,1.5,2,3,05/06/2024,06/07/2024\n")
    assert frame["start"].dt.strftime("%Y-%m-%d").tolist() == [start]
    assert "ambiguous_dates" in codes(frame)


@pytest.mark.parametrize("header", [HEADER.replace(" (EUR)", ""), HEADER.replace("EUR", "CAD")])
def test_english_without_a_country_is_refused_unless_the_user_says(header):
    line = "A,1.5,2,3,05/06/2024,06/07/2024"
    with pytest.raises(InvalidInput) as refusal:
        read(f"{header}\n{line}\n")
    assert refusal.value.code == "ambiguous_dates"
    assert starts([line], header, day_first=True) == ["2024-06-05"]
    assert starts([line], header, day_first=False) == ["2024-05-06"]


def test_dates_that_contradict_each_other_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        read(f"{HEADER}\nA,1.5,2,3,25/06/2024,06/26/2024\n")
    assert refusal.value.code == "mixed_dates"
