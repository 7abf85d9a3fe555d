"""A whole library in one zip: ``scenarios/ID/VERSION.json`` for every version, and ``library.json`` that says so."""

from __future__ import annotations

import itertools
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import reading
from simulator.base.json_text import MAX_JSON_BYTES, parse_json
from simulator.base.validation import MAX_TEXT
from simulator.library.rows import moment, written
from simulator.library.scenario import canonical

LIBRARY_VERSION = 1
MANIFEST = "library.json"
MAX_ENTRIES = 1_000_000
MAX_UNPACKED = 2_000_000_000
"""Bytes; a library of 100,000 scenarios of several versions has a tenth of it."""
MAX_RATIO = 200
"""Unpacked to packed bytes; scenarios reach about 5, an archive made to fill a memory a thousand."""
ENTRY = re.compile(r"scenarios/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([1-9][0-9]{0,8})\.json")
FIELDS = ("id", "version", "saved_at", "owner", "deleted", "scenario")


class Entry(NamedTuple):
    """One version of one scenario as it travels; ``body`` is canonical JSON."""

    id: str
    version: int
    saved_at: str
    owner: str
    deleted: bool
    body: str


class History(NamedTuple):
    """All versions of one scenario in their order, or why they cannot be taken over."""

    id: str
    entries: tuple[Entry, ...]
    problem: InvalidInput | None = None


def write_library(file: IO[bytes], entries: Iterable[Entry]) -> int:
    """Write a library and return the number of scenarios; the same content gives the same bytes."""
    count = versions = 0
    former = ""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            count += entry.id != former
            former = entry.id
            versions += 1
            name = f"scenarios/{entry.id}/{entry.version}.json"
            archive.writestr(_info(name, entry.saved_at), _text(entry))
        manifest = {"library_version": LIBRARY_VERSION, "scenarios": count, "versions": versions}
        archive.writestr(_info(MANIFEST, ""), json.dumps(manifest, indent=2) + "\n")
    return count


def is_archive(path: Path) -> bool:
    """Whether the file begins as a zip does.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``is_a_folder`` or ``not_allowed``.
    """
    with reading(path) as file:
        return file.read(2) == b"PK"


def read_library(path: Path) -> Iterator[History]:
    """Yield the scenarios of a library, one at a time; nothing is ever unpacked to the disk.

    What stands around each scenario is checked here; the scenario itself where it is taken over, if it is.

    Raises
    ------
    InvalidInput
        ``not_a_library``, ``unsafe_library`` or ``future_version``, before anything is yielded.
    """
    field = shown(path.name)
    try:
        with reading(path) as file, zipfile.ZipFile(file) as archive:
            names = _checked(archive, os.fstat(file.fileno()).st_size, field)
            _check_manifest(archive, field)
            for key, group in itertools.groupby(names, key=lambda name: name[0]):
                yield _history(archive, key, [version for _, version in group])
    except InvalidInput:
        raise
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        problem = InvalidInput("not_a_library", field=field, received=f"the file is damaged ({shown(str(error))})")
    else:
        return
    raise problem


def _checked(archive: zipfile.ZipFile, packed: int, field: str) -> list[tuple[str, int]]:
    """Return id and version of every entry in order, after a look at the table of contents only."""
    infos = archive.infolist()
    _refuse(len(infos) > MAX_ENTRIES, field, f"{len(infos):,} entries", f"{MAX_ENTRIES:,}")
    total = sum(info.file_size for info in infos)
    _refuse(total > MAX_UNPACKED, field, f"{total:,} bytes unpacked", f"{MAX_UNPACKED:,}")
    _refuse(total > MAX_RATIO * packed, field, f"{total:,} bytes in {packed:,}", f"{MAX_RATIO} times")
    found: list[tuple[str, int]] = []
    for info in infos:
        match = ENTRY.fullmatch(info.filename)
        is_known = bool(match) or info.filename == MANIFEST
        _refuse(not is_known, field, f"the entry {shown(info.filename)}", "scenarios/ID/VERSION.json")
        _refuse(bool(info.flag_bits & 0x1), field, f"the entry {shown(info.filename)} is encrypted", "none")
        if info.file_size > MAX_JSON_BYTES:
            _refuse(True, field, f"an entry of {info.file_size:,} bytes", f"{MAX_JSON_BYTES:,}")
        if match:
            found.append((match[1], int(match[2])))
    _refuse(len(set(archive.namelist())) < len(infos), field, "two entries of one name", "one each")
    return sorted(found)


def _refuse(wrong: bool, field: str, received: str, allowed: str) -> None:
    if wrong:
        raise InvalidInput("unsafe_library", field=field, received=received, allowed=allowed)


def _check_manifest(archive: zipfile.ZipFile, field: str) -> None:
    if MANIFEST not in archive.namelist():
        raise InvalidInput("not_a_library", field=field, received=f"a zip without {MANIFEST}")
    manifest = parse_json(_read(archive, MANIFEST), field=MANIFEST)
    version = manifest.get("library_version") if isinstance(manifest, dict) else None
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InvalidInput("not_a_library", field=field, received=f"library_version is {shown(version)}")
    if version > LIBRARY_VERSION:
        raise InvalidInput("future_version", field=field, received=version, allowed=LIBRARY_VERSION)


def _history(archive: zipfile.ZipFile, key: str, versions: list[int]) -> History:
    """Read one scenario; one unreadable version keeps its whole history out, so that no version goes missing."""
    if versions != list(range(1, len(versions) + 1)):
        received, allowed = ", ".join(map(str, versions[:10])), f"1 to {len(versions)}"
        return History(key, (), InvalidInput("unknown_choice", field=key, received=received, allowed=allowed))
    entries = []
    for version in versions:
        name = f"scenarios/{key}/{version}.json"
        try:
            entries.append(_entry(parse_json(_read(archive, name), field=name), key, version))
        except InvalidInput as error:
            return History(key, (), error.within(f"{key}.{version}"))
    return History(key, tuple(entries))


def _entry(entries: Any, key: str, version: int) -> Entry:
    if not isinstance(entries, dict) or set(entries) != set(FIELDS):
        raise InvalidInput("unknown_field", field="", received=shown(entries), allowed=", ".join(FIELDS))
    scenario = entries["scenario"]
    is_named = isinstance(scenario, dict) and scenario.get("id") == entries["id"] == key
    if not is_named or entries["version"] != version or isinstance(entries["version"], bool):
        raise InvalidInput("wrong_type", field="id", received=shown(entries["id"]), allowed=f"{key}, {version}")
    owner = entries["owner"]
    if not isinstance(owner, str) or len(owner) > MAX_TEXT:
        raise InvalidInput("wrong_type", field="owner", received=shown(owner), allowed="a short text")
    if not isinstance(entries["deleted"], bool):
        raise InvalidInput("wrong_type", field="deleted", received=shown(entries["deleted"]), allowed="true or false")
    return Entry(key, version, _saved_at(entries["saved_at"]), owner, entries["deleted"], canonical(scenario))


def _saved_at(text: object) -> str:
    try:
        return written(moment(text))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidInput("wrong_type", field="saved_at", received=shown(text), allowed="a moment in UTC")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry; zipfile reads no more of it than the table of contents declared, which was checked."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        problem = InvalidInput("not_a_library", field=name, received=f"it cannot be unpacked ({shown(str(error))})")
    raise problem


def _text(entry: Entry) -> str:
    outside = {"id": entry.id, "version": entry.version, "saved_at": entry.saved_at, "owner": entry.owner}
    start = canonical({**outside, "deleted": entry.deleted})
    return f'{start[:-1]},"scenario":{entry.body}}}\n'


def _info(name: str, saved_at: str) -> zipfile.ZipInfo:
    day = (1980, 1, 1, 0, 0, 0)
    if saved_at:
        at = moment(saved_at)
        day = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    info = zipfile.ZipInfo(name, day)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
