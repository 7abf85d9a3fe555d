"""Files of earlier forms open; files of later ones are refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput
from simulator.library import Scenario, load_scenario
from simulator.library.scenario import MIGRATIONS, SCHEMA_VERSION, migrated
from tests.unit.library.examples import campaign, scenario

FIRST = {"schema_version": 1, "title": "Pain", "author": "Nous", "why": "Parce que.", "campaign": campaign().to_dict()}


def test_a_file_of_the_first_form_opens_with_its_reason_as_notes() -> None:
    one = Scenario.from_dict(FIRST)
    assert (one.title, one.author, one.notes) == ("Pain", "Nous", "Parce que.")
    assert one.campaign == campaign()
    assert one.schema_version == SCHEMA_VERSION


def test_a_file_of_the_first_form_without_its_number_opens_too() -> None:
    assert Scenario.from_dict({name: value for name, value in FIRST.items() if name != "schema_version"}).notes


def test_every_form_leads_to_the_present_one() -> None:
    assert set(MIGRATIONS) == set(range(1, SCHEMA_VERSION))
    assert all(migrated({"schema_version": form})["schema_version"] == SCHEMA_VERSION for form in MIGRATIONS)


def test_the_present_form_is_left_alone() -> None:
    entries = scenario(notes="x").to_dict()
    assert migrated(entries) == entries


def test_a_later_form_is_refused_before_its_unknown_entries() -> None:
    with pytest.raises(InvalidInput) as caught:
        Scenario.from_dict({"schema_version": SCHEMA_VERSION + 1, "unheard_of": {}})
    assert caught.value.code == "future_version"


@pytest.mark.parametrize("version", [0, -1, "2", 1.5, True, None])
def test_what_is_no_version_is_named(version: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scenario.from_dict({**FIRST, "schema_version": version})
    assert (caught.value.code, caught.value.data["field"]) == ("wrong_type", "schema_version")


def test_every_ready_made_campaign_opens_as_a_scenario(root: Path) -> None:
    files = [path for path in sorted((root / "scenarios").glob("*.json")) if not path.name.endswith(".expected.json")]
    assert files
    for path in files:
        one = load_scenario(path)
        assert one.title
        assert Scenario.from_json(one.to_json()) == one
