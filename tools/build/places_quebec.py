"""Municipalities and regions of Québec: from the collected figures to the package's tables."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from simulator.reference.places.circles import distances_km
from simulator.reference.places.tables import Ints, unit_vectors
from tools.build.place_tables import BANDS, Town, read_rows, write_rows

ALIASES = {
    "23027": ("Quebec City", "Québec City", "Ville de Québec", "Québec ville"),
    "66023": ("Ville de Montréal",),
}
HEALTH_REGION = {"17": "04"}
"""Health region of an administrative region where the numbers differ: Mauricie et Centre-du-Québec is one."""
POSITIONS = {
    "05020": (48.0622, -65.1674),  # Hope Town
    "06802": (48.2001, -65.9232),  # Gesgapegiag
    "34017": (46.7547, -71.6957),  # Pont-Rouge, GeoNames 6944111
    "40005": (45.7607, -71.6081),  # Ham-Sud
    "42065": (45.5579, -72.3125),  # Maricourt
    "44045": (45.0785, -71.9608),  # Barnston-Ouest
    "57033": (45.5104, -73.1257),  # Saint-Jean-Baptiste
    "68050": (45.2416, -73.5750),  # Saint-Michel
    "78102": (46.1182, -74.5977),  # Mont-Tremblant
    "80085": (45.7732, -75.3763),  # Mulgrave-et-Derry
    "80095": (45.9098, -75.0945),  # Lac-Simon
    "90804": (48.6608, -74.9376),  # Obedjiwan
    "97040": (54.8016, -66.8183),  # Schefferville
    "97806": (54.8669, -66.7652),  # Kawawachikamach
    "98806": (50.1348, -61.8025),  # Natashquan
    "99005": (49.0538, -76.9673),  # Lebel-sur-Quévillon
    "99015": (49.7600, -77.6313),  # Matagami
    "99020": (49.7818, -74.8509),  # Chapais
    "99030": (50.4202, -73.8685),  # Mistissini, village
    "99060": (49.0887, -79.1328),  # Eeyou Istchee Baie-James, at Valcanton
    "99075": (55.2874, -77.7493),  # Kuujjuarapik
    "99080": (56.5546, -76.5352),  # Umiujaq
    "99085": (58.4566, -78.1064),  # Inukjuak
    "99115": (61.0406, -69.5863),  # Quaqtaq
    "99120": (60.0468, -77.2559),  # Puvirnituq
    "99125": (60.8251, -78.1544),  # Akulivik
    "99130": (61.5985, -71.9603),  # Kangiqsujuaq
    "99135": (62.2021, -75.6418),  # Salluit
    "99140": (62.4109, -77.9022),  # Ivujivik
    "99802": (49.6949, -75.9655),  # Waswanipi
    "99804": (50.4202, -73.8685),  # Mistissini
    "99806": (51.4808, -78.7480),  # Waskaganish
    "99808": (51.6789, -76.2828),  # Nemaska
    "99810": (52.2348, -78.4537),  # Eastmain
    "99812": (52.9995, -78.8334),  # Wemindji
    "99814": (53.7833, -78.9000),  # Chisasibi
    "99816": (55.2807, -77.7584),  # Whapmagoostui
    "99818": (49.9251, -74.8185),  # Oujé-Bougoumou
}
"""Positions that the collected figures took from a namesake or a lake, or, in the north, from the main town: corrected.

Each is the census point that holds the municipality's people (Statistics Canada), four are those of GeoNames.
"""
AT_VILLAGE_KM = 5.0
AT_VILLAGE_SHARE = (0.7, 1.4)
"""A census point farther than this from the village whose people it holds (the ratio lies in this range) stands for a
large empty area: its people are set into the village."""
NORTH = "10"
"""Nord-du-Québec, one administrative region, is three health regions: 10 (Jamésie), 17 (Nunavik), 18 (Cree)."""
KINDS = {
    "Municipalité": "municipalité",
    "Ville": "ville",
    "Paroisse": "paroisse",
    "Canton": "canton",
    "Cantons unis": "cantons unis",
    "Village": "village",
    "Village nordique": "village nordique",
    "Réserve indienne": "réserve",
    "Territoire non organisé": "territoire non organisé",
    "Gouvernement régional": "gouvernement régional",
    "Village cri (Terre de la catégorie": "village cri",
    "Terre de la catégorie IA": "terre crie",
    "Terre de la catégorie IA-N": "terre naskapie",
}


def municipalities(folder: Path) -> list[Town]:
    """Return every municipality and territory."""
    return [
        Town(
            code=row["code"],
            name=row["name"],
            latitude=_position(row)[0],
            longitude=_position(row)[1],
            population=float(row["population"]),
            cell=_cell(row),
            kind=KINDS[row["kind"]],
            aliases=ALIASES.get(row["code"], ()),
        )
        for row in read_rows(folder / "municipalities_qc.csv")
    ]


def _position(row: dict[str, str]) -> tuple[float, float]:
    return POSITIONS.get(row["code"], (float(row["lat"]), float(row["lon"])))


def _region_number(row: dict[str, str]) -> str:
    number = re.search(r"\((\d\d)\)$", row["region"])
    if number is None:
        raise ValueError(f"no region number in {row['region']!r}")
    return number.group(1)


def _cell(row: dict[str, str]) -> str:
    number = _region_number(row)
    if number != NORTH:
        return f"CA-QC-{number}"
    if row["kind"] == "Village nordique" or row["name"] == "Baie-d'Hudson":
        return f"CA-QC-{NORTH}-17"
    return f"CA-QC-{NORTH}-18" if KINDS[row["kind"]] in ("terre crie", "village cri") else f"CA-QC-{NORTH}-10"


def regions(folder: Path, towns: list[Town]) -> list[dict[str, str]]:
    """Return Québec and its 17 administrative regions with their cells."""
    names = {
        _region_number(row): row["region"][:-5].replace("--", "–")
        for row in read_rows(folder / "municipalities_qc.csv")
    }
    codes = sorted({town.cell for town in towns})
    single = [
        {
            "code": f"CA-QC-{number}",
            "fr": name,
            "en": name,
            "cells": " ".join(code for code in codes if code.startswith(f"CA-QC-{number}")),
        }
        for number, name in sorted(names.items())
    ]
    return [{"code": "CA-QC", "fr": "Québec", "en": "Quebec", "cells": " ".join(codes)}, *single]


def cells(towns: list[Town]) -> list[dict[str, object]]:
    """Return one cell per part of an administrative region inside one health region."""
    return [
        {
            "code": code,
            "country": "CA",
            "region": code[:8],
            "age_group": f"CA-QC-RSS-{HEALTH_REGION.get(code[-2:], code[-2:])}"
            if len(code) == 8
            else f"CA-QC-RSS-{code[-2:]}",
            "town_table": "municipalities_qc",
            "age_table": "ages_qc",
            "population": sum(int(town.population) for town in towns if town.cell == code),
        }
        for code in sorted({town.cell for town in towns})
    ]


def write_ages(folder: Path) -> None:
    """Write people by health region, sex and band."""
    rows = [row for row in read_rows(folder / "age_sex_qc_health_regions_2025.csv") if row["geo"] == "RSS"]
    kept = [
        {"group": f"CA-QC-RSS-{row['code']}", "sex": row["sex"], **{band: row[band] for band in BANDS}} for row in rows
    ]
    write_rows("ages_qc", ("group", "sex", *BANDS), kept)


def total_ages(folder: Path) -> dict[str, list[float]]:
    """Return the people of Québec by sex, one figure per band."""
    rows = [row for row in read_rows(folder / "age_sex_qc_health_regions_2025.csv") if row["geo"] == "Québec"]
    return {row["sex"]: [float(row[band]) for band in BANDS] for row in rows}


def owners(folder: Path, points: pd.DataFrame) -> tuple[Ints, list[str]]:
    """Return the owner of each census point, and the code of the area of each owner.

    An owner is an MRC by its number. MRC 99 is three (99, 199, 299), one for each of its areas: there a point belongs
    to the area of the nearest town.
    """
    towns = municipalities(folder)
    areas = [""] * 300
    for town in towns:
        areas[int(town.code[:2])] = town.cell
    northern = [town for town in towns if town.code.startswith("99")]
    parts = sorted({town.cell for town in northern})
    for part, code in enumerate(parts):
        areas[99 + 100 * part] = code
    places = cKDTree(unit_vectors([town.latitude for town in northern], [town.longitude for town in northern]))
    _, nearest = places.query(unit_vectors(points["lat_e4"] / 1e4, points["lon_e4"] / 1e4))
    division = points["census_division"].to_numpy(np.int64) - 2400
    part_of = np.array([parts.index(town.cell) for town in northern])[nearest]
    return division + np.where(division == 99, 100 * part_of, 0), areas


def set_into_villages(folder: Path, points: pd.DataFrame) -> pd.DataFrame:
    """Return the census points, those moved that lie far from the only village whose people they may be."""
    moved = points.copy()
    rows = read_rows(folder / "municipalities_qc.csv")
    exact = [row["code"] for row in rows if row["position_is_approximate"] == "0"]
    for town in municipalities(folder):
        own = points[points["census_division"] - 2400 == int(town.code[:2])]
        vectors = unit_vectors(own["lat_e4"] / 1e4, own["lon_e4"] / 1e4)
        apart = distances_km(vectors, unit_vectors(town.latitude, town.longitude))
        nearest = int(apart.argmin())
        ratio = own["people"].iloc[nearest] / max(town.population, 1.0)
        low, high = AT_VILLAGE_SHARE
        if town.code in exact and apart[nearest] > AT_VILLAGE_KM and low <= ratio <= high:
            place = [round(town.latitude * 1e4), round(town.longitude * 1e4)]
            moved.loc[own.index[nearest], ["lat_e4", "lon_e4"]] = place
            print(f"{town.name}: {town.population:.0f} people set into the village, {apart[nearest]:.1f} km")
    return moved
