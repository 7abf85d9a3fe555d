"""Age structures: the share of each sex and single year of age, from tables by band.

Years within a band follow a smooth curve through the band totals (a monotone cubic through the number of
people younger than each band's limit), so that any age limits can be cut out and the bands stay exact.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from simulator.reference.places.tables import Floats, cells, rows_of

SEXES = ("women", "men")
BANDS = ("0-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
"""Bands of the tables: children, then the age bands of the platform."""
LIMITS = (0, 13, 18, 25, 35, 45, 55, 65)
"""Youngest age of each band."""
OLDEST = 100
"""Age at which the curve through the bands ends; it shapes 55–64 only, 65 and over is never split."""

_SEX_CODES = {"women": "F", "men": "M"}


@cache
def year_shares() -> dict[str, Floats]:
    """Return, by age group, the share of its people by sex and age: (sex, 66), ages 0 … 64 and 65+; sum 1."""
    bands = {group: counts / counts.sum() for table in _age_tables() for group, counts in _bands(table).items()}
    years = by_year(np.stack(list(bands.values())))
    return dict(zip(bands, years, strict=True))


def _age_tables() -> tuple[str, ...]:
    return tuple(sorted(set(cells().age_tables)))


def _bands(table: str) -> dict[str, Floats]:
    """Return people by age group of one table, each (sex, band)."""
    counts: dict[str, Floats] = {}
    for row in rows_of(table):
        group = counts.setdefault(row["group"], np.zeros((len(SEXES), len(BANDS))))
        sex = [_SEX_CODES[name] for name in SEXES].index(row["sex"])
        group[sex] = [float(row[band]) for band in BANDS]
    return counts


def by_year(bands: Floats) -> Floats:
    """Split people by band into people by single year of age.

    Parameters
    ----------
    bands : array (…, 8)
        People in each of ``BANDS``.

    Returns
    -------
    array (…, 66)
        People aged 0 … 64, and 65 and over. Never negative; each band keeps its sum.

    Notes
    -----
    Monotone cubic interpolation of the cumulative count (Steffen 1990, Astronomy & Astrophysics 239, 443,
    equations 8 and 11; at the two ends the slope of the outer stretch).
    """
    knots = np.array([*LIMITS, OLDEST], dtype=float)
    younger = np.concatenate([np.zeros((*bands.shape[:-1], 1)), np.cumsum(bands, axis=-1)], axis=-1)
    slopes = _steffen_slopes(knots, bands)
    ages = np.arange(LIMITS[-1] + 1)
    stretch = np.minimum(np.searchsorted(knots, ages, side="right") - 1, len(LIMITS) - 1)
    width = np.diff(knots)[stretch]
    along = (ages - knots[stretch]) / width
    rise, start, end = bands[..., stretch], slopes[..., stretch] * width, slopes[..., stretch + 1] * width
    # Hermite cubic on each stretch, written as what it adds to the count at the stretch's start.
    added = along * (start + along * (3 * rise - 2 * start - end + along * (start + end - 2 * rise)))
    cumulative = younger[..., stretch] + added
    single = np.diff(cumulative, axis=-1)
    # A flat cubic may fall by a rounding error of 1e-16 of the count.
    return np.concatenate([np.maximum(single, 0.0), bands[..., -1:]], axis=-1)


def _steffen_slopes(knots: Floats, rises: Floats) -> Floats:
    """Return the slope of the interpolating cubic at each knot, (…, knot)."""
    width = np.diff(knots)
    secant = rises / width
    before, after = secant[..., :-1], secant[..., 1:]
    parabola = (before * width[1:] + after * width[:-1]) / (width[1:] + width[:-1])
    inner = 2 * np.minimum(np.minimum(before, after), parabola / 2)
    return np.concatenate([secant[..., :1], inner, secant[..., -1:]], axis=-1)
