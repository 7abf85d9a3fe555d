"""How many people are interested in at least one of several things."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simulator.reference.interests.table import Interest, all_interests, find_interest
from simulator.reference.parameters import Parameters, load_parameters

SEXES = ("women", "men")
AGE_BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
OVERLAP = "audience.related_interest_overlap"

Array = NDArray[np.float64]


def union_share(codes: Iterable[str], parameters: Parameters | None = None) -> float:
    """Return the share of people (0 to 1) interested in at least one of ``codes``.

    Parameters
    ----------
    codes : iterable of str
        Codes or names; a repeated one counts once, the order does not matter. None at all is no
        restriction: 1.

    Notes
    -----
    Related interests (one family) overlap by ``audience.related_interest_overlap`` of the smaller: the
    largest and the rest of each other. Unrelated ones are independent: 1 - (1 - s1)(1 - s2)… An interest that
    the platform does not have counts as its neighbours.
    """
    return float(_union(codes, np.ones(1), parameters)[0])


def shares_by_segment(codes: Iterable[str], parameters: Parameters | None = None) -> Array:
    """Return the same by sex and age band, shape (2, 7): women first, bands of ``AGE_BANDS``."""
    return _union(codes, np.ones((2, 7)), parameters)


def tilt(code: str, parameters: Parameters | None = None) -> Array:
    """Return how much more (above 1) or less a segment is interested than all people, shape (2, 7).

    Ones where no survey says anything, that is for nearly all interests; see ``interests.tilt_sex`` and
    ``interests.tilt_age`` of the parameters.
    """
    entries = load_parameters() if parameters is None else parameters
    chosen = _listed([find_interest(code)])
    tilts = [_own_tilt(entry.code, entries) for entry in chosen]
    return np.asarray(np.average(tilts, axis=0, weights=[entry.share for entry in chosen]))


def _union(codes: Iterable[str], segments: Array, parameters: Parameters | None) -> Array:
    entries = load_parameters() if parameters is None else parameters
    chosen = _listed(find_interest(code) for code in codes)
    if not chosen:
        return segments
    overlap = entries.value(OVERLAP)
    nobody = segments.copy()
    for family in sorted({entry.family for entry in chosen}):
        shares = np.stack([_share(entry, segments, entries) for entry in chosen if entry.family == family])
        nobody *= 1.0 - _related(shares, overlap)
    return np.asarray(1.0 - nobody)


def _related(shares: Array, overlap: float) -> Array:
    """Union of one family, shape (interest, …) -> (…); never above the union of independent interests."""
    largest = shares.max(axis=0)
    joined = largest + (1.0 - overlap) * (shares.sum(axis=0) - largest)
    return np.asarray(np.minimum(joined, 1.0 - np.prod(1.0 - shares, axis=0)))


def _share(entry: Interest, segments: Array, entries: Parameters) -> Array:
    if segments.ndim == 1:
        return entry.share * segments
    return entry.share * _own_tilt(entry.code, entries)


def _own_tilt(code: str, entries: Parameters) -> Array:
    sexes = [_factor(entries, f"interests.tilt_sex.{code}.{sex}") for sex in SEXES]
    ages = [_factor(entries, f"interests.tilt_age.{code}.{band}") for band in AGE_BANDS]
    return np.outer(sexes, ages)


def _factor(entries: Parameters, key: str) -> float:
    return entries.value(key) if key in entries else 1.0


def _listed(chosen: Iterable[Interest]) -> list[Interest]:
    """The platform's own interests behind ``chosen``, each once, in the order of the table."""
    codes: set[str] = set()
    for entry in chosen:
        codes.update(entry.stands_for or (entry.code,))
    return [entry for entry in all_interests() if entry.code in codes]
