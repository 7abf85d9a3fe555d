"""Files in forms that people have, with the right answer beside each: beside the checkout where there is one.

They are read where they lie; without them these tests are skipped.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.learning import read_ads_manager
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters

FOLDER = next(
    (
        folder
        for parent in Path(__file__).resolve().parents
        if (folder := parent.parent / "shared" / "evidence" / "exports").is_dir()
    ),
    None,
)
pytestmark = pytest.mark.skipif(FOLDER is None, reason="../shared/evidence/exports is not beside this checkout")
ANSWERS = (
    dict(re.findall(r"^\| ([A-Z]\S+) \| (.*?) \|", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE))
    if FOLDER
    else {}
)
FINER = {
    "messages": "engagement", "video_views": "engagement", "landing_page_views": "link_clicks",
    "profile_visits": "link_clicks",
}  # fmt: skip
"""Goals of their own that the answers, older than these, file under a wider one."""
TRUE_DAYS = (9, 12, 9, 5, 5, 9, 12, 5)
"""How long each of the eight campaigns ran."""


def opened(name: str) -> tuple[pd.DataFrame, Rows]:
    assert FOLDER is not None
    frame = read_ads_manager(FOLDER / name)
    return frame, usable_rows(frame, load_parameters())


def codes(frame: pd.DataFrame) -> set[str]:
    return {entry["code"] for entry in frame.attrs["warnings"]}


def test_every_file_has_its_answer() -> None:
    assert FOLDER is not None
    assert {path.name for path in FOLDER.iterdir()} - {"README.md"} == set(ANSWERS)
    assert len(ANSWERS) >= 25


@pytest.mark.parametrize("name", ANSWERS or ["none"])
def test_a_file_is_read_right(name: str) -> None:
    frame, _ = opened(name)
    answer = ANSWERS[name]
    said = re.match(r"rows (\d+), spend ([\d.]+) (\w+)(\|warn)?, impressions (\d+), reach .*?\[(.*?)\]", answer)
    assert said is not None
    assert len(frame) == int(said[1])
    assert frame["spend"].sum() == pytest.approx(float(said[2]), abs=0.005)
    assert set(frame["currency"]) == {None if said[3] == "None" else said[3]}
    assert not said[4] or "currency_conflict" in codes(frame)
    assert frame["impressions"].sum() == int(said[5])
    reach = [int(number) for number in said[6].split(",")]
    if "no_reach" in codes(frame):
        assert "no-reach" in name
        assert frame["reach"].isna().all()
    else:
        assert frame["reach"].tolist()[: len(reach)] == reach
    for place, (first, last) in enumerate(re.findall(r"\('(\S+)', '(\S+)'\)", answer)):
        row = frame.iloc[place]
        assert row["start_is_reporting"] or row["start"].date() == datetime.date.fromisoformat(first)
        assert row["end_is_reporting"] or row["end"].date() == datetime.date.fromisoformat(last)
    goals = re.findall(r"'(\w+)'", answer.partition("objectives [")[2])
    if goals:
        assert [FINER.get(goal, goal) for goal in frame["objective"]] == goals
    if name.startswith("S10"):
        assert frame["objective"].tolist() == ["sales"] * 4 + ["messages"] * 4


@pytest.mark.parametrize("name", ANSWERS or ["none"])
def test_a_file_is_learnt_right(name: str) -> None:
    frame, rows = opened(name)
    assert len(rows) == {"A09": 1, "A10": 1, "D08": 16}.get(name[:3], 8)
    if name[:3] in ("E02", "E04", "E08", "E09"):
        assert "report_window" in {entry["reason"] for entry in rows.dropped}
        window = (frame["end"] - frame["start"]).dt.days.to_numpy() + 1.0
        assert np.all(rows.days < 0.95 * window)
    elif name[:3] in ("A09", "A10"):
        assert rows.days.tolist() == [66.0]
        assert "days_without_names" in codes(frame)
    else:
        days = [day for day in TRUE_DAYS for _ in range(2)] if name.startswith("D08") else list(TRUE_DAYS)
        assert rows.days.tolist() == days
    if name.startswith("S10"):
        assert "link_clicks" not in rows.objective
