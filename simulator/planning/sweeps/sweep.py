"""Sweep a grid of variants: point forecasts at the median parameters, by the million."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, SimulatorError
from simulator.base.metrics import K_MAX
from simulator.base.validation import instance_of
from simulator.campaign.campaign import Campaign
from simulator.forecasting.engine import Engine
from simulator.forecasting.sample import role_point
from simulator.planning.sweeps import executors
from simulator.planning.sweeps.chunks import work
from simulator.planning.sweeps.executors import check_executor, executor_of, in_order_of_arrival
from simulator.planning.sweeps.grid import Grid, make_grid
from simulator.planning.sweeps.tables import central_points
from simulator.reference.parameters import OWN_CLICK_RATE, OWN_CPM

if TYPE_CHECKING:
    import pandas as pd

    from simulator.forecasting.sample import Learnt
    from simulator.reference.parameters import Parameters
    from simulator.reference.places.place import Place

Array = NDArray[np.float64]

MOST_IN_MEMORY = 8_000_000
"""Rows returned as one table; more go into a folder."""
AXES = ("place", "radius_km", "age_min", "age_max", "duration_days", "daily_budget", "trade")
FIGURES = ("audience_size", "spend", "impressions", "link_clicks")
REACHED = ("reach", *(f"reach_{k}plus" for k in range(2, K_MAX + 1)))


class SweepStopped(SimulatorError):
    """The sweep was cancelled; what stands in its folder is kept, and the same call goes on from there."""


def sweep(  # noqa: PLR0913 — each axis of the grid is an argument
    campaign: Campaign,
    *,
    daily_budget: Iterable[float] | None = None,
    duration_days: Iterable[int] | None = None,
    radius_km: Iterable[float] | None = None,
    ages: Iterable[tuple[int, int]] | None = None,
    places: Iterable[Place | Iterable[Place]] | None = None,
    trade: Iterable[str | None] | None = None,
    executor: Any = None,
    folder: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    parameters: Parameters | None = None,
    calibration: Learnt | None = None,
) -> pd.DataFrame:
    """Return one row for every combination of the lists given; what is not given stays as in the campaign.

    Figures are those at the median of every parameter, without the noise of counts: close to the medians of
    ``simulate`` (bands need its draws), and exact functions of the inputs to about 1e-3.

    Parameters
    ----------
    campaign : Campaign
    daily_budget, duration_days, radius_km, ages, places, trade : iterable, optional
        Axes of the grid. ``ages`` are pairs; an entry of ``places`` is a Place or several taken together;
        ``radius_km`` replaces that of every circle; None among the trades is no trade.
    executor : concurrent.futures.Executor or distributed.Client, optional
        Threads where absent. The figures are the same to the last bit whoever works on them.
    folder : path, optional
        Where to keep Parquet parts instead of returning the rows; called again, it goes on where it stopped.
        Needed above 8,000,000 rows.
    progress : callable, optional
        Called with rows done and rows in all.
    cancel : callable, optional
        Asked now and then; the sweep stops when it says true.

    Returns
    -------
    DataFrame
        Columns place, radius_km, age_min, age_max, duration_days, daily_budget, trade, audience_size, spend,
        impressions, link_clicks, reach, reach_2plus … reach_10plus; the last axis runs fastest. With a folder: one
        row a part (part, rows, file).

    Raises
    ------
    InvalidInput
        For values that cannot be used; ``other_sweep`` for a folder that holds another sweep.
    SweepStopped
        When ``cancel`` said so.
    """
    import pandas as pd

    instance_of("campaign", campaign, Campaign)
    axes = {
        "daily_budget": daily_budget,
        "duration_days": duration_days,
        "radius_km": radius_km,
        "ages": ages,
        "places": places,
        "trade": trade,
    }
    check_executor(executor)
    engine = Engine(parameters, calibration)  # type: ignore[arg-type]
    if given := [key for key in (OWN_CPM, OWN_CLICK_RATE) if key in engine.parameters]:
        # Each is what one campaign pays and gets; a sweep has thousands, which differ.
        allowed = "prices and click rates of the parameters or of a calibration"
        raise InvalidInput("unknown_choice", field="parameters", received=", ".join(given), allowed=allowed)
    grid = make_grid(campaign, axes, engine.parameters, engine.calibration)
    if folder is None:
        if grid.rows > MOST_IN_MEMORY:
            allowed = f"at most {MOST_IN_MEMORY:,} without folder="
            raise InvalidInput("too_many", field="sweep", received=f"{grid.rows:,}", allowed=allowed)
        frames: dict[int, pd.DataFrame] = {}
        _run(grid, list(range(grid.chunks)), executor, frames.__setitem__, progress, cancel)
        return pd.concat([frames[chunk] for chunk in range(grid.chunks)], ignore_index=True)
    place = executors.open_folder(folder, grid)
    done = executors.finished(place, grid)
    missing = [chunk for chunk in range(grid.chunks) if chunk not in done]

    def keep(chunk: int, frame: pd.DataFrame) -> None:
        executors.write_part(place, chunk, frame)

    _run(grid, missing, executor, keep, progress, cancel)
    return executors.parts_of(place, grid)


def _run(
    grid: Grid,
    chunks: list[int],
    executor: Any,
    keep: Callable[[int, pd.DataFrame], None],
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> None:
    """Work on chunks and hand each to ``keep``."""
    of_chunk = grid.points_of_chunk * len(grid.trades)
    done = grid.rows - sum(min(of_chunk, grid.rows - chunk * of_chunk) for chunk in chunks)
    if progress is not None:
        progress(done, grid.rows)
    _stop_if(cancel)
    if not chunks:
        return
    with executor_of(executor) as (workers, at_a_time):
        for chunk, figures in in_order_of_arrival(workers, at_a_time, work, grid.piece, chunks):
            keep(chunk, as_frame(grid, chunk, figures))
            done += len(figures) * len(grid.trades)
            if progress is not None:
                progress(done, grid.rows)
            _stop_if(cancel)


def _stop_if(cancel: Callable[[], bool] | None) -> None:
    if cancel is not None and cancel():
        raise SweepStopped("sweep_stopped", field="sweep")


def as_frame(grid: Grid, chunk: int, figures: Array) -> pd.DataFrame:
    """Return the rows of a chunk from the figures of its points."""
    import pandas as pd

    count = len(grid.trades)
    pair, budget = np.divmod(grid.points_in(chunk), len(grid.budgets))
    audience, duration = np.divmod(pair, len(grid.durations))
    circle, ages = np.divmod(audience, len(grid.ages))
    points = {
        "radius_km": _radii(grid)[circle],
        "age_min": np.array([low for low, _ in grid.ages])[ages],
        "age_max": np.array([high for _, high in grid.ages])[ages],
        "duration_days": np.array(grid.durations)[duration],
        "daily_budget": grid.budgets[budget],
        "audience_size": figures[:, 0],
        "spend": figures[:, 1],
        "impressions": figures[:, 2],
        **{name: figures[:, 4 + k] for k, name in enumerate(REACHED)},
    }
    columns: dict[str, Any] = {name: np.repeat(values, count) for name, values in points.items()}
    columns["place"] = pd.Categorical.from_codes(
        np.repeat(circle // len(grid.radii_km), count).astype(np.int32), pd.Index(grid.labels)
    )
    names = [trade or "" for trade in grid.trades]
    different = list(dict.fromkeys(names))
    codes = np.tile([different.index(name) for name in names], len(figures))
    columns["trade"] = pd.Categorical.from_codes(codes.astype(np.int32), pd.Index(different))
    clicks = (figures[:, 3][:, None] * _trade_factors(grid)).reshape(-1)
    columns["link_clicks"] = np.minimum(clicks, columns["impressions"])
    return pd.DataFrame({name: columns[name] for name in (*AXES, *FIGURES, *REACHED)})


def _radii(grid: Grid) -> Array:
    """Return the radius of every (place, radius) number; none where the places are no single circle, (circle,)."""
    if grid.radii_km != (None,):
        return np.tile(np.array(grid.radii_km, dtype=float), len(grid.places))
    own = (places[0].radius_km if len(places) == 1 else None for places in grid.places)
    return np.array([np.nan if km is None else km for km in own])


def _trade_factors(grid: Grid) -> Array:
    """Return the click rate of each trade relative to the average of all, (trade,)."""
    points = central_points(grid.places[0][0].country_code, grid.campaign.objective, grid.calibration)
    point = role_point(points, "trade")
    factors = [
        1.0 if trade is None else float(grid.parameters[f"response.trade.{trade}"].quantile(point)[0])
        for trade in grid.trades
    ]
    return np.array(factors)
