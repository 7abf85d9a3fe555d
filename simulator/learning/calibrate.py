"""Calibrate: from a table of campaigns to what they teach."""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import read_file
from simulator.base.validation import check_text, instance_of
from simulator.campaign.campaign import Targeting
from simulator.learning.aims import Past, aims_of, newest
from simulator.learning.calibration import Calibration, calibration_of
from simulator.learning.export.frame import FIRST_DAY, column_of, typed_texts
from simulator.learning.export.source import MAX_BYTES
from simulator.learning.fit import fit_scores
from simulator.learning.rows import check_table, pooled, usable_rows
from simulator.reference.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    import pandas as pd





def as_pandas(table: Any) -> Any:
    """Return a table of another library (polars, pyarrow, modin …) as one of pandas; anything else as it is.

    By the interchange protocol ``__dataframe__``: https://data-apis.org/dataframe-protocol/latest/.
    """
    import pandas as pd

    if isinstance(table, (pd.DataFrame, type)) or not hasattr(table, "__dataframe__"):
        return table
    with warnings.catch_warnings():
        # pandas prefers Arrow's own door by now, which asks for pyarrow.
        warnings.simplefilter("ignore", DeprecationWarning)
        return pd.api.interchange.from_dataframe(table)






_SEVERAL_LINES = re.compile(r"[\t\n\r\u2028\u2029]")
"""What a name in a list cannot hold, though a longer text may."""
MOST_ROWS = 10_000
"""Rows beyond this are left out, the oldest first: what an account paid long ago teaches least."""


def calibrate(
    observations: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    targeting: Targeting | None = None,
    priors: Parameters | None = None,
    name: str = "",
    file: str | os.PathLike[str] | None = None,
) -> Calibration:
    """Learn from campaigns that have run.

    Parameters
    ----------
    observations : DataFrame, or mapping of str to DataFrame
        From ``read_ads_manager``, or any table with start, end, spend, impressions and reach; see
        ``usable_rows``. Rows that cannot be used are left out and named. Several clients: their tables by name,
        or one below the other with a column ``account``; forecasts are then for one more of their kind. The
        smallest of more than a hundred clients count as one. Columns age_min, age_max, gender, platforms and place
        tell whom each campaign aimed at. Tables of polars and others with ``__dataframe__`` too.
    targeting : Targeting, optional
        Whom all of them aimed at, on both platforms, where no column says otherwise. Absent, and without columns, they
        aimed at whom the campaign that is forecast aims at: the rows are kept, and learnt from again for it.
    priors : Parameters, optional
        The shipped defaults where absent.
    name : str
        Name to keep it under: one line, at most 200 characters.
    file : path, optional
        The export; its hash is kept. A table of ``read_ads_manager`` brings its own.

    Returns
    -------
    Calibration
        The prior itself, with a reason, where no row is usable.

    Raises
    ------
    InvalidInput
        When needed columns are missing, the file cannot be read, or an argument is of the wrong kind.
    """
    parameters = priors_of(priors)
    _check_name(name)
    if isinstance(observations, Mapping):
        table = pooled({account: as_pandas(own) for account, own in observations.items()})
    else:
        table = as_pandas(observations)
    rows = usable_rows(table, parameters)
    if len(rows) > MOST_ROWS:
        order = np.argsort(np.where(np.isnat(rows.start), FIRST_DAY, rows.start), kind="stable")
        rows = rows.take(np.sort(order[-MOST_ROWS:]))
    digest = table.attrs.get("sha256", "") if file is None else _hash(file)
    aims = aims_of(table, rows.index, targeting)
    fitted = fit_scores(rows, parameters, aims=aims)
    past = None if aims.is_told or not len(rows) else newest(Past(rows, aims))
    return calibration_of(fitted, rows, aims, parameters, name=name, file_hash=str(digest), past=past)


def priors_of(priors: Parameters | None) -> Parameters:
    """Return the defaults to start from: the shipped ones where none are given."""
    if priors is None:
        return load_parameters()
    instance_of("priors", priors, Parameters)
    return priors


def _check_name(name: object) -> None:
    """Refuse what is no text of one line."""
    if _SEVERAL_LINES.search(check_text("name", name)):
        raise InvalidInput("unprintable", field="name", received=shown(name))


def _hash(file: str | os.PathLike[str]) -> str:
    return hashlib.sha256(read_file(file, MAX_BYTES, field="file")).hexdigest()


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
    missing = [name for name in names if column_of(observations, name) is None]
    if missing:
        found = shown(", ".join(map(str, list(observations.columns)[:30])), 200)
        raise InvalidInput("missing_columns", field="observations", received=found, allowed=", ".join(missing))
    labels = {name: typed_texts(column_of(observations, name), len(observations)) for name in names}
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
        # Handed to others, it holds no client's row: what it says is of campaigns for all adults, on both platforms.
        result[group] = replace(calibrate(rows, priors=priors, name=", ".join(group)), past=None)
    return result
