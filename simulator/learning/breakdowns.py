"""Rows that are parts of one campaign: its days, which are joined, and its ages or places, whose reach overlaps.

An export may split a campaign by day or by age. Its days share their people, so reach must never be added up and
thirty days are not thirty campaigns; parts by age share the campaign's luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

NAMES = ("account", "campaign", "ad_set", "ad")
PLACES = ("country",)
SPLITS = ("age", "gender", "region", "platform", "placement", "device", "hour")
UNNAMED = "-"
"""The one campaign of days that name none."""
TIMES = frozenset(("day", "week", "month", "period"))
FEWEST_IN_ROW = 3
"""Rows of one name that follow each other without a gap before they are taken for one campaign's days."""
CONTIGUOUS = 0.8
"""Share of them that must follow without a gap."""


@dataclass(frozen=True, eq=False)
class Names:
    """What rows are called, as codes of shape (row,).

    Attributes
    ----------
    is_named : ndarray of bool
        Whether there is a name, of a campaign or of a part of one.
    campaign : ndarray of int
        Account and campaign, or what is named in its place.
    entity : ndarray of int
        Account, campaign, ad set and advertisement.
    cell : ndarray of int
        The entity and the part of it: age, sex, place ….
    is_split : ndarray of bool
        Whether the row says which part it is.
    """

    is_named: Mask
    campaign: Codes
    entity: Codes
    cell: Codes
    is_split: Mask

    @classmethod
    def of(cls, frame: pd.DataFrame, *, are_days: bool = False) -> Names:
        """Read the names of a typed frame; days (``are_days``) that name no campaign are all one."""
        names = [frame[name].to_numpy() for name in NAMES]
        is_nameless = not any((name != "").any() for name in names[1:]) or _are_all_different(names[1:])
        if are_days and is_nameless:
            names = [
                names[0],
                np.full(len(frame), UNNAMED, dtype=object),
                *(np.full_like(name, "") for name in names[2:]),
            ]
        else:
            names[1] = np.where(names[1] != "", names[1], np.where(names[2] != "", names[2], names[3]))
        splits = [frame[name].to_numpy() for name in SPLITS]
        places = [frame[name].to_numpy() for name in PLACES]
        is_split = np.zeros(len(frame), dtype=bool)
        for split in splits:
            is_split |= split != ""
        entity = together(names)
        return cls(
            is_named=np.asarray(names[1] != "", dtype=bool),
            campaign=together(names[:2]),
            entity=entity,
            cell=together([entity, *splits, *places]),
            is_split=is_split,
        )

    def take(self, chosen: NDArray[np.bool_] | Codes) -> Names:
        """Return the names of some of the rows."""
        return Names(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def _are_all_different(names: Sequence[NDArray[np.object_]]) -> bool:
    """Whether no campaign is named, and no part of one twice: such names tell nothing of its days."""
    entity = together(names[1:])
    return len(entity) > 1 and not (names[0] != "").any() and len(np.unique(entity)) == len(entity)


def together(keys: Sequence[NDArray[np.object_] | Codes]) -> Codes:
    """Return one code for each combination of ``keys``, each of shape (row,)."""
    import pandas as pd

    found = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        codes = pd.factorize(key)[0].astype(np.int64)
        found = pd.factorize(found * (int(codes.max(initial=0)) + 1) + codes)[0].astype(np.int64)
    return found


def joined_in_time(names: Names, start: Days, days: Array, *, is_split_by_time: bool) -> Codes:
    """Return one code for the rows that are days, weeks or months of the same thing; others keep their own.

    Known from the export, or because three or more rows of one name follow each other without a gap.
    """
    rows = np.arange(len(start))
    if not len(rows):
        return rows
    usable = names.is_named & ~np.isnat(start)
    order = np.lexsort((np.where(usable, start, np.datetime64("NaT", "D")), np.where(usable, names.cell, -1)))
    cell, first, length = np.where(usable, names.cell, -1)[order], start[order], days[order]
    begins = np.concatenate(([True], cell[1:] != cell[:-1]))
    run = np.cumsum(begins) - 1
    step = np.concatenate(([0.0], (first[1:] - first[:-1]).astype(float)))
    follows = ~begins & (step == np.concatenate(([0.0], length[:-1])))
    repeats = ~begins & (step == 0.0)
    size = np.bincount(run)
    steps = np.maximum(size - 1, 1)
    chain = (size >= FEWEST_IN_ROW) & (np.bincount(run, follows) >= CONTIGUOUS * steps)
    is_joined = (chain & (np.bincount(run, repeats) == 0)) | is_split_by_time
    is_joined &= np.bincount(run, cell < 0) == 0
    code = np.empty(len(rows), dtype=np.int64)
    code[order] = np.where(is_joined[run], run, len(run) + rows)
    return code


def parts(names: Names, start: Days, days: Array, *, is_split: bool) -> Mask:
    """Return which rows are parts of something that has other rows for the same days."""
    whole = together([names.entity, start.astype(np.int64), days.astype(np.int64)])
    alone = np.bincount(whole, minlength=1)[whole] < 2 if len(whole) else np.zeros(0, dtype=bool)
    return np.asarray(names.is_split & (is_split | (names.is_named & ~alone)), dtype=bool)


def campaigns(names: Names, start: Days) -> Codes:
    """Return one code for the rows of one campaign that began in the same month; rows without a name stand alone."""
    month = np.where(np.isnat(start), -1, start.astype("datetime64[M]").astype(np.int64))
    code = together([names.campaign, month])
    return np.where(names.is_named, code, len(code) + np.arange(len(code)))
