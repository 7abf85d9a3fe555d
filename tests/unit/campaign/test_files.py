"""A campaign in a file: a scenario or a campaign alone; whatever else lies there is refused in one sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from simulator.base.errors import InvalidInput
from simulator.base.json_text import MAX_JSON_BYTES
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.files import MAX_WHY, SCHEMA_VERSION, ScenarioFile, read_campaign, read_scenario_file
from simulator.library import Scenario, load_scenario
from simulator.reference.places.place import Place

CAMPAIGN = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")]), daily_budget=5)


def refused(path: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read_scenario_file(path)
    assert caught.value.message.isprintable()
    return caught.value


def written(folder: Path, content: object, name: str = "scenario.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_scenario_is_read_with_what_is_said_about_it(tmp_path: Path) -> None:
    scenario = ScenarioFile(
        title="Boulangerie", author="Une chambre", why="Pour voir.\nVraiment. " * 50, campaign=CAMPAIGN
    )
    path = tmp_path / "a.json"
    path.write_text(scenario.to_json(), encoding="utf-8")
    assert read_scenario_file(path) == read_scenario_file(str(path)) == scenario
    assert read_campaign(path) == CAMPAIGN
    assert json.loads(path.read_text("utf-8"))["schema_version"] == SCHEMA_VERSION


def test_a_campaign_alone_is_a_scenario_without_a_title(tmp_path: Path) -> None:
    path = written(tmp_path, CAMPAIGN.to_dict())
    assert read_scenario_file(path) == ScenarioFile(campaign=CAMPAIGN)


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    content = CAMPAIGN.to_json().replace("\n", "\r\n").encode("utf-8-sig")
    assert read_campaign(written(tmp_path, content)) == CAMPAIGN


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ({}, "missing", "campaign"),
        ([], "wrong_type", "'scenario.json'"),
        (None, "wrong_type", "'scenario.json'"),
        ({"campaign": None}, "wrong_type", "campaign"),
        ({"campaign": {}}, "missing", "campaign.targeting"),
        ({"campaign": {**CAMPAIGN.to_dict(), "daily_budget": 0}}, "out_of_range", "campaign.daily_budget"),
        ({**CAMPAIGN.to_dict(), "daily_budget": 0}, "out_of_range", "daily_budget"),
        ({"campaign": CAMPAIGN.to_dict(), "name": "x"}, "unknown_field", "name"),
        ({"campaign": CAMPAIGN.to_dict(), "targeting": {}}, "unknown_field", "targeting"),
        ({"campaign": CAMPAIGN.to_dict(), "title": 5}, "wrong_type", "title"),
        ({"campaign": CAMPAIGN.to_dict(), "why": "x" * (MAX_WHY + 1)}, "too_long", "why"),
        ({"campaign": CAMPAIGN.to_dict(), "schema_version": SCHEMA_VERSION + 1}, "out_of_range", "schema_version"),
        ({"campaign": CAMPAIGN.to_dict(), "schema_version": "1"}, "not_a_number", "schema_version"),
        (b"", "broken_json", "'scenario.json'"),
        (b"{", "broken_json", "'scenario.json'"),
        (b"\x89PNG\r\n\x1a\n\xff", "unreadable_file", "'scenario.json'"),
        (b"[" * 10_000, "too_deep", "'scenario.json'"),
        (b" " * (MAX_JSON_BYTES + 1), "too_large", "'scenario.json'"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_another_file_is_refused(tmp_path: Path, content: object, code: str, field: str) -> None:
    error = refused(written(tmp_path, content))
    assert (error.code, error.data["field"]) == (code, field)
    assert error.message.startswith(f"{field}: " if field.startswith("'") else f"'scenario.json': {field}: ")


def test_a_later_file_asks_for_a_newer_simulator(tmp_path: Path) -> None:
    error = refused(written(tmp_path, {"campaign": CAMPAIGN.to_dict(), "schema_version": SCHEMA_VERSION + 1}))
    assert "needs a newer simulator" in error.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (
        tmp_path / "none.json",
        tmp_path / "none" / "a.json",
        written(tmp_path, {}) / "a.json",
        "x" * 10_000,
        "a\0b",
    ):
        error = refused(path)
        assert (error.code, error.data["field"]) == ("file_not_found", "FILE")
        assert "Check the path" in error.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "is_a_folder"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be read here")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, CAMPAIGN.to_dict())
    path.chmod(0)
    assert refused(path).code == "not_allowed"


def test_the_reason_that_a_file_does_not_open_is_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert refused(tmp_path / "a.json").code == "not_allowed"
    assert refused(tmp_path).code == "is_a_folder", "Windows says that a folder may not be read"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_file_without_an_end_is_not_read_to_its_end() -> None:
    assert refused("/dev/zero").code == "too_large"


@pytest.mark.parametrize("path", [None, 5, b"a.json", ["a.json"], {}])
def test_what_is_no_path_is_refused(path: Any) -> None:
    assert refused(path).code == "wrong_type"


@pytest.mark.parametrize("cap", [[2, 7], [1000, 365]])
@pytest.mark.parametrize("objective", ["link_clicks", "LINK_CLICKS", "boosted_post"])
def test_a_file_with_a_cap_that_is_no_longer_sold_opens_without_it_and_says_so(
    tmp_path: Path, cap: list[int], objective: str
) -> None:
    entries = {**CAMPAIGN.to_dict(), "objective": objective, "frequency_cap": cap}
    for name, content in (("alone", entries), ("scenario", {"title": "Été", "campaign": entries})):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        found = read_scenario_file(path)
        assert (found.campaign.frequency_cap, found.left_out) == (None, ("frequency_cap",))
        assert "left_out" not in found.to_dict()
        assert load_scenario(path).left_out == ("frequency_cap",)


@pytest.mark.parametrize(
    ("objective", "cap", "left_out"),
    [("reach", [2, 7], False), ("video_views", [90, 90], False), ("reach", [91, 7], True), ("reach", [2, 91], True)],
)
def test_a_cap_that_is_sold_stays(objective: str, cap: list[int], left_out: bool) -> None:
    entries = {**CAMPAIGN.to_dict(), "objective": objective, "frequency_cap": cap}
    found = Scenario.from_dict({"campaign": entries})
    assert found.left_out == (("frequency_cap",) if left_out else ())
    assert found.campaign.frequency_cap == (None if left_out else tuple(cap))


@pytest.mark.parametrize("cap", ["2,7", [0, 7], [2], [2, 400], [True, "x"], 5, [float("nan"), 7]])
def test_what_never_was_a_cap_is_refused(cap: object) -> None:
    with pytest.raises(InvalidInput):
        Scenario.from_dict({"campaign": {**CAMPAIGN.to_dict(), "frequency_cap": cap}})
