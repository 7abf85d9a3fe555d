"""Build the tables of simulator/places/tables: ``python -m tools.build_places FOLDER_OF_FIGURES``.

The sidecars (NAME.toml) that say where each table comes from are kept by hand beside the tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools import places_france, places_quebec, places_world
from tools.place_tables import CELL_COLUMNS, write_rows, write_towns


def main(folder: Path) -> None:
    communes = places_france.communes(folder)
    municipalities = places_quebec.municipalities(folder)
    people = places_world.totals(folder)

    cells = places_france.cells(folder, communes) + places_quebec.cells(municipalities)
    cells += places_world.cells(people, sum(int(town.population) for town in municipalities))
    cells.sort(key=lambda cell: str(cell["code"]))
    codes = [str(cell["code"]) for cell in cells]
    write_rows("cells", CELL_COLUMNS, cells)
    write_rows(
        "regions",
        ("code", "fr", "en", "cells"),
        places_france.regions(folder) + places_quebec.regions(folder, municipalities),
    )
    places_world.write_countries(list(people))

    places_france.write_ages(folder)
    places_quebec.write_ages(folder)
    places_world.write_ages(places_world.ages(folder, places_quebec.total_ages(folder)))

    write_towns("communes_fr", communes, codes)
    write_towns("municipalities_qc", municipalities, codes)
    write_towns("towns_world", [], codes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
