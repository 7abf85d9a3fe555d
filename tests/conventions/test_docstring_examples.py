"""The examples in the docstrings of the public models give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = {
    "simulator.campaign.campaign": 3,
    "simulator.channels.customers": 1,
    "simulator.channels.organic": 1,
    "simulator.forecasting.engine": 3,
    "simulator.library.actual": 1,
    "simulator.planning.goals": 4,
    "simulator.reference.places.place": 2,
}
"""Modules with examples, and how many at least."""


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0
    assert found.attempted >= MODULES[name]
