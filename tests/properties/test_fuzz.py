"""Two thousand spoiled inputs at every door; ``python -m tools.check.fuzz`` throws a hundred thousand."""

from __future__ import annotations

import pytest

from simulator.base.errors import SimulatorError
from tools.check import fuzz

# Exports take the longest to read.
INPUTS = {"campaigns": 800, "addresses": 800, "scenarios": 300, "exports": 100}


@pytest.mark.parametrize("door", fuzz.DOORS)
def test_a_door_answers_or_refuses_with_a_sentence(door: str) -> None:
    tried, refused, _ = fuzz.fuzz(door, INPUTS[door], 0)
    assert tried >= INPUTS[door]
    assert refused < tried
    if door != "addresses":  # what is wrong in an address is said beside its field, and refuses nothing
        assert refused > tried // 20


def test_a_fault_is_seen() -> None:
    def crash(_: object) -> None:
        raise KeyError("x")

    def leak(_: object) -> None:
        raise SimulatorError("store_failed", field="STORE", received="x", reason="Traceback (most recent call last)")

    with pytest.raises(KeyError):
        fuzz.check(crash, None, [0.0])
    with pytest.raises(AssertionError):
        fuzz.check(leak, None, [0.0])
