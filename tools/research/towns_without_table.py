"""How well would the towns of GeoNames do where an official table knows better? ``python -m … GEONAMES``.

Mainland France and Québec are built from GeoNames as if they were foreign countries, and circles around 300
random municipalities of 2,000 people or more are compared with the official tables (communes by centre,
municipalities by disc). Printed: what GeoNames alone, GeoNames scaled evenly, and the package's way give.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from simulator.reference.places import tables
from simulator.reference.places.circles import Circle, people_inside
from simulator.reference.places.tables import Floats, Towns
from tools.build import geonames, place_tables, towns_world
from tools.build.geonames import Record

RADII_KM = (10.0, 25.0, 40.0)
CIRCLES = 300
MAINLAND = 41.0
"""Latitude south of which France is overseas."""


def main(folder: Path) -> None:
    records = geonames.records(folder)
    french = [record for record in records if record.country == "FR" and record.latitude > MAINLAND]
    compare("France", french, tables.towns("communes_fr"))
    quebec = [record for record in records if (record.country, record.admin1) == towns_world.QUEBEC]
    compare("Québec", quebec, tables.towns("municipalities_qc"))


def compare(name: str, records: list[Record], official: Towns) -> None:
    here = official.latitude > MAINLAND
    total = float(official.population[here].sum())
    abroad = [dataclasses.replace(record, country="XX") for record in records]
    chosen = towns_world.chosen(abroad, {"XX": total})
    rows = np.flatnonzero(here & (official.population >= 2000))
    rows = np.random.default_rng(1).choice(rows, CIRCLES, replace=False)
    as_shipped = built(towns_world.towns(chosen, {"XX": total}, {"XX": "AD"}))
    alone = dataclasses.replace(as_shipped, rural_population=np.zeros(len(as_shipped)))
    evenly = dataclasses.replace(alone, population=alone.population * total / alone.population.sum())
    for label, towns in (("alone", alone), ("scaled evenly", evenly), ("as shipped", as_shipped)):
        report(f"{name}, {label}", lambda circle, towns=towns: people_inside(towns, {circle}).sum(), official, rows)


def report(label: str, people: Callable[[Circle], float], official: Towns, rows: np.ndarray) -> None:
    for radius in RADII_KM:
        circles = [Circle(float(official.latitude[row]), float(official.longitude[row]), radius) for row in rows]
        truth: Floats = np.array([people_inside(official, {circle}).sum() for circle in circles])
        found: Floats = np.array([people(circle) for circle in circles])
        off = np.abs(np.log(np.maximum(found, 1.0) / truth))
        print(
            f"{label:24s} {radius:4.0f} km  all circles {found.sum() / truth.sum():5.2f}"
            f"  median error {np.median(off):5.2f}  one in ten above {np.quantile(off, 0.9):5.2f}"
        )


def built(towns: list[place_tables.Town]) -> Towns:
    """Write a table to a temporary folder and read it back: the very code that the package runs."""
    shipped = tables.TABLES
    with tempfile.TemporaryDirectory() as folder:
        place_tables.TABLES = tables.TABLES = Path(folder)
        place_tables.write_towns("check", towns, ["AD"], people_per_km2=towns_world.TOWN_DENSITY)
        table = tables.towns.__wrapped__("check")
        place_tables.TABLES = tables.TABLES = shipped
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]))
