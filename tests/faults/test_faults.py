"""The suite catches a fault in every formula: each fault alone, in a copy, before the tests named for it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults import faults_of_answers, faults_of_caps, faults_of_delivery, faults_of_exposure, faults_of_forecasts
from tests.faults.private_copy import Fault, copy_with, judge

FAULTS = (
    *faults_of_delivery.FAULTS,
    *faults_of_exposure.FAULTS,
    *faults_of_answers.FAULTS,
    *faults_of_caps.FAULTS,
    *faults_of_forecasts.FAULTS,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_suite_catches(fault: Fault) -> None:
    assert fault.times_found() == 1, f"{fault.module}: the text of the fault must stand there exactly once"
    assert fault.wrong != fault.right
    with copy_with(fault) as copy:
        missed = [test for test in fault.caught_by if judge(test, copy) is None]
    assert missed == [], f"{fault.name}: not caught"


def test_without_a_fault_the_same_tests_pass_on_a_copy() -> None:
    """So it is the fault that fails them, not the copy."""
    tests = sorted({test for fault in FAULTS for test in fault.caught_by})
    with copy_with(None) as copy:
        failed = {test: str(failure) for test in tests if (failure := judge(test, copy)) is not None}
    assert failed == {}


def test_every_fault_has_a_name_of_its_own_and_a_test() -> None:
    assert [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1] == []
    assert all(fault.caught_by for fault in FAULTS)
