"""Several tables as one: the clients of an advisor, or the exports of several years of one account."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.base.errors import InvalidInput, shown
from simulator.learning.export.frame import column_of, typed_texts

if TYPE_CHECKING:
    import pandas as pd


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
        check_table(table, f"observations.{shown(str(name))}")
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


def check_table(table: object, name: str) -> None:
    """Refuse what is no table; ``name`` is what it is called in the message."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        allowed = "a table of pandas, polars or any library whose tables have __dataframe__"
        raise InvalidInput("wrong_type", field=name or "observations", received=shown(type(table)), allowed=allowed)


def _own(table: pd.DataFrame, account: str) -> pd.DataFrame:
    """Return a client's table with its name, and its currency in every row."""
    codes = typed_texts(column_of(table, "currency"), len(table))
    known = {code for code in codes if code}
    codes[codes == ""] = known.pop() if len(known) == 1 else "EUR"
    own = table.assign(account=account, currency=codes)
    own.attrs = dict(table.attrs)
    return own
