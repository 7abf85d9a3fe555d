"""The commands of planning: what Python answers, printed; what cannot be used, refused in one line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator.apps.cli import main as cli
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.files import ScenarioFile
from simulator.planning import ReachGoal, allocate, plan, what_to_change
from simulator.planning.sweeps import sweep
from simulator.reference.places.place import Place

PAU = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")], 25, 54), daily_budget=5, trade="bakery")
DAX = Campaign(Targeting([Place.at(43.7, -1.05, label="Dax", radius_km=10)]), daily_budget=5)
FEW = ["--draws", "32"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = []
    for name, campaign in (("Pau", PAU), ("Dax", DAX)):
        paths.append(str(tmp_path / f"{name}.json"))
        Path(paths[-1]).write_text(ScenarioFile(title=name, campaign=campaign).to_json(), encoding="utf-8")
    return paths


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(arguments) == 0
    return capsys.readouterr().out


def test_plan(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    asked = [
        "plan",
        files[0],
        "--people",
        "5000",
        "--at-least",
        "2",
        "--confidence",
        "0.7",
        "--durations",
        "7,14",
        *FEW,
    ]
    found = plan(PAU, ReachGoal(5000, 2), confidence=0.7, durations=[7, 14], draws=32)
    assert json.loads(printed(capsys, *asked, "--json")) == json.loads(json.dumps(found.to_dict()))
    text = printed(capsys, *asked)
    assert f"a day for {found.duration_days} days" in text
    assert "with 70%" in text
    assert "the most that can be had" in printed(capsys, "plan", files[0], "--people", "9e8", *FEW)
    for goal in (["--clicks", "20"], ["--frequency", "2"], ["--enquiries", "2"]):
        assert "a day for 7 days" in printed(capsys, "plan", files[0], *goal, *FEW)


def test_allocate(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    found = allocate([PAU, DAX], 300, "link_clicks", draws=32)
    asked = ["allocate", *files, "--total", "300", "--maximise", "link_clicks", *FEW]
    assert json.loads(printed(capsys, *asked, "--json")) == json.loads(json.dumps(found.to_dict()))
    text = printed(capsys, *asked)
    assert "  Pau\n" in text
    assert "above zero with" in text
    assert "note:" not in text
    assert "note: split equal below minimum" in printed(
        capsys, "allocate", *files, "--total", "40", "--minimum", "4.31", *FEW
    )


def test_advise(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    found = what_to_change(PAU, "engagements", draws=32)
    asked = ["advise", files[0], "--metric", "engagements", *FEW]
    assert [row["kind"] for row in json.loads(printed(capsys, *asked, "--json"))] == [one.kind for one in found]
    assert "creative_format" in printed(capsys, *asked)


def test_a_server_bounds_a_sweep(
    capsys: pytest.CaptureFixture[str], files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["sweep", files[0], "--budgets", "2,5", "--durations", "7,14,30"]
    monkeypatch.setenv("ADSIM_MAX_SWEEP", "6")
    assert len(json.loads(printed(capsys, *asked, "--json"))) == 6
    monkeypatch.setenv("ADSIM_MAX_SWEEP", "5")
    assert cli.main(asked) == 2
    assert "at most 5" in capsys.readouterr().err


def test_sweep(capsys: pytest.CaptureFixture[str], files: list[str], tmp_path: Path) -> None:
    axes: list[str] = [
        "--budgets",
        "2,5",
        "--durations",
        "7,30",
        "--radii",
        "10",
        "--ages",
        "18-65",
        "--trades",
        "taxi",
    ]
    whole = sweep(PAU, daily_budget=[2, 5], duration_days=[7, 30], radius_km=[10], ages=[(18, 65)], trade=["taxi"])
    rows = json.loads(printed(capsys, "sweep", files[0], *axes, "--json"))
    assert [row["reach"] for row in rows] == whole["reach"].tolist()
    assert "taxi" in printed(capsys, "sweep", files[0], *axes)
    assert "4 rows" in printed(capsys, "sweep", files[0], *axes, "--out", str(tmp_path / "out.csv"))
    assert pd.read_csv(tmp_path / "out.csv")["reach"].tolist() == pytest.approx(whole["reach"].tolist())
    text = printed(capsys, "sweep", files[0], *axes, "--out", str(tmp_path / "parts"), "--workers", "1")
    assert text == f"4 rows in 1 part in {tmp_path / 'parts'}\n"
    kept = json.loads(printed(capsys, "sweep", files[0], *axes, "--out", str(tmp_path / "parts"), "--json"))
    assert kept == {"rows": 4, "parts": 1, "folder": str(tmp_path / "parts")}
    kept = json.loads(printed(capsys, "sweep", files[0], *axes, "--out", str(tmp_path / "out.csv"), "--json"))
    assert kept == {"rows": 4, "file": str(tmp_path / "out.csv")}
    assert pd.read_parquet(tmp_path / "parts")["reach"].tolist() == whole["reach"].tolist()


def test_a_label_that_a_spreadsheet_would_run_stays_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = Place.at(43.3, -0.37, label="=1+1")
    path = tmp_path / "campaign.json"
    path.write_text(Campaign(Targeting([place]), daily_budget=5).to_json(), encoding="utf-8")
    printed(capsys, "sweep", str(path), "--out", str(tmp_path / "out.csv"))
    assert "'=1+1" in (tmp_path / "out.csv").read_text()


def test_a_dash_prints_the_rows_of_a_sweep(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "campaign.json"
    path.write_text(PAU.to_json(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["sweep", str(path), "--budgets", "2,5", "--out", "-"]) == 0
    found = capsys.readouterr()
    assert pd.read_csv(io.StringIO(found.out))["daily_budget"].tolist() == [2.0, 5.0]
    assert found.err == "2 rows in -\n"
    assert cli.main(["sweep", str(path), "--budgets", "2,5", "--out", "-", "--json"]) == 2
    assert "--out: received '-'; allowed: the name of a file" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "FILE"],
        ["plan", "FILE", "--people", "5", "--clicks", "5"],
        ["plan", "FILE", "--people", "0"],
        ["plan", "FILE", "--people", "5", "--confidence", "2"],
        ["plan", "FILE", "--people", "5", "--durations", "a,b"],
        ["allocate", "FILE", "--total", "300"],
        ["sweep", "FILE", "--ages", "old"],
        ["sweep", "FILE", "--workers", "0"],
        ["sweep", "FILE", "--workers", "100000"],
        ["advise", "FILE", "--metric", "cpm"],
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], files: list[str], arguments: list[str]
) -> None:
    code: Any
    try:
        code = cli.main([part.replace("FILE", files[0]) for part in arguments])
    except SystemExit as end:
        code = end.code
    found = capsys.readouterr()
    assert code == cli.BAD_INPUT
    assert found.out == ""
    assert found.err.startswith("adsim: ")
    assert found.err.count("\n") == 1


def test_what_leaves_the_account(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    leaves = printed(capsys, "bill", files[0], "--tax", "fr_franchise")
    assert "total         43.26" in leaves
    assert "charged       36.05" in leaves
    assert "note: tax declared (share 0.2)" in leaves
    assert "media         28.32" in printed(capsys, "bill", files[0], "--tax", "fr_franchise", "--all-in")
    assert "35.00 EUR, of which showings 28.32" in printed(
        capsys, "simulate", files[0], "--tax", "fr_franchise", "--all-in", *FEW
    )
    asked = ["plan", files[0], "--clicks", "20", *FEW]
    bare, all_in = (printed(capsys, *asked, *more) for more in ([], ["--all-in", "--tax", "fr_vat"]))
    assert bare.splitlines()[0] != all_in.splitlines()[0]
    assert "leaves the account: " + all_in.split(" EUR in all")[0].splitlines()[-1] in all_in


def test_a_cap_that_is_no_longer_sold_is_left_out_and_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    entries = {**PAU.to_dict(), "objective": "link_clicks", "frequency_cap": [2, 7]}
    path.write_text(json.dumps(entries), encoding="utf-8")
    for command in (["simulate", str(path)], ["plan", str(path), "--clicks", "5"], ["curve", str(path)]):
        assert cli.main([*command, *FEW, "--json"]) == 0
        said = capsys.readouterr()
        assert "frequency_cap is no longer sold with this objective and was left out" in said.err
        json.loads(said.out)
