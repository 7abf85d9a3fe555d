"""An old scenario opened again: what was announced, what the model says today, and what came between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.base.errors import InvalidInput
from simulator.base.version import Change, changes_since
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.library.scenario import Scenario
from simulator.reference.places import town_of_code
from simulator.reference.places.circles import distances_km
from simulator.reference.places.tables import unit_vectors

MOVED_KM = 5.0
"""A town's position of before is said to be wrong from this distance on."""


@dataclass(frozen=True)
class Moved:
    """A circle around the position that its town once had in the tables.

    Attributes
    ----------
    name : str
    distance_km : float
        To the town's position of today.
    """

    name: str
    distance_km: float


@dataclass(frozen=True)
class Reopened:
    """Both results of a scenario.

    Attributes
    ----------
    as_saved : mapping of str to Band
        The bands kept when it was saved; empty if none were.
    today : Forecast, optional
        By today's model and figures; None if they cannot take it any more, with the ``problem``.
    changes : tuple of Change
        Versions of the model since then that change results.
    figures_changed : bool
        Whether today's parameters differ from those it was made with, its own overrides aside.
    moved : tuple of Moved
        Circles that stand where their town no longer is. Both results are those of the old position.
    """

    scenario: Scenario
    as_saved: Mapping[str, Band]
    today: Forecast | None
    changes: tuple[Change, ...]
    figures_changed: bool
    problem: InvalidInput | None = field(default=None)
    moved: tuple[Moved, ...] = ()

    @property
    def is_up_to_date(self) -> bool:
        """Whether nothing that could change its result has come since it was saved."""
        return self.problem is None and not self.changes and not self.figures_changed


def reopen(scenario: Scenario, *, draws: int | None = None) -> Reopened:
    """Return a scenario's results as saved and as today."""
    changes = changes_since(scenario.model_version)
    try:
        today = scenario.forecast(draws=draws)
    except InvalidInput as error:
        return Reopened(scenario, scenario.figures, None, changes, True, error, moved_places(scenario.campaign))
    changed = today.parameter_digest != scenario.parameter_digest
    return Reopened(scenario, scenario.figures, today, changes, changed, None, moved_places(scenario.campaign))


def moved_places(campaign: Campaign) -> tuple[Moved, ...]:
    """Return the circles of a campaign that stand far from where the tables of today have their town."""
    found = []
    for place in campaign.targeting.places:
        town = town_of_code(place.code, place.country_code) if place.kind == "circle" else None
        if town is None:
            continue
        here = unit_vectors(place.latitude, place.longitude)
        distance = float(distances_km(here, unit_vectors(town.latitude, town.longitude)))
        if distance > MOVED_KM:
            found.append(Moved(town.name, distance))
    return tuple(found)
