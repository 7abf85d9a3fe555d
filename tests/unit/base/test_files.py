"""Every door to a file, and every path that leads nowhere: an error of our own that names it, and nothing lost."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator import Calibration, Scenario, calibrate, load_parameters, read_ads_manager
from simulator.apps.cli import printing
from simulator.apps.web.jobs import child
from simulator.base import files
from simulator.base.errors import MESSAGES, InvalidInput, ParameterError, SimulatorError
from simulator.base.files import is_device, read_file, read_json, replaced, write_file
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.files import read_campaign
from simulator.library import load_scenario, write_scenario
from simulator.library.library import is_archive, read_library
from simulator.planning.sweeps import executors
from simulator.planning.sweeps.grid import Grid
from simulator.presentation.reports.pdf_report import printable_letterhead
from simulator.reference.parameters.loader import read_parameters
from simulator.reference.places.place import Place
from tests.unit.learning.tables import table

CAMPAIGN = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")]), daily_budget=5)
LEARNT = calibrate(table(0))
NO_ROWS = pd.DataFrame({"rows": []})
TOLD = 40
"""Characters of a path that an error shows at least."""


def to_output(path: Path) -> None:
    with printing.written(str(path)) as file:
        file.write(b"new")


READERS: dict[str, Callable[[Path], Any]] = {
    "file": read_file,
    "JSON": read_json,
    "campaign": read_campaign,
    "scenario": load_scenario,
    "library": is_archive,
    "archive": lambda path: list(read_library(path)),
    "calibration": Calibration.load,
    "export": read_ads_manager,
    "export of a calibration": lambda path: calibrate(table(0), file=path),
    "letterhead": printable_letterhead,
    "overlay": load_parameters,
    "parameters": lambda path: list(read_parameters(path)),
}
WRITERS: dict[str, Callable[[Path], Any]] = {
    "file": lambda path: write_file(path, b"new"),
    "scenario": lambda path: write_scenario(Scenario(campaign=CAMPAIGN), path),
    "calibration": LEARNT.save,
    "part of a sweep": lambda path: executors.write_part(path.parent, 0, NO_ROWS),
    "command line": to_output,
    "job": lambda path: child.write_entries(path.parent, path.name, {}),
}
PART = executors.PART.format(0)
"""The only name of a file that a sweep gives to a part."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, and the ways in which a path can be wrong."""
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return tmp_path


NOWHERE = {
    "missing": "none",
    "in a missing folder": "none/one",
    "below a file": "file/one",
    "NUL": "a\0b",
    "half a letter": "\ud800",
    "long name": "x" * 300,
    "long path": "/".join(["x" * 200] * 30),
    "loop": "loop",
    "below a loop": "loop/one",
}


@pytest.mark.parametrize("path", NOWHERE.values(), ids=NOWHERE)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_path_that_leads_nowhere_is_told(folder: Path, read: Callable[[Path], Any], path: str) -> None:
    error = refused(lambda: read(folder / path), folder / path)
    assert error.code == "file_not_found"


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_folder_is_told(folder: Path, read: Callable[[Path], Any]) -> None:
    assert refused(lambda: read(folder / "folder"), folder / "folder").code == "is_a_folder"


@pytest.mark.skipif(not os.access("/proc/self/mem", os.R_OK), reason="no file here that opens and does not read")
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_file_that_opens_and_does_not_read_is_told(read: Callable[[Path], Any]) -> None:
    path = Path("/proc/self/mem")  # an error of input and output, also for root; zipfile takes it for a broken zip
    assert refused(lambda: read(path), path).code in ("cannot_read", "not_a_library")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "not_allowed"),
        (errno.EPERM, "not_allowed"),
        (errno.EIO, "cannot_read"),
        (errno.EMFILE, "cannot_read"),
    ],
)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_the_system_refuses_to_read_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], Any], number: int, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    assert refused(lambda: read(folder / "file"), folder / "file").code == code


UNWRITABLE = {**{name: path for name, path in NOWHERE.items() if name != "missing"}, "folder": "folder"}
OF_A_PART = {"in a missing folder", "below a file", "below a loop"}


@pytest.mark.parametrize("name", UNWRITABLE)
@pytest.mark.parametrize("door", WRITERS)
def test_a_path_that_cannot_be_written_is_told_and_nothing_is_lost(folder: Path, door: str, name: str) -> None:
    path = folder / UNWRITABLE[name]
    if door == "part of a sweep":
        if name == "folder":
            (folder / PART).mkdir()
        elif name not in OF_A_PART:
            pytest.skip("a part has a name of its own")
        path = path.parent / PART
    before = content_of(folder)
    assert refused(lambda: WRITERS[door](path), path).code == "cannot_write"
    assert content_of(folder) == before


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EFBIG, "disk_full"),
        (errno.EACCES, "read_only"),
        (errno.EROFS, "read_only"),
        (errno.EIO, "cannot_write"),
    ],
)
@pytest.mark.parametrize(("module", "function"), [(tempfile, "mkstemp"), (os, "fsync"), (Path, "replace")])
@pytest.mark.parametrize("door", WRITERS)
def test_what_the_system_refuses_to_write_is_told_and_nothing_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch, door: str, module: Any, function: str, number: int, code: str
) -> None:
    path = folder / (PART if door == "part of a sweep" else "kept")
    path.write_bytes(b"old")
    before = content_of(folder)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, function, refuse)
    assert refused(lambda: WRITERS[door](path), path).code == code
    assert content_of(folder) == before


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no place here that not even root may write to")
@pytest.mark.parametrize("door", WRITERS)
def test_a_place_where_nobody_may_write_is_told(door: str) -> None:
    path = Path("/proc/one") if door != "part of a sweep" else Path("/proc") / PART
    assert refused(lambda: WRITERS[door](path), path).code in ("cannot_write", "read_only")


@pytest.mark.parametrize("name", ["below a file", "NUL", "half a letter", "long name", "loop", "file"])
def test_a_folder_of_a_sweep_is_told(folder: Path, name: str) -> None:
    path = folder / {**NOWHERE, "file": "file"}[name]
    before = content_of(folder)
    assert refused(lambda: executors.open_folder(path, Grid.__new__(Grid)), path).code == "cannot_write"
    assert content_of(folder) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("door", sorted(set(WRITERS) - {"part of a sweep"}))
def test_a_device_is_written_to_and_never_replaced(folder: Path, door: str) -> None:
    for device in ("full", "null"):  # by links, so that a fault replaces a link and not the device of this machine
        (folder / device).symlink_to(f"/dev/{device}")
    assert refused(lambda: WRITERS[door](folder / "full"), folder / "full").code == "disk_full"
    WRITERS[door](folder / "null")
    for device in ("full", "null"):
        assert (folder / device).is_symlink()
        assert is_device(folder / device)


@pytest.mark.parametrize("content", [b"\xff\xfe{", "é".encode("latin-1"), b"\x00\xff"])
@pytest.mark.parametrize("door", ["JSON", "campaign", "scenario", "calibration", "overlay", "parameters"])
def test_text_in_another_encoding_is_told(folder: Path, door: str, content: bytes) -> None:
    (folder / "own.toml").write_bytes(content)
    with pytest.raises((InvalidInput, ParameterError)) as caught:
        READERS[door](folder / "own.toml")
    assert caught.value.code in ("unreadable_file", "bad_parameter")


@pytest.mark.parametrize("path", [None, 5, b"a", ["a"], {}, ""])
def test_what_is_no_path_is_told(path: Any) -> None:
    for name in ("file", "JSON", "campaign", "scenario", "calibration"):
        assert refused(partial(READERS[name], path)).code == "wrong_type"
    assert refused(lambda: LEARNT.save(path)).code == "wrong_type"
    assert refused(lambda: write_scenario(Scenario(campaign=CAMPAIGN), path)).code == "wrong_type"


def test_an_archive_that_zipfile_stumbles_over_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ValueError("negative seek value -7")

    monkeypatch.setattr("zipfile.ZipFile.__init__", stumble)
    assert refused(lambda: list(read_library(folder / "file")), folder / "file").code == "not_a_library"


def test_a_calibration_that_no_file_can_hold_is_told(folder: Path) -> None:
    half = Calibration.from_dict({**LEARNT.to_dict(), "name": "\ud800"})
    assert refused(lambda: half.save(folder / "file")).code == "unprintable"
    assert (folder / "file").read_bytes() == b"old"


def test_a_mistake_while_writing_is_not_taken_for_one_of_the_disk(folder: Path) -> None:
    def write() -> None:
        with replaced(folder / "file") as file:
            file.write(b"half")
            raise InvalidInput("missing", field="campaign", allowed="one")

    assert refused(write).code == "missing"
    assert (folder / "file").read_bytes() == b"old"
    assert sorted(entry.name for entry in folder.iterdir()) == ["file", "folder", "loop"]


def test_windows_is_asked_again_while_another_program_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    real = Path.replace

    def busy(part: Path, place: Path) -> Path:
        asked.append(part)
        if len(asked) < 3:
            raise PermissionError(errno.EACCES, "used by another process")
        return real(part, place)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(files, "_TRIES", 5)
    monkeypatch.setattr(files, "_IS_WINDOWS", True)
    write_file(folder / "file", b"new")
    assert (folder / "file").read_bytes() == b"new"
    assert len(asked) == 3


def refused(action: Callable[[], Any], path: Path | None = None) -> SimulatorError:
    """Return the error of an action; it names the path, or the file where its content is at fault."""
    with pytest.raises(SimulatorError) as caught:
        action()
    error = caught.value
    assert error.code in MESSAGES
    assert error.message.isprintable()
    if path is not None:
        shown = ascii(str(path))[1:].rstrip("'")
        assert shown[:TOLD] in ascii(error.message).replace("\\\\", "\\") or path.name in error.message
    return error


def content_of(folder: Path) -> dict[str, bytes | None]:
    """Return what stands in a folder, hidden files too."""
    return {entry.name: entry.read_bytes() if entry.is_file() else None for entry in sorted(folder.iterdir())}
