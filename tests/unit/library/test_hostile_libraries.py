"""Libraries from anywhere: bombs, paths that lead elsewhere, cut short, damaged, from the future."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.base.errors import InvalidInput
from simulator.library import library
from simulator.library.database import Store
from tests.unit.library.examples import campaign, scenario
from tests.unit.library.test_library import filled

Opening = Callable[..., Store]


def zipped(path: Path, entries: dict[str, str], *, manifest: str | None = '{"library_version": 1}') -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
        if manifest is not None:
            archive.writestr("library.json", manifest)
    return path


def entry(**changes: Any) -> tuple[str, str]:
    one = scenario()
    fields = {"id": one.id, "version": 1, "saved_at": "2026-01-01T00:00:00Z", "owner": "", "deleted": False}
    fields |= {"scenario": one.to_dict()}
    return f"scenarios/{one.id}/1.json", json.dumps({**fields, **changes})


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.json",
        "/etc/passwd",
        "scenarios/../x/1.json",
        "scenarios/x/1.json",
        "C:\\x.json",
        "readme.txt",
        "scenarios/",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(sqlite: Store, tmp_path: Path, name: str) -> None:
    good, text = entry()
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(zipped(tmp_path / "x.zip", {good: text, name: text}))
    assert caught.value.code == "unsafe_library"
    assert sqlite.search() == []
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted([*before, "x.zip"])


def test_a_zip_bomb_is_refused_unopened(sqlite: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, text = entry()
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("something was unpacked"))
    bombs = {
        "one large entry that hardly shrinks": {good: random.Random(1).randbytes(1_000_001).hex()},
        "many that shrink a thousandfold": {f"scenarios/{scenario().id}/1.json": " " * 1_900_000 for _ in range(5)},
    }
    for bomb in bombs.values():
        with pytest.raises(InvalidInput) as caught:
            sqlite.import_(zipped(tmp_path / "x.zip", {**bomb}))
        assert caught.value.code == "unsafe_library"
    monkeypatch.setattr(library, "MAX_ENTRIES", 2)
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(zipped(tmp_path / "x.zip", dict(entry() for _ in range(3))))
    assert caught.value.code == "unsafe_library"
    monkeypatch.setattr(library, "MAX_UNPACKED", 100)
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(zipped(tmp_path / "x.zip", {good: text}))
    assert caught.value.code == "unsafe_library"


def test_a_table_of_contents_that_lies_about_sizes_unpacks_no_more_than_it_says(sqlite: Store, tmp_path: Path) -> None:
    good, _ = entry()
    path = zipped(tmp_path / "x.zip", {good: " " * 1_000_000})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature)
        content[place + offset : place + offset + 4] = struct.pack("<I", 500)
    path.write_bytes(content)
    assert len(sqlite.import_(path).refused) == 1
    assert sqlite.search() == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(sqlite: Store, tmp_path: Path) -> None:
    name, text = entry()
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("library.json", '{"library_version": 1}')
        archive.writestr(name, text)
        archive.writestr(name, text)
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(tmp_path / "x.zip")
    assert caught.value.code == "unsafe_library"


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (None, "not_a_library"),
        ("{}", "not_a_library"),
        ("[]", "not_a_library"),
        ('{"library_version": true}', "not_a_library"),
        ('{"library_version": 2}', "future_version"),
        ("{", "broken_json"),
    ],
)
def test_a_zip_that_is_no_library_is_named(sqlite: Store, tmp_path: Path, manifest: str | None, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(zipped(tmp_path / "x.zip", dict([entry()]), manifest=manifest))
    assert caught.value.code == code
    assert sqlite.search() == []


@pytest.mark.parametrize("content", [b"PK", b"PK\x05\x06" + b"\0" * 10, b"PK\x03\x04 and then nothing"])
def test_half_a_zip_is_named(sqlite: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        sqlite.import_(tmp_path / "x.zip")
    assert caught.value.code == "not_a_library"


def test_a_library_cut_short_is_named(sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    filled(sqlite).export(tmp_path / "x.zip")
    whole = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidInput) as caught:
        opened(tmp_path / "other.sqlite").import_(tmp_path / "x.zip")
    assert caught.value.code == "not_a_library"


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario": {}},
        {"scenario": {"id": "x"}},
        {"scenario": scenario().to_dict()},
        {"scenario": None},
        {"version": 2},
        {"version": True},
        {"id": "6f1c2a0e-5c0b-4a8e-9d53-0f6a1b2c3d4e"},
        {"saved_at": "yesterday"},
        {"saved_at": 5},
        {"saved_at": "9999-12-31T23:59:59-23:59"},
        {"owner": 5},
        {"owner": "x" * 201},
        {"deleted": "no"},
        {"surprise": 1},
    ],
)
def test_an_entry_that_is_wrong_is_refused_and_the_others_are_taken(
    sqlite: Store, tmp_path: Path, changes: dict[str, Any]
) -> None:
    wrong, good = entry(**changes), entry()
    done = sqlite.import_(zipped(tmp_path / "x.zip", dict([wrong, good])))
    assert done.added == 1
    ((key, error),) = done.refused
    assert key in wrong[0]
    assert key in error.data["field"]
    assert [row.id in good[0] for row in sqlite.search()] == [True]


def test_a_scenario_from_the_future_is_refused_and_named(sqlite: Store, tmp_path: Path) -> None:
    one = {**scenario().to_dict(), "schema_version": 99}
    name, text = f"scenarios/{one['id']}/1.json", entry(id=one["id"], scenario=one)[1]
    done = sqlite.import_(zipped(tmp_path / "x.zip", {name: text}))
    assert [error.code for _, error in done.refused] == ["future_version"]


def test_a_history_with_a_gap_is_refused_whole(sqlite: Store, tmp_path: Path) -> None:
    name, text = entry(version=2)
    done = sqlite.import_(zipped(tmp_path / "x.zip", {name.replace("/1.json", "/2.json"): text}))
    assert len(done.refused) == 1
    assert sqlite.search() == []


def test_an_entry_whose_bytes_were_damaged_is_refused(sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    sqlite.save(scenario(title="x"))
    sqlite.export(tmp_path / "x.zip")
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[200] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(content)
    other = opened(tmp_path / "other.sqlite")
    assert len(other.import_(tmp_path / "x.zip").refused) == 1
    assert other.search() == []


def test_a_library_from_the_first_form_is_kept_as_it_was(sqlite: Store, tmp_path: Path) -> None:
    old = {"schema_version": 1, "id": scenario().id, "title": "x", "why": "because", "campaign": campaign().to_dict()}
    name, text = f"scenarios/{old['id']}/1.json", entry(id=old["id"], scenario=old)[1]
    assert sqlite.import_(zipped(tmp_path / "x.zip", {name: text})).added == 1
    assert sqlite.load(str(old["id"])).notes == "because"
    assert sqlite.import_(tmp_path / "x.zip").unchanged == 1
