"""Are known parameters found again? Accounts drawn from the prior, fitted, their 80 % intervals counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.reference.parameters import Parameters, load_parameters
from tools.research.simulated_accounts import draw_account, new_account_errors, seasonal_account, standard_errors

QUANTILE = 1.2815515655446004
SEED = 20261122
TELLING = 0.1
"""Share of the variance gone from which on the rows are said to speak about a parameter."""


def recovery(accounts: int, parameters: Parameters | None = None) -> dict[str, Any]:
    """Return the share of true scores inside their 80 % intervals, overall and by role."""
    parameters = parameters or load_parameters()
    errors: dict[str, list[tuple[float, float]]] = {}
    for number in range(accounts):
        account = draw_account(np.random.default_rng([SEED, number]), parameters)
        for role, found in standard_errors(account, parameters).items():
            errors.setdefault(role, []).extend(found)
    every = np.array([one for found in errors.values() for one in found])
    told = every[every[:, 1] >= TELLING]
    return {
        "accounts": accounts,
        "intervals": len(every),
        "coverage": float(np.mean(np.abs(every[:, 0]) < QUANTILE)),
        "told_intervals": len(told),
        "told_coverage": float(np.mean(np.abs(told[:, 0]) < QUANTILE)),
        "by_role": {role: _role(np.array(found)) for role, found in errors.items()},
    }


def one_more(pools: int, parameters: Parameters | None = None) -> dict[str, dict[str, float]]:
    """Return by role how often clients fitted together held, in the 80 % interval, one more of their kind."""
    parameters = parameters or load_parameters()
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(pools):
        for role, error in new_account_errors(np.random.default_rng([SEED, number, 1]), parameters).items():
            found.setdefault(role, []).append(error)
    return {role: _role(np.array(errors)) for role, errors in found.items()}


def months(strengths: tuple[float, ...] = (0.0, 1.0, 2.0)) -> list[dict[str, float]]:
    """Return what accounts of a known seasonal strength show: 60 campaigns over two years each."""
    parameters = load_parameters()
    found = []
    for strength in strengths:
        mean, deviation = seasonal_account(strength, parameters)
        found.append({"true": strength, "learnt": mean, "sd": deviation})
    return found


def _role(found: np.ndarray) -> dict[str, float]:
    return {
        "coverage": float(np.mean(np.abs(found[:, 0]) < QUANTILE)),
        "intervals": len(found),
        "learnt": float(found[:, 1].mean()),
    }
