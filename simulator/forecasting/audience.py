"""Targeting to people: joins the tables of places, platforms and interests into an audience.

People are kept in cells (country × sex × age band) and by presence (only Facebook, only Instagram, both), so
that nobody is counted twice and reach adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import AGE_BANDS, PRESENCES, SEXES
from simulator.base.validation import instance_of, one_of
from simulator.campaign.campaign import PLATFORMS, Targeting
from simulator.campaign.forecast import Flag
from simulator.reference.interests import shares_by_segment
from simulator.reference.parameters import Parameters, age_and_place_only_below, minimum_age
from simulator.reference.parameters import presence as presence_in
from simulator.reference.places import People, people, people_between
from simulator.reference.places.people import LIMITS

Array = NDArray[np.float64]

SURVEYED_REGIONS = ("CA-QC",)
"""Regions with a survey of platform use of their own."""


NEAR_KM, NEAR_IN_QUEBEC_KM = 3.0, 10.0
"""Below these radii the people inside a circle are counted less surely."""


def table_error(targeting: Targeting, areas: Sequence[str]) -> str:
    """Return the parameter that says how surely the people of the places are counted.

    The largest circle decides. In Québec the points of the tables are farther apart than the square kilometres of
    Europe; where the circle is small there too, only the neighbourhood is known.

    Parameters
    ----------
    areas : sequence of str
        Codes of the countries, and of the regions with a survey of their own, in which the people live.
    """
    radius_km = max(place.radius_km or np.inf for place in targeting.places)
    if "CA-QC" in areas and radius_km < NEAR_IN_QUEBEC_KM:
        return "audience.table_error.assumption" if radius_km < NEAR_KM else "audience.table_error.near"
    return "audience.table_error.near" if radius_km < NEAR_KM else "audience.table_error.measured"


@dataclass(frozen=True)
class Cell:
    """A group of people alike in price and response."""

    country_code: str
    sex: str
    age_band: str


@dataclass(frozen=True, eq=False)
class Audience:
    """People who could be shown the advertisement.

    Attributes
    ----------
    people : ndarray (presence, cell)
        Best estimate.
    presence : ndarray (presence, platform) of bool
        Platforms of the campaign on which the people of a row are.
    presences : tuple of str
        Names of the rows: facebook, instagram, both.
    platforms : tuple of str
    cells : tuple of Cell
    log_sd : float
        Spread of the total, logarithm.
    bound : float
        Half-width of the platform's own style of range, a factor.
    gauge : str
        too_narrow, narrow, good or broad.
    living_there : float
        People of the ages and sex living in the places.
    counted_within : float
        How far off the people living there may be, 8 chances in 10, as a share; 0 where the size was typed.
    is_assumption : bool
        Whether the use of the platforms is carried over from other countries.
    reasons : tuple of Flag
        Why nobody is left, or who was left out.
    sources : tuple of str
        Titles of the tables used.
    """

    people: Array
    presence: NDArray[np.bool_]
    presences: Sequence[str]
    platforms: Sequence[str]
    cells: tuple[Cell, ...]
    log_sd: float
    bound: float
    gauge: str
    living_there: float
    counted_within: float
    is_assumption: bool
    reasons: tuple[Flag, ...]
    sources: tuple[str, ...]

    @property
    def size(self) -> float:
        """All of them."""
        return float(self.people.sum())

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a cell and presence: country, age_band, sex, presence, people."""
        return [
            {
                "country": cell.country_code,
                "age_band": cell.age_band,
                "sex": cell.sex,
                "presence": presence,
                "people": float(self.people[row, column]),
            }
            for column, cell in enumerate(self.cells)
            for row, presence in enumerate(self.presences)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        low, high = self.range
        return {
            "audience_size": self.size,
            "lower_bound": low,
            "upper_bound": high,
            "log_sd": self.log_sd,
            "gauge": self.gauge,
            "living_there": self.living_there,
            "is_assumption": self.is_assumption,
            "segments": self.rows(),
            "reasons": [flag.to_dict() for flag in self.reasons],
            "sources": list(self.sources),
        }

    @property
    def range(self) -> tuple[float, float]:
        """Return the lower and upper figure in the platform's own style."""
        return self.size / self.bound, self.size * self.bound

    @property
    def main_country(self) -> str:
        """Country with the most of them."""
        people: dict[str, float] = {}
        for cell, count in zip(self.cells, self.people.sum(axis=0), strict=True):
            people[cell.country_code] = people.get(cell.country_code, 0.0) + float(count)
        return max(people, key=lambda code: (people[code], code))


def _check_platforms(platforms: object) -> None:
    if not isinstance(platforms, (list, tuple)):
        raise InvalidInput("wrong_type", field="platforms", received=shown(platforms), allowed="a list")
    if not platforms:
        raise InvalidInput("empty_choice", field="platforms", allowed=", ".join(PLATFORMS))
    for place, name in enumerate(platforms):
        one_of(f"platforms.{place}", name, PLATFORMS)


def estimate_audience(targeting: Targeting, parameters: Parameters, platforms: Sequence[str] = PLATFORMS) -> Audience:
    """Estimate who could be shown the advertisement.

    Raises
    ------
    InvalidInput
        If a place names a region or a country that the tables lack, or an argument is not what it should be.
    """
    instance_of("targeting", targeting, Targeting)
    instance_of("parameters", parameters, Parameters)
    _check_platforms(platforms)
    platforms = tuple(name for name in PLATFORMS if name in platforms)
    found = by_survey_area(targeting)
    areas = found.country_codes
    living = people_between(found, targeting.age_min, targeting.age_max, targeting.gender)
    allowed, reasons = _allowed_ages(found, living, targeting, parameters)
    interested = shares_by_segment(targeting.interests, parameters) if targeting.interests else 1.0
    names, rows = _presence_rows(platforms)
    counts = np.zeros((len(names), *allowed.shape))
    spreads, assumed, sources = [], False, [source.title for source in found.sources]
    for index, area in enumerate(areas):
        use = presence_in(area, parameters)
        shares = on_platforms(area, platforms, parameters)
        for row, name in enumerate(names):
            counts[row, index] = allowed[index] * shares[name] * interested
        spreads.append(use.log_sd)
        assumed = assumed or use.is_assumption
        sources += [source.title for source in use.sources]
    cells = tuple(Cell(area[:2], sex, band) for area in areas for sex in SEXES for band in AGE_BANDS)
    flat = counts.reshape(len(names), -1)
    table = table_error(targeting, areas)
    log_sd = _spread(flat, spreads, parameters[table].log_sd, bool(targeting.interests), parameters)
    reasons += _nobody(living, allowed, flat, targeting)
    if targeting.audience_size is not None:
        flat = _typed(flat, allowed.reshape(-1), targeting.audience_size)
        log_sd = _bound(parameters)
    keep = flat.sum(axis=0) > 0.0
    if not keep.any():
        keep[0] = True
    return Audience(
        people=flat[:, keep],
        presence=rows,
        presences=names,
        platforms=platforms,
        cells=tuple(cell for cell, kept in zip(cells, keep, strict=True) if kept),
        log_sd=log_sd,
        bound=parameters.value("audience.bound"),
        gauge=_gauge(float(flat.sum()), parameters),
        living_there=float(living.sum()),
        counted_within=_ends(parameters[table].log_sd) if targeting.audience_size is None else 0.0,
        is_assumption=assumed and targeting.audience_size is None,
        reasons=reasons,
        sources=tuple(dict.fromkeys(sources)),
    )


def by_survey_area(targeting: Targeting) -> People:
    """Count the people of the places, those of a region with a survey of its own apart from their country."""
    return people(targeting.places, targeting.excluded_places, SURVEYED_REGIONS)


def _gauge(size: float, parameters: Parameters) -> str:
    """Return too_narrow, narrow, good or broad."""
    for name in ("too_narrow", "narrow", "good"):
        if size < parameters.value(f"audience.gauge.{name}"):
            return name
    return "broad"


def _presence_rows(platforms: Sequence[str]) -> tuple[Sequence[str], NDArray[np.bool_]]:
    if len(platforms) == 1:
        return platforms, np.array([[True]])
    return PRESENCES, np.array([[True, False], [False, True], [True, True]])


def _allowed_ages(
    found: People, living: Array, targeting: Targeting, parameters: Parameters
) -> tuple[Array, tuple[Flag, ...]]:
    """Take away those too young to be shown advertisements, by the rule of their country."""
    allowed = living.copy()
    reasons: list[Flag] = []
    for index, area in enumerate(found.country_codes):
        least, code_of_rule = youngest(area[:2], targeting, parameters)
        if least <= targeting.age_min:
            continue
        aimed = found.by_year[index] * aimed_at(area, targeting, parameters)
        allowed[index] = np.add.reduceat(aimed, LIMITS, axis=-1)[:, 1:]
        if living[index].sum() > allowed[index].sum():
            reasons.append(Flag(code_of_rule, {"country": area[:2], "age": least}))
    return allowed, tuple(dict.fromkeys(reasons))


def youngest(country_code: str, targeting: Targeting, parameters: Parameters) -> tuple[int, str]:
    """Return the least age that may be shown the advertisement there, and the code of the rule."""
    least = int(minimum_age(country_code, parameters))
    by_place_only = int(age_and_place_only_below(country_code, parameters))
    if by_place_only > least and (targeting.interests or targeting.gender != "all"):
        return by_place_only, "minors_by_age_and_place_only"
    return least, "minors_not_allowed"


def aimed_at(
    area: str, targeting: Targeting, parameters: Parameters, ages: tuple[int, int] | None = None
) -> NDArray[np.bool_]:
    """Return who in an area may be shown the advertisement: shape (sex, single year of age 0 … 65 and over).

    The one rule: wished ages and sex, less those too young by the law of the country and the platform.

    Parameters
    ----------
    area : str
        Code of a country, or of a region with a survey of its own.
    ages : (int, int), optional
        Instead of those of the targeting, both included.
    """
    low, high = ages or (targeting.age_min, targeting.age_max)
    aimed = np.zeros((len(SEXES), LIMITS[-1] + 1), dtype=bool)
    sexes = slice(None) if targeting.gender == "all" else SEXES.index(targeting.gender)
    aimed[sexes, max(low, youngest(area[:2], targeting, parameters)[0]) : high + 1] = True
    return aimed


def on_platforms(area: str, platforms: Sequence[str], parameters: Parameters) -> dict[str, Array]:
    """Return the share of people of each sex and age band by presence: shape (sex, age band) each, disjoint."""
    use = presence_in(area, parameters)
    if len(platforms) == 1:
        return {platforms[0]: getattr(use, platforms[0])}
    alone = {name: np.maximum(getattr(use, name) - use.both, 0.0) for name in PLATFORMS}
    return {**alone, "both": use.both}


def _nobody(living: Array, allowed: Array, counts: Array, targeting: Targeting) -> tuple[Flag, ...]:
    if targeting.audience_size == 0:
        return (Flag("audience_size_zero"),)
    if counts.sum() > 0.0 or targeting.audience_size is not None:
        return ()
    if living.sum() <= 0.0:
        return (Flag("nobody_lives_there"),)
    # Where the rule about minors leaves nobody, it is the reason and stands there already.
    return (Flag("nobody_matches"),) if allowed.sum() > 0.0 else ()


def _typed(counts: Array, people: Array, size: float) -> Array:
    """Scale the estimate's shape to a typed size; an empty estimate is spread over the people living there."""
    if counts.sum() <= 0.0:
        spread = people if people.sum() > 0.0 else np.ones_like(people)
        counts = np.broadcast_to(spread, counts.shape).copy()
    return np.asarray(counts * (size / counts.sum()))


def _bound(parameters: Parameters) -> float:
    """Log-sd of an audience size read on the platform: its own range taken as an 80 % interval."""
    return float(np.log(parameters.value("audience.bound")) / 1.2815515655446004)


def _ends(log_sd: float) -> float:
    """Return the upper end of the 80 % range of a factor, as a share above 1."""
    return float(np.expm1(1.2815515655446004 * log_sd))


def _spread(counts: Array, spreads: list[float], table: float, interests: bool, parameters: Parameters) -> float:
    """Join the doubts about tables, platform use and interests, each weighted by its people."""
    by_country = counts.sum(axis=0).reshape(len(spreads), -1).sum(axis=1)
    weights = by_country / by_country.sum() if by_country.sum() > 0.0 else np.full(len(spreads), 1 / len(spreads))
    use = float(np.sqrt(np.sum(weights * np.square(spreads))))
    interest = parameters["audience.interest_error"].log_sd if interests else 0.0
    return float(np.sqrt(use**2 + table**2 + interest**2 + _bound(parameters) ** 2))
