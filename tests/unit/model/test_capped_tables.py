"""Frequency caps from tables: as the exact computation point by point, and not much slower than no cap."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting
from simulator.forecasting.engine import Engine
from simulator.model import caps, simulation
from simulator.model.simulation import run

CAPS = [(1, 1), (1, 7), (2, 7), (5, 3), (10, 7), (50, 7), (90, 7), (90, 1), (1, 90), (3, 30), (30, 30), (90, 90)]
BUDGETS = np.array([0.5, 5.0, 20.0, 200.0, 5000.0])
DRAWS = 16


def exact(
    sets: Any, people: Any, price_dispersion: Any, draw: Any, duration: float, cap: Any, k_max: int, nodes: int
) -> list[caps.CappedResponse]:
    """Work every point out without tables."""
    return [caps.capped_response(one, people, price_dispersion, duration, cap, k_max, nodes) for one in sets]


def setting(cap: tuple[int, int], days: int) -> simulation.Setting:
    campaign = Campaign(
        Targeting([Place.around("Pau")]), daily_budget=5, duration_days=days, objective="reach", frequency_cap=cap
    )
    return Engine(draws=DRAWS).sample(campaign).setting


@pytest.mark.parametrize("days", [1, 7, 45])
@pytest.mark.parametrize("cap", CAPS)
def test_tables_agree_with_the_exact_computation(
    cap: tuple[int, int], days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = setting(cap, days)
    quick = run(example, BUDGETS, 10)
    monkeypatch.setattr(simulation, "capped_responses", exact)
    # Several windows share a person's activity: its own sum in finer steps, for the few seen very often.
    monkeypatch.setattr(caps, "ACTIVITY_LOGS", np.linspace(-12.0, 3.5, 63))
    slow = run(example, BUDGETS, 10)
    people = example.people.sum(axis=(1, 2))[:, None]
    np.testing.assert_allclose(quick.spend, slow.spend, rtol=1e-3)
    for name, axes in (("impressions", (2, 3, 4)), ("answered", (2, 3))):
        found, wanted = (getattr(one, name).sum(axis=axes) for one in (quick, slow))
        np.testing.assert_allclose(found, wanted, rtol=1e-3, err_msg=name)
    found, wanted = (one.reach_kplus.sum(axis=(2, 3)) for one in (quick, slow))
    # A thousandth of the people reached so often, and where these are few a hundred-thousandth of all.
    assert (np.abs(found - wanted) <= 1e-3 * wanted + 1e-5 * people[..., None]).all()


@pytest.mark.parametrize("cap", [(50, 7), (1, 90)])
def test_a_year_under_a_cap_agrees_too(cap: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    example = setting(cap, 365).some(np.arange(8))
    quick = run(example, BUDGETS[2:3], 10)
    monkeypatch.setattr(simulation, "capped_responses", exact)
    slow = run(example, BUDGETS[2:3], 10)
    for name in ("spend", "impressions", "answered", "reach_kplus"):
        found, wanted = (getattr(one, name).reshape(8, -1).sum(axis=1) for one in (quick, slow))
        np.testing.assert_allclose(found, wanted, rtol=1e-3, err_msg=name)


@pytest.mark.parametrize("cap", [(1, 1), (50, 7), (1, 90)])
def test_one_forecast_under_a_cap_takes_at_most_three_without(cap: tuple[int, int]) -> None:
    """Fifty in seven days over a year took forty seconds of the processor."""
    free = Campaign(Targeting([Place.around("Pau")]), daily_budget=20, duration_days=365, objective="reach")
    taken = [min(_seconds(one) for _ in range(4)) for one in (free, free.replace(frequency_cap=cap))]
    assert taken[1] <= 3.0 * taken[0] + 0.03, "within the noise of a busy machine"


def _seconds(campaign: Campaign) -> float:
    start = time.thread_time()
    Engine().forecast(campaign)
    return time.thread_time() - start
