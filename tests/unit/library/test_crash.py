"""Programs killed while they save: what was acknowledged is there. The long run: tools/check/crash_store.py."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.library.databases import POSTGRESQL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are killed in another way there")


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL])
def test_no_acknowledged_save_is_lost(root: Path, database: str) -> None:
    tool = [sys.executable, str(root / "tools" / "check" / "crash_store.py"), "--database", database]
    program = [*tool, "--kills", "3", "--server-kills", "1", "--longest", "0.3"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"killed 3 times .*; ([\d,]+) saves acknowledged, 0 lost", done.stdout)
    assert found, done.stdout
    assert int(found[1].replace(",", "")) > 0
    assert ("the server itself 1 times" in done.stdout) == (database == "postgresql")


def test_a_lost_save_would_be_seen(tmp_path: Path) -> None:
    from simulator.library import open_store
    from tests.unit.library.examples import scenario
    from tools.check import crash_store

    address = f"sqlite:///{tmp_path / 'x.sqlite'}"
    kept, changed = scenario(id=crash_store.SHARED), scenario()
    with open_store(address) as store:
        store.save(kept)
        store.save(changed)
    tally = crash_store.Tally(
        {
            (kept.id, 1): crash_store.digest(kept),
            (kept.id, 2): crash_store.digest(kept),
            (changed.id, 1): crash_store.digest(kept),
        }
    )
    crash_store.check(address, tally, set(tally.acknowledged))
    assert sorted(tally.lost) == sorted([(kept.id, 2), (changed.id, 1)])
