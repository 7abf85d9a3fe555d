"""The kernel and its dense reference agree with the person-by-person simulation.

A few settings of the grid; the whole of it by ``python tools/validate_kernel.py``, see docs/validation.md.
"""

from __future__ import annotations

import pytest

pytest.importorskip("numba")
from tests.referee.cases import Case
from tests.referee.grid import small_grid
from tools.kernel_verdicts import judge

QUANTITIES = {"spend", "impressions", "CPM", "R_1", "R_2"}


@pytest.mark.parametrize("case", small_grid(), ids=lambda case: case.name)
def test_kernel_and_reference_agree_with_the_simulation(case: Case) -> None:
    verdict = judge(case)
    for compared in (verdict.kernel, verdict.reference):
        assert {row.quantity for row in compared} >= QUANTITIES
        assert [str(row) for row in compared if not row.agrees] == []


def test_the_small_grid_holds_every_kind_of_case() -> None:
    cases = small_grid()
    assert {case.days for case in cases} >= {1, 7, 28}
    assert any(len(case.cell_price) > 1 for case in cases)
    assert any(len(case.slots_per_day) > 1 for case in cases)
    assert any(case.cap is not None and case.cap[1] < case.days for case in cases)
    assert any(case.budget_share > 1.0 for case in cases)
    assert len(cases) == 8, "a name of the small grid is no longer in the whole grid"
