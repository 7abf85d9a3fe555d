"""Judge the kernel by the person-by-person simulation and write the result into docs/validation.md.

Usage: ``python tools/check/validate_kernel.py [--check]``. Runs the whole grid of tests/referee/grid.py on one core in
a few minutes and replaces the text between the markers ``kernel:begin`` and ``kernel:end`` and the entry "referee" of
simulator/learning/validation.json; with ``--check`` nothing is written. The exit code is 1 when the kernel is
beyond its limits more often than the noise of the counts explains.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.referee import grid  # noqa: E402
from tools.check.kernel_report import packed, passes, report, write_section  # noqa: E402
from tools.check.kernel_verdicts import judge  # noqa: E402

PAGE = ROOT / "docs" / "validation.md"
PACKED = ROOT / "simulator" / "learning" / "validation.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    grid.small_grid()[0].judged()  # compiles; not part of the speed
    verdicts = []
    for case in grid.whole_grid():
        verdicts.append(judge(case))
        worst = max(verdicts[-1].kernel, key=lambda row: row.of_limit)
        print(f"{verdicts[-1].seconds:5.1f} s  {worst}", flush=True)
    text = report(verdicts)
    if not arguments.check:
        write_section(PAGE, "kernel", text)
        entries = {**json.loads(PACKED.read_text(encoding="utf-8")), "referee": packed(verdicts)}
        PACKED.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if passes(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
