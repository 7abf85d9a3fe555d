"""Calibrate: from a table of campaigns to what they teach."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.calibration.fit import fit_scores
from simulator.calibration.learnt import Calibration
from simulator.calibration.rows import Rows, usable_rows
from simulator.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 20_000
"""Rows beyond this are left out, the oldest first: what an account paid long ago teaches least."""


def calibrate(
    observations: pd.DataFrame, *, priors: Parameters | None = None, name: str = "", file: str | Path | None = None
) -> Calibration:
    """Learn from campaigns that have run.

    Parameters
    ----------
    observations : DataFrame
        From ``read_ads_manager``, or any table with start, end, spend, impressions and reach; see
        ``usable_rows``. Rows that cannot be used are left out and named.
    priors : Parameters, optional
        The shipped defaults where absent.
    name : str
        Name to keep it under.
    file : path, optional
        The export; its hash is kept.

    Returns
    -------
    Calibration
        The prior itself, with a reason, where no row is usable.

    Raises
    ------
    InvalidInput
        When needed columns are missing.
    """
    parameters = priors or load_parameters()
    rows = usable_rows(observations, parameters)
    if len(rows) > MOST_ROWS:
        rows = rows.take(rows.start.argsort(kind="stable")[-MOST_ROWS:])
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file is not None else ""
    return learn(rows, parameters, name=name, file_hash=digest)


def learn(rows: Rows, parameters: Parameters, *, name: str = "", file_hash: str = "") -> Calibration:
    """Learn from rows already checked."""
    fitted = fit_scores(rows, parameters)
    return Calibration(
        layout=fitted.layout,
        mean=fitted.mean,
        covariance=fitted.covariance,
        scatter=fitted.scatter,
        rows=len(rows),
        dropped=rows.dropped,
        reason="" if len(rows) else "no_usable_rows",
        created=datetime.datetime.now(datetime.UTC).date(),
        parameter_digest=parameters.digest,
        countries=dict(Counter(map(str, rows.country))),
        objectives=dict(Counter(map(str, rows.objective))),
        name=name,
        file_hash=file_hash,
    )
