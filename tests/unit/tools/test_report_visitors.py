"""The check of the server under kills knows a whole file from half of one."""

from __future__ import annotations

import pytest

from benchmarks.report_visitors import KINDS, whole
from simulator import Campaign, Place, Targeting
from simulator.library import Scenario
from simulator.presentation import reports


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    campaign = Campaign(Targeting([Place.around("Pau", radius_km=10)]), daily_budget=5, duration_days=7)
    scenario = Scenario(campaign=campaign, title="Fournil", seed=0)
    return {"pdf": reports.pdf(scenario), "xlsx": reports.excel(scenario)}


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_file_is_not_a_whole_one(files: dict[str, bytes], kind: str) -> None:
    content = files[kind]
    assert whole(kind, content)
    assert not whole(kind, content[: len(content) // 2])
    assert not whole(kind, b"")


def test_a_page_of_failure_is_no_file() -> None:
    assert not any(whole(kind, b"<html>404</html>") for kind in KINDS)
