"""People living in places: counted once, exclusions taken away, by country, sex and age.

Age structures are shares of each sex and single year of age, from tables by band. Years within a band follow a smooth
curve through the band totals (a monotone cubic through the number of people younger than each band's limit), so that
any age limits can be cut out and the bands stay exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from simulator.base.errors import InvalidInput, shown
from simulator.reference.places.circles import Circle
from simulator.reference.places.points import point_tables_of, points_near, shares_inside
from simulator.reference.places.regions import Area, areas_apart, cells_of, check_country
from simulator.reference.places.tables import Floats, Source, cells, rows_of, source

SEXES = ("women", "men")
BANDS = ("0-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
"""Bands of the tables: children, then the age bands of the platform."""
LIMITS = (0, 13, 18, 25, 35, 45, 55, 65)
"""Youngest age of each band."""
CURVE_ENDS = 100
"""Age at which the curve through the bands ends; it shapes 55–64 only, 65 and over is never split."""

_SEX_CODES = {"women": "F", "men": "M"}
GENDERS = ("all", *SEXES)
YOUNGEST, OLDEST = LIMITS[1], LIMITS[-1]
"""Ages a targeting may name; the upper one means that age and over."""


@dataclass(frozen=True, eq=False)
class People:
    """People living in the union of some places.

    Attributes
    ----------
    country_codes : tuple of str, (country,)
        Every country, or region counted apart, where some of them live, whatever country the places name; sorted.
        Where nobody lives, the countries of the places.
    counts : array (country, sex, 8)
        People by ``SEXES`` and ``BANDS`` (0-12, then the platform's age bands).
    by_year : array (country, sex, 66)
        The same people aged 0 … 64, and 65 and over.
    sources : tuple of Source
        Tables the figures come from.
    """

    country_codes: tuple[str, ...]
    counts: Floats
    by_year: Floats
    sources: tuple[Source, ...]

    @property
    def total(self) -> float:
        """All of them, any age."""
        return float(self.counts.sum())


def people(places: Iterable[Area], excluded_places: Iterable[Area] = (), regions_apart: Iterable[str] = ()) -> People:
    """Return the people living in at least one of ``places`` and in none of ``excluded_places``.

    Those of ``regions_apart`` (codes such as ``CA-QC``) stand under the code of their region, not of their country.

    Raises
    ------
    InvalidInput
        If a place names a region or country that the tables lack.
    """
    wanted, excluded = list(places), list(excluded_places)
    residents = residents_by_cell([*wanted, *excluded])
    if excluded:
        # What lies in either, less what lies in the excluded: exact, since both count areas once.
        # The difference of two equal sums may be -1e-9.
        residents = np.maximum(residents - residents_by_cell(excluded), 0.0)
    by_points = any(place.kind == "circle" for place in (*wanted, *excluded))
    return _with_ages(residents, {place.country_code for place in wanted}, tuple(regions_apart), by_points)


def population(place: Area) -> float:
    """Return the people of all ages living in ``place`` (a circle, a region or a country)."""
    return float(residents_by_cell([place]).sum())


def people_between(people: People, age_min: int, age_max: int, gender: str = "all") -> Floats:
    """Return the people from ``age_min`` to ``age_max`` years old, both included.

    Parameters
    ----------
    people : People
    age_min, age_max : int
        13 to 65 years; 65 means 65 and over. Part of a band counts by single years of age.
    gender : {"all", "women", "men"}

    Returns
    -------
    array (country, sex, 7)
        People by the platform's age bands, 13-17 … 65+.
    """
    for field, age in (("age_min", age_min), ("age_max", age_max)):
        if not YOUNGEST <= age <= OLDEST:
            allowed = f"{YOUNGEST} to {OLDEST} years"
            raise InvalidInput("out_of_range", field=field, received=shown(age), allowed=allowed)
    if age_min > age_max:
        raise InvalidInput("age_order", field="age_min", received=f"{age_min}, {age_max}")
    if gender not in GENDERS:
        raise InvalidInput("unknown_choice", field="gender", received=shown(gender), allowed=", ".join(GENDERS))
    chosen = np.zeros_like(people.by_year)
    sexes = slice(None) if gender == "all" else slice(SEXES.index(gender), SEXES.index(gender) + 1)
    chosen[:, sexes, age_min : age_max + 1] = people.by_year[:, sexes, age_min : age_max + 1]
    return _bands(chosen)[..., 1:]


def residents_by_cell(places: Iterable[Area]) -> Floats:
    """Return the people of all ages living in the union of ``places``, (cell,), not to be written to."""
    return _residents_by_cell(tuple(places))


# A forecast and its curve, or a hundred budgets for one town, ask for the same places; 512 of them are 2 MB.
@lru_cache(maxsize=512)
def _residents_by_cell(places: tuple[Area, ...]) -> Floats:
    """Look at points only for circles, and only outside the regions and countries that count as a whole."""
    whole = np.zeros(len(cells()), dtype=bool)
    circles = set()
    for place in places:
        if place.kind == "circle":
            check_country(place.country_code)
            circles.add(circle_of(place))
        else:
            whole[cells_of(place)] = True
    partly = np.zeros(len(cells()))
    for near in points_near(circles):
        inside = shares_inside(near, circles) * near.people
        partly += np.bincount(near.area, weights=inside, minlength=len(cells()))
    residents = np.where(whole, cells().population, partly)
    residents.setflags(write=False)
    return residents


def circle_of(place: Area) -> Circle:
    """Return the circle of a place of that kind."""
    if place.latitude is None or place.longitude is None or place.radius_km is None:
        raise InvalidInput("missing", field="latitude, longitude, radius_km", allowed="a centre and a radius")
    return Circle(place.latitude, place.longitude, place.radius_km)


def _with_ages(residents: Floats, own_countries: set[str], regions_apart: tuple[str, ...], by_points: bool) -> People:
    known = cells()
    lived_in = np.flatnonzero(residents > 0).tolist()
    code_of = areas_apart(regions_apart)
    codes = tuple(sorted({code_of[row] for row in lived_in} or own_countries))
    by_year = np.zeros((len(codes), len(SEXES), LIMITS[-1] + 1))
    for row in lived_in:
        by_year[codes.index(code_of[row])] += residents[row] * year_shares()[known.age_groups[row]]
    counted = point_tables_of(lived_in) if by_points else {known.town_tables[row] for row in lived_in}
    tables = counted | {known.age_tables[row] for row in lived_in}
    return People(codes, _bands(by_year), by_year, tuple(source(table) for table in sorted(tables)))


def _bands(by_year: Floats) -> Floats:
    """Return people by band from people by single year: (…, 66) to (…, 8)."""
    counts: Floats = np.add.reduceat(by_year, LIMITS, axis=-1)
    return counts


@cache
def year_shares() -> dict[str, Floats]:
    """Return, by age group, the share of its people by sex and age: (sex, 66), ages 0 … 64 and 65+; sum 1."""
    bands = {
        group: counts / counts.sum() for table in _age_tables() for group, counts in _people_by_band(table).items()
    }
    years = by_year(np.stack(list(bands.values())))
    return dict(zip(bands, years, strict=True))


def _age_tables() -> tuple[str, ...]:
    return tuple(sorted(set(cells().age_tables)))


def _people_by_band(table: str) -> dict[str, Floats]:
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
    knots = np.array([*LIMITS, CURVE_ENDS], dtype=float)
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
