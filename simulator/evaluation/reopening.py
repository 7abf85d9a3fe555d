"""An old scenario opened again: what was announced, what the model says today, and what came between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.base.errors import InvalidInput
from simulator.base.version import Change, changes_since
from simulator.campaign.forecast import Band, Forecast
from simulator.library.scenario import Scenario


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
    """

    scenario: Scenario
    as_saved: Mapping[str, Band]
    today: Forecast | None
    changes: tuple[Change, ...]
    figures_changed: bool
    problem: InvalidInput | None = field(default=None)

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
        return Reopened(scenario, scenario.figures, None, changes, True, error)
    changed = today.parameter_digest != scenario.parameter_digest
    return Reopened(scenario, scenario.figures, today, changes, changed)
