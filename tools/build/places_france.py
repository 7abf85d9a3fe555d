"""Communes, départements and regions of France: from the collected figures to the package's tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from simulator.reference.places.circles import distances_km
from simulator.reference.places.tables import unit_vectors
from tools.build.place_tables import BANDS, Town, read_rows, write_rows

Position = tuple[float, float]
"""Latitude and longitude, degrees."""

REGIONS = {
    "FR-ARA": ("Auvergne-Rhône-Alpes", "Auvergne-Rhône-Alpes", "01 03 07 15 26 38 42 43 63 69 73 74"),
    "FR-BFC": ("Bourgogne-Franche-Comté", "Burgundy-Franche-Comté", "21 25 39 58 70 71 89 90"),
    "FR-BRE": ("Bretagne", "Brittany", "22 29 35 56"),
    "FR-CVL": ("Centre-Val de Loire", "Centre-Val de Loire", "18 28 36 37 41 45"),
    "FR-COR": ("Corse", "Corsica", "2A 2B"),
    "FR-GES": ("Grand Est", "Grand Est", "08 10 51 52 54 55 57 67 68 88"),
    "FR-HDF": ("Hauts-de-France", "Hauts-de-France", "02 59 60 62 80"),
    "FR-IDF": ("Île-de-France", "Île-de-France", "75 77 78 91 92 93 94 95"),
    "FR-NOR": ("Normandie", "Normandy", "14 27 50 61 76"),
    "FR-NAQ": ("Nouvelle-Aquitaine", "Nouvelle-Aquitaine", "16 17 19 23 24 33 40 47 64 79 86 87"),
    "FR-OCC": ("Occitanie", "Occitania", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
    "FR-PDL": ("Pays de la Loire", "Pays de la Loire", "44 49 53 72 85"),
    "FR-PAC": ("Provence-Alpes-Côte d'Azur", "Provence-Alpes-Côte d'Azur", "04 05 06 13 83 84"),
}
"""Régions of mainland France and Corsica (ISO 3166-2); the five overseas are départements as well."""
REGIONS["FR-20R"] = REGIONS["FR-COR"]  # Corsica's code since 2020; the older one stays in use.

POSITIONS = {"56098": (47.7632, -3.3393)}
"""Lanester has no town hall in the list of positions: GeoNames 3007794 (CC BY 4.0)."""
CORRECTED_KM = 5.0
"""A town hall so far outside its commune (positions_fr_to_correct.csv), or from its people, is in the wrong place."""
CITY_ALIASES = {"75056": ("Ville de Paris",), "13055": ("Marseilles",), "69123": ("Lyons",)}


def communes(folder: Path) -> list[Town]:
    """Return every commune, a point at its town hall."""
    rows = read_rows(folder / "communes_fr.csv")
    corrected = {
        row["code"]: (float(row["new_lat"]), float(row["new_lon"]))
        for row in read_rows(folder / "positions_fr_to_correct.csv")
        if float(row["km_outside"]) >= CORRECTED_KM
    }
    known = POSITIONS | corrected
    positions = [known.get(row["code"]) or (float(row["lat"]), float(row["lon"])) for row in rows]
    positions = _near_people(folder, [row["code"] for row in rows], positions)
    return [
        Town(
            code=row["code"],
            name=row["name"].replace("’", "'"),
            latitude=latitude,
            longitude=longitude,
            population=float(row["population"]),
            cell=f"FR-{row['departement']}",
            postal_codes=tuple(sorted(filter(None, row["postal_codes"].split("|")))),
            aliases=CITY_ALIASES.get(row["code"], ()),
        )
        for row, (latitude, longitude) in zip(rows, positions, strict=True)
    ]


def _near_people(folder: Path, codes: list[str], positions: list[Position]) -> list[Position]:
    """Return the positions, those too far from all people of their commune replaced by where most of them live."""
    points = pd.read_csv(folder / "people_fr.csv.gz", dtype={"commune": str})
    points["here"] = points["commune"].map(dict(zip(codes, range(len(codes)), strict=True)))
    halls = unit_vectors(*np.array(positions).T)[points["here"]]
    people = unit_vectors(points["lat_e4"] / 1e4, points["lon_e4"] / 1e4)
    points["apart"] = distances_km(people, halls) - points["radius_10m"] / 100
    nearest = points.groupby("here")["apart"].min()
    far = points[points["here"].isin(nearest.index[nearest > CORRECTED_KM])]
    main = far.loc[far.groupby("here")["people"].idxmax()]
    moved = dict(zip(main["here"], zip(main["lat_e4"] / 1e4, main["lon_e4"] / 1e4, strict=True), strict=True))
    print(
        f"{len(moved)} town halls more than {CORRECTED_KM:g} km from all people of their commune stand where most live"
    )
    return [moved.get(row, position) for row, position in enumerate(positions)]


def departement_names(folder: Path) -> dict[str, str]:
    """Return the name of each département by code."""
    rows = read_rows(folder / "age_sex_fr_departements_2023.csv")
    return {row["departement"]: row["name"] for row in rows}


def regions(folder: Path) -> list[dict[str, str]]:
    """Return départements and régions with their cells (a cell is a département)."""
    départements = [
        {"code": f"FR-{code}", "fr": name, "en": name, "cells": f"FR-{code}"}
        for code, name in departement_names(folder).items()
    ]
    joined = [
        {"code": code, "fr": french, "en": english, "cells": " ".join(f"FR-{number}" for number in numbers.split())}
        for code, (french, english, numbers) in REGIONS.items()
    ]
    return départements + joined


def cells(folder: Path, towns: list[Town]) -> list[dict[str, object]]:
    """Return one cell per département, its population the sum of its communes."""
    return [
        {
            "code": f"FR-{code}",
            "country": "FR",
            "region": f"FR-{code}",
            "age_group": f"FR-{code}",
            "town_table": "communes_fr",
            "age_table": "ages_fr",
            "population": sum(int(town.population) for town in towns if town.cell == f"FR-{code}"),
        }
        for code in departement_names(folder)
    ]


def write_ages(folder: Path) -> None:
    """Write people by département, sex and band."""
    rows = read_rows(folder / "age_sex_fr_departements_2023.csv")
    kept = [
        {"group": f"FR-{row['departement']}", "sex": row["sex"], **{band: row[band] for band in BANDS}} for row in rows
    ]
    write_rows("ages_fr", ("group", "sex", *BANDS), kept)
