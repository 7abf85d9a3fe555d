"""What the free page brings: per post, per month, week by week, and the hours it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.beside.earned import EarnedForecast
from simulator.forecast import QUANTILES, Band

Array = NDArray[np.float64]

FIGURES = (
    *("reach_per_post", "reach_share_per_post", "interactions_per_post", "reach_per_month", "impressions_per_month"),
    *("interactions_per_month", "reactions_per_month", "comments_per_month", "shares_per_month"),
    *("reach", "interactions", "link_clicks", "negative_reactions", "hours_per_week"),
)
"""Bands of an ``OrganicForecast``, in the order of display."""
UNITS = {
    **dict.fromkeys(FIGURES, "count"),
    **dict.fromkeys(("reach_per_post", "reach_per_month", "reach", "negative_reactions"), "people"),
    "reach_share_per_post": "fraction",
    "hours_per_week": "hours",
}


@dataclass(frozen=True)
class OrganicForecast:
    """The free page over some weeks.

    Attributes
    ----------
    reach_per_post, reach_share_per_post, interactions_per_post : Band
        Of one post among them, its own luck included; the share is of the followers.
    reach_per_month, … shares_per_month : Band
        In 30 days of this rhythm, taken from the last weeks; reach counts every follower once.
    reach, interactions, link_clicks, negative_reactions : Band
        Over all the weeks: distinct followers reached, interactions, clicks on links, people who hide a post.
    hours_per_week : Band
        To make the posts, answer and look.
    earned : EarnedForecast
        What shares bring on top, over all the weeks.
    lead : Band
        Reach of a post once the page has settled, relative to its first ones: a stable limit.
    per_post, answered : ndarray (draw, post)
        People reached by every post, and interactions expected with it.
    """

    reach_per_post: Band
    reach_share_per_post: Band
    interactions_per_post: Band
    reach_per_month: Band
    impressions_per_month: Band
    interactions_per_month: Band
    reactions_per_month: Band
    comments_per_month: Band
    shares_per_month: Band
    reach: Band
    interactions: Band
    link_clicks: Band
    negative_reactions: Band
    hours_per_week: Band
    earned: EarnedForecast
    lead: Band
    followers: int
    weeks: int
    posts: int
    seed: int
    parameter_digest: str
    draws: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)
    per_post: Array = field(default_factory=lambda: np.zeros((1, 0)), repr=False, compare=False)
    answered: Array = field(default_factory=lambda: np.zeros((1, 0)), repr=False, compare=False)

    def band(self, name: str) -> Band:
        """Return one of ``FIGURES``."""
        value: Band = getattr(self, name)
        return value

    def by_post(self) -> list[dict[str, float]]:
        """Return people reached by each post in its order: post, p10, p50, p90."""
        if not self.per_post.shape[1]:
            return []
        quantiles = np.quantile(self.per_post, QUANTILES, axis=0)
        return [
            {"post": float(number), "p10": float(low), "p50": float(middle), "p90": float(high)}
            for number, (low, middle, high) in enumerate(quantiles.T, start=1)
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a figure for tables and reports, without words: name, unit, p10, p50, p90, mean."""
        return [{"name": name, "unit": UNITS[name], **self.band(name).to_dict()} for name in FIGURES]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        names = ("followers", "weeks", "posts", "seed", "parameter_digest")
        return {
            **{name: self.band(name).to_dict() for name in FIGURES},
            "lead": self.lead.to_dict(),
            "earned": self.earned.to_dict(),
            **{name: getattr(self, name) for name in names},
        }
