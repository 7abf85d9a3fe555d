"""Clients of an advisor learnt from together: one table of all, and a benchmark for one more of their kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.calibration import columns
from simulator.calibration.calibrate import calibrate
from simulator.calibration.learnt import Calibration
from simulator.errors import InvalidInput, shown
from simulator.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ACCOUNTS = 3
"""Clients without whom a benchmark would tell one of them what the other pays."""


def pooled(tables: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of several clients one below the other, with a column ``account``.

    Parameters
    ----------
    tables : mapping of str to DataFrame, or sequence of DataFrame
        The campaigns of each client, by its name; numbered where there are no names. A table that tells no
        currency keeps its own, EUR where none of its rows tells one.

    Raises
    ------
    InvalidInput
        ``wrong_type`` for something else, ``empty_choice`` for no table at all.
    """
    entries = tables if isinstance(tables, Mapping) else {str(place): one for place, one in enumerate(tables, start=1)}
    for name, table in entries.items():
        _check(table, str(name))
    return stacked([_own(table, str(name)) for name, table in entries.items()])


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return several tables of one account, such as the exports of several years, one below the other."""
    import pandas as pd

    if not tables:
        raise InvalidInput("empty_choice", field="observations", allowed="a table for each client")
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    once = [table.loc[:, ~table.columns.duplicated()] for table in tables]
    # Empty columns only confuse the types of the others; they come back at the end.
    frame = pd.concat([table.dropna(axis=1, how="all") for table in once], ignore_index=True).reindex(columns=names)
    told = [table.attrs.get("breakdowns", ()) for table in tables]
    breakdowns = sorted({name for names in told if isinstance(names, (tuple, list)) for name in names})
    digests = "".join(str(table.attrs.get("sha256", "")) for table in tables)
    digest = digests if len(tables) == 1 else hashlib.sha256(digests.encode()).hexdigest() if digests else ""
    frame.attrs = {"breakdowns": tuple(breakdowns), "sha256": digest}
    return frame


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
    _check(observations, "observations")
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


def _check(table: object, name: str) -> None:
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        allowed = "a pandas DataFrame"
        raise InvalidInput("wrong_type", field=name or "observations", received=shown(type(table)), allowed=allowed)


def _own(table: pd.DataFrame, account: str) -> pd.DataFrame:
    """Return a client's table with its name, and its currency in every row."""
    codes = columns.labels(table, "currency")
    known = {code for code in codes if code}
    codes[codes == ""] = known.pop() if len(known) == 1 else "EUR"
    own = table.assign(account=account, currency=codes)
    own.attrs = dict(table.attrs)
    return own
