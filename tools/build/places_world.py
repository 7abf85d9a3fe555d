"""Countries of the world: names, people and ages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from babel import Locale
from babel.numbers import get_territory_currencies

from tools.build.place_tables import BANDS, read_rows, write_rows

REST_OF_CANADA = "CA-other"
"""Cell and age group of Canada outside Québec: the United Nations' Canada less the table of Québec."""

AGES_BORROWED = {
    **dict.fromkeys(("JE", "GG", "IM", "GI", "FK", "SH"), "GB"),
    **dict.fromkeys(("AI", "BL", "GD", "KN", "MF", "MS", "SX", "VG"), "AG"),
    **dict.fromkeys(("AW", "BM", "BQ", "CW", "KY", "TC"), "BS"),
    **dict.fromkeys(("AS", "CK", "FM", "NR", "NU", "PW", "TK", "WF"), "WS"),
    **dict.fromkeys(("MH", "TV"), "KI"),
    **dict.fromkeys(("GU", "MP", "NC", "PF"), "FJ"),
    **dict.fromkeys(("CC", "CX", "NF"), "AU"),
    **dict.fromkeys(("SM", "VA"), "IT"),
    **dict.fromkeys(("GL",), "DK"),
    **dict.fromkeys(("FO",), "IS"),
    **dict.fromkeys(("AX",), "FI"),
    **dict.fromkeys(("SJ",), "NO"),
    **dict.fromkeys(("LI",), "CH"),
    **dict.fromkeys(("VI",), "PR"),
    **dict.fromkeys(("DM",), "LC"),
    **dict.fromkeys(("EH",), "MA"),
    **dict.fromkeys(("PM",), "CA-other"),
    **dict.fromkeys(("SO",), "ET"),
    **dict.fromkeys(("XK",), "AL"),
}
"""Countries that the table by age lacks, and a country like them whose age structure stands in: assumptions."""

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


def totals(folder: Path, stated: Mapping[str, int], quebec: int) -> dict[str, int]:
    """Return people by country but France, all ages; Canada without Québec.

    Countries that the United Nations' table lacks take the population that GeoNames states.
    """
    people: dict[str, int] = {}
    for row in read_rows(folder / "age_sex_world_2025.csv"):
        people[row["iso2"]] = people.get(row["iso2"], 0) + sum(int(row[band]) for band in BANDS)
    del people["FR"]
    people["CA"] -= quebec
    return people | {code: stated[code] for code in AGES_BORROWED}


def write_ages(known: Ages) -> None:
    """Write people by country, sex and band."""
    rows = [
        {"group": group, "sex": sex, **{band: f"{count:.0f}" for band, count in zip(BANDS, counts, strict=True)}}
        for group, by_sex in sorted(known.items())
        for sex, counts in by_sex.items()
    ]
    write_rows("ages_world", ("group", "sex", *BANDS), rows)


def cell_of(country: str) -> str:
    """Return the code of the cell that holds a country's people outside the official tables."""
    return REST_OF_CANADA if country == "CA" else country


def cells(people: Mapping[str, int]) -> list[dict[str, object]]:
    """Return one cell per country but France, Canada without Québec."""
    return [
        {
            "code": cell_of(code),
            "country": code,
            "region": "",
            "age_group": AGES_BORROWED.get(code, cell_of(code)),
            "town_table": "towns_world",
            "age_table": "ages_world",
            "population": count,
        }
        for code, count in sorted(people.items())
    ]


def write_countries(codes: Iterable[str]) -> None:
    """Write the names of the countries in French and English, and the currency people pay with today."""
    french, english = Locale("fr").territories, Locale("en").territories
    rows = [
        {"code": code, "fr": french[code], "en": english[code], "currency": _currency(code)} for code in sorted(codes)
    ]
    write_rows("countries", ("code", "fr", "en", "currency"), rows)


def _currency(country: str) -> str:
    # The locale data still have the lev.
    return "EUR" if country == "BG" else next(iter(get_territory_currencies(country)), "")
