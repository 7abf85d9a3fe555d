"""What somebody wants from a campaign: so many people, clicks, enquiries, or so many showings to each."""

from __future__ import annotations

from typing import Annotated, Any

from simulator.metrics import K_MAX
from simulator.validated import Number, Validated, Whole, between

MOST_WANTED = 5e9
"""People, clicks or enquiries: as many as the largest audience."""
MOST_TIMES = 1000.0


class ReachGoal(Validated):
    """So many distinct people, each shown it at least ``at_least`` times."""

    people: Annotated[Number, between(1.0, MOST_WANTED, "people")]
    at_least: Annotated[Whole, between(1, K_MAX, "times")] = 1

    @property
    def wanted(self) -> float:
        """The figure to reach."""
        return self.people

    @property
    def metric(self) -> str:
        """Name of the figure: ``reach``, ``reach_2plus`` … ``reach_10plus``."""
        return "reach" if self.at_least == 1 else f"reach_{self.at_least}plus"


class ClicksGoal(Validated):
    """So many clicks on the link."""

    link_clicks: Annotated[Number, between(1.0, MOST_WANTED, "clicks")]

    @property
    def wanted(self) -> float:
        """The figure to reach."""
        return self.link_clicks

    @property
    def metric(self) -> str:
        """Name of the figure."""
        return "link_clicks"


class EnquiriesGoal(Validated):
    """So many people who call, write or come by; the campaign must name its trade."""

    enquiries: Annotated[Number, between(1.0, MOST_WANTED, "enquiries")]

    @property
    def wanted(self) -> float:
        """The figure to reach."""
        return self.enquiries

    @property
    def metric(self) -> str:
        """Name of the figure."""
        return "enquiries"


class FrequencyGoal(Validated):
    """So many showings to a person reached, on average."""

    mean: Annotated[Number, between(1.0, MOST_TIMES, "times")]

    @property
    def wanted(self) -> float:
        """The figure to reach."""
        return self.mean

    @property
    def metric(self) -> str:
        """Name of the figure."""
        return "frequency"


Goal = ReachGoal | ClicksGoal | EnquiriesGoal | FrequencyGoal
GOALS: tuple[type[Any], ...] = (ReachGoal, ClicksGoal, EnquiriesGoal, FrequencyGoal)
