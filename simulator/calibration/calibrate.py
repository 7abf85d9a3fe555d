"""Calibrate: from a table of campaigns to what they teach."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator.calibration.columns import FIRST_DAY
from simulator.calibration.fit import Fitted, fit_scores
from simulator.calibration.learnt import Calibration
from simulator.calibration.levels import WORLD, all_levels
from simulator.calibration.pooling import pooled
from simulator.calibration.rows import Rows, usable_rows
from simulator.errors import InvalidInput, shown
from simulator.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 10_000
"""Rows beyond this are left out, the oldest first: what an account paid long ago teaches least."""


def calibrate(
    observations: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    priors: Parameters | None = None,
    name: str = "",
    file: str | Path | None = None,
) -> Calibration:
    """Learn from campaigns that have run.

    Parameters
    ----------
    observations : DataFrame, or mapping of str to DataFrame
        From ``read_ads_manager``, or any table with start, end, spend, impressions and reach; see
        ``usable_rows``. Rows that cannot be used are left out and named. Several clients: their tables by name,
        or one below the other with a column ``account``; forecasts are then for one more of their kind. The
        smallest of more than a hundred clients count as one.
    priors : Parameters, optional
        The shipped defaults where absent.
    name : str
        Name to keep it under.
    file : path, optional
        The export; its hash is kept. A table of ``read_ads_manager`` brings its own.

    Returns
    -------
    Calibration
        The prior itself, with a reason, where no row is usable.

    Raises
    ------
    InvalidInput
        When needed columns are missing, or the file cannot be read.
    """
    parameters = load_parameters() if priors is None else priors
    if isinstance(observations, Mapping):
        observations = pooled(observations)
    rows = usable_rows(observations, parameters)
    if len(rows) > MOST_ROWS:
        newest = np.argsort(np.where(np.isnat(rows.start), FIRST_DAY, rows.start), kind="stable")
        rows = rows.take(np.sort(newest[-MOST_ROWS:]))
    digest = observations.attrs.get("sha256", "") if file is None else _hash(file)
    fitted = fit_scores(rows, parameters)
    return calibration_of(fitted, rows, parameters, name=name, file_hash=str(digest))


def calibration_of(
    fitted: Fitted, rows: Rows, parameters: Parameters, *, name: str = "", file_hash: str = ""
) -> Calibration:
    """Return what a fit to rows has taught."""
    layout, chosen = fitted.layout.without_accounts()
    countries = Counter(map(str, rows.country))
    accounts = Counter(map(str, rows.account))
    return Calibration(
        layout=layout,
        mean=fitted.mean[chosen],
        covariance=fitted.covariance[np.ix_(chosen, chosen)],
        scatter=fitted.scatter,
        rows=len(rows),
        dropped=rows.dropped,
        reason="" if len(rows) else "no_usable_rows",
        created=datetime.datetime.now(datetime.UTC).date(),
        parameter_digest=parameters.digest,
        countries=dict(countries),
        objectives=dict(Counter(map(str, rows.objective))),
        accounts=dict(accounts) if len(accounts) > 1 else {},
        levels=dict(all_levels(parameters)) if WORLD in countries else {},
        name=name,
        file_hash=file_hash,
    )


def _hash(file: str | Path) -> str:
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except FileNotFoundError:
        raise InvalidInput("file_not_found", field="file", received=shown(str(file))) from None
    except OSError as error:
        reason = error.strerror or "refused"
        raise InvalidInput("not_allowed", field="file", received=shown(f"{file} ({reason})")) from None
