"""The table of what is obeyed, suggested, impossible: every cell stands there with its source, and the core follows."""

from __future__ import annotations

import itertools

import pytest

from simulator import Campaign, InvalidInput, Place, Targeting
from simulator.campaign.objectives import CAPPED, OBJECTIVES
from simulator.reference.controls import DOORS, FIELDS, RULES, control
from simulator.reference.parameters.entry import STATES

NARROW = {
    "place": {"places": [Place.around("Pau", radius_km=5)]},
    "age_min": {"age_min": 30},
    "age_max": {"age_max": 50},
    "gender": {"gender": "women"},
    "interests": {"interests": ["cooking"]},
}
CELLS = list(itertools.product(OBJECTIVES, DOORS, FIELDS))


def takes(goal: str, door: str, field: str) -> bool:
    """Whether a campaign can be made with that choice."""
    target = Targeting(**{"places": [Place.around("Pau")], **NARROW.get(field, {})})
    entries = {"frequency_cap": (2, 7)} if field == "frequency_cap" else {}
    special = {"special_category": "employment"} if door == "special" else {}
    try:
        Campaign(target, daily_budget=5, objective=goal, **entries, **special)
    except InvalidInput as error:
        return error.code not in ("no_cap", "special_category")
    return True


@pytest.mark.parametrize(("goal", "door", "field"), CELLS)
def test_every_cell_has_a_source_and_the_core_takes_what_can_be_had(goal: str, door: str, field: str) -> None:
    found = control(goal, door, field)
    assert found.rule in RULES
    assert found.state in STATES
    assert all((found.source.title, found.source.publisher, found.source.locator))
    assert (found.rule == "to_check") == (found.state == "to_check")
    if found.rule == "impossible" and door != "boost":
        assert not takes(goal, door, field)
    if found.rule in ("obeyed", "suggested"):
        assert takes(goal, door, field)
    if door == "special":
        # Narrower than the category allows: none of it is taken; a cap is, where it is sold.
        assert takes(goal, door, field) == (field == "frequency_cap" and goal in CAPPED)


def test_the_cells_of_a_cap_are_the_goals_that_have_one() -> None:
    sold = {goal for goal in OBJECTIVES if control(goal, "help_off", "frequency_cap").rule != "impossible"}
    assert sold == set(CAPPED)
    assert control("reach", "boost", "frequency_cap").rule == "impossible"


@pytest.mark.parametrize("asked", [("reach", "side", "place"), ("reach", "boost", "name")])
def test_what_is_not_in_the_table_is_refused(asked: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidInput):
        control(*asked)
