"""An old scenario: as saved, as today, and what changed the result in between."""

from __future__ import annotations

import pytest

from simulator.base import version
from simulator.base.version import CHANGES, MODEL_VERSION, Change, changes_since
from simulator.campaign.campaign import Targeting
from simulator.evaluation import reopen
from simulator.evaluation.reopening import moved_places
from simulator.library import Scenario
from simulator.reference.places.place import Place
from tests.unit.library.examples import scenario

DRAWS = 16


def test_one_made_today_is_up_to_date() -> None:
    one = scenario()
    found = reopen(one.with_figures(one.forecast(draws=DRAWS)), draws=DRAWS)
    assert found.is_up_to_date
    assert found.changes == ()
    assert found.today is not None
    assert found.as_saved["reach"] == found.today.reach


def test_an_old_one_gives_both_results_and_says_what_came_since(monkeypatch: pytest.MonkeyPatch) -> None:
    later = (*CHANGES, Change("0.2.0", "2027-01-01", "Prices.", "Prix."), Change("0.10.0", "2027-02-01", "x", "x"))
    monkeypatch.setattr(version, "CHANGES", later)
    one = scenario(model_version="0.1.0")
    found = reopen(one.with_figures(one.forecast(draws=DRAWS)), draws=DRAWS)
    assert [change.version for change in found.changes] == ["0.2.0", "0.10.0"]
    assert not found.is_up_to_date
    assert changes_since("0.2.0") == later[-1:]
    assert changes_since("0.10.0") == changes_since("1.0") == ()
    assert changes_since("unknown") == later


def test_figures_that_changed_without_a_new_model_are_told() -> None:
    old = scenario(parameter_digest="0123456789ab")
    found = reopen(old, draws=DRAWS)
    assert (found.figures_changed, found.is_up_to_date, found.as_saved) == (True, False, {})


def test_its_own_overrides_are_no_change() -> None:
    assert reopen(scenario(overrides={"delivery.activity_shape": 0.8}), draws=DRAWS).is_up_to_date


def test_one_that_today_cannot_take_still_shows_what_was_announced() -> None:
    one = scenario()
    kept = one.with_figures(one.forecast(draws=DRAWS)).to_dict()
    old = Scenario.from_dict({**kept, "overrides": {"prices.long_gone": 2.0}})
    found = reopen(old, draws=DRAWS)
    assert found.today is None
    assert found.problem is not None
    assert found.problem.code == "unknown_parameter"
    assert found.as_saved["reach"].p50 > 0.0
    assert not found.is_up_to_date


def test_the_last_change_is_the_model_of_today() -> None:
    assert CHANGES[-1].version == MODEL_VERSION
    assert len({change.version for change in CHANGES}) == len(CHANGES)
    assert all(change.en and change.fr and change.date for change in CHANGES)


def test_a_circle_around_an_old_position_is_told_and_its_figures_stay() -> None:
    one = scenario()
    right = Place.around("Sainte-Rose (971)", radius_km=10)
    old = right.replace(longitude=-right.longitude)
    for place, moved in ((right, False), (right.replace(latitude=right.latitude + 0.03), False), (old, True)):
        campaign = one.campaign.replace(targeting=Targeting([place]))
        kept = one.replace(campaign=campaign)
        found = reopen(kept.with_figures(one.forecast(draws=DRAWS)), draws=DRAWS)
        assert [town.name for town in found.moved] == ["Sainte-Rose"] * moved
        assert found.as_saved["reach"] == one.forecast(draws=DRAWS).reach
        assert not moved or found.moved[0].distance_km > 1_000
    nowhere = one.campaign.replace(targeting=Targeting([Place.at(43.3, -0.37)]))
    assert moved_places(nowhere) == moved_places(one.campaign) == ()
