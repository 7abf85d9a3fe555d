"""Put the kernel and its dense reference beside the person-by-person simulation, one campaign at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from simulator.model import simulation
from simulator.model.caps import Cap
from tests.referee.agreement import Comparison, Prediction, budget_of, by_dense, compare
from tests.referee.cases import Case


@dataclass(frozen=True)
class Verdict:
    """One case: what the kernel and the dense reference say beside the count, and what the count cost."""

    case: Case
    kernel: list[Comparison]
    reference: list[Comparison]
    opportunities: float
    seconds: float


def by_kernel(case: Case, daily_budget: float) -> Prediction:
    """Predict by the package, as a forecast of one draw does."""
    cells, platforms = len(case.cell_price), len(case.slots_per_day)

    def one_draw(values: object) -> np.ndarray:
        return np.asarray(values, dtype=float)[None]

    setting = simulation.Setting(
        people=np.full((1, len(case.presence), cells), float(case.people)),
        presence=np.array(case.presence),
        slots_per_day=one_draw(case.slots_per_day),
        platform_price=one_draw(case.platform_price),
        cell_price=one_draw(case.cell_price),
        price_dispersion=one_draw(case.price_dispersion),
        value_dispersion=one_draw(case.value_dispersion),
        activity_shape=one_draw(case.activity_shape),
        persistence=one_draw(case.persistence),
        wear_out=one_draw(case.wear),
        platform_appeal=one_draw(case.platform_appeal),
        cell_appeal=np.ones((1, cells)),
        duration_days=case.days,
        cap=None if case.cap is None else Cap(*case.cap),
    )
    outcome = simulation.run(setting, np.array([daily_budget]))
    shown = outcome.impressions.reshape(len(case.presence), platforms, cells)
    return Prediction(
        spend=float(outcome.spend[0, 0]),
        impressions=float(shown.sum()),
        reach=outcome.reach_kplus[0, 0].sum(axis=(0, 1)),
        responses=float(outcome.answered.sum()),
        parts=np.concatenate([shown[row][np.array(on)].T.reshape(-1) for row, on in enumerate(case.presence)]),
    )


def judge(case: Case) -> Verdict:
    """Simulate one case and compare."""
    started = time.process_time()
    outcome = case.judged()
    seconds = time.process_time() - started
    budget = budget_of(case, outcome)
    return Verdict(
        case=case,
        kernel=compare(case, outcome, by_kernel(case, budget)),
        reference=compare(case, outcome, by_dense(case, budget)),
        opportunities=float(outcome.drawn.sum()),
        seconds=seconds,
    )
