"""Grids of variants: the figures of the model at its medians, the same whoever works on them."""

from __future__ import annotations

import itertools
import json
import os
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.base.metrics import K_MAX
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import draw_sample
from simulator.model.simulation import run
from simulator.planning.sweeps import SweepStopped, sweep
from simulator.planning.sweeps import executors as processes_module
from simulator.planning.sweeps import grid as grid_module
from simulator.planning.sweeps.sweep import REACHED
from simulator.planning.sweeps.tables import Medians
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place
from tests.properties.random_campaigns import random_campaign

PAU = Place.at(43.2951, -0.3708, radius_km=25, label="Pau")
DAX = Place.at(43.7075, -1.0514, radius_km=10, label="Dax")
CAMPAIGN = Campaign(Targeting([PAU]), daily_budget=5)
GRID: dict[str, Any] = {
    "daily_budget": [0.5, 5.0, 80.0, 20_000.0],
    "duration_days": [1, 30],
    "radius_km": [5, 25],
    "ages": [(18, 65), (25, 34)],
    "places": [PAU, [DAX, Place.around("Québec", country="CA")]],
    "trade": [None, "bakery", "plumber"],
}
TINY_CHUNKS = 24


def by_the_model(campaign: Campaign) -> dict[str, float]:
    """The figures of one campaign by the model itself, every parameter at its median."""
    parameters = load_parameters()
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    sample = draw_sample(campaign, audience, parameters, 0, 1, Medians(None))
    outcome = run(sample.setting, np.array([campaign.spend_per_day]), K_MAX)
    reached = outcome.reach_kplus.sum(axis=(0, 1, 2, 3))
    return {
        "audience_size": audience.size,
        "spend": float(outcome.spend[0, 0]),
        "impressions": float(outcome.impressions.sum()),
        "link_clicks": float(sample.rates["link_clicks"][0] * outcome.answered.sum()),
        **dict(zip(REACHED, reached.tolist(), strict=True)),
    }


def close(found: Any, expected: dict[str, float]) -> None:
    for name, value in expected.items():
        # 1e-3 and 1e-2 on the tenth showing are the tolerances of the quadrature that both rest on.
        tolerance = 5e-4 if name in ("audience_size", "spend", "impressions", "reach", "link_clicks") else 6e-3
        assert found[name] == pytest.approx(value, rel=tolerance, abs=1e-3), name


def test_every_row_is_what_the_model_says_of_that_campaign() -> None:
    frame = sweep(CAMPAIGN, **GRID)
    assert len(frame) == 4 * 2 * 2 * 2 * 2 * 3
    order = itertools.product(*(GRID[axis] for axis in ("places", "radius_km", "ages", "duration_days")))
    rows = iter(frame.to_dict("records"))
    for places, radius, (low, high), days in order:
        group = [places] if isinstance(places, Place) else places
        target = Targeting([place.replace(radius_km=radius) for place in group], age_min=low, age_max=high)
        for budget, trade in itertools.product(GRID["daily_budget"], GRID["trade"]):
            row = next(rows)
            assert (row["radius_km"], row["age_min"], row["age_max"]) == (radius, low, high)
            assert (row["duration_days"], row["daily_budget"], row["trade"]) == (days, budget, trade or "")
            close(row, by_the_model(Campaign(target, daily_budget=budget, duration_days=days, trade=trade)))


def test_campaigns_of_every_kind_agree_with_the_model() -> None:
    random, tried = Random(5), 0
    for _ in range(25):
        campaign = random_campaign(random, capped=0.3)
        row = sweep(campaign).iloc[0]
        if row["audience_size"] > 0.0:
            tried += 1
            close(row, by_the_model(campaign))
    assert tried > 10


def test_no_budget_is_too_small_or_too_large() -> None:
    frame = sweep(CAMPAIGN, daily_budget=[1e-30, 1e-12, 1e-3, 1e5])
    assert np.isfinite(frame[list(REACHED)]).all(axis=None)
    assert (frame["impressions"].diff()[1:] > 0.0).all()
    assert frame["impressions"][0] / frame["impressions"][1] == pytest.approx(1e-18, rel=0.2)
    assert frame["spend"].iloc[-1] < 0.9e5 * CAMPAIGN.duration_days, "the inventory ends"
    assert (frame["reach"] <= frame["audience_size"]).all()


def test_nobody_is_zeros() -> None:
    frame = sweep(CAMPAIGN, places=[PAU, Place.at(45.0, -20.0, radius_km=10)])
    assert frame["reach"][0] > 0.0
    assert not frame.loc[1, ["audience_size", "spend", "impressions", "reach", "link_clicks"]].any()


def test_a_typed_size_is_the_size_of_every_variant() -> None:
    frame = sweep(CAMPAIGN.replace(targeting=Targeting([PAU], audience_size=3000.0)), ages=[(18, 30), (18, 65)])
    np.testing.assert_allclose(frame["audience_size"], 3000.0)


def test_a_size_that_is_told_counts_even_where_nobody_is_found() -> None:
    fans = Campaign(Targeting([Place.at(45.0, -20.0, radius_km=10)], audience_size=3000.0), daily_budget=5)
    close(sweep(fans).iloc[0], by_the_model(fans))
    for target in (fans.targeting, CAMPAIGN.targeting):
        nobody = sweep(fans.replace(targeting=target.replace(audience_size=0))).iloc[0]
        assert nobody["reach"] == nobody["audience_size"] == 0.0


@pytest.fixture
def tiny_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module, "ROWS_OF_CHUNK", TINY_CHUNKS)


@pytest.mark.usefixtures("tiny_chunks")
def test_the_same_to_the_last_bit_whoever_works_on_it() -> None:
    serial = sweep(CAMPAIGN, executor=ThreadPoolExecutor(1), **GRID)
    pd.testing.assert_frame_equal(sweep(CAMPAIGN, **GRID), serial, check_exact=True)
    with ProcessPoolExecutor(2) as processes:
        pd.testing.assert_frame_equal(sweep(CAMPAIGN, executor=processes, **GRID), serial, check_exact=True)


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_even_if_a_worker_is_killed_in_the_middle(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    serial = sweep(CAMPAIGN, executor=ThreadPoolExecutor(1), **GRID)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=tmp_path
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = list(client.run(os.getpid).values())
        killed = []

        def kill_one(done: int, total: int) -> None:
            if 0 < done < total and not killed:
                os.kill(pids[0], signal.SIGKILL)
                killed.append(done)

        found = sweep(CAMPAIGN, executor=client, progress=kill_one, **GRID)
        assert killed, "nobody was killed: nothing was shown"
        pd.testing.assert_frame_equal(found, serial, check_exact=True)


@pytest.mark.usefixtures("tiny_chunks")
def test_a_cancelled_sweep_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweep(CAMPAIGN, **GRID)
    seen: list[int] = []
    with pytest.raises(SweepStopped) as caught:
        sweep(
            CAMPAIGN, folder=tmp_path, progress=lambda done, _: seen.append(done), cancel=lambda: len(seen) > 3, **GRID
        )
    assert caught.value.code == "sweep_stopped"
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("part-*.parquet")}
    assert 0 < len(kept) < len(whole) / TINY_CHUNKS
    index = sweep(CAMPAIGN, folder=tmp_path, progress=lambda done, _: seen.append(done), **GRID)
    assert seen[4] >= len(kept) * TINY_CHUNKS * 0.9, "progress begins with what stands already"
    for name, written in kept.items():
        assert (tmp_path / name).stat().st_mtime_ns == written, "a finished part is not done again"
    assert index["rows"].sum() == len(whole)
    read = pd.read_parquet(tmp_path)
    for name in whole.columns:
        exact = [column.astype(str) if column.dtype == "category" else column for column in (read[name], whole[name])]
        pd.testing.assert_series_equal(*exact, check_exact=True)


def test_a_folder_of_another_sweep_is_refused_and_left_alone(tmp_path: Path) -> None:
    sweep(CAMPAIGN, folder=tmp_path, daily_budget=[1, 2])
    before = sorted(path.name for path in tmp_path.iterdir())
    changed = load_parameters().replace({"delivery.persistence.link_clicks": 0.3})
    for entries in ({"daily_budget": [1, 3]}, {"daily_budget": [1, 2], "parameters": changed}):
        with pytest.raises(InvalidInput) as caught:
            sweep(CAMPAIGN, folder=tmp_path, **entries)
        assert caught.value.code == "other_sweep"
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert json.loads((tmp_path / "_sweep.json").read_text())["rows"] == 2
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.txt").write_text("mine")
    with pytest.raises(InvalidInput):
        sweep(CAMPAIGN, folder=tmp_path / "own")


def test_a_part_that_cannot_be_written_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(CAMPAIGN, folder=tmp_path / "first", daily_budget=[1, 2])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidInput) as caught:
        sweep(CAMPAIGN, folder=tmp_path / "second", daily_budget=[1, 2])
    assert caught.value.code == "disk_full"
    assert list((tmp_path / "second").iterdir()) == []


def test_namesakes_are_told_apart() -> None:
    twins = [Place.at(43.0, 0.0, label="Saint-Jean"), Place.at(44.0, 0.0, label="Saint-Jean")]
    assert sweep(CAMPAIGN, places=twins)["place"].nunique() == 2


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"daily_budget": [5, 0]}, "out_of_range"),
        ({"daily_budget": 5}, "wrong_type"),
        ({"duration_days": [2.5]}, "not_a_number"),
        ({"radius_km": [200]}, "out_of_range"),
        ({"radius_km": [10], "places": [Place.country("FR")]}, "wrong_type"),
        ({"ages": [(54, 25)]}, "age_order"),
        ({"ages": [25]}, "wrong_type"),
        ({"places": []}, "empty_choice"),
        ({"places": ["Pau"]}, "wrong_type"),
        ({"trade": ["astronaut"]}, "unknown_choice"),
        ({"trade": "bakery"}, "wrong_type"),
        ({"executor": 4}, "wrong_type"),
        ({"daily_budget": np.linspace(1, 2, 5000), "ages": [(18, k) for k in range(18, 60)] * 100}, "too_many"),
    ],
)
def test_what_cannot_be_swept_is_refused(entries: dict, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sweep(CAMPAIGN, **entries)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "axis", [{"ages": range(10**9)}, {"places": itertools.repeat(PAU)}, {"trade": itertools.repeat("bakery")}]
)
def test_endless_lists_are_read_up_to_the_limit_only(axis: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module, "MOST_ENTRIES", 1000)
    with pytest.raises(InvalidInput) as caught:
        sweep(CAMPAIGN, **axis)
    assert caught.value.code == "too_many"
    assert caught.value.data["field"] == next(iter(axis))


def test_no_more_processes_than_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(processes_module, "ProcessPoolExecutor", lambda count, **_: made.append(count))
    monkeypatch.setattr(grid_module, "ROWS_OF_CHUNK", 2)
    for wanted in (1, 2, 64):
        processes_module.processes("workers", wanted, CAMPAIGN, GRID | {"places": None, "radius_km": None})
    assert made == [1, 2, 16], "4 budgets × 2 durations × 2 ages, each with its trades a chunk"
    for wanted in (0, 65, 100_000):
        with pytest.raises(InvalidInput) as caught:
            processes_module.processes("workers", wanted, CAMPAIGN, GRID)
        assert caught.value.code == "out_of_range"
    assert len(made) == 3
