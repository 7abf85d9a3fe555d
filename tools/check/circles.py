"""Check the people in circles: ``python -m tools.check.circles FIGURES [--places 200] [--borders 500]``.

Three checks, the exit code is 1 where one fails: the circles of circles_to_check.csv against their reference; that
people within a radius never fall with it, nor leap; an answer wherever a circle lies on a border, a coast or an island.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from simulator import Place, Targeting
from simulator.forecasting.audience import estimate_audience
from simulator.reference.parameters import load_parameters
from simulator.reference.places import find_place, people
from simulator.reference.places.tables import Floats, all_towns

TOLERANCES = {"FR": {1: 0.30, 2: 0.20, 3: 0.12}, "CA": {1: 0.60, 2: 0.45, 3: 0.35, 5: 0.30, 10: 0.15}}
"""Largest relative difference from the reference, by country and radius in km; beyond these radii"""
FARTHER = 0.10
SHARE_WITHIN = 0.95
"""Share of the circles that must lie within it."""
OLD_CENTRES = {"Mont-Tremblant": (46.2127, -74.5844)}
"""The references were counted around these points; the table's have been corrected since."""
PUBLISHED = {"Pau": (169_478, 302_934, 508_546), "Bayonne": (185_134, 345_935, 422_053)}
"""People on the French side within 10, 25 and 40 km."""
PUBLISHED_WITHIN = 0.04
RADII_KM = np.arange(10, 801) / 10
FAR_KM, LEAP_NEAR, LEAP_FAR = 10.0, 0.35, 0.05
"""Largest growth in one step, below and from this radius on, for a town; a village may come nearer a city."""
SMALLEST_TOWN = 2000
STEADY_SHARE = 0.95
"""Share of the French towns that must keep to it. Québec is told, not judged: its points are up to 3 km wide."""
FEW = 500
"""Below so many people a leap says nothing."""
BORDERS = (
    ("FR/ES", 42.4, 43.4, -1.8, 3.2),
    ("FR/CH", 46.1, 47.6, 5.9, 7.6),
    ("FR/DE", 47.6, 49.2, 7.4, 8.3),
    ("FR/BE", 49.5, 51.1, 2.5, 5.9),
    ("FR/IT", 43.7, 46.0, 6.6, 7.8),
    ("QC/US", 44.9, 47.5, -74.8, -69.0),
    ("QC/ON", 45.1, 47.6, -79.6, -74.3),
    ("QC/NB", 47.0, 48.2, -69.3, -65.5),
    ("coasts", 43.3, 49.8, -4.9, 0.5),
    ("coasts of Québec", 46.9, 51.6, -71.0, -57.0),
    ("Corsica", 41.3, 43.1, 8.5, 9.6),
    ("Antilles", 14.3, 16.6, -61.9, -60.8),
    ("Réunion, Mauritius", -21.5, -19.9, 55.1, 57.9),
    ("Madeleine, Anticosti", 47.1, 49.9, -64.6, -61.3),
)
"""Boxes in which circles are drawn at random: name, south, north, west, east."""


def differences(figures: Path) -> Iterator[tuple[str, str, int, float, float, float]]:
    """Yield country, place, radius (km), reference, people found, and the difference allowed, of each circle."""
    with (figures / "circles_to_check.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = find_place(row["place"], row["country"])
            centre = OLD_CENTRES.get(row["place"], (found.latitude, found.longitude))
            radius = int(row["radius_km"])
            counted = people([Place.at(*centre, row["country"], radius)]).total
            allowed = TOLERANCES[row["country"]].get(radius, FARTHER)
            yield row["country"], row["place"], radius, float(row["reference_people"]), counted, allowed


def growth(latitude: float, longitude: float) -> Floats:
    """Return the people within each of ``RADII_KM``, (radius,)."""
    return np.array([people([Place.at(latitude, longitude, "FR", float(radius))]).total for radius in RADII_KM])


def falls(within: Floats) -> bool:
    """Return whether people within a radius fall anywhere as it grows."""
    return bool(np.any(np.diff(within) < -1e-9 * within[:-1]))


def leaps(within: Floats) -> list[str]:
    """Return where people within a radius grow too much in one step."""
    before = np.maximum(within[:-1], FEW)
    step = np.diff(within) / before
    rows = np.flatnonzero(step > np.where(RADII_KM[:-1] < FAR_KM, LEAP_NEAR, LEAP_FAR))
    return [f"+{step[row]:.1%} at {RADII_KM[row + 1]:.1f} km from {before[row]:,.0f}" for row in rows]


def on_borders(count: int, seed: int) -> Iterator[tuple[str, Place]]:
    """Yield circles in the boxes of ``BORDERS``, in turn, none of them told its country."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        name, south, north, west, east = BORDERS[number % len(BORDERS)]
        radius = float(np.exp(rng.uniform(0.0, np.log(80.0))))
        yield name, Place.at(rng.uniform(south, north), rng.uniform(west, east), radius_km=round(radius, 1))


def answer(place: Place) -> float:
    """Return the size of the audience of a circle, after checking that its countries are those of its people."""
    audience = estimate_audience(Targeting([place]), load_parameters())
    inside = people([place])
    lived_in = set(inside.country_codes) if inside.total > 0 else {place.country_code}
    reached = {cell.country_code for cell in audience.cells}
    if not np.isfinite(audience.size) or not reached <= lived_in:
        raise SystemExit(f"{place}: {audience.size} people in {reached}, living in {lived_in}")
    return audience.size


def main() -> int:
    """Run the three checks; print what they found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("figures", type=Path)
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--borders", type=int, default=500)
    options = parser.parse_args()
    failed = not _references(options.figures)
    failed |= not _radii(options.places)
    failed |= not _borders(options.borders)
    return int(failed)


def _references(figures: Path) -> bool:
    good = True
    for country in TOLERANCES:
        rows = [row for row in differences(figures) if row[0] == country]
        within = [abs(counted - reference) <= allowed * reference for *_, reference, counted, allowed in rows]
        good &= sum(within) >= SHARE_WITHIN * len(within)
        print(f"{country}: {sum(within)} of {len(rows)} circles within what is allowed")
        for (_, place, radius, reference, counted, _), holds in zip(rows, within, strict=True):
            if not holds:
                print(f"  {place}, {radius} km: {counted:,.0f}, reference {reference:,.0f}")
    for town, published in PUBLISHED.items():
        for radius, reference in zip((10, 25, 40), published, strict=True):
            found = people([Place.around(town, "FR", radius)])
            own = found.counts[found.country_codes.index("FR")].sum()
            good &= abs(own / reference - 1) <= PUBLISHED_WITHIN
            print(f"{town}, {radius} km: {own:,.0f}, published {reference:,d}, {own / reference - 1:+.1%}")
    return bool(good)


def _radii(count: int) -> bool:
    rng = np.random.default_rng(17)
    communes, municipalities, _ = all_towns()
    good = True
    for name, table, share in (("France", communes, 0.75), ("Québec", municipalities, 0.25)):
        rows = rng.choice(np.flatnonzero(table.population >= SMALLEST_TOWN), round(share * count), replace=False)
        steady = 0
        for row in rows.tolist():
            within = growth(float(table.latitude[row]), float(table.longitude[row]))
            if falls(within):
                good = False
                print(f"  {table.names[row]} ({table.codes[row]}): people fall with the radius")
            said = leaps(within)
            steady += not said
            if said:
                print(f"  {table.names[row]} ({table.codes[row]}): {', '.join(said[:3])}")
        print(f"{name}, radii from 1 to 80 km: {steady} of {len(rows)} towns without a leap")
        good &= name != "France" or steady >= STEADY_SHARE * len(rows)
    return good


def _borders(count: int) -> bool:
    started = time.perf_counter()
    sizes, countries = [], set()
    for _, place in on_borders(count, seed=17):
        sizes.append(answer(place))
        countries.add(place.country_code)
    inhabited = sum(size > 0 for size in sizes)
    seconds = time.perf_counter() - started
    print(f"borders: {count} circles answered, {inhabited} inhabited, in {sorted(countries)}, {seconds:.1f} s")
    return True


if __name__ == "__main__":
    sys.exit(main())
