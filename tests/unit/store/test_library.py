"""The library as a zip: whole, the same bytes for the same content, and nothing hostile gets in by it."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import InvalidInput
from simulator.store import library, write_scenario
from simulator.store.database import Store
from tests.unit.store.examples import HOSTILE, campaign, scenario

Opening = Callable[..., Store]


def filled(store: Store) -> Store:
    """Several versions, a deletion, a restoration, hostile texts."""
    one, gone, back = scenario(title="one", tags=("a",)), scenario(title="gone"), scenario(title="back")
    for saved in (one, gone, back, one.replace(title="two")):
        store.save(saved)
    store.delete(gone.id)
    store.delete(back.id)
    store.restore(back.id)
    store.save(scenario(title="\n".join(HOSTILE)[:200], client=HOSTILE[6], notes="\n".join(HOSTILE)))
    return store


def content(store: Store) -> dict[str, list[Any]]:
    """Everything that a store holds, by scenario."""
    keys = {row.id for row in store.search()} | {one.id for one in library_ids(store)}
    return {key: [(entry, store.fetch(key, entry.version)) for entry in store.versions(key)] for key in keys}


def library_ids(store: Store) -> list[Any]:
    from simulator.store.importing import held_entries

    return list(held_entries(store._engine, store.place))


def test_a_library_imported_elsewhere_is_the_same(store: Store, sqlite: Store, tmp_path: Path) -> None:
    assert filled(store).export(tmp_path / "x.zip") == 4
    done = sqlite.import_(tmp_path / "x.zip")
    assert (done.added, done.extended, done.unchanged, done.conflicts, done.refused) == (4, 0, 0, [], [])
    assert content(sqlite) == content(store)
    assert sqlite.search() == store.search()


def test_from_sqlite_to_the_other_and_back(store: Store, sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    filled(sqlite).export(tmp_path / "x.zip")
    store.import_(tmp_path / "x.zip")
    store.export(tmp_path / "y.zip")
    assert (tmp_path / "x.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()


def test_importing_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    filled(store).export(tmp_path / "x.zip")
    before = content(store)
    done = store.import_(tmp_path / "x.zip")
    assert (done.added, done.extended, done.unchanged) == (0, 0, 4)
    assert content(store) == before


def test_an_empty_library_travels_too(sqlite: Store, tmp_path: Path) -> None:
    assert sqlite.export(tmp_path / "x.zip") == 0
    assert sqlite.import_(tmp_path / "x.zip").added == 0


def test_the_zip_can_be_read_by_anybody(sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="Été")
    sqlite.save(one)
    sqlite.export(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.namelist() == [f"scenarios/{one.id}/1.json", "library.json"]
        entry = json.loads(archive.read(f"scenarios/{one.id}/1.json"))
        assert json.loads(archive.read("library.json")) == {"library_version": 1, "scenarios": 1, "versions": 1}
    assert entry["scenario"] == one.to_dict()


def test_further_versions_are_appended(store: Store, sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="a")
    store.save(one)
    store.export(tmp_path / "x.zip")
    sqlite.import_(tmp_path / "x.zip")
    store.save(one.replace(title="b"))
    store.export(tmp_path / "x.zip")
    assert sqlite.import_(tmp_path / "x.zip").extended == 1
    assert content(sqlite) == content(store)
    sqlite.save(one.replace(title="c"))
    assert sqlite.import_(tmp_path / "x.zip").unchanged == 1  # here is more: nothing to take over
    assert sqlite.load(one.id).title == "c"


def test_what_was_changed_on_both_sides_is_kept_side_by_side(store: Store, sqlite: Store, tmp_path: Path) -> None:
    one = scenario(title="start")
    for side in (store, sqlite):
        side.save(one)
    store.save(one.replace(title="theirs"))
    sqlite.save(one.replace(title="mine"))
    store.export(tmp_path / "x.zip")
    done = sqlite.import_(tmp_path / "x.zip")
    ((old, new),) = done.conflicts
    assert old == one.id != new
    assert {row.id: row.title for row in sqlite.search()} == {one.id: "mine", new: "theirs"}
    assert [entry.title for entry in sqlite.versions(new)] == ["start", "theirs"]
    assert sqlite.load(new).id == new
    again = sqlite.import_(tmp_path / "x.zip")
    assert (again.added, again.unchanged, again.conflicts) == (0, 1, [])
    store.save(one.replace(title="theirs, later"))
    store.export(tmp_path / "x.zip")
    assert sqlite.import_(tmp_path / "x.zip").extended == 1
    assert {row.title for row in sqlite.search()} == {"mine", "theirs, later"}


def test_a_deletion_against_a_change_is_a_conflict_too(sqlite: Store, tmp_path: Path, opened: Opening) -> None:
    other = opened(tmp_path / "other.sqlite")
    one = scenario(title="x")
    for side in (other, sqlite):
        side.save(one)
    other.delete(one.id)
    sqlite.save(one)
    other.export(tmp_path / "x.zip")
    assert len(sqlite.import_(tmp_path / "x.zip").conflicts) == 1
    assert sqlite.load(one.id) == one


def test_the_file_of_one_scenario_is_imported_once(store: Store, tmp_path: Path) -> None:
    one = scenario(title="x")
    write_scenario(one, tmp_path / "x.json")
    assert store.import_(tmp_path / "x.json").added == 1
    assert store.import_(tmp_path / "x.json").unchanged == 1
    later = one.replace(title="y")
    store.save(later)
    assert store.import_(tmp_path / "x.json").unchanged == 1
    write_scenario(later, tmp_path / "x.json")
    assert store.import_(tmp_path / "x.json").unchanged == 1
    write_scenario(one.replace(title="z"), tmp_path / "x.json")
    assert len(store.import_(tmp_path / "x.json").conflicts) == 1
    assert {row.title for row in store.search()} == {"y", "z"}


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
