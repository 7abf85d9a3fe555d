"""The frame that is handed out: always the same columns, always the same types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.learning.export import values
from simulator.learning.export.headers import BREAKDOWNS, IDENTIFIERS, NAMES
from simulator.learning.export.periods import Period
from simulator.learning.export.table import Figures, Words

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "campaign", "ad_set", "ad", "start", "end", "days", "start_is_reporting", "end_is_reporting", "currency", "spend",
    "reach", "impressions", "frequency", "link_clicks", "unique_link_clicks", "clicks_all", "results", "objective",
    "budget", "budget_kind", "age", "gender", "country", "region", "platform", "placement", "device", "hour", "row",
)  # fmt: skip

_MEANING: dict[str, Callable[[str], str | None]] = {
    "age": values.age_of,
    "gender": values.gender_of,
    "country": values.country_of,
    "platform": values.platform_of,
    "budget_kind": values.budget_kind_of,
}

Texts = NDArray[np.object_]


def build(
    words: Mapping[str, Words],
    figures: Mapping[str, Figures],
    period: Period,
    currency: Texts,
    rows: NDArray[np.int64],
    kept: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the kept rows as a frame with ``COLUMNS``; all arguments are arrays of shape (row,)."""
    import pandas as pd

    # Texts as objects: the rows share them, where pandas' own text type would hold each again.
    count = int(kept.sum())
    columns: dict[str, pd.Series | NDArray[np.generic]] = {}
    for name in COLUMNS:
        if name in figures and name != "frequency":
            columns[name] = _only(kept, figures[name].values)
        elif name in (*NAMES, *BREAKDOWNS, "budget_kind"):
            columns[name] = pd.Series(_texts(words, name, kept), dtype="object")
        elif name in ("budget", "link_clicks", "unique_link_clicks", "clicks_all", "results"):
            columns[name] = np.full(count, np.nan)
    columns["start"] = period.start[kept].astype("datetime64[s]")
    columns["end"] = period.end[kept].astype("datetime64[s]")
    columns["days"] = (period.end - period.start)[kept].astype(np.int64) + 1
    columns["start_is_reporting"] = _only(kept, period.start_is_reporting)
    columns["end_is_reporting"] = _only(kept, period.end_is_reporting)
    columns["currency"] = pd.Series(currency[kept], dtype="object")
    columns["frequency"] = _frequency(_only(kept, figures["impressions"].values), _only(kept, figures["reach"].values))
    columns["objective"] = pd.Series(_objectives(words, kept), dtype="object")
    columns["row"] = _only(kept, rows)
    # Without copies: pandas would otherwise hold half a million rows twice while it builds.
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)


def _only(kept: NDArray[np.bool_], cells: NDArray[Any]) -> NDArray[Any]:
    return cells if kept.all() else cells[kept]


def _frequency(impressions: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = impressions / reach
    ratio[~np.isfinite(ratio)] = np.nan
    return ratio


def identified(words: dict[str, Words]) -> bool:
    """Use identifiers where a file has no names; tell whether a spreadsheet rounded them to powers of ten."""
    if any(name in words and words[name].codes.any() for name in NAMES):
        return False
    is_rounded = False
    for name, identifier in zip(NAMES, IDENTIFIERS, strict=True):
        if identifier in words:
            words[name] = words[identifier]
            is_rounded |= any("E+" in text.upper() for text in words[identifier].texts)
    return is_rounded


def _texts(words: Mapping[str, Words], name: str, kept: NDArray[np.bool_]) -> Texts:
    column = words.get(name)
    if column is None:
        return np.full(int(kept.sum()), None, np.object_)
    meaning = _MEANING.get(name, _itself)
    return _looked_up([meaning(text) if text else None for text in column.texts], column.codes[kept])


def _itself(text: str) -> str:
    return text


def _looked_up(texts: list[str | None], codes: NDArray[np.int32]) -> Texts:
    table = np.empty(len(texts), np.object_)
    table[:] = texts
    return table[codes]


def _objectives(words: Mapping[str, Words], kept: NDArray[np.bool_]) -> Texts:
    """The kind of result decides; the campaign's declared goal where it does not."""
    found = np.full(int(kept.sum()), None, np.object_)
    for name, meaning in (("stated_objective", values.objective_stated), ("result_kind", values.objective_of_result)):
        if name in words:
            column = words[name]
            better = _looked_up([meaning(text) if text else None for text in column.texts], column.codes[kept])
            found = np.where(better == None, found, better)  # noqa: E711  elementwise
    return found
