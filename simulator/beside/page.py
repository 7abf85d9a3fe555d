"""The page somebody keeps for free: how many follow it, what is posted, how comments are answered."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from simulator.errors import InvalidInput
from simulator.validated import Number, Validated, Whole, between, figure

FOLLOWERS = (0, 500_000_000)
POSTS_PER_WEEK = (0, 70)
"""Ten a day at most: beyond, nothing is known."""
WEEKS = (1, 52)
REPLIES = ("none", "some", "all")
NETWORKS = ("facebook", "instagram")
LARGEST_SHARE = 0.9
"""Share of its followers that an ordinary post reaches at most; statistics above it count others too."""
LEAST_REACH = 0.1
"""People that an ordinary post reaches at least: one follower in every tenth post."""


class Page(Validated):
    """A page and its rhythm. Frozen, validated at birth.

    Attributes
    ----------
    followers : int
    posts_per_week : float
        0 to 70.
    format : str
        photo, video, link or status.
    hashtags : bool
        Whether posts carry them.
    replies : str
        Whether none, some or all comments are answered.
    network : str
        facebook or instagram.
    usual_reach : float, optional
        People whom a post ordinarily reaches (the mean of the page's own statistics): replaces our figure.
    """

    followers: Annotated[Whole, between(*FOLLOWERS, "people")]
    posts_per_week: Annotated[Number, between(*POSTS_PER_WEEK, "posts/week")] = 2.0
    format: Literal["photo", "video", "link", "status"] = "photo"
    hashtags: bool = False
    replies: Literal["none", "some", "all"] = "some"
    network: Literal["facebook", "instagram"] = "facebook"
    usual_reach: Number | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        most = LARGEST_SHARE * self.followers
        if self.usual_reach is not None and not LEAST_REACH <= self.usual_reach <= most:
            allowed = f"{LEAST_REACH:g} to {most:,.15g} people of {self.followers:,} followers"
            limits = {"low": LEAST_REACH, "high": most, "unit": "people"}
            received = figure(self.usual_reach)
            raise InvalidInput("out_of_range", field="usual_reach", received=received, allowed=allowed, **limits)
        return self
