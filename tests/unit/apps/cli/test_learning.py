"""``adsim calibrate``, ``backtest`` and ``validate``: on the example exports, on rubbish, in tables and in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.apps.cli import main as cli
from simulator.base.errors import SimulatorError
from simulator.campaign.campaign import Campaign, Targeting
from simulator.learning import Calibration, backtest, read_ads_manager
from simulator.learning.validation_figures import validation
from simulator.reference.places.place import Place

DATA = Path(__file__).parents[3] / "data"
EXAMPLES = sorted(DATA.glob("EXEMPLE*"))
EXPORT = str(DATA / "EXEMPLE-invente-fr-tableur.csv")
OTHER = str(DATA / "EXEMPLE-invented-en-older.csv")


class Result:
    """Exit code and output of one command, run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        try:
            self.code: Any = cli.main(arguments)
        except SystemExit as end:
            self.code = end.code
        self.out, self.err = capsys.readouterr()

    def refused(self, code: int = cli.BAD_INPUT) -> str:
        assert (self.code, self.out) == (code, "")
        assert self.err.startswith("adsim: ")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return self.err

    def table(self) -> list[list[str]]:
        assert (self.code, self.err) == (0, "")
        return [line.split("  ") for line in self.out.splitlines()]


@pytest.mark.parametrize("export", EXAMPLES, ids=lambda path: path.name)
def test_every_example_teaches_something(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    result = Result(capsys, "calibrate", str(export), "--country", "FR")
    lines = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert lines[0].split()[0] == "parameter"
    assert any(line.startswith("prices.cpm.FR ") for line in lines)
    assert any("rows used; prices in EUR" in line for line in lines)


def test_what_was_learnt_is_kept_and_forecasts_with_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept, plan = tmp_path / "learnt.json", tmp_path / "plan.json"
    result = Result(capsys, "calibrate", EXPORT, "--country", "FR", "--name", "Épicerie", "--out", str(kept))
    assert result.out.splitlines()[-1] == f"saved: {kept}"
    learnt = Calibration.load(kept)
    assert (learnt.rows, learnt.name, dict(learnt.countries)) == (8, "Épicerie", {"FR": 8})
    assert learnt.file_hash == read_ads_manager(EXPORT).attrs["sha256"]
    plan.write_text(Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")]), daily_budget=5).to_json(), "utf-8")
    arguments = ["simulate", str(plan), "--draws", "64", "--json"]
    plain, own = (
        json.loads(Result(capsys, *arguments, *more).out)["cpm"] for more in ([], ["--calibration", str(kept)])
    )
    assert own != plain
    assert own["p90"] / own["p10"] < plain["p90"] / plain["p10"]
    assert "no file" in Result(capsys, *arguments, "--calibration", str(tmp_path / "none")).refused()


def test_a_dash_prints_what_was_learnt_and_says_the_rest_beside_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = Result(capsys, "calibrate", EXPORT, "--country", "FR", "--out", "-")
    assert result.code == 0
    assert Calibration.from_json(result.out).rows == 8
    assert "rows used; prices in EUR" in result.err
    assert "saved" not in result.err
    assert "--out: received '-'" in Result(capsys, "calibrate", EXPORT, "--out", "-", "--json").refused()
    assert list(tmp_path.iterdir()) == []


def test_json_says_what_was_learnt(capsys: pytest.CaptureFixture[str]) -> None:
    entries = json.loads(Result(capsys, "calibrate", EXPORT, "--country", "FR", "--json").out)
    assert (entries["rows"], entries["accounts"], entries["saved"], entries["reason"]) == (8, 1, None, "")
    found = {row["parameter"]: row for row in entries["before_after"]}
    price = found["prices.cpm.FR"]
    assert price["after_high"] / price["after_low"] < price["before_high"] / price["before_low"]


def test_several_exports_are_one_account_or_several_clients(capsys: pytest.CaptureFixture[str]) -> None:
    one, several = (
        json.loads(Result(capsys, "calibrate", EXPORT, OTHER, "--country", "FR", "--json", *more).out)
        for more in ([], ["--clients"])
    )
    assert (one["accounts"], several["accounts"]) == (1, 2)
    assert one["rows"] == several["rows"] == 16

    def width(entries: dict[str, Any]) -> float:
        row = next(row for row in entries["before_after"] if row["parameter"] == "prices.cpm.FR")
        return float(row["after_high"] / row["after_low"])

    assert width(several) > width(one), "one more client is less known than the one whose exports these are"


def test_an_export_given_twice_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(Path(EXPORT).read_bytes())
    for again in (EXPORT, str(copy)):
        assert "given twice" in Result(capsys, "calibrate", EXPORT, again).refused()


def test_a_campaign_without_delivery_leaves_the_shipped_figures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(
        "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Reach,Impressions\n"
        "A,2025-01-01,2025-01-31,1.50,20,40\n",
        "utf-8",
    )
    result = Result(capsys, "calibrate", str(path))
    assert result.code == 0
    assert "note: no usable rows; forecasts stay those of the shipped figures" in result.out
    assert "note: impressions few (1; row 1; 100% of the spend)" in result.out
    assert "0 rows used" in result.out


def test_a_column_of_another_name_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    text = Path(EXPORT).read_bytes()
    path.write_bytes(text.replace("Montant dépensé (EUR)".encode(), b"Total paye"))
    assert path.read_bytes() != text
    missing = Result(capsys, "calibrate", str(path)).refused()
    assert "spend" in missing or "Total paye" in missing
    told = Result(capsys, "calibrate", str(path), "--column", "spend=Total paye")
    assert "8 rows used" in told.out


def test_a_backtest_is_a_table_of_methods(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result(capsys, "backtest", EXPORT, "--country", "FR")
    assert (result.code, result.err) == (0, "")
    for method in ("calibrated", "uncalibrated", "constant", "last", "negative binomial", "poisson"):
        assert sum(f"  {method}  " in line for line in result.out.splitlines()) == 5
    assert result.out.splitlines()[-1] == "7 dates forecast from the campaigns before them"


def test_a_backtest_is_the_one_of_python_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    entries = json.loads(Result(capsys, "backtest", EXPORT, "--json").out)
    found = backtest(read_ads_manager(EXPORT))
    assert entries["origins"] == found.origins
    errors = found.errors.astype(object).where(found.errors.notna(), None).to_dict(orient="records")
    assert entries["errors"] == errors
    assert {row["metric"] for row in entries["given_impressions"]} == {"reach_given_impressions"}


def test_the_validation_is_printed_as_it_is_packed(capsys: pytest.CaptureFixture[str]) -> None:
    found = validation()
    result = Result(capsys, "validate")
    assert (result.code, result.err) == (0, "")
    for one in found.coverage:
        assert f"{one.inside} of {one.n}" in result.out
    assert str(found.date) in result.out
    assert found.parameter_digest in result.out
    entries = json.loads(Result(capsys, "validate", "--json").out)
    assert len(entries["coverage"]) == len(found.coverage)
    assert entries["is_current"] == found.is_current
    assert found.referee is not None
    assert f"{found.referee.beyond} of {found.referee.comparisons:,} figures" in result.out
    assert entries["referee"]["date"] == str(found.referee.date)
    for fit in found.curve:
        assert f"audience {fit.audience}" in result.out
    assert found.prices is not None
    for price in found.prices.sources:
        assert f"{price.source}: {price.bias:+.2f}" in result.out
    assert entries["prices"]["date"] == str(found.prices.date)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["calibrate"], "EXPORT"),
        (["calibrate", "none.csv"], "no file at"),
        (["calibrate", "."], "'.' is a folder"),
        (["calibrate", EXPORT, "none.csv"], "no file at"),
        (["calibrate", EXPORT, "--column", "spend"], "FIELD=HEADER"),
        (["calibrate", EXPORT, "--column", "colour=Rouge"], "colour"),
        (["calibrate", EXPORT, "--country", "ZZ"], "--country: received 'ZZ'"),
        (["calibrate", EXPORT, "--country", ""], "--country"),
        (["calibrate", "none.csv"], "EXPORT: no file"),
        (["calibrate", EXPORT, "--day-first", "--month-first"], "not allowed with"),
        (["backtest"], "EXPORT"),
        (["backtest", EXPORT, OTHER], "unrecognized"),
        (["backtest", __file__], "adsim"),
        (["validate", "now"], "unrecognized"),
    ],
    ids=lambda value: "-".join(Path(text).name for text in value)[:50] if isinstance(value, list) else "",
)
def test_bad_input_is_exit_code_two_and_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], part: str
) -> None:
    message = Result(capsys, *arguments).refused()
    assert part in message


@pytest.mark.parametrize("content", [b"", b"\x00" * 3000, b"PK\x03\x04 broken", b"a,b\n1,2\n", b"<html></html>"])
def test_rubbish_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.csv"
    path.write_bytes(content)
    for command in ("calibrate", "backtest"):
        Result(capsys, command, str(path)).refused()


def test_what_cannot_be_taken_as_a_calibration_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, plan = tmp_path / "learnt.json", tmp_path / "plan.json"
    plan.write_text(Campaign(Targeting([Place.country("FR")]), daily_budget=5).to_json(), "utf-8")
    for content in ("", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 99}'):
        path.write_text(content, "utf-8")
        Result(capsys, "simulate", str(plan), "--calibration", str(path)).refused()


def test_an_error_of_the_package_is_no_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise SimulatorError("missing_package", field="FILE", received="openpyxl")

    monkeypatch.setattr("simulator.learning.export.export.read_ads_manager", broken)
    assert "openpyxl" in Result(capsys, "calibrate", EXPORT).refused(cli.FAILED)


NOTICED = """Campaign name,Starts,Ends,Amount spent,Reach,Impressions,Result type
A,2025-01-03,2025-01-09,60,3780,4727,Link clicks
B,2025-02-03,2025-02-09,30,3780,4727,Cats
C,2025-03-03,2025-03-09,10,9000,4727,Link clicks
A,2025-01-03,2025-01-09,60,3780,4727,Link clicks
"""


@pytest.mark.parametrize("command", ["calibrate", "backtest"])
def test_what_the_reader_noticed_is_printed_and_in_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(NOTICED, "utf-8")
    printed = Result(capsys, command, str(path)).out
    assert "note: noted: none of our goals: 'Cats'" in printed
    assert "note: noted: the file does not say its currency" in printed
    assert "note: dropped: the same as a row before" in printed
    assert "note: reach above impressions (1; 10% of the spend)" in printed
    told = json.loads(Result(capsys, command, str(path), "--json").out)
    assert {"unknown_objective", "no_currency", "repeated_row"} <= {entry["code"] for entry in told["warnings"]}
    assert (told["left_out"][0]["reason"], told["left_out"][0]["count"]) == ("reach_above_impressions", 1)
    assert told["left_out"][0]["spend_share"] == pytest.approx(0.1)
    paid = json.loads(Result(capsys, command, str(path), "--json", "--currency", "CAD", "--repeated").out)
    assert not {"no_currency", "repeated_row"} & {entry["code"] for entry in paid["warnings"]}


def test_a_currency_without_a_rate_is_learnt_at_the_one_that_is_typed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(NOTICED.replace("spent", "spent (LAK)"), "utf-8")
    rows = [
        json.loads(Result(capsys, "calibrate", str(path), "--json", *rate).out)["rows"]
        for rate in ((), ("--rate", "LAK=0.5"))
    ]
    assert rows == [0, 2]
    for wrong in ("LAK", "LAK=0", "LAK=x", "=3", "XYZ=3"):
        Result(capsys, "calibrate", str(path), "--rate", wrong).refused()
    Result(capsys, "calibrate", str(path), "--currency", "XYZ").refused()
