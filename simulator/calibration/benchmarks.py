"""Benchmarks: what the clients of an advisor teach about one more of their trade and zone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.calibration import columns
from simulator.calibration.calibrate import calibrate
from simulator.calibration.learnt import Calibration
from simulator.calibration.pooling import check_table
from simulator.errors import InvalidInput, shown
from simulator.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ACCOUNTS = 3
"""Clients without whom a benchmark would tell one of them what the other pays."""


def benchmarks(
    observations: pd.DataFrame,
    by: Sequence[str] = ("trade", "zone"),
    *,
    fewest: int = FEWEST_ACCOUNTS,
    priors: Parameters | None = None,
) -> dict[tuple[str, ...], Calibration]:
    """Learn one benchmark for each group of clients: what one more of that trade and zone may expect.

    Parameters
    ----------
    observations : DataFrame
        As for ``calibrate``, with the columns ``account`` and ``by``, such as ``pooled(…)`` with these columns added.
        A row whose group is not told belongs to none.
    by : sequence of str
        Columns that name the group.
    fewest : int
        Groups of fewer clients get no benchmark.
    priors : Parameters, optional
        The shipped defaults where absent.

    Returns
    -------
    dict of tuple of str to Calibration
        By group, in alphabetical order. Clients appear by number only: a benchmark is handed to others.

    Raises
    ------
    InvalidInput
        ``missing_columns``.
    """
    check_table(observations, "observations")
    names = ("account", *by)
    missing = [name for name in names if columns.column_of(observations, name) is None]
    if missing:
        found = shown(", ".join(map(str, list(observations.columns)[:30])), 200)
        raise InvalidInput("missing_columns", field="observations", received=found, allowed=", ".join(missing))
    labels = {name: columns.labels(observations, name) for name in names}
    groups = sorted({key for key in zip(*(labels[name] for name in by), strict=True) if all(key)})
    result = {}
    for group in groups:
        inside = labels["account"] != ""
        for name, value in zip(by, group, strict=True):
            inside &= labels[name] == value
        numbers = np.unique(labels["account"][inside].astype(str), return_inverse=True)[1] + 1
        if numbers.max(initial=0) < fewest:
            continue
        rows = observations[inside].assign(account=numbers.astype(str))
        rows.attrs = dict(observations.attrs)
        result[group] = calibrate(rows, priors=priors, name=", ".join(group))
    return result
