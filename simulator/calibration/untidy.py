"""Tables as other programs hand them over: columns in the index, names in capitals, figures as texts.

"12,50" and "1,234" are read as ``read_ads_manager`` reads them: a text that can be read in one way only decides for
the others, and where nothing decides none of them is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.calibration.columns import number_of
from simulator.calibration.reading.numbers import PLAIN, NumberColumn, Numbers, decimal_mark
from simulator.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

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
