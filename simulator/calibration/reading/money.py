"""In which currency each row's amount is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.reading.currencies import currency_of
from simulator.calibration.reading.headers import Source
from simulator.calibration.reading.merge import Figures, Words
from simulator.calibration.reading.reasons import Report
from simulator.errors import shown


def row_currencies(
    sources: Sequence[Source], spend: Figures, column: Words | None, report: Report
) -> NDArray[np.object_]:
    """Return ISO codes or None, shape (row,): by the amount's header, else the column for it, else the amount's cells.

    Parameters
    ----------
    sources
        The columns of the amount spent, in the order of ``spend.chosen``.
    column
        The column for the currency, if there is one.
    """
    stated = np.full(len(spend.values), None, np.object_)
    if column is not None:
        known = np.empty(len(column.texts), np.object_)
        known[:] = [currency_of(text) for text in column.texts]
        unknown = [text for text, code in zip(column.texts, known, strict=True) if text and code is None]
        if unknown:
            report.file("unknown_currency", count=len(unknown), received=", ".join(map(shown, unknown[:5])))
        stated = known[column.codes]
    is_silent = np.array([code is None for code in stated], np.bool_)
    for index, (source, of_cells) in enumerate(zip(sources, spend.currencies, strict=True)):
        is_here = spend.chosen == index
        if source.currency:
            stated[is_here] = source.currency
        elif of_cells:
            stated[is_here & is_silent] = of_cells
    return stated
