"""What goes in comes out: through JSON, through either database, through a file and through a zip."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.library import Scenario, load_scenario, open_store, write_scenario
from simulator.library.database import Store
from simulator.library.difference import differences, entries_of
from simulator.library.rows import folded
from tests.properties.random_scenarios import LETTERS, scenarios
from tests.unit.library.databases import BOTH, new_address, postgresql

__all__ = ["postgresql"]


@pytest.fixture(scope="module", params=BOTH)
def library(request: pytest.FixtureRequest) -> Iterator[Store]:
    """One store of each kind for all examples."""
    with tempfile.TemporaryDirectory() as folder:
        address = new_address(request, request.param, Path(folder))
        with open_store(address) as store:
            yield store


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=60)
@given(scenarios())
def test_json_gives_a_scenario_back(one: Scenario) -> None:
    again = Scenario.from_json(one.to_json())
    assert again == one
    assert again.to_json() == one.to_json()
    assert Scenario.from_json(one.body()) == one
    assert json.loads(one.body()) == json.loads(one.to_json())


@settings(max_examples=30)
@given(scenarios())
def test_a_file_gives_a_scenario_back(folder: Path, one: Scenario) -> None:
    write_scenario(one, folder / "one.json")
    assert load_scenario(folder / "one.json") == one


@settings(max_examples=40)
@given(scenarios())
def test_a_database_gives_a_scenario_back(library: Store, one: Scenario) -> None:
    saved = library.save(one)
    assert library.load(one.id) == library.load(one.id, saved.version) == one
    row = next(row for row in library.search() if row.id == one.id)
    assert (row.title, row.client, row.tags) == (one.title, one.client, one.tags)
    assert row.money == one.campaign.spend_planned


@settings(max_examples=12)
@given(st.lists(st.tuples(scenarios(), st.sampled_from(["once", "twice", "deleted", "restored"])), max_size=4))
def test_a_zip_gives_a_library_back(library: Store, folder: Path, content: list[tuple[Scenario, str]]) -> None:
    for one, fate in content:
        library.save(one)
        if fate == "twice":
            library.save(one.replace(title=one.title[::-1]))
        if fate in ("deleted", "restored"):
            library.delete(one.id)
        if fate == "restored":
            library.restore(one.id)
    library.export(folder / "library.zip")
    with open_store("sqlite://") as other:
        assert other.import_(folder / "library.zip").refused == []
        assert other.search() == library.search()
        for one, _ in content:
            assert other.versions(one.id) == library.versions(one.id)
            for entry in other.versions(one.id):
                assert other.fetch(one.id, entry.version) == library.fetch(one.id, entry.version)
        other.export(folder / "again.zip")
        assert (folder / "again.zip").read_bytes() == (folder / "library.zip").read_bytes()
        done = other.import_(folder / "library.zip")
        assert (done.added, done.extended, done.conflicts) == (0, 0, [])


@settings(max_examples=40)
@given(st.text(LETTERS, min_size=1, max_size=60).filter(lambda text: folded(text).strip()), st.data())
def test_any_part_of_a_title_finds_it(title: str, data: st.DataObject) -> None:
    one = data.draw(scenarios()).replace(title=title, client="", author="", notes="", tags=())
    with open_store("sqlite://") as store:
        store.save(one)
        assert [row.id for row in store.search(title)] == [one.id]
        if "ı" not in title:  # Turkish writes it as the capital of another letter
            assert [row.id for row in store.search(title.upper())] == [one.id]


@settings(max_examples=100)
@given(st.text(max_size=50))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@settings(max_examples=30)
@given(scenarios(), scenarios())
def test_differences_are_all_there_is_between_two(one: Scenario, other: Scenario) -> None:
    assert differences([entries_of(one), entries_of(one.replace(id=other.id))]) == ()
    mine, theirs = entries_of(one), entries_of(other)
    found = {difference.field: difference.values for difference in differences([mine, theirs])}
    for name in {*mine, *theirs}:
        assert found.get(name, (None, None)) == (
            (mine.get(name), theirs.get(name)) if mine.get(name) != theirs.get(name) else (None, None)
        )
