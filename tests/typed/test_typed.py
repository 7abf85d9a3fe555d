"""A checker of types sees the public models field by field: one program passes, each wrong line of another does not."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_mypy_strict_passes_the_program_and_finds_each_wrong_line() -> None:
    files = [str((HERE / name).relative_to(ROOT)) for name in ("program.py", "wrong.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", *files]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300).stdout
    found = {(Path(name).name, int(line)) for name, line in re.findall(r"^(\S+):(\d+): error:", printed, re.MULTILINE)}
    lines = (HERE / "wrong.py").read_text(encoding="utf-8").splitlines()
    expected = {("wrong.py", number) for number, line in enumerate(lines, start=1) if line.endswith("# wrong")}
    assert found == expected, printed


def test_the_program_runs() -> None:
    names = runpy.run_path(str(HERE / "program.py"))
    assert names["ages"] == (25, 54)
    assert names["labels"] == ["Pau", "Here"]
    assert names["same"] == names["campaign"]
