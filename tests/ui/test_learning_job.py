"""The long work of Mes résultats tells how far it is from beginning to end, and hands over what it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.apps.web.jobs import learning

EXPORT = Path(__file__).parents[1] / "data" / "EXEMPLE-invente-fr-tableur.csv"

AS_IT_IS = {"mapping": None, "day_first": None, "currency": ""}


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
    learning.run(
        tmp_path, {"mapping": None, "day_first": None, "currency": "", "country": "FR", "name": "export"}, report
    )  # type: ignore[arg-type]
    shares = [share for _, share in report.stages]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [stage for stage, _ in report.stages].count("test") == 8, "the beginning, then each of seven dates"
    first, last = report.results
    assert first["test"] is None
    assert last["test"]["origins"] == 7
    assert last["calibration"] == first["calibration"]


def test_what_the_user_said_of_the_money_is_learnt_from(tmp_path: Path) -> None:
    path = tmp_path / learning.EXPORT
    path.write_text("Campaign name,Starts,Ends,Amount spent,Impressions,Reach\nA,2025-01-06,2025-01-12,35,4727,3780\n")
    assert learning.read(path, AS_IT_IS, "CA").currency.isna().all()
    told = learning.read(path, {**AS_IT_IS, "currency": "CAD"}, "CA")
    assert set(told.currency) == {"CAD"}
    path.write_bytes(EXPORT.read_bytes())
    assert set(learning.read(path, {**AS_IT_IS, "currency": "CAD"}, "CA").currency) == {"EUR"}, (
        "what a file says stands"
    )
