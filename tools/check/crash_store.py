"""Kill programs in the middle of saving, again and again, and look whether every acknowledged save is there.

    python tools/check/crash_store.py                          200 kills on SQLite, 200 on PostgreSQL
    python tools/check/crash_store.py --database sqlite --kills 20
    python tools/check/crash_store.py --database postgresql --server-kills 50

In each round two programs save into one library as fast as they can, new scenarios and new versions of one that both
share. They write down each save once the store has acknowledged it. After a random moment both get SIGKILL; in some
rounds the whole PostgreSQL server gets it too, first, and is started again. Then the library is opened, checked by
the database itself, and every save written down must be in it, whole. Needs Linux or macOS.

A killed program proves the order of writing, not the disk: what the operating system has taken survives the program.
That a save also reaches the disk is a setting (synchronous=FULL, synchronous_commit=on), checked by the tests.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulator import Campaign, Place, Targeting
from simulator.base.errors import SimulatorError
from simulator.library import Scenario, open_store
from tools.check.postgres import Postgres

WRITERS = 2
SHARED = "00000000-0000-4000-8000-000000000000"
"""Id of the scenario that all writers save, so that they also collide."""


@dataclass
class Tally:
    """What has happened so far: acknowledged saves by (id, version), with the hash of their content."""

    acknowledged: dict[tuple[str, int], str] = field(default_factory=dict)
    kills: int = 0
    server_kills: int = 0
    lost: list[tuple[str, int]] = field(default_factory=list)


def write_until_killed(address: str, worker: int, acknowledge: Callable[[bytes], object]) -> None:
    """Save without end; a line for each save that the store has acknowledged."""
    place = Place.at(43.2951, -0.3708, "FR", 25, "Pau")
    campaign = Campaign(targeting=Targeting(places=(place,), age_min=25, age_max=54), daily_budget=5)
    store = open_store(address, owner=str(worker), timeout_seconds=60)
    turn = 0
    while True:
        turn += 1
        notes = f"{worker} {turn} " + "x" * random.randrange(3_000)
        scenario = Scenario(campaign=campaign, notes=notes)
        if turn % 2:
            scenario = scenario.replace(id=SHARED)
        saved = store.save(scenario)
        acknowledge(f"{saved.id} {saved.version} {digest(scenario)}\n".encode())


def digest(scenario: Scenario) -> str:
    return hashlib.sha256(scenario.body().encode()).hexdigest()


def kill_writers(address: str, seconds: float, tally: Tally, server: Postgres | None) -> None:
    """Let programs write for so long, then kill them without warning; take down what they acknowledged.

    With ``server``, it is killed first, in the middle of their saves; they may then end by an error of their own.
    """
    programs = [_started(address, worker) for worker in range(WRITERS)]
    if tally.kills % 4 != 3:  # else some die while they still open the library
        for _, pipe in programs:
            select.select([pipe], [], [], 60)
    time.sleep(seconds)
    if server:
        server.kill()
        tally.server_kills += 1
    for program, _ in programs:
        os.kill(program, signal.SIGKILL)
    for program, pipe in programs:
        _, status = os.waitpid(program, 0)
        if not server and not os.WIFSIGNALED(status):
            raise SystemExit(f"a writer ended by itself, with status {status}")
        with os.fdopen(pipe, "rb") as lines:
            for line in lines.read().split(b"\n")[:-1]:  # what is cut off was not acknowledged
                key, version, content = line.decode().split()
                tally.acknowledged[key, int(version)] = content
    tally.kills += 1
    if server:
        server.start()


def _started(address: str, worker: int) -> tuple[int, int]:
    """Start a writer as a copy of this program, which has everything imported; return its id and its pipe's end."""
    reading, writing = os.pipe()
    program = os.fork()
    if program:
        os.close(writing)
        return program, reading
    try:
        os.close(reading)
        random.seed(os.urandom(8))
        write_until_killed(address, worker, lambda line: os.write(writing, line))
    except SimulatorError:
        os._exit(0)  # the server has gone
    except BaseException as error:  # noqa: BLE001  # a copy of this program must never go on as if it were it
        sys.stderr.write(f"writer {worker}: {error!r}\n")
    os._exit(1)


def check(address: str, tally: Tally, keys: set[tuple[str, int]]) -> None:
    """Open the library as any program would, and look for what was acknowledged."""
    with open_store(address, timeout_seconds=60) as store:
        for key, version in keys:
            try:
                found = digest(store.load(key, version))
            except Exception as error:  # noqa: BLE001  # whatever it is, the save is not there
                found = repr(error)
            if found != tally.acknowledged[key, version]:
                tally.lost.append((key, version))
        if address.startswith("sqlite"):
            with store._engine.connect() as connection:
                verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if verdict != "ok":
                raise SystemExit(f"SQLite finds the file damaged: {verdict}")
        history = [entry.version for entry in store.versions(SHARED)]
        if history != list(range(1, len(history) + 1)):
            raise SystemExit("the history of the shared scenario has a gap")


def run(address: str, kills: int, longest: float, server: Postgres | None = None, server_kills: int = 0) -> Tally:
    """Kill so many times and return what was found; in some rounds, evenly spread, the server is killed too."""
    tally = Tally()
    # The first save makes tables and imports what is imported late, so that no round is spent on it.
    with open_store(address) as store:
        place = Place.at(43.2951, -0.3708, "FR", 25, "Pau")
        store.save(Scenario(id=SHARED, campaign=Campaign(targeting=Targeting(places=(place,)), daily_budget=5)))
    for turn in range(kills):
        before = set(tally.acknowledged)
        strikes = (turn + 1) * server_kills // kills > turn * server_kills // kills
        kill_writers(address, random.uniform(0.0, longest), tally, server if strikes else None)
        check(address, tally, set(tally.acknowledged) - before)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{turn + 1} of {kills} kills, {len(tally.acknowledged):,} saves acknowledged ")
    check(address, tally, set(tally.acknowledged))
    return tally


def main() -> int:
    """Run and report; the exit code is 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--kills", type=int, default=200, help="rounds on each database")
    parser.add_argument("--server-kills", type=int, default=40, help="rounds in which the PostgreSQL server dies too")
    parser.add_argument("--longest", type=float, default=0.4, help="seconds that writers live at most")
    options = parser.parse_args()
    code = 0
    with tempfile.TemporaryDirectory(prefix="adsim-") as folder:
        if options.database in ("both", "sqlite"):
            address = f"sqlite:///{folder}/scenarios.sqlite"
            code |= _report("SQLite", run(address, options.kills, options.longest))
        if options.database in ("both", "postgresql"):
            server = Postgres(Path(folder) / "pg")
            try:
                tally = run(server.address, options.kills, options.longest, server, options.server_kills)
                code |= _report("PostgreSQL", tally)
            finally:
                server.remove()
    return code


def _report(name: str, tally: Tally) -> int:
    also = f", the server itself {tally.server_kills} times" if tally.server_kills else ""
    print(
        f"{name}: killed {tally.kills} times ({WRITERS} writers each){also}; "
        f"{len(tally.acknowledged):,} saves acknowledged, {len(tally.lost)} lost",
        flush=True,
    )
    return 1 if tally.lost or not tally.acknowledged else 0


if __name__ == "__main__":
    sys.exit(main())
