"""Workbooks: formulas are not evaluated, sheets chosen, other archives refused."""

from __future__ import annotations

import builtins
import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from simulator.base.errors import InvalidInput, SimulatorError
from simulator.learning import read_ads_manager
from simulator.learning.export import workbook
from tests.unit.learning.exports import CAMPAIGN_COLUMNS, DAY_COLUMNS, Style, as_xlsx, by_day, campaigns
from tests.unit.learning.hostile import workbook as sound
from tests.unit.learning.reading import differences, read, rows_of

HEADER = ["Campaign name", "Amount spent (EUR)", "Reach", "Impressions", "Results", "Starts", "Ends"]
ROW = ["A", 12.345, 800, 1500, 3, datetime.date(2025, 1, 1), datetime.date(2025, 1, 31)]


def book(*rows: list[object], sheets: dict[str, list[list[object]]] | None = None) -> bytes:
    """A workbook written by openpyxl, which stores no value with a formula."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in (sheets or {"Sheet": [HEADER, *rows]}).items():
        page = made.create_sheet(title)
        for line in lines:
            page.append(line)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_numbers_are_numbers_and_three_decimals_are_no_thousands():
    frame = read(book(ROW))
    assert frame["spend"].tolist() == [12.345]
    assert frame["days"].tolist() == [31]
    assert frame.attrs["format"] == "xlsx"


def test_dates_may_be_serials_or_texts():
    rows = [[*ROW[:5], 45658, 45688], ["B", *ROW[1:5], "2025-01-01", "31/01/2025"]]
    assert read(book(*rows))["days"].tolist() == [31, 31]


def test_a_formula_without_a_saved_value_is_no_number_and_no_zero():
    frame = read(
        book(ROW, ["B", "=1+1", *ROW[2:]], ["C", *ROW[1:4], "=2*3", *ROW[5:]], ["D", *ROW[1:4], None, *ROW[5:]])
    )
    assert frame["campaign"].tolist() == ["A", "C", "D"]
    assert rows_of(frame, "bad_number") == [3]
    assert rows_of(frame, "unread_cell") == [4]
    assert frame["results"].isna().tolist() == [False, True, False]
    assert frame["results"].tolist()[2] == 0


def test_the_value_saved_with_a_formula_is_read_not_evaluated():
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream)
    page = made.add_worksheet()
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, [*ROW[:5], "2025-01-01", "2025-01-31"])
    page.write_formula(1, 1, "=1+1", None, 7.5)
    made.close()
    assert read(stream.getvalue())["spend"].tolist() == [7.5]


def test_the_sheet_that_names_most_fields_is_read_of_equals_the_raw_one():
    other = [["Notes"], ["Reach is good"]]
    formatted = [HEADER, [*ROW[:1], 1.0, *ROW[2:]]]
    frame = read(book(sheets={"Notes": other, "Formatted Report": formatted, "Raw Data Report": [HEADER, ROW]}))
    assert frame["spend"].tolist() == [12.345]


def test_short_rows_and_blank_rows_lose_nothing():
    frame = read(book([], ROW, [], [], ROW[:1], ["B", *ROW[1:]]))
    assert frame["row"].tolist() == [3, 7]


def test_a_title_above_the_header_is_passed_over():
    frame = read(book(sheets={"Sheet": [["Report"], [], HEADER, ROW]}))
    assert frame["row"].tolist() == [4]


def test_cells_beyond_the_header_are_no_shift_to_guess_at():
    frame = read(book(ROW, [*ROW, "more"], ["B", *ROW[1:], None]))
    assert frame["row"].tolist() == [2, 4]
    assert rows_of(frame, "wrong_cell_count") == [3]


def test_every_level_of_example():
    assert differences(read(as_xlsx(by_day(), DAY_COLUMNS, Style("en"))), by_day()) == []
    assert differences(read(as_xlsx(campaigns(), CAMPAIGN_COLUMNS, Style("fr"))), campaigns()) == []


@pytest.mark.parametrize(
    ("names", "received"),
    [
        (["xl/workbook.bin"], "a workbook in another format"),
        (["export.bin"], "an archive"),
    ],
)
def test_other_archives_are_refused(names, received):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(InvalidInput) as refusal:
        read(stream.getvalue())
    assert (refusal.value.code, refusal.value.data["received"]) == ("not_a_table", received)


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mimetype": b"x", "content.xml": b"x"}, "spreadsheet_ods"),
        ({"a.csv": b"x", "b.csv": b"x"}, "several_files"),
        ({"a.csv": b" " * 20_000_001}, "too_large"),
        ({"a.csv": archive({"b.csv": b"x"})}, "not_a_table"),
    ],
)
def test_archives_that_are_not_read_are_called_by_their_name(parts, code):
    with pytest.raises(InvalidInput) as refusal:
        read(archive(parts))
    assert refusal.value.code == code


def test_the_one_table_of_an_archive_is_read():
    text = b"Campaign name,Amount spent (EUR),Reach,Impressions,Starts,Ends\nA,1,2,3,2025-01-01,2025-01-31\n"
    assert read(archive({"export.csv": text, "__MACOSX/._export.csv": b"x"}))["campaign"].tolist() == ["A"]


def test_one_bit_in_a_part_is_noticed():
    content = bytearray(sound())
    place = content.index(b"xl/worksheets/sheet1.xml") + 200
    content[place] ^= 0xFF
    with pytest.raises(InvalidInput) as refusal:
        read(bytes(content))
    assert refusal.value.code == "damaged_file"


def test_an_empty_workbook_is_empty():
    with pytest.raises(InvalidInput) as refusal:
        read(book(sheets={"Sheet": []}))
    assert refusal.value.code == "empty_file"


def test_without_the_package_the_way_out_is_told(monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SimulatorError, match="openpyxl") as refusal:
        read(sound())
    assert refusal.value.code == "missing_package"


def test_an_error_of_our_own_is_not_hidden_as_damage(monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("simulator.learning.export.export._frame", broken)
    with pytest.raises(ZeroDivisionError):
        read_ads_manager(io.BytesIO(sound()))


def test_the_limit_of_cells_counts_formulas_twice(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_CELLS", 40)
    assert len(read(book(*([name, *ROW[1:]] for name in "ABCD")))) == 4
    with pytest.raises(InvalidInput) as refusal:
        read(book(*[ROW] * 3, [*ROW[:4], "=1", *ROW[5:]]))
    assert refusal.value.code == "too_many_rows"
