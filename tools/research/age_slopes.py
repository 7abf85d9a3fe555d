"""Price and click rate by age: one slope over the age bands, shrunk, and how much it differs between sources.

Each source tells a slope of the logarithm over the bands (−1 for 13-17, +1 for 65+). The sources differ by more
than their own errors, so the slopes are a sample of what advertisers have: their mean is drawn towards none
(positive-part James–Stein), and one more advertiser differs from it as they do from each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.base.metrics import AGE_BANDS
from tools.research.evidence import BANDS, CPM_BY_AGE, CTR_BY_AGE, IMPRESSIONS_BY_AGE

Figures = Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]

MIDDLE = (len(AGE_BANDS) - 1) / 2
OLDEST = 72.0
"""Age that stands for 65 and over."""
PRIOR_SPREAD, PRIOR_SOURCES = 0.3, 2
"""Spread of slopes between sources before any figure, and how many sources that belief is worth."""
QUANTILE = 1.2815515655446004


@dataclass(frozen=True)
class Slope:
    """Log effect per unit of place, its spread between advertisers, and the sources behind it."""

    mean: float
    log_sd: float
    sources: tuple[str, ...]

    def factors(self) -> dict[str, float]:
        """Return the factor of each band, 1 on average over the impressions of an untargeted campaign."""
        logs = {band: self.mean * _place(_age(band)) for band in BANDS}
        weights = np.array(IMPRESSIONS_BY_AGE) / sum(IMPRESSIONS_BY_AGE)
        level = float(weights @ np.exp([logs[band] for band in BANDS]))
        found = {band: float(np.exp(value) / level) for band, value in logs.items()}
        # Nobody publishes minors: as the youngest adults.
        return {AGE_BANDS[0]: found[BANDS[0]], **found}

    def range(self) -> tuple[float, float]:
        """Return the factors that pull the ends apart, 80 %."""
        half = float(np.exp(QUANTILE * self.log_sd))
        return 1.0 / half, half


def price_slope(without: str = "") -> Slope:
    """Return the slope of the price over age."""
    return _pooled(_without(CPM_BY_AGE, without), _between(without))


def click_slope(without: str = "") -> Slope:
    """Return the slope of the click rate over age."""
    return _pooled(_without(CTR_BY_AGE, without), _between(without))


def _pooled(figures: Figures, between: float) -> Slope:
    slopes = _slopes(figures)
    mean, error = float(np.mean(slopes)), between**2 / len(slopes)
    kept = max(0.0, 1.0 - error / mean**2)
    return Slope(kept * mean, float(np.sqrt(between**2 + error)), tuple(figures))


def _between(without: str) -> float:
    """Return the spread of slopes between sources, both tables together: neither has enough of them alone."""
    squares, freedom = PRIOR_SOURCES * PRIOR_SPREAD**2, PRIOR_SOURCES
    for figures in (_without(CPM_BY_AGE, without), _without(CTR_BY_AGE, without)):
        slopes = np.array(_slopes(figures))
        squares += float(((slopes - slopes.mean()) ** 2).sum())
        freedom += len(slopes) - 1
    return float(np.sqrt(squares / freedom))


def _slopes(figures: Figures) -> list[float]:
    found = []
    for bands, values in figures.values():
        place = np.array([_place(_age(band)) for band in bands])
        logs = np.log(values)
        off = place - place.mean()
        found.append(float(off @ logs / (off @ off)))
    return found


def _without(figures: Figures, source: str) -> Figures:
    return {name: figure for name, figure in figures.items() if name != source}


def _age(band: str) -> float:
    if band.endswith("+"):
        return OLDEST
    low, high = band.split("-")
    return (float(low) + float(high)) / 2.0


def _place(age: float) -> float:
    """Return the place of an age among the bands, −1 to 1."""
    ages = [_age(band) for band in AGE_BANDS]
    return (float(np.interp(age, ages, np.arange(len(ages)))) - MIDDLE) / MIDDLE
