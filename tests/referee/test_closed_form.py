"""The kernel and its dense reference agree with the person-by-person simulation.

A few settings of the grid; the whole of it by ``python tools/check/validate_kernel.py``, see docs/validation.md.
"""

from __future__ import annotations

import functools

import pytest

pytest.importorskip("numba")
from tests.referee.agreement import Comparison
from tests.referee.cases import Case
from tests.referee.grid import small_grid
from tools.check.kernel_verdicts import judge

QUANTITIES = {"spend", "impressions", "CPM", "R_1", "R_2"}
KNOWN_FAULTS: dict[str, str] = {}
"""What the referee found in the kernel; a case that agrees again fails here until its line is removed."""

judged = functools.cache(judge)


def marked(case: Case) -> object:
    """Return the case for the kernel's test, expected to fail where a fault is known."""
    reason = KNOWN_FAULTS.get(case.name)
    marks = [] if reason is None else [pytest.mark.xfail(reason=reason, strict=True)]
    return pytest.param(case, marks=marks, id=case.name)


@pytest.mark.parametrize("case", small_grid(), ids=lambda case: case.name)
def test_the_dense_reference_agrees_with_the_simulation(case: Case) -> None:
    assert_agreement(judged(case).reference)


@pytest.mark.parametrize("case", [marked(case) for case in small_grid()])
def test_the_kernel_agrees_with_the_simulation(case: Case) -> None:
    assert_agreement(judged(case).kernel)


def assert_agreement(compared: list[Comparison]) -> None:
    assert {row.quantity for row in compared} >= QUANTITIES
    assert [str(row) for row in compared if not row.agrees] == []


def test_the_small_grid_holds_every_kind_of_case() -> None:
    cases = small_grid()
    assert {case.days for case in cases} >= {1, 7, 28}
    assert any(len(case.cell_price) > 1 for case in cases)
    assert any(len(case.slots_per_day) > 1 for case in cases)
    assert any(case.cap is not None and case.cap[1] < case.days for case in cases)
    assert any(case.budget_share > 1.0 for case in cases)
    assert KNOWN_FAULTS.keys() <= {case.name for case in cases}
    assert len(cases) == 10, "a name of the small grid is no longer in the whole grid"
