"""``adsim report``: the file that was asked for, by its name or by --format; nothing half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.apps.cli.main import BAD_INPUT, main
from simulator.library import write_scenario
from tests.unit.presentation.reports.examples import scenario

STARTS = {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pains.json"
    write_scenario(scenario(title="Pains"), path)
    return path


@pytest.mark.parametrize("kind", STARTS)
def test_the_name_or_the_format_says_what_is_written(file: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = file.with_name(f"rapport.{kind}")
    assert main(["report", str(file), "--out", str(named), "--language", "en"]) == 0
    assert named.read_bytes().startswith(STARTS[kind])
    assert str(named) in capsys.readouterr().out
    if kind == "csv":
        assert main(["report", str(file), "--format", kind]) == 0
        assert file.with_suffix(".csv").read_bytes().startswith(STARTS[kind])
        assert b"Partie" in file.with_suffix(".csv").read_bytes()
        assert b"Part," in named.read_bytes()


def test_what_is_wrong_is_one_line_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("rapport.pdf")
    wrong = [
        ["report", str(file.with_name("none.json")), "--out", str(out)],
        ["report", str(file), "--out", str(out), "--letterhead", str(file)],
        ["report", str(file), "--format", "csv", "--out", str(out), "--letterhead", str(file)],
    ]
    unknown = file.with_name("rapport.zzz")
    assert main(["report", str(file), "--out", str(unknown)]) == BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith("adsim: --out")
    assert "pdf, xlsx, csv" in said
    assert not unknown.exists()
    for arguments in wrong:
        assert main(arguments) == BAD_INPUT
        assert capsys.readouterr().err.count("\n") == 1
        assert not out.exists()


@pytest.mark.parametrize("kind", STARTS)
def test_a_dash_is_the_standard_output_and_no_file(
    file: Path, kind: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert main(["report", str(file), "--out", "-", "--format", kind]) == 0
    written = capfdbinary.readouterr()
    assert written.out.startswith(STARTS[kind])
    assert b"kB" in written.err
    assert b"kB" not in written.out[-40:]
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_terminal_gets_no_pdf_but_a_table(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["report", str(file), "--out", "-"]) == BAD_INPUT
    written = capsys.readouterr()
    assert "--out: received '-'; allowed: the name of a file; a terminal" in written.err
    assert written.out == ""
    assert main(["report", str(file), "--out", "-", "--format", "csv"]) == 0
    assert "Pains" in capsys.readouterr().out
    assert [one.name for one in file.parent.iterdir()] == [file.name]
