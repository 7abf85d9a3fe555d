"""Campaign goals: so many people, clicks, enquiries, or so many showings to each."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import K_MAX
from simulator.base.validation import Number, Validated, Whole, between
from simulator.campaign.campaign import Campaign
from simulator.model.draws import uniform_points
from simulator.reference.parameters import Parameters

MOST_WANTED = 5e9
"""People, clicks or enquiries: as many as the largest audience."""
MOST_TIMES = 1000.0


class ReachGoal(Validated):
    """So many distinct people, each shown it at least ``at_least`` times.

    Attributes
    ----------
    people : float
        1 to 5 billion.
    at_least : int
        Times, 1 to 10.

    Examples
    --------
    >>> ReachGoal(5_000, at_least=2).metric
    'reach_2plus'
    """

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
    """So many clicks on the link.

    Attributes
    ----------
    link_clicks : float
        1 to 5 billion.

    Examples
    --------
    >>> ClicksGoal(100).metric
    'link_clicks'
    """

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
    """So many people who call, write or come by; the campaign must name its trade.

    Attributes
    ----------
    enquiries : float
        1 to 5 billion.

    Examples
    --------
    >>> EnquiriesGoal(3).metric
    'enquiries'
    """

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
    """So many showings to a person reached, on average.

    Attributes
    ----------
    mean : float
        Times, 1 to 1,000, over the whole campaign.

    Examples
    --------
    >>> FrequencyGoal(2.5).metric
    'frequency'
    """

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


Array = NDArray[np.float64]

RATE = "customers.enquiry_rate"
"""Table of parameters: enquiries per click on the link, by trade."""
ANY = "any"
"""Entry of that table for a trade that is not told: too vague to plan by."""
STREAM = 8
"""Sets the luck of enquiries apart from that of the forecast under the same seed."""


def check_trade(campaign: Campaign, parameters: Parameters) -> None:
    """Raise ``unknown_choice`` unless the rate of enquiries of the campaign's trade is known."""
    if campaign.trade is None or f"{RATE}.{campaign.trade}" not in parameters:
        known = [key.removeprefix(f"{RATE}.") for key in parameters.keys(RATE)]
        allowed = ", ".join(trade for trade in known if trade != ANY)
        raise InvalidInput("unknown_choice", field="trade", received=shown(campaign.trade), allowed=allowed)


def enquiries(campaign: Campaign, draws: int, parameters: Parameters, seed: int) -> tuple[Array, Array]:
    """Return enquiries per link click, and the points of the noise of their count, shape (draw,) each."""
    check_trade(campaign, parameters)
    points = uniform_points(draws, 2, np.random.default_rng([STREAM, seed]))
    return parameters[f"{RATE}.{campaign.trade}"].quantile(points[:, 0]), points[:, 1]
