"""What is read of the example exports, and the shape of what is handed out."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.campaign.objectives import OBJECTIVES
from simulator.learning import read_ads_manager
from simulator.learning.export.frame import COLUMNS
from simulator.learning.export.reasons import REASONS
from tests.unit.learning.exports import (
    CAMPAIGN_COLUMNS,
    DATA,
    PACKAGED,
    Style,
    as_csv,
    by_age,
    by_day,
    campaigns,
    delimited,
    example_files,
    example_workbooks,
    table,
)
from tests.unit.learning.reading import codes, differences, read, rows_of

HEADER = "Campaign name,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"
ROW = "A,12.50,800,1500,2025-01-01,2025-01-31"


@pytest.mark.parametrize("path", [*example_files()], ids=lambda path: path.name)
def test_the_example_files_are_those_the_module_writes(path):
    assert path.read_bytes() == example_files()[path]


def test_every_example_says_that_its_figures_are_invented():
    for path in [*example_files(), *example_workbooks(), *PACKAGED.iterdir(), *DATA.glob("EXEMPLE*")]:
        assert path.name.startswith("EXEMPLE-")
        assert "invent" in path.name


@pytest.mark.parametrize(
    ("name", "language", "encoding", "level", "rows"),
    [
        ("EXEMPLE-invente-fr-tableur.csv", "fr", "utf-8-sig", "ad_set", campaigns),
        ("EXEMPLE-invente-fr-age-sexe.csv", "fr", "utf-16-le", "campaign/age/gender", by_age),
        ("EXEMPLE-invented-en-days.csv", "en", "utf-8", "ad/day", by_day),
        ("EXEMPLE-invente-fr-ensembles.xlsx", "fr", "utf-8", "ad_set", campaigns),
        ("EXEMPLE-invented-en-days.xlsx", "en", "utf-8", "ad/day", by_day),
    ],
)
def test_an_example_is_read_whole(name, language, encoding, level, rows):
    frame = read_ads_manager(DATA / name)
    assert differences(frame, rows()) == []
    assert (frame.attrs["language"], frame.attrs["encoding"], frame.attrs["level"]) == (language, encoding, level)
    assert frame.attrs["rows_dropped"] == len(rows_of(frame, "totals_row")) == 1


def test_the_older_english_export_with_its_traps():
    frame = read_ads_manager(DATA / "EXEMPLE-invented-en-older.csv")
    assert differences(frame.iloc[:-1], campaigns()[:-1]) == []
    assert rows_of(frame, "totals_row") == [2]
    last = frame.iloc[-1]
    assert last["end"] == pd.Timestamp("2025-12-31")
    assert rows_of(frame, "ongoing") == [10]
    assert pd.isna(last["budget"])
    assert (frame["budget_kind"].tolist(), last["budget_kind"]) == (["daily"] * 7 + [None], None)


def test_the_two_packaged_examples_differ_in_language_and_currency_only():
    french = read_ads_manager(PACKAGED / "EXEMPLE-chiffres-inventes-fr.csv")
    english = read_ads_manager(PACKAGED / "EXEMPLE-invented-figures-en.csv")
    assert (french.attrs["language"], english.attrs["language"]) == ("fr", "en")
    assert (set(french["currency"]), set(english["currency"])) == ({"EUR"}, {"CAD"})
    figures = ["spend", "reach", "impressions", "start", "end", "objective"]
    pd.testing.assert_frame_equal(french[figures], english[figures])


def test_always_the_same_columns_of_the_same_types():
    short = read(f"{HEADER}\n{ROW}\n")
    for frame in (short, read_ads_manager(DATA / "EXEMPLE-invented-en-days.csv"), read(HEADER)):
        assert tuple(frame.columns) == COLUMNS
        assert frame.dtypes.to_dict() == short.dtypes.to_dict()
    assert short["start"].dtype == "datetime64[s]"
    assert short["ad"].tolist() == [None]
    assert short["link_clicks"].isna().all()


def test_a_header_alone_gives_an_empty_frame_and_a_warning():
    frame = read(HEADER)
    assert frame.empty
    assert codes(frame) == {"header_only"}


def test_a_header_with_totals_alone_is_empty_too():
    frame = read(f"{HEADER}\n,12.50,800,1500,2025-01-01,2025-01-31\n")
    assert frame.empty
    assert codes(frame) == {"totals_row", "header_only"}


def test_days_and_frequency_are_derived():
    row = read(f"{HEADER}\n{ROW}\n").iloc[0]
    assert row["days"] == 31
    assert row["frequency"] == 1500 / 800
    assert row["row"] == 2


def test_without_start_the_report_s_is_taken_and_flagged():
    frame = read(f"{HEADER}\n{ROW}\n")
    assert frame["start_is_reporting"].tolist() == [True]
    assert frame["end_is_reporting"].tolist() == [True]
    assert {"start_from_report", "end_from_report"} <= codes(frame)


def test_own_dates_are_cut_to_the_days_of_the_report():
    own = ("2024-06-01,2025-01-10", "2025-01-05,2025-03-01", "2025-01-05,2025-01-09")
    frame = read("\n".join([f"{HEADER},Starts,Ends", *(f"{ROW},{dates}" for dates in own)]))
    assert frame["start"].dt.strftime("%m-%d").tolist() == ["01-01", "01-05", "01-05"]
    assert frame["end"].dt.strftime("%m-%d").tolist() == ["01-10", "01-31", "01-09"]
    assert frame["start_is_reporting"].tolist() == [True, False, False]
    assert rows_of(frame, "flight_cut") == [2, 3]


def test_every_objective_comes_from_the_result_else_from_the_campaign():
    cells = [("Reach", ""), ("actions:link_click", "Leads"), ("", "OUTCOME_TRAFFIC"), ("Prospects", ""), ("Cats", "")]
    lines = [f"{number}{ROW},{kind},{objective}" for number, (kind, objective) in enumerate(cells)]
    frame = read("\n".join([f"{HEADER},Result type,Objective", *lines]))
    assert frame["objective"].tolist() == ["reach", "link_clicks", "link_clicks", "leads", "unknown"]
    assert {*OBJECTIVES, "unknown"} >= set(frame["objective"])
    [told] = [entry for entry in frame.attrs["warnings"] if entry["code"] == "unknown_objective"]
    assert (told["count"], told["data"]["received"]) == (1, "'Cats'")


def test_breakdowns_are_said_in_the_models_words():
    lines = [f"{ROW},65 ans et plus,Homme,france,Audience Network", f"{ROW},18–24,unknown,ca,facebook"]
    frame = read("\n".join([f"{HEADER},Âge,Sexe,Pays,Plateforme", *lines]))
    assert frame["age"].tolist() == ["65+", "18-24"]
    assert frame["gender"].tolist() == ["men", "unknown"]
    assert frame["country"].tolist() == ["FR", "CA"]
    assert frame["platform"].tolist() == ["audience network", "facebook"]
    assert frame.attrs["breakdowns"] == ("age", "gender", "country", "platform")


def test_a_screen_may_hand_over_the_same_upload_again():
    upload = io.BytesIO(f"{HEADER}\n{ROW}\n".encode())
    upload.seek(7)
    first = read_ads_manager(upload)
    assert upload.tell() == 7
    assert not upload.closed
    pd.testing.assert_frame_equal(first, read_ads_manager(upload))


@pytest.mark.parametrize("kind", ["text", "path", "bytes", "handle", "text_handle", "pipe"])
def test_any_way_to_hand_over_a_file(kind, tmp_path):
    path = tmp_path / "é.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", "utf-8")
    with path.open("rb") as handle, path.open(encoding="utf-8") as text_handle:

        class Pipe:
            name = "pipe.csv"

            def read(self, size: int) -> bytes:
                return handle.read(size)

        ways = {"text": str(path), "path": path, "bytes": path.read_bytes(), "handle": handle, "pipe": Pipe()}
        given = {**ways, "text_handle": text_handle}[kind]
        assert read_ads_manager(given)["spend"].tolist() == [12.5]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (3, "wrong_type"),
        (None, "wrong_type"),
        ("no/such.csv", "file_not_found"),
        ("\0", "file_not_found"),
        (".", "is_a_folder"),
        ("x" * 5000, "file_not_found"),
        (Path("/dev/null"), "cannot_open"),
        (io.BytesIO(), "empty_file"),
    ],
)
def test_what_is_no_file_is_refused(given, code):
    with pytest.raises(InvalidInput) as refusal:
        read_ads_manager(given)
    assert refusal.value.code == code


def test_the_file_is_called_by_its_name():
    upload = io.BytesIO(b"%PDF-1.7")
    upload.name = "/somewhere/export.csv"
    with pytest.raises(InvalidInput, match=r"export\.csv: this is a PDF document"):
        read_ads_manager(upload)


def test_warnings_have_codes_that_are_known_and_texts_that_are_whole():
    for path in (*example_files(), *example_workbooks()):
        for entry in read_ads_manager(path).attrs["warnings"]:
            assert set(entry) == {"row", "code", "action", "text", "count", "data"}
            assert entry["action"] == REASONS[entry["code"]][0]
            assert "{" not in entry["text"]


@pytest.mark.parametrize(("before", "code"), [("-", "negative"), ("x", "bad_number")])
def test_many_rows_with_one_reason_are_counted_not_listed(before, code):
    lines = [f"{ROW[:2]}{before}{ROW[2:]}"] * 350
    frame = read("\n".join([HEADER, *lines, ROW]))
    told = [entry for entry in frame.attrs["warnings"] if entry["code"] == code]
    assert [entry["row"] for entry in told] == [*range(2, 102), None]
    assert told[-1]["count"] == 250
    assert frame.attrs["rows_dropped"] == 350


def test_blank_lines_and_lines_of_separators_are_no_rows():
    frame = read(f"{HEADER}\n{ROW}\n\n,,,,,\n , ,,,,\nB{ROW[1:]}\n,,\n")
    assert frame["row"].tolist() == [2, 6]
    assert (frame.attrs["rows_read"], frame.attrs["rows_dropped"]) == (2, 0)
    assert not codes(frame) & {"totals_row", "wrong_cell_count"}


def test_what_is_read_and_what_is_ignored_is_said():
    frame = read_ads_manager(PACKAGED / "EXEMPLE-chiffres-inventes-fr.csv")
    assert frame.attrs["columns"]["spend"] == "Montant dépensé (EUR)"
    assert "Coût par résultat" in frame.attrs["ignored"]
    assert len(frame.attrs["sha256"]) == 64


def test_the_frame_survives_a_process_boundary():
    frame = read_ads_manager(PACKAGED / "EXEMPLE-chiffres-inventes-fr.csv")
    again = pickle.loads(pickle.dumps(frame))
    pd.testing.assert_frame_equal(frame, again)
    assert again.attrs == frame.attrs


def test_reading_twice_gives_the_same():
    content = as_csv(campaigns(), CAMPAIGN_COLUMNS, Style("fr"))
    one, two = read(content), read(content)
    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == two.attrs


def test_order_and_language_of_the_columns_change_nothing():
    rows = campaigns()
    columns = CAMPAIGN_COLUMNS[::-1]
    one = read(as_csv(rows, CAMPAIGN_COLUMNS, Style("fr", ";", decimal=",")))
    two = read(delimited(table(rows, columns, Style("en_older")), "\t"))
    pd.testing.assert_frame_equal(one, two)
