"""On a telephone every cell of a kept trial has a place of its own in the style."""

from __future__ import annotations

import re
from pathlib import Path

from simulator.apps.web.components.trials_list import _HEAD


def test_each_cell_of_a_row_has_its_place(root: Path) -> None:
    style = (root / "simulator/apps/web/style.css").read_text(encoding="utf-8")
    placed = re.findall(r"st-key-trial_\"\] > :nth-child\((\d)\) \{ (grid-\w+: [^;]+);", style)
    cells = [int(cell) for cell, _ in placed]
    assert cells == list(range(2, len(_HEAD) + 2)), "the tick is the first cell, the columns follow"
    assert len({place for _, place in placed}) == len(placed), "two cells in one place"
