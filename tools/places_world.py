"""Countries of the world: names, people and ages from the United Nations' table."""

from __future__ import annotations

from pathlib import Path

from babel import Locale

from tools.place_tables import BANDS, read_rows, write_rows

REST_OF_CANADA = "CA-other"
"""Cell and age group of Canada outside Québec: the United Nations' Canada less the table of Québec."""

Ages = dict[str, dict[str, list[float]]]


def ages(folder: Path, quebec: dict[str, list[float]]) -> Ages:
    """Return people by country, sex and band; Canada without Québec; France left to its own table."""
    known: Ages = {}
    for row in read_rows(folder / "age_sex_world_2025.csv"):
        known.setdefault(row["iso2"], {})[row["sex"]] = [float(row[band]) for band in BANDS]
    canada = known.pop("CA")
    known[REST_OF_CANADA] = {
        sex: [whole - part for whole, part in zip(canada[sex], quebec[sex], strict=True)] for sex in canada
    }
    del known["FR"]
    return known


def totals(folder: Path) -> dict[str, int]:
    """Return people by country, all ages."""
    counts: dict[str, int] = {}
    for row in read_rows(folder / "age_sex_world_2025.csv"):
        counts[row["iso2"]] = counts.get(row["iso2"], 0) + sum(int(row[band]) for band in BANDS)
    return counts


def write_ages(known: Ages) -> None:
    """Write people by country, sex and band."""
    rows = [
        {"group": group, "sex": sex, **{band: f"{count:.0f}" for band, count in zip(BANDS, counts, strict=True)}}
        for group, by_sex in sorted(known.items())
        for sex, counts in by_sex.items()
    ]
    write_rows("ages_world", ("group", "sex", *BANDS), rows)


def cells(people: dict[str, int], quebec: int) -> list[dict[str, object]]:
    """Return one cell per country but France, Canada without Québec."""
    rows: list[dict[str, object]] = []
    for code, count in sorted(people.items()):
        if code == "FR":
            continue
        cell = REST_OF_CANADA if code == "CA" else code
        rows.append(
            {
                "code": cell,
                "country": code,
                "region": "",
                "age_group": cell,
                "town_table": "towns_world",
                "age_table": "ages_world",
                "population": count - quebec if code == "CA" else count,
            }
        )
    return rows


def write_countries(codes: list[str]) -> None:
    """Write the names of the countries in French and English."""
    french, english = Locale("fr").territories, Locale("en").territories
    rows = [{"code": code, "fr": french[code], "en": english[code]} for code in sorted(codes)]
    write_rows("countries", ("code", "fr", "en"), rows)
