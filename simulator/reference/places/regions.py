"""Countries and regions: their codes, names, and the cells they are made of."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

import numpy as np

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import nearest
from simulator.reference.places.tables import Ints, cells, rows_of

LANGUAGES = ("fr", "en")


class Area(Protocol):
    """What a circle, a region or a country has; ``Place`` is the one that users make."""

    @property
    def kind(self) -> str:
        """``circle``, ``region`` or ``country``."""

    @property
    def country_code(self) -> str:
        """Two letters."""

    @property
    def code(self) -> str:
        """Of a region, a country or a town."""

    @property
    def latitude(self) -> float | None:
        """Degrees, of a circle."""

    @property
    def longitude(self) -> float | None:
        """Degrees, of a circle."""

    @property
    def radius_km(self) -> float | None:
        """Of a circle."""


def region_label(code: str, language: str = "fr") -> str:
    """Return the name of a region (``FR-64``, ``FR-NAQ``, ``CA-QC``, ``CA-QC-03``) or country (``FR``).

    Raises
    ------
    InvalidInput
        ``unknown_country`` for two letters that are no country of the tables, else ``unknown_region``.
    """
    if language not in LANGUAGES:
        raise InvalidInput("unknown_choice", field="language", received=shown(language), allowed=", ".join(LANGUAGES))
    if code in _regions():
        return _regions()[code][language]
    if isinstance(code, str) and re.fullmatch(r"[A-Za-z]{2}", code):
        check_country(code)
        return _countries()[code][language]
    raise InvalidInput("unknown_region", field="code", received=shown(code), allowed=_advice(code))


def check_country(code: str) -> None:
    """Raise ``unknown_country`` unless ``code`` is a country of the tables (two capital letters)."""
    if not isinstance(code, str) or code not in _countries():
        raise InvalidInput("unknown_country", field="country_code", received=shown(code))


def country_codes() -> tuple[str, ...]:
    """Return the codes of all countries, sorted."""
    return tuple(sorted(_countries()))


def currency_of(country: str) -> str:
    """Return the code of the currency people pay with in a country, empty where the table has none."""
    check_country(country)
    return _countries()[country]["currency"]


def region_codes() -> tuple[str, ...]:
    """Return the codes of all regions, sorted."""
    return tuple(sorted(_regions()))


def cells_of(place: Area) -> Ints:
    """Return the rows in ``cells()`` of a region or country."""
    if place.kind == "country":
        check_country(place.code)
        return np.flatnonzero(np.array(cells().countries) == place.code)
    region_label(place.code)
    inside = _regions()[place.code]["cells"].split()
    return np.flatnonzero(np.isin(np.array(cells().codes), inside))


@cache
def areas_apart(regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the code under which each cell is counted: one of ``regions`` where it lies in it, else its country."""
    codes = list(cells().countries)
    for region in regions:
        inside = set(_regions()[region]["cells"].split())
        codes = [region if cell in inside else code for cell, code in zip(cells().codes, codes, strict=True)]
    return tuple(codes)


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of("countries")}


@cache
def _regions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of("regions")}


def _advice(code: object) -> str:
    """Say which codes there are, nearest first."""
    close = nearest(code.upper(), _regions()) if isinstance(code, str) else []
    near = f"nearest: {', '.join(f'{known} ({region_label(known)})' for known in close)}; " if close else ""
    return f"{near}known: départements (FR-64), French regions (FR-NAQ), Québec (CA-QC) and its regions (CA-QC-03)"
