"""The command line: tables or JSON; bad input ends with exit code 2 and one line on stderr."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.apps.cli import main as cli
from simulator.base.errors import TableError
from simulator.base.metrics import METRICS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.files import ScenarioFile
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.engine import CURVE_METRICS
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

ROOT = Path(__file__).resolve().parents[4]
CAMPAIGN = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")], 25, 54), daily_budget=5, trade="bakery")
FEW = ["--draws", "64"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "campagne d’été.json"
    path.write_text(ScenarioFile(title="Été", campaign=CAMPAIGN).to_json(), encoding="utf-8")
    return str(path)


class Result:
    """Exit code and output of one command, run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        try:
            self.code: Any = cli.main(arguments)
        except SystemExit as end:
            self.code = end.code
        self.out, self.err = capsys.readouterr()

    def is_refused(self, code: int = cli.BAD_INPUT) -> str:
        assert self.code == code
        assert self.out == ""
        assert self.err.startswith("adsim: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        assert "Traceback" not in self.err
        return self.err


def started(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "simulator.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, **options)


def test_a_forecast_is_a_table_of_every_metric(capsys: pytest.CaptureFixture[str], file: str) -> None:
    result = Result(capsys, "simulate", file, *FEW)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].split() == ["metric", "p10", "p50", "p90", "unit"]
    names = [line.split()[0] for line in lines[1:]]
    assert names[: len(METRICS)] == list(METRICS)
    assert "reach_2plus" in names
    assert "reach_10plus" in names
    assert "spend" in names
    assert next(line for line in lines if line.startswith("cpm")).endswith("  EUR")
    assert len({line.rindex("  ") for line in lines[1 : len(METRICS)]}) == 1, "the columns stand under each other"
    assert "80 % between p10 and p90" in lines[-1]


def test_a_forecast_is_the_one_of_python_in_json(capsys: pytest.CaptureFixture[str], file: str) -> None:
    result = Result(capsys, "simulate", file, "--json", "--seed", "3", *FEW)
    assert json.loads(result.out) == simulate(CAMPAIGN, seed=3, draws=64).to_dict()


@pytest.mark.parametrize("typed", [("9", "2%"), ("9 EUR", "0.02"), ("9EUR", "2 %")])
def test_the_own_cpm_and_click_rate_are_those_of_python(
    capsys: pytest.CaptureFixture[str], file: str, typed: tuple[str, str]
) -> None:
    options = ["--cpm", typed[0], "--ctr", typed[1], "--draws", "64", "--json"]
    assert cli.main(["simulate", file, *options]) == 0
    printed = json.loads(capsys.readouterr().out)
    own = load_parameters().with_price(cpm=9, currency="EUR").with_click_rate(0.02)
    assert printed["cpm"] == simulate(Campaign.from_dict(printed["campaign"]), parameters=own, draws=64).cpm.to_dict()
    assert cli.main(["plan", file, "--clicks", "20", *options]) == 0
    assert cli.main(["curve", file, *options]) == 0


@pytest.mark.parametrize(
    "typed", [("--ctr", "150%"), ("--ctr", "2"), ("--ctr", "2 EUR"), ("--cpm", "9%"), ("--cpm", "9XYZ"), ("--cpm", "0")]
)
def test_an_own_figure_that_is_none_is_refused_by_its_option(
    capsys: pytest.CaptureFixture[str], file: str, typed: tuple[str, str]
) -> None:
    assert cli.main(["simulate", file, *typed]) == 2
    assert capsys.readouterr().err.startswith(f"adsim: {typed[0]}: received ")


def test_warnings_and_reasons_are_notes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "young.json"
    path.write_text(CAMPAIGN.replace(targeting=CAMPAIGN.targeting.replace(age_min=13, age_max=17)).to_json(), "utf-8")
    result = Result(capsys, "simulate", str(path), *FEW)
    assert result.code == 0
    assert "note: minors not allowed (country FR, age 18)" in result.out


def test_a_curve_is_a_table_of_budgets(capsys: pytest.CaptureFixture[str], file: str) -> None:
    result = Result(capsys, "curve", file, "--budgets", "1,5,20", *FEW)
    lines = result.out.splitlines()
    assert lines[0].split()[:3] == ["EUR/day", "reach_p10", "reach_p50"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "5", "20"]


def test_a_curve_is_the_one_of_python_in_json(capsys: pytest.CaptureFixture[str], file: str) -> None:
    entries = json.loads(Result(capsys, "curve", file, "--budgets", "1,5", "--json", *FEW).out)
    assert entries["currency"] == "EUR"
    assert entries["curve"] == budget_curve(CAMPAIGN, [1, 5], draws=64).reset_index().to_dict(orient="records")
    assert set(entries["curve"][0]) == {"daily_budget"} | {
        f"{m}_{q}" for m in CURVE_METRICS for q in ("p10", "p50", "p90", "mean")
    }


def test_a_curve_comes_in_the_shape_of_the_withdrawn_estimate(capsys: pytest.CaptureFixture[str], file: str) -> None:
    entries = json.loads(Result(capsys, "curve", file, "--format", "delivery-estimate", *FEW).out)
    assert entries == {"data": [simulate(CAMPAIGN, draws=64).to_delivery_estimate()]}


def test_an_audience_is_a_table_or_json(capsys: pytest.CaptureFixture[str], file: str) -> None:
    audience = estimate_audience(CAMPAIGN.targeting, load_parameters(), CAMPAIGN.platforms)
    assert json.loads(Result(capsys, "audience", file, "--json").out) == audience.to_dict()
    table = Result(capsys, "audience", file)
    assert (table.code, table.err) == (0, "")
    assert f"{audience.size:,.0f}" in table.out
    assert all(source in table.out for source in audience.sources)


@pytest.mark.parametrize("daily_budget", [5, 0.07, 60_000])
def test_the_usual_budgets_lie_around_the_own_and_are_allowed(daily_budget: float) -> None:
    campaign = CAMPAIGN.replace(daily_budget=daily_budget)
    budgets = cli._usual_budgets(campaign)
    assert budgets == sorted(set(budgets))
    assert daily_budget in budgets
    assert budgets[0] < daily_budget
    assert max(budgets) <= campaign.most_per_day


def test_places_are_found_by_the_beginning_of_their_name(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Result(capsys, "places", "bayon", "--country", "FR").out.splitlines()
    assert lines[0].split() == ["name", "region", "country", "code", "people"]
    assert any("Bayonne" in line and "64102" in line for line in lines[1:])
    found = json.loads(Result(capsys, "places", "bayonne", "--country", "FR", "--json").out)
    assert (found[0]["name"], found[0]["code"], found[0]["country_code"]) == ("Bayonne", "64102", "FR")


def test_no_place_is_said_and_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert "'zzzzzzzz'" in Result(capsys, "places", "zzzzzzzz").is_refused(cli.FAILED)
    assert json.loads(Result(capsys, "places", "zzzzzzzz", "--json").out) == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "COMMAND"),
        (["fly"], "'fly'"),
        (["simulate"], "FILE.json"),
        (["simulate", "FILE", "--colour"], "--colour"),
        (["simulate", "FILE", "--draws", "many"], "--draws"),
        (["simulate", "FILE", "--draws", "3"], "16 to 65,536"),
        (["simulate", "FILE", "--seed", "-1"], "seed"),
        (["simulate", "none.json"], "no file at 'none.json'"),
        (["simulate", "."], "is a folder"),
        (["curve", "FILE", "--budgets", "1,a"], "amounts separated by commas"),
        (["curve", "FILE", "--budgets", ""], "amounts separated by commas"),
        (["curve", "FILE", "--budgets", "nan"], "finite"),
        (["curve", "FILE", "--budgets=-1"], "0 to 100,000 EUR"),
        (["curve", "FILE", "--budgets", "1e9"], "0 to 100,000 EUR"),
        (["places"], "TEXT"),
        (["places", "pau", "--country", "XX"], "two-letter country code"),
        (["places", "pau", "--limit", "-3"], "limit"),
        (["places", "x" * 300], "at most 200"),
        (["app", "--port", "eight"], "--port"),
    ],
    ids=lambda value: "-".join(value)[:40] if isinstance(value, list) else "",
)
def test_bad_input_is_exit_code_two_and_one_line(
    capsys: pytest.CaptureFixture[str], file: str, arguments: list[str], part: str
) -> None:
    result = Result(capsys, *(file if argument == "FILE" else argument for argument in arguments))
    assert part in result.is_refused()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "line 1, column 1"),
        (b"{\n\n  ", "line 3"),
        (b"\x00\x01\xff", "UTF-8"),
        (b"[" * 10_000, "nested too deeply"),
        (CAMPAIGN.replace(daily_budget=7).to_json().replace("7.0", "1e9").encode(), "above 0, up to 100,000 EUR"),
        (b'{"campaign": {"targeting": {"places": [{"kind": "circle\\n"}]}}}', "campaign.targeting.places.0.kind"),
    ],
)
def test_a_bad_file_is_exit_code_two_and_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, part: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    for command in ("simulate", "curve", "audience"):
        assert part in Result(capsys, command, str(path)).is_refused()


def test_a_damaged_table_is_no_bad_input(
    capsys: pytest.CaptureFixture[str], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise TableError("table_missing", field="places", received="communes_fr.npz")

    monkeypatch.setattr("simulator.forecasting.simulate.simulate", damaged)
    assert "install the package again" in Result(capsys, "simulate", file).is_refused(cli.FAILED)


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (OSError(5, "Input/output error"), 1)])
def test_what_happens_to_a_run_is_one_line_too(
    capfd: pytest.CaptureFixture[str], file: str, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def ends(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("simulator.forecasting.simulate.simulate", ends)
    monkeypatch.setattr(cli, "_drop_output", lambda: None)
    Result(capfd, "simulate", file).is_refused(code)


@pytest.mark.parametrize(("encoding", "shows"), [("cp1252", "Québec".encode("cp1252")), ("ascii", b"Qu?bec")])
def test_a_terminal_that_lacks_a_letter_shows_a_question_mark(encoding: str, shows: bytes) -> None:
    done = started("places", "québec", "--country", "CA", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert shows in done.stdout


def test_json_stays_json_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("ascii", "cp1252", "utf-8"):
        stream = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding=encoding))
        assert cli.main(["places", "québec", "--country", "CA", "--json"]) == 0
        assert json.loads(stream.getvalue().decode(encoding))[0]["name"] == "Québec"


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
def test_a_reader_that_has_read_enough_ends_the_run_in_peace() -> None:
    command = f'"{sys.executable}" -m simulator.cli places saint --limit 1000 | head -n 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "simulator.cli", "places", "pau"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == cli.FAILED
    assert done.stderr.decode().count("\n") == 1


def test_the_module_runs_as_a_program_and_tells_its_name() -> None:
    done = started("simulate", "none.json")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["adsim: FILE: no file at 'none.json'. Check the path."]
    assert b"usage: adsim simulate" in started("simulate", "--help").stdout
