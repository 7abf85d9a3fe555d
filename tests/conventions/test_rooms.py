"""The rooms of the house: few, in one direction, and drawn as they are in docs/architecture.md."""

from __future__ import annotations

import pytest

from tools.check import rooms
from tools.check.rooms import House


@pytest.fixture(scope="module")
def house() -> House:
    return rooms.read_house()


def test_no_limit_is_passed(house: House) -> None:
    assert house.circles == ()
    assert house.upward == ()
    assert {name: count for name, count in house.counts.items() if count > rooms.MOST[name]} == {}


def test_every_file_is_counted(house: House) -> None:
    assert house.modules == len(list((rooms.ROOT / "simulator").rglob("*.py")))


def test_the_page_shows_the_house_as_it_is(house: House) -> None:
    page = rooms.PAGE.read_text(encoding="utf-8")
    assert rooms.page_with(rooms.draw(house), page) == page, "run python -m tools.check.rooms --write"


def test_every_room_stands_in_the_table(house: House) -> None:
    table = rooms.PAGE.read_text(encoding="utf-8").partition(rooms.START)[0]
    assert [room for room in house.rooms if f"`{room}`" not in table] == []


def invented(*arrows: tuple[str, str]) -> House:
    names = tuple(sorted({name for arrow in arrows for name in arrow}))
    return House(rooms=names, arrows=frozenset(arrows), modules=0, module_circles=(), upward=())


def test_floors_are_the_longest_chain_below() -> None:
    house = invented(("roof", "hall"), ("hall", "cellar"), ("roof", "cellar"))
    assert house.floors == {"cellar": 1, "hall": 2, "roof": 3}
    assert "roof --> hall" in rooms.draw(house)
    assert "roof --> cellar" not in rooms.draw(house)


def test_a_circle_is_found_and_leaves_no_floors() -> None:
    house = invented(("roof", "hall"), ("hall", "attic"), ("attic", "hall"))
    assert house.circles == (("attic", "hall"),)
    assert house.floors == {}
