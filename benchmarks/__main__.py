"""Measure and write the first part of docs/performance.md: ``make bench``."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path

# One core: set before numpy is imported.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from benchmarks import calibration, forecasts, imports, kernel, options  # noqa: E402

TARGET = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured:begin -->", "<!-- measured:end -->"


def processor() -> str:
    """Return the name of the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main() -> None:
    """Run every benchmark and replace the measured part of the page."""
    given = options.read(__doc__, writes=True)
    parts = [
        f"Measured on {datetime.datetime.now(datetime.UTC).date()} on one core of: {processor()}, "
        f"Python {platform.python_version()}; processor time, the least of several runs.",
        "\n".join(["## The reach formula", "", *kernel.report()]),
        "\n".join(["## Forecasts", "", *forecasts.report()]),
        "\n".join(["## Learning from campaigns", "", *calibration.report()]),
        "\n".join(["## Import", "", *imports.report()]),
    ]
    measured = "\n\n".join(parts)
    print(measured)
    if given.check:
        return
    page = TARGET.read_text(encoding="utf-8") if TARGET.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    TARGET.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
