"""A scenario in a file of its own, and what a disk may answer."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput, SimulatorError
from simulator.base.files import read_file, replaced, unwritable
from simulator.library import load_scenario, write_scenario
from tests.unit.library.examples import HOSTILE, campaign, scenario


@pytest.mark.parametrize("text", HOSTILE)
def test_a_file_gives_the_scenario_back(tmp_path: Path, text: str) -> None:
    one = scenario(title=text, notes=text)
    write_scenario(one, tmp_path / "one.json")
    assert load_scenario(tmp_path / "one.json") == one
    assert load_scenario(str(tmp_path / "one.json")) == one


def test_a_campaign_alone_becomes_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "campaign.json"
    path.write_text(campaign().to_json(), encoding="utf-8-sig")
    assert load_scenario(path).campaign == campaign()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "broken_json"),
        (b"[]", "wrong_type"),
        (b"", "broken_json"),
        (b"\xff\xfe{", "unreadable_file"),
        (b"[" * 50, "too_deep"),
        (b" " * 2_000_001, "too_large"),
        (b'{"schema_version": 99}', "future_version"),
    ],
)
def test_a_file_that_is_no_scenario_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        load_scenario(tmp_path / "x.json")
    assert caught.value.code == code
    assert caught.value.message.startswith("'x.json': ")


@pytest.mark.parametrize(
    ("name", "code"), [("none.json", "file_not_found"), (".", "is_a_folder"), ("a\0b", "file_not_found")]
)
def test_a_file_that_does_not_open_is_named(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_scenario(f"{tmp_path}/{name}")
    assert caught.value.code == code


def test_what_is_no_path_is_named() -> None:
    with pytest.raises(InvalidInput):
        load_scenario(7)  # type: ignore[arg-type]


def test_writing_into_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError) as caught:
        write_scenario(scenario(), tmp_path / "none" / "one.json")
    assert caught.value.code == "cannot_write"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(b"old")

    def fill_the_disk() -> None:
        with replaced(path) as file:
            file.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SimulatorError) as caught:
        fill_the_disk()
    assert caught.value.code == "disk_full"
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["one.json"]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only"), (errno.EACCES, "read_only"), (errno.EIO, "cannot_write")],
)
def test_the_reason_of_a_failed_write_is_told(number: int, code: str) -> None:
    error = unwritable(Path("x"), OSError(number, os.strerror(number)))
    assert error.code == code
    assert "x" in str(error)


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_scenario(scenario(), tmp_path / "one.json")
    assert (tmp_path / "one.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_no_more_is_read_than_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    assert read_file(tmp_path / "x", longest=5) == b"12345"
    with pytest.raises(InvalidInput) as caught:
        read_file(tmp_path / "x", longest=4)
    assert caught.value.code == "too_large"
