"""Normalize a table of campaigns of any origin: columns, numbers, days, labels, words of two languages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from numbers import Complex, Real
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput
from simulator.campaign.objectives import OBJECTIVES
from simulator.learning.export.numbers import PLAIN, NumberColumn, Numbers, decimal_mark
from simulator.learning.export.text import plain
from simulator.learning.export.values import objective_of_result, objective_stated
from simulator.reference.places import country_codes, region_label

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]
Labels = NDArray[np.object_]
Read = TypeVar("Read")

FIRST_DAY, LAST_DAY = np.datetime64("2004-02-04"), np.datetime64("2060-01-01")
"""Facebook's first day, and one far enough ahead; a date outside is a mistyped one."""
UNKNOWN_DAY = np.datetime64("NaT", "D")
LONGEST_LABEL = 200

_ISO_DAY = re.compile(r"\s*(\d{4})(?:-?(\d{2})-?(\d{2})|([-/.])(\d{1,2})\4(\d{1,2}))(?:\s*$|[T\s])", re.ASCII)
"""Also with other marks and without zeros, 2025/3/1: what begins with the year can be read in one way only."""


def column_of(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a column, the first where several have the name, or None."""
    places = np.flatnonzero([isinstance(label, str) and label == name for label in frame.columns])
    return frame.iloc[:, int(places[0])] if len(places) else None


def numbers(frame: pd.DataFrame, name: str) -> Array:
    """Return finite numbers of any type, texts such as "12.5" included; NaN for anything else, shape (row,)."""
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), np.nan)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        values = column.to_numpy(dtype=float)
    else:
        values = np.array([number_of(cell) for cell in column.astype(object)], dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def days(frame: pd.DataFrame, name: str) -> Days:
    """Return calendar days as written, whatever their time and zone; NaT for anything else, shape (row,).

    Dates of any type, and texts that begin with an ISO day; "Ongoing", numbers and other texts are none.
    """
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), UNKNOWN_DAY)
    found = np.array(_once_each(column.astype(object), _day), dtype="datetime64[D]")
    found[(found < FIRST_DAY) | (found > LAST_DAY)] = UNKNOWN_DAY
    return found


def labels(frame: pd.DataFrame, name: str) -> Labels:
    """Return texts without the blanks around them, empty for anything else, shape (row,)."""
    column = column_of(frame, name)
    if column is None:
        return np.full(len(frame), "", dtype=object)
    found = np.empty(len(frame), dtype=object)
    found[:] = _once_each(column.astype(object), _label)
    return found


def _once_each(cells: pd.Series, read: Callable[[Any], Read]) -> list[Read]:
    """Read every different cell once: exports repeat their dates and names a thousand times."""
    known: dict[Any, Read] = {}
    found: list[Read] = []
    for cell in cells:
        try:
            if (type(cell), cell) not in known:
                known[type(cell), cell] = read(cell)
            found.append(known[type(cell), cell])
        except TypeError:  # a list or a table in a cell has no hash
            found.append(read(None))
    return found


def number_of(cell: object) -> float:
    """Return a number of any type or as Python writes it, NaN for anything else; it may be infinite."""
    if isinstance(cell, str):
        cell = cell.strip() if cell.isascii() and len(cell) < LONGEST_LABEL else None
    elif isinstance(cell, Complex) and not isinstance(cell, (Real, bool, np.bool_)):
        cell = cell.real if cell.imag == 0 else None
    elif isinstance(cell, (bool, np.bool_)) or not isinstance(cell, (Real, Decimal)):
        return math.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (OverflowError, TypeError, ValueError):
        return math.nan


def _day(cell: object) -> np.datetime64:
    if isinstance(cell, np.datetime64):
        cell = str(cell.astype("datetime64[D]"))
    if isinstance(cell, str):
        match = _ISO_DAY.match(cell)
        parts: tuple[object, ...] = (match[1], match[2] or match[5], match[3] or match[6]) if match else ()
    else:
        parts = tuple(getattr(cell, name, None) for name in ("year", "month", "day"))
    try:
        year, month, day = (int(part) for part in parts)  # type: ignore[call-overload]
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
    except (TypeError, ValueError):
        return UNKNOWN_DAY


def _label(cell: object) -> str:
    return cell.strip()[:LONGEST_LABEL].replace("\x00", "") if isinstance(cell, str) else ""


COUNTS = ("impressions", "reach", "link_clicks", "audience_size")
AMOUNTS = ("spend", "days", "results")


def tidied(observations: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a table with its named index levels as columns, ``names`` as they are written here, and figures read.

    The table itself stays as it was; so do the columns that have such a name already.
    """
    frame = _with_index(observations)
    present = {name for name in frame.columns if isinstance(name, str)}
    renamed = list(frame.columns)
    for place, label in enumerate(renamed):
        name = "_".join(label.split()).lower() if isinstance(label, str) else None
        if name in names and name not in present:
            renamed[place] = name
            present.add(name)
    if renamed != list(frame.columns):
        frame = frame.set_axis(renamed, axis=1)
    return _with_figures(frame)


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the named levels of its index as columns, unless a column has that name."""
    levels = {name: frame.index.get_level_values(name) for name in set(frame.index.names) if isinstance(name, str)}
    added = {name: level.to_numpy() for name, level in levels.items() if name not in frame.columns}
    if not added:
        return frame
    attributes = dict(frame.attrs)
    frame = frame.reset_index(drop=True).assign(**added)
    frame.attrs = attributes
    return frame


def _with_figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with texts such as "1 234,50" as numbers, all by the same mark; as it was where none decides."""
    names = [name for name in (*COUNTS, *AMOUNTS) if list(frame.columns).count(name) == 1]
    texts = {name: _texts(frame[name]) for name in names}
    if not any(np.isnan(number_of(text)) for cells in texts.values() for text in cells.values()):
        return frame
    numbers = Numbers()
    read = {name: NumberColumn(numbers) for name in texts}
    for name, cells in texts.items():
        read[name].add(list(cells.values()))
    counts, amounts = ([read[name] for name in some if name in read] for some in (COUNTS, AMOUNTS))
    try:
        mark = decimal_mark(numbers, counts, amounts, "observations")
    except InvalidInput:
        return frame
    changed: dict[str, Any] = {}
    for name, cells in texts.items():
        column = np.array(frame[name].astype(object), dtype=object)
        values, kinds = read[name].resolved(mark)
        is_read = kinds == PLAIN
        column[np.array(list(cells), dtype=np.int64)[is_read]] = values[is_read]
        changed[name] = column
    attributes = dict(frame.attrs)
    frame = frame.assign(**changed)
    frame.attrs = attributes
    return frame


def _texts(column: pd.Series) -> dict[int, str]:
    """Return the texts of a column by place."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufbmM":
        return {}
    return {place: cell for place, cell in enumerate(column.astype(object)) if isinstance(cell, str)}


CODE_LENGTH = 2
OTHER_CODES = ("UK",)
"""Two letters that are not the code of the country that they mean."""
OTHER_NAMES = {
    "uk": "GB", "great britain": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US", "united states of america": "US",
    "etats-unis d'amerique": "US", "holland": "NL", "hollande": "NL", "czech republic": "CZ",
    "republique tcheque": "CZ", "turkey": "TR", "ivory coast": "CI",
    "fra": "FR", "can": "CA", "bel": "BE", "che": "CH", "lux": "LU", "deu": "DE", "esp": "ES", "ita": "IT",
    "prt": "PT", "nld": "NL", "gbr": "GB", "irl": "IE", "aut": "AT", "pol": "PL", "cze": "CZ", "dnk": "DK",
    "swe": "SE", "nor": "NO", "fin": "FI", "aus": "AU", "nzl": "NZ", "mex": "MX", "bra": "BR", "ind": "IN",
    "jpn": "JP", "zaf": "ZA", "mar": "MA", "dza": "DZ", "tun": "TN", "sen": "SN", "civ": "CI",
}  # fmt: skip
"""Names that the table of countries does not have, and ISO 3166-1 alpha-3 codes of the usual countries."""


def country_of(text: str) -> str:
    """Return a two-letter code in capitals where ``text`` is one or names a country, else the text in capitals."""
    code = text.upper()
    return code if len(code) == CODE_LENGTH and code not in OTHER_CODES else _countries().get(plain(text), code)


def goal_of(text: str) -> str:
    """Return one of the six goals where ``text`` is one or the platform's word for it, else the empty text."""
    label = written(text)
    if label in OBJECTIVES:
        return label
    ways = (text, label.replace("_", " "))
    return next((goal for way in ways for goal in (objective_stated(way), objective_of_result(way)) if goal), "")


def written(text: str) -> str:
    """Return a goal as the six are written: "Link Clicks" is ``link_clicks``."""
    return plain(text).replace(" ", "_")


@cache
def _countries() -> dict[str, str]:
    """Return codes by plain name, French and English."""
    names = {plain(region_label(code, language)): code for code in country_codes() for language in ("fr", "en")}
    return {**names, **OTHER_NAMES}
