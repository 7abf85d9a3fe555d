"""Files made to exhaust the reader are refused in bounded memory; the largest allowed are read in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MEGABYTES = 500


def in_a_process(*arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_each_hostile_file_is_refused_for_its_reason_and_in_bounded_memory():
    told = in_a_process("tests.unit.learning.hostile")
    assert {each["name"]: each["code"] for each in told["answers"]} == {
        each["name"]: each["expected"] for each in told["answers"]
    }
    assert len(told["answers"]) >= 18
    assert told["peak_megabytes"] <= MEGABYTES
    # Ten seconds is the promise; processor time, since other work may share the machine.
    assert max(each["seconds"] for each in told["answers"]) <= 10


@pytest.mark.skipif(not os.environ.get("ADSIM_SLOW"), reason="100 MB to write and read: set ADSIM_SLOW=1")
@pytest.mark.parametrize("style", ["english", "french", "utf-16", "workbook"])
def test_the_largest_files_allowed_are_read_in_bounded_memory_and_time(style, tmp_path):
    told = in_a_process("tests.unit.learning.largest", style, str(tmp_path / "largest"))
    assert told["rows"] == told["written"]
    assert told["spend"] == pytest.approx(told["spend_written"], rel=1e-12)
    assert told["peak_megabytes"] <= MEGABYTES
    assert told["seconds"] <= 10
