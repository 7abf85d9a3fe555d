"""Where people live: every point counted once, packed without loss, read only where a circle reaches."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from simulator.base.errors import TableError
from simulator.reference.places import points as packed
from simulator.reference.places.circles import EARTH_RADIUS_KM, Circle
from simulator.reference.places.points import POINT_TABLES, Points, point_table, points_near, shares_inside
from simulator.reference.places.tables import Floats, cells, towns
from tools.build.points import packed as pack

FEW_KM = 5.0
NOT_COUNTED = {"Akwesasne", "Routhierville", "Sheenboro", "Crişan"}
"""Places to which the census gives no point: 2,569, 17 and 118 people in Québec, 1,392 in the delta of the Danube."""


@pytest.fixture(scope="module")
def every() -> dict[str, list[Points]]:
    """Return all tiles of all tables; the cache of tiles is left as it is."""
    return {
        name: [packed.points.__wrapped__(name, tile) for tile in range(len(point_table(name).count))]
        for name in POINT_TABLES
    }


def by_owner(tiles: list[Points], owners: int) -> Floats:
    total = np.zeros(owners)
    for tile in tiles:
        total += np.bincount(tile.owner, weights=tile.people, minlength=owners)
    return total


def test_points_add_up_to_every_area(every: dict[str, list[Points]]) -> None:
    total = np.zeros(len(cells()))
    for tile in (tile for tiles in every.values() for tile in tiles):
        total += np.bincount(tile.area, weights=tile.people, minlength=len(total))
    assert total == pytest.approx(cells().population, rel=1e-9)


def test_points_add_up_to_every_commune(every: dict[str, list[Points]]) -> None:
    communes = towns("communes_fr")
    assert np.array_equal(by_owner(every["people_fr"], len(communes)), communes.population)


def test_points_add_up_to_every_mrc(every: dict[str, list[Points]]) -> None:
    """MRC by the first two digits of a municipality's code; 99 stands in three parts."""
    municipalities = towns("municipalities_qc")
    divisions = [int(municipalities.codes[row][:2]) for row in range(len(municipalities))]
    expected = np.bincount(divisions, weights=municipalities.population, minlength=100)
    assert by_owner(every["people_qc"], 300).reshape(3, 100).sum(axis=0) == pytest.approx(expected)


def test_nobody_stands_in_two_tables(every: dict[str, list[Points]]) -> None:
    """An official table holds all of its country; census and grid share only what a census does not reach."""
    held = {name: {cells().codes[area] for area in point_table(name).held} for name in every}
    for name, tiles in every.items():
        assert point_table(name).held == {int(area) for tile in tiles for area in tile.area}, name
    assert held["people_fr"] == {code for code in cells().codes if code.startswith("FR-")}
    assert held["people_qc"] == {code for code in cells().codes if code.startswith("CA-QC")}
    others = set.union(*(held[name] for name in POINT_TABLES[2:]))
    assert not others & (held["people_fr"] | held["people_qc"])
    assert held["people_europe"] & (held["people_world"] | held["people_towns"]) == {"CY"}


def test_points_are_people_somewhere(every: dict[str, list[Points]]) -> None:
    for name, tiles in every.items():
        table = point_table(name)
        for number, tile in enumerate(tiles):
            assert tile.people.min() > 0, name
            assert tile.radius_km.min() > 0, name
            assert np.all(np.diff(tile.latitude) >= 0)
            assert table.south[number] <= tile.latitude[0] <= tile.latitude[-1] <= table.north[number]
            assert tile.reach_km <= table.reach_km[number] + 1e-9
            assert np.allclose(np.linalg.norm(tile.vectors, axis=1), 1.0)


def test_every_commune_lies_near_its_people(every: dict[str, list[Points]]) -> None:
    communes = towns("communes_fr")
    nearest = np.full(len(communes), np.inf)
    for tile in every["people_fr"]:
        apart = np.linalg.norm(tile.vectors - communes.vectors[tile.owner], axis=1) * EARTH_RADIUS_KM - tile.radius_km
        np.minimum.at(nearest, tile.owner, apart)
    lonely = np.flatnonzero((nearest > FEW_KM) & (communes.population > 0))
    assert [communes.names[row] for row in lonely.tolist()] == []


def test_every_town_elsewhere_lies_near_people_of_its_area(every: dict[str, list[Points]]) -> None:
    tiles = [tile for tiles in every.values() for tile in tiles]
    vectors, radius_km, area = (
        np.concatenate([getattr(tile, name) for tile in tiles]) for name in ("vectors", "radius_km", "area")
    )
    order = np.argsort(area, kind="stable")
    starts = area[order].searchsorted(np.arange(len(cells()) + 1))
    for table in (towns("municipalities_qc"), towns("towns_world")):
        lonely: set[str] = set()
        for number in np.unique(table.cell).tolist():
            own = order[starts[number] : starts[number + 1]]
            rows = np.flatnonzero((table.cell == number) & (table.population > 0))
            apart, nearest = cKDTree(vectors[own]).query(table.vectors[rows])
            far = apart * EARTH_RADIUS_KM - radius_km[own][nearest] > FEW_KM
            lonely |= {table.names[row] for row in rows[far].tolist()}
        assert lonely <= NOT_COUNTED


def test_a_tile_is_packed_without_loss() -> None:
    rng = np.random.default_rng(4)
    columns = [rng.integers(0, 2**31 - 1, 500), np.sort(rng.integers(0, 90_000, 500)), rng.integers(0, 70_000, 500)]
    for differences in range(4):
        numbers = packed.unpacked(pack(columns, differences), 500, 3, differences)
        assert np.array_equal(numbers, np.stack(columns)), differences


def test_the_census_grid_lies_where_the_projection_puts_it() -> None:
    """IOGP Guidance Note 7-2, Lambert azimuthal equal area: 50° N 5° E is E 3962799.45 m, N 2999718.85 m."""
    for column, row, latitude, longitude in ((3962.79945, 2999.71885, 50.0, 5.0), (4321.0, 3210.0, 52.0, 10.0)):
        corner = np.array([row - 0.5]), np.array([column - 0.5])
        found = packed.europe_cells(*corner)
        assert (found[0][0], found[1][0]) == pytest.approx((latitude, longitude), abs=1e-6)


@pytest.mark.parametrize(
    "centre", [(48.85, 2.35), (46.8, -71.2), (-16.8, 179.9), (-17.0, -179.9), (69.6, 18.9), (62.2, -75.6), (0.0, 0.0)]
)
@pytest.mark.parametrize("radius", [1.0, 12.0, 80.0])
def test_no_tile_that_a_circle_touches_is_left_out(
    every: dict[str, list[Points]], centre: tuple[float, float], radius: float
) -> None:
    circle = Circle(*centre, radius)
    expected = sum(float(shares_inside(tile, {circle}) @ tile.people) for tiles in every.values() for tile in tiles)
    found = sum(float(shares_inside(tile, {circle}) @ tile.people) for tile in points_near({circle}))
    assert found == pytest.approx(expected, rel=1e-12)


def test_people_never_fall_with_the_radius() -> None:
    for latitude, longitude in ((43.4127, -1.3040), (45.4042, -71.8929), (48.4528, -68.5232), (48.8566, 2.3522)):
        within = []
        for radius in np.arange(10, 801, 3) / 10:
            circles = {Circle(latitude, longitude, float(radius))}
            within.append(sum(float(shares_inside(near, circles) @ near.people) for near in points_near(circles)))
        assert all(one <= other * (1 + 1e-12) for one, other in pairwise(within))


def test_a_table_is_read_only_where_a_circle_touches_it() -> None:
    program = (
        "from simulator.reference.places import Place, points\n"
        "assert Place.at(47.0, 2.4, 'FR', 40).population > 50_000\n"
        "read = [name for name in points.POINT_TABLES if 'block' in vars(points.point_table(name))]\n"
        "assert read == ['people_fr'], read\n"
        "assert points.points.cache_info().currsize < 10\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[4])


def test_a_missing_or_damaged_table_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "TABLES", tmp_path)
    (tmp_path / "broken.npz").write_bytes(b"not a table")
    for name in ("broken", "absent"):
        with pytest.raises(TableError, match=f"{name}.npz"):
            point_table.__wrapped__(name)
