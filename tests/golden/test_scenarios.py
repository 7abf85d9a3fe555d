"""The ready-made campaigns give the figures that stand beside them; moved only on purpose, by a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.base.metrics import METRICS
from simulator.campaign.campaign import Campaign
from simulator.campaign.files import read_scenario_file
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.reference.places.place import Place
from tools.build.refresh_scenarios import COMMAND, expected, expected_path, main, scenarios

AGREEMENT = 1e-6
NOTHING = 1e-9
"""Below that a figure is zero: tails of counts differ between machines by more than their millionth."""
MADE_WITH = ("model_version", "parameter_digest")
"""Said, not compared: a new parameter that moves no figure needs no refreshing."""
FILES = scenarios()


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Return every figure with its path: ``bands.reach.p50``."""
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = ((str(position), entry) for position, entry in enumerate(value))
    else:
        return {path: value}
    return {name: figure for key, entry in parts for name, figure in flat(entry, f"{path}.{key}".lstrip(".")).items()}


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return one line for every figure that has moved."""
    old, new = flat(before), flat(now)
    lines = []
    for path in [path for path in {**old, **new} if path not in MADE_WITH]:
        was, is_now = old.get(path), new.get(path)
        both = isinstance(was, (int, float)) and isinstance(is_now, (int, float))
        if was != (pytest.approx(is_now, rel=AGREEMENT, abs=NOTHING) if both else is_now):
            lines.append(f"{path}: {was} -> {is_now}")
    return lines


def disagreement(scenario: Path, moved: list[str]) -> str:
    """Say what to do about a scenario whose figures have moved."""
    listed = "\n  ".join(moved[:12])
    return (
        f"{scenario.name}: {len(moved)} figures are no longer those of {expected_path(scenario).name}. If a formula or "
        f"a figure was changed on purpose, run `{COMMAND}` and say in the commit which one.\n  {listed}"
    )


def test_there_are_scenarios() -> None:
    assert {"boulangerie-pau", "coiffure-bayonne", "poterie-quebec"} <= {path.stem for path in FILES}
    orphans = set(FILES[0].parent.glob("*.expected.json")) - {expected_path(path) for path in FILES}
    assert not orphans, f"expected figures without a scenario: {orphans}"


@pytest.mark.parametrize("scenario", FILES, ids=lambda path: path.stem)
def test_a_scenario_gives_the_figures_that_stand_beside_it(scenario: Path) -> None:
    path = expected_path(scenario)
    assert path.exists(), f"{path.name} is missing: run `{COMMAND}`"
    moved = differences(json.loads(path.read_text("utf-8")), expected(scenario))
    assert not moved, disagreement(scenario, moved)


@pytest.mark.parametrize("scenario", FILES, ids=lambda path: path.stem)
def test_a_scenario_says_what_it_is_and_stands_where_it_says(scenario: Path) -> None:
    entries = read_scenario_file(scenario)
    assert set(json.loads(scenario.read_text("utf-8"))) == {"schema_version", "title", "author", "why", "campaign"}
    assert all(len(text) > 10 for text in (entries.title, entries.author, entries.why))
    assert scenario.read_text("utf-8") == entries.to_json(), "written in full, so that no default can move it"
    for place in entries.campaign.targeting.places:
        assert place == Place.around(place.code, country=place.country_code, radius_km=place.radius_km)


def test_a_figure_that_moves_is_seen_and_the_command_named() -> None:
    before = expected(FILES[0])
    moved = json.loads(json.dumps(before))
    assert differences(before, moved) == []
    moved["bands"]["reach"]["p50"] *= 1 + 2e-6
    moved["flags"] = ["repetition"]
    moved["parameter_digest"] = "another"
    assert [line.split(":")[0] for line in differences(before, moved)] == ["bands.reach.p50", "flags.0"]
    assert "run `make scenarios`" in disagreement(FILES[0], differences(before, moved))
    assert set(before["bands"]) == set(METRICS)


def test_the_command_writes_what_the_test_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / FILES[0].name
    copy.write_bytes(FILES[0].read_bytes())
    monkeypatch.setattr("tools.build.refresh_scenarios.FOLDER", tmp_path)
    assert main() == 0
    assert differences(json.loads(expected_path(copy).read_text("utf-8")), expected(FILES[0])) == []
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[1] == f"{copy.stem}: unchanged"


def test_five_euros_a_day_around_pau_are_thousands_of_people() -> None:
    """A check of the size, no target: nothing is tuned to it."""
    pau: Campaign = read_scenario_file(next(path for path in FILES if path.stem == "boulangerie-pau")).campaign
    assert (pau.daily_budget, pau.duration_days, pau.objective) == (5, 7, "link_clicks")
    assert (pau.targeting.places[0].radius_km, pau.targeting.age_min, pau.targeting.age_max) == (25, 25, 54)
    forecast = simulate(pau)
    assert 1_000 < forecast.reach.p50 < 10_000
    assert 1.0 < forecast.frequency.p50 < 2.0
    everyone = simulate(pau.replace(targeting=pau.targeting.replace(age_min=18, age_max=65)))
    assert 4.5 < everyone.cpm.p50 < 10.1, "the vendor's cheapest and dearest month, which are nobody's thirty years"
    assert everyone.cpm.p50 < forecast.cpm.p50 < 1.25 * everyone.cpm.p50, "half the people cost a little more"
    curve = budget_curve(pau, [5, 50])
    assert curve.loc[50, "reach_p50"] > curve.loc[5, "reach_p50"]
    assert curve.loc[50, "reach_p50"] / 50 < curve.loc[5, "reach_p50"] / 5
