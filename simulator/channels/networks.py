"""Where are my customers? The share of those aimed at who use each network, with year and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from simulator.base.metrics import AGE_BANDS
from simulator.base.validation import instance_of
from simulator.campaign.campaign import Targeting
from simulator.campaign.forecast import QUANTILES
from simulator.forecasting.audience import by_survey_area
from simulator.reference.parameters import Parameters, Source, given_or_shipped, presence
from simulator.reference.places import people_between

Array = NDArray[np.float64]

SURVEYED = ("FR", "CA-QC", "CA")
"""Areas with figures of their own; any other takes those of ``elsewhere``."""
YEARS = (5.0, 7.0, 10.0, 10.0, 10.0, 10.0, 20.0)
"""Years of age in each band; the last as long as people usually live."""
ADULTS = 1
"""First of the bands that the surveys ask; the last one only where no oldest age is given."""
CLOSED = "viadeo"
GOOD_FOR: dict[str, tuple[str, ...]] = {
    "facebook": ("neighbours", "events"),
    "instagram": ("pictures", "crafts"),
    "pinterest": ("crafts", "projects"),
    "x": ("news",),
    "linkedin": ("business_customers",),
    "youtube": ("how_it_is_made",),
    "tiktok": ("young", "short_videos"),
    CLOSED: (),
}
"""Networks in the order of display, and codes of what each is good for."""


@dataclass(frozen=True)
class NetworkShare:
    """One network.

    Attributes
    ----------
    network : str
        One of ``GOOD_FOR``.
    is_open : bool
        Whether it still exists; without shares where it does not.
    low, share, high : float
        Share of the people aimed at who use it; 80 % of the belief lies between low and high.
    people : float
        How many that are.
    year : int
        Of the oldest figure behind the share; of a closed one, when it was taken over.
    good_for : tuple of str
        Codes: neighbours, events, pictures, crafts, projects, news, business_customers, …
    is_assumption : bool
        Whether the share is carried over from another country.
    sources : tuple of Source
    """

    network: str
    is_open: bool
    low: float
    share: float
    high: float
    people: float
    year: int
    good_for: tuple[str, ...]
    is_assumption: bool
    sources: tuple[Source, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``; the sources by publisher and title."""
        names = ("network", "is_open", "low", "share", "high", "people", "year", "is_assumption")
        plain = {name: getattr(self, name) for name in names}
        sources = [f"{source.publisher}: {source.title}" for source in self.sources]
        return {**plain, "good_for": list(self.good_for), "sources": sources}


def networks(targeting: Targeting, parameters: Parameters | None = None) -> tuple[NetworkShare, ...]:
    """Return how many of the people aimed at use each network, whatever their interests.

    Parameters
    ----------
    targeting : Targeting
        Places, ages and sex are used.
    parameters : Parameters, optional
        The shipped ones where absent.

    Raises
    ------
    InvalidInput
        ``wrong_type``, or a place that the tables lack.
    """
    instance_of("targeting", targeting, Targeting)
    parameters = given_or_shipped(parameters)
    found = by_survey_area(targeting)
    living = people_between(found, targeting.age_min, targeting.age_max, targeting.gender)
    areas = dict(zip(found.country_codes, living, strict=True))
    return tuple(_closed(parameters) if name == CLOSED else _share(name, areas, parameters) for name in GOOD_FOR)


def _closed(parameters: Parameters) -> NetworkShare:
    taken_over = parameters[f"networks.taken_over.{CLOSED}"]
    year = int(taken_over.value)
    return NetworkShare(CLOSED, False, 0.0, 0.0, 0.0, 0.0, year, GOOD_FOR[CLOSED], False, taken_over.sources)


def _share(network: str, areas: dict[str, Array], parameters: Parameters) -> NetworkShare:
    """Add up the areas: all of them high together, or low together."""
    total = sum(float(living.sum()) for living in areas.values())
    users, years, assumed, sources = np.zeros(len(QUANTILES)), [], False, {}
    for area, living in areas.items():
        if living.sum() <= 0.0 and total > 0.0:
            continue
        by_quantile, year, assumption, named = _by_segment(network, area, parameters)
        users += (by_quantile * living).sum(axis=(1, 2))
        years.append(year)
        assumed = assumed or assumption
        sources.update(dict.fromkeys(named))
    low, middle, high = users / total if total > 0.0 else users
    good_for = GOOD_FOR[network]
    return NetworkShare(network, True, low, middle, high, float(users[1]), min(years), good_for, assumed, (*sources,))


def _by_segment(network: str, area: str, parameters: Parameters) -> tuple[Array, int, bool, tuple[Source, ...]]:
    """Return the share by sex and age at each quantile, shape (quantile, sex, band), with its year and sources."""
    if network in ("facebook", "instagram"):
        return _presence(network, area, parameters)
    known = next((code for code in SURVEYED if code in (area, area[:2])), "elsewhere")
    if f"networks.level.{area}.{network}" in parameters:
        known = area
    level = parameters[f"networks.level.{known}.{network}"]
    ages = np.array([parameters.value(f"networks.age.{network}.{band}") for band in AGE_BANDS])
    half = 0.5 * np.log(parameters.value(f"networks.women_odds.{network}"))
    both = logit(ages)[None, :] + np.array([[half], [-half]])
    asked = np.array(YEARS)
    asked[:ADULTS] = 0.0
    if f"networks.oldest.{known}.{network}" in parameters:
        asked[-1] = 0.0
    shares = np.stack([expit(both + _shift(both, asked, value)) for value in level.quantile(QUANTILES)])
    shape = parameters[f"networks.age.{network}.{AGE_BANDS[0]}"]
    sources = tuple(dict.fromkeys((*level.sources, *shape.sources)))
    return shares, level.valid_from.year, level.is_assumption, sources


def _shift(log_odds: Array, years: Array, level: float) -> float:
    """Return what moves the shape so that those asked by the survey use the network as much as it says."""
    from scipy.optimize import brentq  # here, because the optimiser takes long to import

    def gap(shift: float) -> float:
        return float((expit(log_odds + shift).mean(axis=0) * years).sum() / years.sum()) - level

    return float(brentq(gap, -12.0, 12.0))


def _presence(network: str, area: str, parameters: Parameters) -> tuple[Array, int, bool, tuple[Source, ...]]:
    """Return the shares of the two platforms whose use is known by age and country."""
    use = presence(area, parameters)
    share = getattr(use, network)
    # The spread is of the number of users; on the odds it is wider, and no share leaves 0 to 1.
    spread = use.log_sd / (1.0 - float(share.mean()))
    shares = np.stack([expit(logit(share) + spread * step) for step in ndtri(np.array(QUANTILES))])
    known = next((code for code in (area, area[:2]) if f"presence.{code}.{network}.13-17" in parameters), "")
    keys = parameters.keys(f"presence.{known}.{network}") if known else parameters.keys("presence.FR.facebook")
    return shares, parameters[keys[0]].valid_from.year, use.is_assumption, use.sources
