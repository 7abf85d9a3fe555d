"""Nobody reaches another's scenario, by any route: a test for every route and role, on both databases."""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput
from simulator.evaluation import compare, track_record
from simulator.library import Actual, Scenario, write_scenario
from simulator.library.database import Store
from tests.unit.accounts.conftest import House, claims
from tests.unit.library.examples import scenario, with_reach

ALLOWED = {
    "artisan": {"artisan"},
    "advisor": {"artisan", "advisor"},
    "stranger": {"stranger"},
    "administrator": {"artisan", "advisor", "stranger", "administrator"},
}
OWNERS = tuple(ALLOWED)
Route = Callable[[Store, Scenario, Path], object]


def _overwrite(store: Store, held: Scenario, folder: Path) -> object:
    return store.save(held.replace(title="taken"))


def _overwrite_known(store: Store, held: Scenario, folder: Path) -> object:
    return store.save(held.replace(title="taken"), 1)


def _as_new(store: Store, held: Scenario, folder: Path) -> object:
    return store.save(held.replace(title="taken"), 0)


def _result(store: Store, held: Scenario, folder: Path) -> object:
    return store.save(store.load(held.id).replace(actual=Actual(spend=35.0)), 1)


def _compare(store: Store, held: Scenario, folder: Path) -> object:
    return compare(*(store.load(held.id, 1) for _ in range(2)), draws=64)


ROUTES: dict[str, Route] = {
    "load": lambda store, held, folder: store.load(held.id),
    "load a version": lambda store, held, folder: store.load(held.id, 1),
    "fetch": lambda store, held, folder: store.fetch(held.id),
    "versions": lambda store, held, folder: store.versions(held.id),
    "delete": lambda store, held, folder: store.delete(held.id),
    "restore": lambda store, held, folder: store.restore(held.id),
    "save over": _overwrite,
    "save over version 1": _overwrite_known,
    "enter the result": _result,
    "compare": _compare,
}


@pytest.fixture
def held(house: House) -> dict[str, Scenario]:
    """One scenario of everybody, with a result, so that it counts in the track record."""
    found = {}
    for name in OWNERS:
        one = with_reach(5_000.0, title=f"of {name}", client=f"client of {name}", notes="secret")
        view = house.view(name)
        view.save(one, 0)
        found[name] = one
    return found


def state(house: House) -> list[tuple[object, ...]]:
    rows = house.access.store.search()
    return [(row.id, version) for row in rows for version in house.access.store.versions(row.id)]


@pytest.mark.parametrize("role", OWNERS)
@pytest.mark.parametrize("route", ROUTES)
def test_a_route_ends_at_what_one_may_see(
    house: House, held: dict[str, Scenario], role: str, route: str, tmp_path: Path
) -> None:
    view = house.view(role)
    for owner in OWNERS:
        before = state(house)
        if owner in ALLOWED[role]:
            ROUTES[route](view, held[owner], tmp_path)
            continue
        with pytest.raises(InvalidInput) as refusal:
            ROUTES[route](view, held[owner], tmp_path)
        missing = scenario(id=str(uuid.uuid4()))
        assert refusal.value.code == "unknown_scenario"
        if route in ("save over", "save over version 1"):
            assert "of " + owner not in refusal.value.message
        else:  # the answer is word for word that of an id which nobody has
            with pytest.raises(InvalidInput) as nobody:
                ROUTES[route](view, missing, tmp_path)
            assert refusal.value.message.replace(held[owner].id, "ID") == nobody.value.message.replace(missing.id, "ID")
        assert state(house) == before, "a refused route has written"


@pytest.mark.parametrize("role", OWNERS)
def test_the_list_the_search_and_the_export_hold_no_more(
    house: House, held: dict[str, Scenario], role: str, tmp_path: Path
) -> None:
    view = house.view(role)
    expected = {held[owner].id for owner in ALLOWED[role]}
    assert {row.id for row in view.search()} == expected
    assert {row.id for row in view.search("secret")} == expected
    for owner in OWNERS:
        found = {row.id for row in view.search(client=f"client of {owner}")}
        assert found == ({held[owner].id} & expected)
    path = tmp_path / "library.zip"
    assert view.export(path) == len(expected)
    with zipfile.ZipFile(path) as archive:
        names = [name.split("/")[1] for name in archive.namelist() if name.startswith("scenarios/")]
    assert set(names) == expected
    for owner in OWNERS:
        assert view.export(path, client=f"client of {owner}") == (owner in ALLOWED[role])


@pytest.mark.parametrize("role", ["artisan", "advisor"])
def test_the_track_record_judges_no_more(house: House, role: str) -> None:
    ids = {}
    for name in OWNERS:
        one = with_reach(5_000.0)
        view = house.view(name)
        view.save(one, 0)
        view.save(one.replace(actual=Actual(spend=35.0, impressions=9_000, reach=5_000)), 1)
        ids[name] = one.id
    record = track_record(house.view(role))
    known = {one.id for one in record.judged} | {key for key, _ in record.skipped}
    assert known == {ids[name] for name in ALLOWED[role]}


@pytest.mark.parametrize("role", ["artisan", "advisor", "stranger"])
def test_an_import_can_neither_overwrite_nor_extend_nor_find(
    house: House, held: dict[str, Scenario], role: str, tmp_path: Path
) -> None:
    whole, one = tmp_path / "all.zip", tmp_path / "one.json"
    house.access.store.export(whole)
    others = [owner for owner in OWNERS if owner not in ALLOWED[role]]
    before = {owner: house.access.store.versions(held[owner].id) for owner in others}
    view = house.view(role)
    done = view.import_(whole)
    # What others hold comes in as something new, just as it would if they did not hold it.
    assert (done.added, done.unchanged, done.conflicts) == (len(others), len(ALLOWED[role]), [])
    write_scenario(held[others[0]].replace(title="mine now"), one)
    assert view.import_(one).added == 1
    assert {owner: house.access.store.versions(held[owner].id) for owner in others} == before
    mine = {row.id for row in view.search()} - {held[owner].id for owner in ALLOWED[role]}
    assert {view.versions(key)[0].owner for key in mine} == {house.people[role].key}, "a file spoke for somebody else"
    assert view.import_(whole).added == 0, "the second import has found what the first kept"


def test_two_who_import_the_same_conflict_keep_their_own(house: House, tmp_path: Path) -> None:
    """The id of what is kept beside is made of its content: it must not lead into another's library."""
    shared = scenario(title="first")
    house.view("artisan").save(shared, 0)
    path = tmp_path / "changed.json"
    write_scenario(shared.replace(title="second"), path)
    assert len(house.view("advisor").import_(path).conflicts) == 1
    assert len(house.view("artisan").import_(path).conflicts) == 1
    assert {row.title for row in house.view("artisan").search()} == {"first", "second"}
    assert len(house.view("advisor").search("second")) == 2


def test_a_later_version_by_another_leaves_the_scenario_its_owner(house: House) -> None:
    one = scenario(title="bread")
    house.view("artisan").save(one, 0)
    house.view("administrator").save(one.replace(title="better bread"), 1)
    assert house.view("artisan").load(one.id).title == "better bread"
    assert house.view("advisor").load(one.id).title == "better bread"
    with pytest.raises(InvalidInput):
        house.view("stranger").load(one.id)
    owners = [version.owner for version in house.view("artisan").versions(one.id)]
    assert owners == [house.people["artisan"].key, house.people["administrator"].key]


def test_a_library_of_before_belongs_to_the_administrator_only(house: House) -> None:
    one = scenario()
    house.access.store.save(one)
    assert house.view("administrator").load(one.id) == one
    for role in ("artisan", "advisor", "stranger"):
        assert house.view(role).search() == []


@pytest.mark.parametrize("role", ["artisan", "advisor"])
def test_erasing_stays_within_what_one_may_see(house: House, role: str) -> None:
    for owner in OWNERS:
        house.view(owner).save(scenario(client="Fournil"), 0)
    assert len(house.view(role).erase("Fournil")) == len(ALLOWED[role])
    assert len(house.access.store.search()) == len(OWNERS) - len(ALLOWED[role])


def test_an_id_that_differs_by_its_letters_is_no_way_round(house: House, held: dict[str, Scenario]) -> None:
    key = held["artisan"].id
    for disguised in (key.upper(), key.replace("-", ""), f" {key}", f"{key}\0", "\ud800", "%", "' OR 1=1 --"):
        with pytest.raises(InvalidInput) as refusal:
            house.view("stranger").load(disguised)
        assert refusal.value.code == "unknown_scenario"


def test_two_who_make_the_same_id_at_once(house: House) -> None:
    """The second finds the key taken only when it writes: it must then look whose it is."""
    one = scenario(title="first")
    view = house.view("stranger")
    latest = view._latest

    def late(key: str) -> int:
        house.view("artisan").save(one, 0)
        view._latest = latest
        return 0

    view._latest = late
    with pytest.raises(InvalidInput) as refusal:
        view.save(one.replace(title="second"))
    assert refusal.value.code == "unknown_scenario"
    assert [version.title for version in house.access.store.versions(one.id)] == ["first"]


def test_the_body_of_a_library_names_no_other_owner(house: House, held: dict[str, Scenario], tmp_path: Path) -> None:
    path = tmp_path / "library.zip"
    house.view("artisan").export(path)
    with zipfile.ZipFile(path) as archive:
        owners = {json.loads(archive.read(name)).get("owner") for name in archive.namelist() if "/" in name}
    assert owners == {house.people["artisan"].key}


def test_a_view_ends_with_its_session(house: House, tmp_path: Path) -> None:
    """A button drawn before the sign-out holds a view; pressed afterwards, it must do nothing."""
    me = claims("artisan", "second")
    view = house.access.live_view(me, 5)
    one = scenario(title="kept")
    view.save(one, 0)
    house.access.leave(me)
    acts: list[Callable[[], object]] = [
        lambda: view.save(scenario()),
        lambda: view.save(one, 1),
        lambda: view.load(one.id),
        lambda: view.versions(one.id),
        lambda: view.search(),
        lambda: view.delete(one.id),
        lambda: view.restore(one.id),
        lambda: view.export(tmp_path / "x.zip"),
        lambda: view.erase(""),
    ]
    for act in acts:
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert refusal.value.code == "session_ended"
    assert [row.title for row in house.access.store.search()] == ["kept"]
    assert not (tmp_path / "x.zip").exists()


def test_a_role_taken_away_is_gone_at_once(house: House) -> None:
    view = house.access.live_view(claims("administrator", "second"), 5)
    house.view("artisan").save(scenario(), 0)
    assert len(view.search()) == 1
    house.access.change(house.people["administrator"].key, role="artisan")
    assert view.search() == []
