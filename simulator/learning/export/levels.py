"""What a row stands for: a campaign, an ad set, an ad, a part of one (age, day …), or a total over others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.learning.export import values
from simulator.learning.export.dates import BLANK
from simulator.learning.export.headers import BREAKDOWNS, IDENTIFIERS, NAMES, PERIODS
from simulator.learning.export.table import Spans, Words
from simulator.learning.export.text import plain

if TYPE_CHECKING:
    from simulator.learning.export.periods import Period

Mask = NDArray[np.bool_]

SUMS_SHARE = 0.5
"""Share of the rows called "all" that must be sums for the others to be taken for totals too."""
_TOTAL_OF = re.compile(
    r"(?:sous-total|subtotal|total|totale|totaal|summe)(?: de| of| pour| for)?:? (.+)"
    r"|(.+?) (?:total|subtotal|gesamt|ergebnis|totaal|totale)",
    re.IGNORECASE,
)
FEWEST_SUMMED = 3
"""Rows that a row without a telling name must be the sum of to be taken for their total."""


def level_of(words: Mapping[str, Words]) -> str:
    """Return the narrowest level that has names: ``ad``, ``ad_set``, ``campaign``, or ``account`` without any."""
    return next((name for name in reversed(NAMES) if name in words and words[name].codes.any()), "account")


def breakdowns_of(words: Mapping[str, Words], spans: Mapping[str, Spans]) -> tuple[str, ...]:
    """Return the breakdowns that have values, time among them where the file has a column for it."""
    kinds = [name for name in BREAKDOWNS if name in words and _tells_apart(words[name])]
    kinds += [name for name in PERIODS if name in spans and not np.isnat(spans[name].first).all()]
    return tuple(kinds)


def name_from_above(words: dict[str, Words], spans: Mapping[str, Spans]) -> dict[str, Mask]:
    """Fill in names that are said once for a group of rows; return by field which rows got one.

    A formatted table names a campaign in its first row only. A total has no name either: it has no part (age, day …),
    or, over campaigns by day, its campaigns are named again and again, and the row before it has a day as well.
    """
    named = [name for name in NAMES if name in words and words[name].codes.any()]
    is_said = all(words[name].codes.all() for name in named)
    if is_said or np.bincount(words[named[0]].codes)[1:].max() > 1:
        return {}
    rows = np.arange(len(words[named[0]].codes), dtype=np.int32)
    above = {name: np.maximum.accumulate(np.where(words[name].is_blank, -1, rows)) for name in named}
    is_narrow = _is_part(words, len(rows))
    is_dated = np.zeros(len(rows), np.bool_)
    for name in PERIODS:
        is_dated |= spans[name].kinds != BLANK if name in spans else False
    is_narrow |= is_dated & ~is_dated[np.maximum(above[named[0]], 0)]
    filled: dict[str, Mask] = {}
    wider = np.full_like(rows, -1)
    for name in reversed(named):
        filled[name] = words[name].is_blank & is_narrow
        is_narrow = is_narrow | ~words[name].is_blank
    for name in named:
        # Not the ad set of the campaign before.
        filled[name] &= above[name] >= np.maximum(wider, 0)
        wider = above[name]
        codes = words[name].codes
        words[name] = Words(np.where(filled[name], codes[np.maximum(wider, 0)], codes), words[name].texts)
    return {name: filled[name] for name in named}


def _is_part(words: Mapping[str, Words], size: int) -> Mask:
    """Return which rows say a part of something, such as an age or a country."""
    found = np.zeros(size, np.bool_)
    for name in BREAKDOWNS:
        if name in words:
            is_part = np.array([bool(text) and plain(text) not in values.ALL_OF for text in words[name].texts])
            found |= is_part[words[name].codes]
    return found


def totals(
    words: Mapping[str, Words], spend: NDArray[np.float64], impressions: NDArray[np.float64], is_row: Mask
) -> Mask:
    """Return which rows are totals: all names blank, or called the results of so many campaigns.

    So is the first or the last row where it spends and shows as much as the others together and is called a total,
    or, whatever it is called, where the others are three or more: a campaign may be called "Total", and one of three
    may happen to be as large as the others. "Total X" beside rows of X is one where it is their sum.
    """
    named = [words[name] for name in NAMES if name in words and words[name].codes.any()]
    if not named:
        # A column for names that holds none: alone, such a row is the total of nothing.
        is_total = is_row.sum() == 1 and any(name in words for name in NAMES)
        return is_row if is_total else np.zeros(len(is_row), np.bool_)
    found: Mask = np.logical_and.reduce([column.is_blank for column in named]) & is_row
    for column in named:
        is_counted = np.array([values.is_counted(text) for text in column.texts])
        found |= is_counted[column.codes] & is_row
        for code, whole in _totals_of(column.texts):
            others = np.flatnonzero((column.codes == whole) & is_row & ~found)
            for place in np.flatnonzero((column.codes == code) & is_row).tolist():
                found[place] |= len(others) > 0 and _is_sum(spend, place, others)
    places = np.flatnonzero(is_row & ~found)
    for place in {int(places[0]), int(places[-1])} if len(places) > 1 else ():
        label = next((text for column in named if (text := column.texts[column.codes[place]])), "")
        others = places[places != place]
        is_called = values.TOTALS.fullmatch(plain(label)) is not None
        is_sum = _is_sum(spend, place, others), _is_sum(impressions, place, others)
        found[place] = all(is_sum) and (is_called or (len(others) >= FEWEST_SUMMED and spend[place] > 0))
        found[place] |= is_called and is_sum[0] and not np.isfinite(impressions[place])
    return found


def _totals_of(texts: list[str]) -> list[tuple[int, int]]:
    """Return the codes of names such as "Total X" and "X total", each with the code of X."""
    known: dict[str, int] | None = None
    found = []
    for code, text in enumerate(texts):
        match = _TOTAL_OF.fullmatch(text)
        if match is None:
            continue
        known = known or {plain(each): place for place, each in enumerate(texts)}
        whole = known.get(plain(match[1] or match[2]))
        if whole:
            found.append((code, whole))
    return found


def subtotals(
    words: Mapping[str, Words],
    spans: Mapping[str, Spans],
    spend: NDArray[np.float64],
    impressions: NDArray[np.float64],
    is_row: Mask,
) -> tuple[Mask, Mask, int]:
    """Return which rows are totals, over other rows of the file or over all, and how many are not the sum of those.

    A total leaves a narrower name or a breakdown blank, or says "all" there, and other rows tell it for the same
    campaign. An ad set may be called "All": such a row must be a sum, as must most of its kind in the file.
    """
    dimensions = _dimensions(words, spans)
    found = np.zeros(len(is_row), np.bool_)
    if not dimensions:
        return found, found, 0
    names = [each for each in dimensions if each.is_name]
    told = np.stack([each.is_told for each in dimensions])
    is_leaf = told.all(axis=0) & is_row
    is_candidate = is_row & ~is_leaf
    if names:
        is_candidate &= ~np.logical_and.reduce([each.codes == 0 for each in names])
    pattern = np.packbits(told, axis=0, bitorder="little").astype(np.int64)
    pattern = (pattern * 256 ** np.arange(len(pattern))[:, None]).sum(axis=0)
    differ = 0
    for kind in np.unique(pattern[is_candidate]).tolist():
        rows = np.flatnonzero(is_candidate & (pattern == kind))
        group = _group([each.codes for place, each in enumerate(dimensions) if told[place, rows[0]]], len(is_row))
        has_parts = np.bincount(group, is_leaf)[group[rows]] > 0
        is_sum = np.logical_and.reduce([_are_sums(column, rows, group, is_leaf) for column in (spend, impressions)])
        is_word = np.logical_or.reduce([each.is_word[rows] for each in names] or [np.zeros(len(rows), np.bool_)])
        are_sums = is_sum[is_word & has_parts]
        is_total = has_parts & (~is_word | is_sum | (len(are_sums) > 0 and bool(are_sums.mean() > SUMS_SHARE)))
        found[rows[is_total]] = True
        differ += int((is_total & ~is_sum).sum())
    is_whole = found & ~told.any(axis=0)
    return found & ~is_whole, is_whole, differ


@dataclass(frozen=True)
class _Dimension:
    """A name, a breakdown or a time that rows are told apart by: codes, where it is told, where it says "all"."""

    codes: NDArray[np.int64]
    is_told: Mask
    is_word: Mask
    is_name: bool


def _dimensions(words: Mapping[str, Words], spans: Mapping[str, Spans]) -> list[_Dimension]:
    found = []
    for name in (*NAMES, *BREAKDOWNS):
        column = words.get(name)
        if column is None or not column.codes.any():
            continue
        is_word = np.array([plain(text) in values.ALL_OF for text in column.texts])[column.codes]
        found.append(_Dimension(column.codes.astype(np.int64), ~is_word & ~column.is_blank, is_word, name in NAMES))
    for name in PERIODS:
        if name in spans and not np.isnat(spans[name].first).all():
            is_told = spans[name].kinds != BLANK
            found.append(_Dimension(_codes(spans[name].first), is_told, ~is_told, False))
    return [each for each in found if each.is_told.any()]


def _are_sums(column: NDArray[np.float64], rows: NDArray[np.int64], group: NDArray[np.int64], is_leaf: Mask) -> Mask:
    """Return whether each of ``rows`` is the sum of the leaves of its group, but for rounding."""
    whole = np.bincount(group, np.where(is_leaf, np.nan_to_num(column), 0.0))[group[rows]]
    own = np.nan_to_num(column[rows])
    found: Mask = np.abs(whole - own) <= 0.02 + 0.002 * np.abs(own)
    return found


def repeated(
    words: Mapping[str, Words], period: Period, figures: Mapping[str, NDArray[np.float64]], kept: Mask
) -> Mask:
    """Return which rows say again what another said before: a file joined twice, one row for each attribution."""
    import pandas as pd

    columns: dict[str, NDArray[Any]] = {
        name: column.codes for name, column in words.items() if name in (*NAMES, *IDENTIFIERS, *BREAKDOWNS)
    }
    columns |= {"start": period.start, "end": period.end, **figures}
    found: Mask = pd.DataFrame(columns | {"kept": kept}).duplicated().to_numpy()
    return found & kept & (figures["spend"] > 0.0)


def time_split(
    words: Mapping[str, Words], first: NDArray[np.datetime64], last: NDArray[np.datetime64]
) -> tuple[str | None, int]:
    """Return (what the days of the report split each name by, or None; rows that repeat name and days).

    A report by day without a column for the day shows one report per day: the same name, other days.
    """
    keys = [words[name].codes for name in (*NAMES, *BREAKDOWNS) if name in words]
    entity = _group(keys, len(first))
    whole = _group([entity, _codes(first), _codes(last)], len(first))
    repeated = len(first) - len(np.unique(whole))
    if len(np.unique(entity)) == len(np.unique(whole)):
        return None, repeated
    lengths = (last - first).astype(np.int64) + 1
    for kind, shortest, longest in (("day", 1, 1), ("week", 7, 7), ("month", 28, 31)):
        if np.median(lengths) >= shortest and np.median(lengths) <= longest:
            return kind, repeated
    return "period", repeated


def _is_sum(column: NDArray[np.float64], place: int, others: NDArray[np.int64]) -> bool:
    """Whether a cell is the sum of others, but for rounding."""
    amount = float(column[place])
    return abs(float(np.nansum(column[others])) - amount) <= 0.01 + 0.001 * abs(amount)


def _tells_apart(column: Words) -> bool:
    texts = np.unique(column.codes)
    return any(code and plain(column.texts[code]) not in values.ALL_OF for code in texts.tolist())


def _codes(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return np.unique(days, return_inverse=True)[1]


def _group(keys: list[NDArray[np.int32]] | list[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    """Return one code for each combination of ``keys``, each of shape (row,)."""
    group = np.zeros(size, np.int64)
    for key in keys:
        group = np.unique(group * (int(key.max(initial=0)) + 1) + key, return_inverse=True)[1]
    return group
