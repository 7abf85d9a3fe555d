"""What is typed wrong ends with 2, what the machine refuses with 1; one line, in the words that were typed."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from simulator.apps.cli import main as cli
from simulator.campaign.campaign import Campaign, Targeting
from simulator.reference.places.place import Place

ROOT = Path(__file__).resolve().parents[4]
EXPORT = str(ROOT / "tests" / "data" / "EXEMPLE-invente-fr-tableur.csv")
PAU = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")], 25, 54), daily_budget=5, trade="bakery")
COUNTRY = Campaign(Targeting([Place.country("CA")]), daily_budget=5)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "campaign.json"
    path.write_text(PAU.to_json(), encoding="utf-8")
    return str(path)


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, str, str]:
    code: Any
    try:
        code = cli.main(arguments)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    found, out, err = ended(capsys, *arguments)
    assert (found, out) == (code, ""), err
    assert err.startswith("adsim: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["places", "pau", "--limit", "0"], "--limit: received 0; allowed: 1 to"),
        (["places", " "], "TEXT: nothing was given"),
        (["app", "--port", "0"], "--port: received 0; allowed: 1 to 65,535"),
        (["app", "--port", "-1"], "--port: received -1"),
        (["app", "--port", "99999999"], "--port: received 99999999"),
        (["simulate", "FILE", "--seed", "-1"], "adsim: --seed: received -1"),
        (["simulate", "FILE", "--calibration", "none.json"], "--calibration: no file"),
        (["simulate", ""], "FILE: received ''"),
        (["curve", "FILE", "--budgets", "-1"], "--budgets"),
        (["curve", "FILE", "--budgets", "1,-1"], "--budgets.1: received -1"),
        (["curve", "FILE", "--budgets", "1", "--format", "delivery-estimate"], "--budgets"),
        (["plan", "FILE", "--clicks", "nan"], "--clicks: received nan"),
        (["bill", "FILE", "--tax", "micro"], "--tax: received 'micro'"),
        (["simulate", "FILE", "--door", "windows"], "--door: received 'windows'"),
        (["plan", "FILE", "--frequency", "0"], "--frequency: received 0"),
        (["plan", "FILE", "--clicks", "10", "--at-least", "3"], "--at-least: received 3; allowed: with --people"),
        (["plan", "FILE", "--people", "10", "--at-least", "0"], "--at-least: received 0"),
        (["plan", "FILE", "--people", "10", "--durations", "7,0"], "--durations.1"),
        (["allocate", "FILE", "FILE", "--total", "nan"], "--total: received nan"),
        (["allocate", "FILE", "--total", "100"], "FILE: received 1; allowed: 2 to 60"),
        (["sweep", "FILE", "--budgets", "1e9"], "--budgets.0"),
        (["sweep", "FILE", "--radii", "0"], "--radii.0"),
        (["sweep", "FILE", "--trades", "nonsense"], "--trades.0: received 'nonsense'"),
        (["sweep", "FILE", "--out", "e.txt"], "--out: received 'e.txt'; allowed: a name ending in .csv"),
        (["sweep", "FILE", "--out", ""], "--out: received ''"),
        (["organic", "--followers", "10", "--weeks", "3", "--beside", "FILE"], "--weeks: received 3"),
        (["customers", "FILE", "--basket", "-1"], "--basket: received -1"),
        (["customers", "FILE", "--trade", "x"], "--trade: received 'x'"),
        (["calibrate", EXPORT, "--country", "ZZ"], "--country: received 'ZZ'"),
        (["report", "FILE", "--out", "r.txt"], "--out: received '.txt'"),
    ],
    ids=lambda value: "-".join(value)[:50].replace(os.sep, "-") if isinstance(value, list) else "",
)
def test_what_is_typed_wrong_is_named_as_it_was_typed(
    capsys: pytest.CaptureFixture[str], file: str, arguments: list[str], said: str
) -> None:
    assert said in refused(capsys, cli.BAD_INPUT, *(file if one == "FILE" else one for one in arguments))


def test_an_entry_of_the_file_keeps_its_own_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(PAU.to_json().replace('"daily_budget": 5.0', '"daily_budget": -5.0'), encoding="utf-8")
    for command in (["sweep", str(path), "--budgets", "5"], ["simulate", str(path)], ["allocate", *[str(path)] * 2]):
        total = ["--total", "50"] if command[0] == "allocate" else []
        said = refused(capsys, cli.BAD_INPUT, *command, *total)
        assert said.startswith("adsim: 'bad.json': daily_budget: received -5")
    said = refused(capsys, cli.BAD_INPUT, "report", str(path))
    assert said.startswith("adsim: 'bad.json': campaign.daily_budget: received -5")
    several = json.loads(PAU.to_json()) | {"duration_days": -1, "trade": "none"}
    path.write_text(json.dumps(several), encoding="utf-8")
    said = refused(capsys, cli.BAD_INPUT, "sweep", str(path), "--durations", "7")
    assert said.startswith("adsim: 'bad.json': duration_days: received -1")
    assert (said.count("bad.json"), said.count("trade: received 'none'")) == (1, 1)
    path.write_text("[]", encoding="utf-8")
    assert "adsim: 'bad.json': received []" in refused(capsys, cli.BAD_INPUT, "simulate", str(path))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["calibrate", EXPORT, "--out", "NONE"], "--out"),
        (["report", "FILE", "--format", "csv", "--out", "NONE"], "--out"),
        (["sweep", "FILE", "--out", "NONE.csv"], "--out"),
        (["sweep", "FILE", "--out", "FILE/parts"], "--out"),
        (["export", "NONE"], "FILE"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_place_that_cannot_be_written_is_the_machines(
    capsys: pytest.CaptureFixture[str],
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    field: str,
) -> None:
    monkeypatch.setenv("ADSIM_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    none = str(tmp_path / "no such folder" / "file")
    typed = [one.replace("NONE", none).replace("FILE", file) for one in arguments]
    message = refused(capsys, cli.FAILED, *typed)
    assert message.startswith(f"adsim: {field}: ")
    assert "cannot be written" in message
    assert "Errno" not in message


def test_a_table_is_written_whole_or_not_at_all(
    capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    def breaks_off(self: object, target: Any, **options: object) -> None:
        target.write(b"half a ta")
        raise OSError(28, "No space left on device")

    kept = tmp_path / "kept.csv"
    kept.write_text("what stood there")
    monkeypatch.setattr(pd.DataFrame, "to_csv", breaks_off)
    assert "no room left" in refused(capsys, cli.FAILED, "sweep", file, "--out", str(kept))
    assert kept.read_text() == "what stood there"


def no_constant(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


WITH_JSON = {
    "simulate": ["FILE"],
    "curve": ["FILE"],
    "audience": ["FILE"],
    "places": ["pau"],
    "calibrate": [EXPORT],
    "backtest": [EXPORT],
    "update": ["FILE", "--days", "3", "--spend", "15", "--impressions", "1400", "--reach", "1100", "--clicks", "20"],
    "validate": [],
    "bill": ["FILE", "--tax", "fr_franchise", "--all-in"],
    "plan": ["FILE", "--people", "1000"],
    "allocate": ["FILE", "COUNTRY", "--total", "500"],
    "advise": ["FILE"],
    "sweep": ["COUNTRY"],
    "organic": ["--followers", "800"],
    "customers": ["FILE"],
    "networks": ["FILE"],
    "users list": [],
    "doctor": [],
}


def commands(parser: argparse.ArgumentParser, before: str = "") -> dict[str, argparse.ArgumentParser]:
    """Return every command by its words."""
    found = {}
    for action in parser._actions:
        for name, inner in (action.choices or {}).items() if isinstance(action, argparse._SubParsersAction) else ():
            words = f"{before} {name}".strip()
            found.update(commands(inner, words) or {words: inner})
    return found


def test_every_command_with_json_is_tried_here() -> None:
    found = commands(cli._parser())
    assert {words for words, one in found.items() if "--json" in one._option_string_actions} == set(WITH_JSON)


@pytest.mark.parametrize("words", WITH_JSON)
def test_json_is_json_to_the_letter(
    capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("ADSIM_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    country = tmp_path / "country.json"
    country.write_text(COUNTRY.to_json(), encoding="utf-8")
    typed = [{"FILE": file, "COUNTRY": str(country)}.get(one, one) for one in WITH_JSON[words]]
    few = ["--draws", "16"] if words in ("simulate", "curve", "plan", "allocate", "advise", "organic") else []
    code, out, err = ended(capsys, *words.split(), *typed, *few, "--json")
    assert (code, err) == (0, "") or words == "doctor"
    json.loads(out, parse_constant=no_constant)


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
@pytest.mark.parametrize("typed", [["--help"], ["sweep", "--help"], ["curve", "scenarios/boulangerie-pau.json"]])
def test_a_reader_that_is_gone_ends_the_run_in_peace(typed: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "simulator.cli", *typed], cwd=ROOT, stdout=write, stderr=-1, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
@pytest.mark.parametrize("workers", [[], ["--workers", "2"]], ids=["threads", "processes"])
def test_ctrl_c_is_one_line_and_130(file: str, tmp_path: Path, workers: list[str]) -> None:
    folder = tmp_path / "parts"
    # Far more than can be done before it is stopped: the first part that stands shows that it is at work.
    budgets = ",".join(str(1 + step / 1000) for step in range(2_000))
    ages = ",".join(f"{low}-{high}" for low in range(18, 40) for high in range(41, 64))
    command = [sys.executable, "-m", "simulator.cli", "sweep", file, "--budgets", budgets, "--ages", ages]
    program = subprocess.Popen(
        [*command, "--durations", ",".join(map(str, range(1, 60))), "--out", str(folder), *workers],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A suite started in the background ignores the signal, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        while program.poll() is None and not list(folder.glob("part-*.parquet")):
            time.sleep(0.02)  # leave the processor to it
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: to the children as well
        out, err = program.communicate()
    finally:
        program.kill()
        program.wait()
    assert (program.returncode, out, err) == (130, b"", b"adsim: stopped\n")
