"""The typed frame: of an export always the same columns and types; of any table the fields that learning takes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.learning.export import values
from simulator.learning.export.dates import Dates, orders_seen, resolved
from simulator.learning.export.headers import BREAKDOWNS, IDENTIFIERS, NAMES
from simulator.learning.export.numbers import NumberColumn, Numbers, decimal_mark
from simulator.learning.export.periods import Period
from simulator.learning.export.table import Figures, Words, cell_text
from simulator.learning.export.text import key, says_nothing

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
Days = NDArray[np.datetime64]

NEEDED = ("start", "end", "spend", "impressions")
"""Columns that a table must have to be learnt from."""
COUNTED = ("impressions", "reach", "link_clicks", "audience_size")
MEASURED = ("spend", "days", "results", "budget", "audience_log_sd")
NAMED = ("account", *NAMES, *BREAKDOWNS, "currency", "objective", "budget_kind")
FLAGS = ("start_is_reporting", "end_is_reporting")
LEARNT = ("start", "end", *COUNTED, *MEASURED, *NAMED, *FLAGS)
"""Columns of a table that learning looks at."""
FIRST_DAY, LAST_DAY = np.datetime64("2004-02-04"), np.datetime64("2060-01-01")
"""Facebook's first day, and one far enough ahead; a date outside is a mistyped one."""
LONGEST_TEXT = 200
CLICKS = frozenset(("link_clicks", "LINK_CLICKS"))


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


def _looked_up(texts: Sequence[str | None], codes: NDArray[np.signedinteger[Any]]) -> Texts:
    table = np.empty(len(texts), np.object_)
    table[:] = texts
    found: Texts = table[codes]
    return found


def _objectives(words: Mapping[str, Words], kept: NDArray[np.bool_]) -> Texts:
    """The kind of result decides; the campaign's declared goal where it does not; ``unknown`` where neither is ours."""
    found = np.full(int(kept.sum()), None, np.object_)
    for name, meaning in (("stated_objective", values.objective_of), ("result_kind", values.objective_by_result)):
        if name in words:
            column = words[name]
            better = _looked_up([meaning(text) if text else None for text in column.texts], column.codes[kept])
            is_worse = (better == None) | ((better == values.UNKNOWN_OBJECTIVE) & (found != None))  # noqa: E711
            found = np.where(is_worse, found, better)
    return found


def in_euros(frame: pd.DataFrame, currency: str, units: float) -> pd.DataFrame:
    """Return the campaigns with the money of ``currency`` in euros, at so many units for one."""
    is_in = (frame["currency"] == currency).to_numpy()
    found = frame.assign(**{name: np.where(is_in, frame[name] / units, frame[name]) for name in ("spend", "budget")})
    found["currency"] = frame["currency"].where(~is_in, "EUR")
    found.attrs = dict(frame.attrs)
    return found


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns ``LEARNT`` of any table: an export that was read, or a table of the user's own.

    Columns may stand in the index or be written in capitals; cells are read as those of an export are, where they have
    no type yet. Missing figures are NaN, missing days NaT, missing texts empty, missing flags False.

    Raises
    ------
    InvalidInput
        ``missing_columns`` where one of ``NEEDED`` is not there.
    """
    import pandas as pd

    found = _learnt_columns(table)
    missing = ", ".join(name for name in NEEDED if name not in found)
    if missing and table.size:
        headers = shown(", ".join(map(str, list(table.columns)[:30])), 200)
        raise InvalidInput(
            "missing_columns", field="observations", missing=missing, found=headers, received=headers, allowed=missing
        )
    columns: dict[str, NDArray[Any]] = {name: np.full(len(table), np.nan) for name in (*COUNTED, *MEASURED)}
    columns |= _typed_figures({name: found[name] for name in (*COUNTED, *MEASURED) if name in found})
    columns |= {name: np.full(len(table), np.datetime64("NaT", "s")) for name in ("start", "end")}
    columns |= _typed_days({name: found[name] for name in ("start", "end") if name in found})
    for name in NAMED:
        columns[name] = typed_texts(found.get(name), len(table))
    # Of the words for that goal only this one counts its clicks: traffic counts visits too.
    is_clicks = np.array([text in CLICKS or key(text) == "link click" for text in columns["objective"]], bool)
    columns["link_clicks"] = np.where(
        np.isnan(columns["link_clicks"]) & is_clicks, columns["results"], columns["link_clicks"]
    )
    for name, meaning in {**_MEANING, "objective": values.objective_of, "currency": values.currency_or_text}.items():
        if name in NAMED:
            texts, codes = np.unique(columns[name].astype(str), return_inverse=True)
            columns[name] = _looked_up([meaning(text) if text else "" for text in texts.tolist()], codes)
    for name in FLAGS:
        cells = found[name].astype(object) if name in found else [False] * len(table)
        columns[name] = np.array([isinstance(cell, (bool, np.bool_)) and bool(cell) for cell in cells], bool)
    return pd.DataFrame({name: pd.Series(columns[name]) for name in LEARNT})


def column_of(table: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a column, the first where several have the name, or None."""
    place = next((place for place, label in enumerate(table.columns) if isinstance(label, str) and label == name), None)
    return None if place is None else table.iloc[:, place]


def typed_texts(column: pd.Series | None, size: int) -> Texts:
    """Return texts without the blanks around them, numbers as they are written, else empty; shape (row,)."""
    cells = np.full(size, "", np.object_)
    if column is not None:
        cells[:] = [_name(cell) for cell in column.astype(object)]
    return cells


def _learnt_columns(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the known columns by name: as written, then in capitals or with spaces; those of the index after them."""
    columns = [(label, table.iloc[:, place]) for place, label in enumerate(table.columns)]
    levels = [(name, table.index.get_level_values(place).to_series()) for place, name in enumerate(table.index.names)]
    found: dict[str, pd.Series] = {}
    for is_exact in (True, False):
        for label, column in (*columns, *levels):
            name = label if is_exact else "_".join(label.split()).lower() if isinstance(label, str) else None
            if isinstance(name, str) and name in LEARNT:
                found.setdefault(name, column)
    return found


def _typed_figures(columns: Mapping[str, pd.Series]) -> dict[str, NDArray[np.float64]]:
    """Return finite numbers, NaN for anything else; texts are read all by the same decimal mark.

    Where nothing decides which it is, only what Python reads is a number.
    """
    import pandas as pd

    numbers = Numbers()
    written: dict[str, NumberColumn] = {}
    for name, column in columns.items():
        if not _has_kind(column, "iuf"):
            written[name] = NumberColumn(numbers)
            written[name].add([_figure(cell) for cell in column.astype(object)])
    counts, amounts = ([written[name] for name in some if name in written] for some in (COUNTED, MEASURED))
    try:
        mark = decimal_mark(numbers, counts, amounts, "observations")
        figures = {name: column.resolved(mark)[0] for name, column in written.items()}
    except InvalidInput:
        cells = {name: pd.Series([_figure(cell) for cell in columns[name].astype(object)]) for name in written}
        figures = {name: pd.to_numeric(column, errors="coerce").to_numpy(float) for name, column in cells.items()}
    figures |= {name: columns[name].to_numpy(float) for name in columns if name not in written}
    return {name: np.where(np.isfinite(column), column, np.nan) for name, column in figures.items()}


def _typed_days(columns: Mapping[str, pd.Series]) -> dict[str, Days]:
    """Return calendar days as written, whatever their time and zone; NaT for anything else, such as "Ongoing".

    A text that fits two orders is a day where another shows which comes first, day or month.
    """
    dates = Dates()
    codes = {
        name: np.array(dates.read([_day(cell) for cell in column.astype(object)]), np.int64)
        for name, column in columns.items()
        if not _has_kind(column, "M")
    }
    used = np.unique(np.concatenate([*codes.values(), np.zeros(0, np.int64)])).astype(np.int32)
    only_day, only_month, _ = orders_seen(dates, used)
    days = resolved(dates, only_day)
    is_day = days.first == days.last
    if only_day == only_month:
        is_day &= np.array([day == month for day, month in zip(dates.day_first, dates.month_first, strict=True)], bool)
    read = np.where(is_day, days.first, np.datetime64("NaT", "D"))
    found = {
        name: read[codes[name]] if name in codes else column.to_numpy().astype("datetime64[D]")
        for name, column in columns.items()
    }
    for each in found.values():
        each[(each < FIRST_DAY) | (each > LAST_DAY)] = np.datetime64("NaT", "D")
    return {name: each.astype("datetime64[s]") for name, each in found.items()}


def _has_kind(column: pd.Series, kinds: str) -> bool:
    return isinstance(column.dtype, np.dtype) and column.dtype.kind in kinds


def _figure(cell: object) -> str | float | None:
    if isinstance(cell, str):
        return cell
    try:
        return float(cell) if isinstance(cell, (Real, Decimal)) and not isinstance(cell, bool) else None
    except (OverflowError, ValueError):
        return None


def _day(cell: object) -> str | datetime.date | None:
    """Return a text as it is, and of anything that has a day that day: stamps of any zone, periods."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[D]").item()
    try:
        return datetime.date(*(int(getattr(cell, name)) for name in ("year", "month", "day")))
    except (AttributeError, TypeError, ValueError):
        return None


def _name(cell: object) -> str:
    is_number = isinstance(cell, Real) and not isinstance(cell, bool) and math.isfinite(cell)
    if says_nothing(cell) or not (is_number or isinstance(cell, str)):
        return ""
    return cell_text(cell)[:LONGEST_TEXT].replace("\x00", "")
