"""The long work of Mes résultats tells how far it is from beginning to end, and hands over what it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.ui.jobs import learning

EXPORT = Path(__file__).parents[1] / "data" / "EXEMPLE-invente-fr-tableur.csv"


class Report:
    def __init__(self) -> None:
        self.stages: list[tuple[str, float]] = []
        self.results: list[dict[str, Any]] = []

    def progress(self, stage: str, share: float, **data: Any) -> None:
        self.stages.append((stage, share))

    def result(self, entries: dict[str, Any]) -> None:
        self.results.append(entries)


def test_progress_rises_to_the_end_of_the_back_test(tmp_path: Path) -> None:
    (tmp_path / learning.EXPORT).write_bytes(EXPORT.read_bytes())
    report = Report()
    learning.run(tmp_path, {"mapping": None, "day_first": None, "country": "FR", "name": "export"}, report)  # type: ignore[arg-type]
    shares = [share for _, share in report.stages]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [stage for stage, _ in report.stages].count("test") == 8, "the beginning, then each of seven dates"
    first, last = report.results
    assert first["test"] is None
    assert last["test"]["origins"] == 7
    assert last["calibration"] == first["calibration"]
