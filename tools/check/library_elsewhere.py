"""A library of 10,000 scenarios exported, imported elsewhere, and compared scenario by scenario.

    python -m tools.check.library_elsewhere                SQLite to another SQLite
    python -m tools.check.library_elsewhere --postgresql   SQLite to PostgreSQL and back

Every version of every scenario must be there with the same content, moment, owner and deletion, and the export of
the copy must be the same file to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from simulator.library import open_store
from simulator.library.database import Store
from simulator.library.library import write_library
from tools.check.large_library import SCENARIOS, entries
from tools.check.postgres import temporary_server

VERSIONS = 2
DELETED = 50
"""Scenarios deleted before the export: a deletion travels too."""


def contents(store: Store) -> dict[tuple[str, int], str]:
    """Return a fingerprint of every version of every scenario that is listed."""
    found = {}
    for row in store.search():
        for version in range(1, row.version + 1):
            body = store.load(row.id, version).body()
            found[row.id, version] = hashlib.sha256(body.encode()).hexdigest()
    return found


def copied(source: Store, target: Store, folder: Path, name: str) -> tuple[Path, list[str]]:
    """Export, import elsewhere, export again; return the export and what differs."""
    first, second = folder / f"{name}.zip", folder / f"{name}-again.zip"
    start = time.perf_counter()
    source.export(first)
    middle = time.perf_counter()
    done = target.import_(first)
    print(f"{name}: export {middle - start:.1f} s, import {time.perf_counter() - middle:.1f} s, {done.added:,} added")
    target.export(second)
    before, after = contents(source), contents(target)
    differing = [f"{key} {version}" for key, version in before if after.get((key, version)) != before[key, version]]
    differing += [f"{key} {version} is new" for key, version in after.keys() - before.keys()]
    if first.read_bytes() != second.read_bytes():
        differing.append("the two exports differ")
    print(f"{name}: {len(before):,} versions compared, {len(differing)} differences")
    return first, differing


def main() -> int:
    """Run and report; the exit code is 1 if anything differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--postgresql", action="store_true", help="by way of a PostgreSQL server from a wheel")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adsim-")))
        library = folder / "library.zip"
        with library.open("wb") as file:
            write_library(file, sorted(entries(VERSIONS)))
        here = stack.enter_context(open_store(f"sqlite:///{folder}/here.sqlite"))
        here.import_(library)
        for row in here.search()[:DELETED]:
            here.delete(row.id)
        print(f"{len(here.search()):,} scenarios listed of {SCENARIOS:,}, {DELETED} deleted")
        elsewhere = f"sqlite:///{folder}/elsewhere.sqlite"
        if options.postgresql:
            elsewhere = stack.enter_context(temporary_server(folder))
        there = stack.enter_context(open_store(elsewhere))
        _, wrong = copied(here, there, folder, "there")
        if options.postgresql:
            back = stack.enter_context(open_store(f"sqlite:///{folder}/back.sqlite"))
            wrong += copied(there, back, folder, "back")[1]
    print(*wrong[:10], sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
