"""What is kept between forecasts changes no figure, and each value is worked out once."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from simulator import Campaign, Forecast, Place, Targeting, budget_curve, simulate
from simulator.model import simulation
from simulator.model.interpolation import Knots, KnotTables, knots_for

DRAWS = 64


def campaign(place: str = "Pau", days: int = 7, budget: float = 5.0, **others: object) -> Campaign:
    targeting = Targeting(places=[Place.around(place, country="FR", radius_km=20)], age_min=25, age_max=54)
    return Campaign(targeting=targeting, daily_budget=budget, duration_days=days, **others)


def same(first: Forecast, second: Forecast) -> bool:
    return all(np.array_equal(first.draws[name], second.draws[name]) for name in first.draws) and (
        first.reach_kplus == second.reach_kplus
    )


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of points worked out by the model, call by call."""
    seen: list[int] = []
    real = simulation.exposure_and_response

    def counted(z: np.ndarray, *others: object, **named: object) -> object:
        seen.append(z.shape[1])
        return real(z, *others, **named)

    monkeypatch.setattr(simulation, "exposure_and_response", counted)
    return seen


def test_no_figure_changes_whatever_was_asked_before() -> None:
    tables = KnotTables(20)
    asked = [
        campaign(),
        campaign(budget=80.0),
        campaign("Bayonne", budget=0.5),
        campaign(days=30),
        campaign(objective="leads"),
        campaign(platforms=("instagram",)),
        campaign(),
    ]
    for one in asked:
        assert same(simulate(one, draws=DRAWS), simulate(one, draws=DRAWS, tables=tables))


def test_a_curve_with_tables_is_the_curve_without() -> None:
    budgets = [0.0, 1.0, 5.0, 40.0, 900.0]
    alone = budget_curve(campaign(), budgets, draws=DRAWS)
    kept = budget_curve(campaign(), budgets, draws=DRAWS, tables=KnotTables(4))
    # Not to the last bit: a table's quadrature also serves the tenth showing.
    np.testing.assert_allclose(kept, alone, rtol=1e-5)


def test_other_money_ages_and_places_are_answered_from_the_tables(points: list[int]) -> None:
    tables = KnotTables(20)
    budget_curve(campaign(), [0.5, 1.0, 5.0, 50.0], draws=DRAWS, tables=tables)
    simulate(campaign(), draws=DRAWS, tables=tables)
    first = sum(points)
    points.clear()
    simulate(campaign(budget=7.0), draws=DRAWS, tables=tables)
    simulate(campaign("Bayonne", budget=7.0), draws=DRAWS, tables=tables)
    # What remains is the published click rate's own condition, a point a draw and forecast, and a few new knots.
    assert sum(points) - 2 * DRAWS < 0.07 * first
    points.clear()
    simulate(campaign(days=8), draws=DRAWS, tables=tables)
    assert sum(points) > DRAWS, "other days are another setting"


def test_under_a_cap_nothing_is_kept() -> None:
    one = campaign(frequency_cap=(2, 7), objective="reach")
    tables = KnotTables(20)
    assert same(simulate(one, draws=16), simulate(one, draws=16, tables=tables))
    assert same(simulate(one, draws=16), simulate(one, draws=16, tables=tables))


def grid(low: float, high: float) -> Knots:
    return knots_for(np.array([[low, high], [low + 1.0, high]]))


class Counting:
    """Works out z + 100 · draw and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, z: np.ndarray, draw: np.ndarray) -> np.ndarray:
        self.count += len(z)
        return np.column_stack((z, z + 100.0 * draw))


def test_each_value_is_worked_out_once_as_the_table_widens_to_both_sides() -> None:
    tables, work = KnotTables(2), Counting()
    for low, high in ((0.0, 1.0), (-3.0, 0.5), (-1.0, 4.0), (-3.0, 4.0)):
        knots = grid(low, high)
        values = tables.values((np.zeros(1),), knots, work)
        np.testing.assert_array_equal(values[:, 0], knots.z)
        np.testing.assert_array_equal(values[:, 1], knots.z + 100.0 * knots.draw)
    before = work.count
    tables.values((np.zeros(1),), grid(-3.0, 4.0), work)
    assert work.count == before
    widest = int(grid(-3.0, 4.0).used.sum())
    assert before == widest


def test_the_key_is_every_array_and_the_least_recently_used_is_forgotten() -> None:
    tables, work = KnotTables(2), Counting()
    knots = grid(0.0, 1.0)
    one, two, three = ((np.array([float(n)]),) for n in range(3))
    for key in (one, two, one, three):  # two is forgotten
        tables.values(key, knots, work)
    assert work.count == 3 * len(knots.z)
    tables.values(one, knots, work)
    assert work.count == 3 * len(knots.z)
    tables.values(two, knots, work)
    assert work.count == 4 * len(knots.z)


def test_threads_share_a_table() -> None:
    tables = KnotTables(1)
    wrong: list[float] = []

    def ask(seed: int) -> None:
        random = np.random.default_rng(seed)
        for _ in range(50):
            low = random.uniform(-5.0, 3.0)
            knots = grid(low, low + random.uniform(0.1, 4.0))
            values = tables.values((np.zeros(1),), knots, Counting())
            wrong.extend(np.abs(values[:, 1] - knots.z - 100.0 * knots.draw))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert wrong
    assert max(wrong) == 0.0
