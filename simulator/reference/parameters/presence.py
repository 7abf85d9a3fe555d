"""Who uses Facebook and Instagram in a country, by sex and age, and how many use both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from simulator.reference.parameters.collection import Parameters
from simulator.reference.parameters.entry import Source

AGE_BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
PLATFORMS = ("facebook", "instagram")

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Presence:
    """Share of residents who use a platform at least once a month.

    Attributes
    ----------
    facebook, instagram : ndarray (2, 7)
        Women first, then men; bands of ``AGE_BANDS``. Users of the other platform included.
    both : ndarray (2, 7)
        Users of both; at most either, and no fewer than the two leave room for.
    log_sd : float
        Spread of the number of users, logarithm.
    is_assumption : bool
        Whether the figures are carried over from other countries.
    sources : tuple of Source
    """

    facebook: Array
    instagram: Array
    both: Array
    log_sd: float
    is_assumption: bool
    sources: tuple[Source, ...]


def presence(country_code: str, parameters: Parameters) -> Presence:
    """Return who uses the platforms.

    Parameters
    ----------
    country_code : str
        Two letters, or a region with a survey of its own (``CA-QC``). A country without a survey is taken as
        ``presence.wealthy`` or ``presence.world``, by its income per head: an assumption, with a wider range.

    Notes
    -----
    Women and men lie on either side of the age's share by half the logarithm of the odds ratio. The two
    platforms are joined within a segment by their odds ratio (Plackett 1965), so that shares stay consistent
    whatever the values.
    """
    table = _table(country_code, parameters)
    shares = {name: _by_sex(f"{table}.{name}", f"{table}.women_odds.{name}", parameters) for name in PLATFORMS}
    overlap = parameters["presence.overlap_odds"]
    first = {name: parameters[f"{table}.{name}.{AGE_BANDS[0]}"] for name in PLATFORMS}
    sources = dict.fromkeys(source for entry in (*first.values(), overlap) for source in entry.sources)
    spreads = [entry.sd * (1.0 - float(shares[name].mean())) for name, entry in first.items()]
    return Presence(
        facebook=shares["facebook"],
        instagram=shares["instagram"],
        both=joint_share(shares["facebook"], shares["instagram"], overlap.value),
        log_sd=float(np.mean(spreads)),
        is_assumption=any(entry.is_assumption for entry in first.values()),
        sources=tuple(sources),
    )


def joint_share(first: Array, second: Array, odds_ratio: float) -> Array:
    """Return the share in both of two groups whose membership has the odds ratio ``odds_ratio``.

    Between max(0, first + second - 1) and min(first, second); first * second at an odds ratio of 1.

    Source: Plackett 1965, equation for the 2 x 2 table.
    """
    if abs(odds_ratio - 1.0) < 1e-9:
        return np.asarray(first * second)
    excess = odds_ratio - 1.0
    total = 1.0 + (first + second) * excess
    root = np.sqrt(total**2 - 4.0 * odds_ratio * excess * first * second)
    # The smaller root of the quadratic, written so that nothing cancels.
    return np.asarray(2.0 * odds_ratio * first * second / (total + root))


def _by_sex(shares: str, odds: str, parameters: Parameters) -> Array:
    by_age = logit(np.array([parameters.value(f"{shares}.{band}") for band in AGE_BANDS]))
    half = 0.5 * np.log(parameters.value(odds))
    return np.asarray(expit(np.stack([by_age + half, by_age - half])))


def _table(code: str, parameters: Parameters) -> str:
    for known in (code, code[:2]):
        if f"presence.{known}.facebook.{AGE_BANDS[0]}" in parameters:
            return f"presence.{known}"
    income = parameters.get(f"income.per_head.{code[:2]}")
    wealthy = income is not None and income.value >= parameters.value("presence.income_from")
    return "presence.wealthy" if wealthy else "presence.world"
