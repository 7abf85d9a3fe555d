"""A benchmark that is asked what it does says so; it neither measures nor writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="peak memory is asked of a POSIX system")

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("docs/performance.md", "docs/reliability.md")
NAMED = sorted(
    {
        name
        for page in PAGES
        for name in re.findall(r"python -m (benchmarks(?:\.\w+)?)\b", (ROOT / page).read_text(encoding="utf-8"))
    }
    | {"benchmarks"}  # as `make bench` has it
)


@pytest.mark.parametrize("name", NAMED)
def test_every_benchmark_of_the_pages_says_what_it_does(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", name, "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ")
    assert "measured on" not in done.stdout.lower()


def test_the_makefile_and_the_page_name_it_alike() -> None:
    assert re.search(r"^bench:.*\n\t\S+ -m benchmarks$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert "`make bench`" in (ROOT / PAGES[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["benchmarks.__main__", "benchmarks.planning"])
def test_a_check_writes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for core in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(core, "1")  # as the module sets it, and undone afterwards
    module = import_module(name)
    page = tmp_path / "performance.md"
    monkeypatch.setattr(module, "TARGET", page)
    for part in ("kernel", "forecasts", "calibration", "imports"):
        if hasattr(module, part):
            monkeypatch.setattr(module, part, type("Part", (), {"report": staticmethod(lambda: ["a line"])}))
    if hasattr(module, "report"):
        monkeypatch.setattr(module, "report", lambda: ["a line"])
    monkeypatch.setattr(sys, "argv", [name, "--check"])
    page.write_text(f"# Performance\n\n{module.BEGIN}\nbefore\n{module.END}\nafter\n", encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    module.main()
    assert "a line" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == before
    monkeypatch.setattr(sys, "argv", [name])
    module.main()
    assert "a line" in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").endswith("\nafter\n")
