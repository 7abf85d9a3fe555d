"""Municipalities and regions of Québec: from the collected figures to the package's tables."""

from __future__ import annotations

import math
import re
from pathlib import Path

from tools.build.place_tables import BANDS, Town, read_rows, write_rows

ALIASES = {
    "23027": ("Quebec City", "Québec City", "Ville de Québec", "Québec ville"),
    "66023": ("Ville de Montréal",),
}
HEALTH_REGION = {"17": "04"}
"""Health region of an administrative region where the numbers differ: Mauricie et Centre-du-Québec is one."""
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
    """Return every municipality and territory, a disc of its area around its position."""
    return [
        Town(
            code=row["code"],
            name=row["name"],
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            population=float(row["population"]),
            cell=_cell(row),
            radius_km=math.sqrt(float(row["area_km2"]) / math.pi),
            kind=KINDS[row["kind"]],
            aliases=ALIASES.get(row["code"], ()),
        )
        for row in read_rows(folder / "municipalities_qc.csv")
    ]


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
