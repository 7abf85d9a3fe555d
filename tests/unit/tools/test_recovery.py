"""Recovery of known parameters, a small run; the whole one: ``python -m tools.research.validate_calibration``."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from simulator.learning.random_effects import ALIKE
from simulator.reference.parameters import load_parameters
from tools.research.recovery import QUANTILE, SEED
from tools.research.simulated_accounts import draw_account, standard_errors

ACCOUNTS = 40
BY_CHANCE = 1e-4
"""Chance that a sound estimator fails one of these tests."""


@pytest.fixture(scope="module")
def found() -> list[dict[str, list[tuple[float, float]]]]:
    parameters = load_parameters()
    accounts = (draw_account(np.random.default_rng([SEED, number]), parameters) for number in range(ACCOUNTS))
    return [standard_errors(account, parameters) for account in accounts]


@pytest.mark.parametrize("role", ALIKE)
def test_intervals_of_one_parameter_an_account_hold_it_as_often_as_they_say(
    found: list[dict[str, list[tuple[float, float]]]], role: str
) -> None:
    inside = sum(abs(account[role][0][0]) < QUANTILE for account in found)
    low, high = binom.ppf([BY_CHANCE / 2, 1.0 - BY_CHANCE / 2], ACCOUNTS, 0.8)
    assert low <= inside <= high


def test_all_intervals_hold_their_parameter_as_often_as_they_say(
    found: list[dict[str, list[tuple[float, float]]]],
) -> None:
    """Intervals of one account share its rows, so an account counts as one observation, and as four at most."""
    shares = [np.mean([abs(error) < QUANTILE for one in account.values() for error, _ in one]) for account in found]
    low, high = binom.ppf([BY_CHANCE / 2, 1.0 - BY_CHANCE / 2], 4 * ACCOUNTS, 0.8) / (4 * ACCOUNTS)
    assert low <= np.mean(shares) <= high


def test_the_rows_say_something(found: list[dict[str, list[tuple[float, float]]]]) -> None:
    for role, least in (("price_level", 0.3), ("persistence", 0.4), ("ctr_link", 0.4)):
        assert np.mean([learnt for account in found for _, learnt in account[role]]) > least
