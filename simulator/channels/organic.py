"""The own page, free of charge: how many follow it, what is posted, how comments are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from scipy.special import expit, logit, ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Validated, Whole, between, figure, instance_of
from simulator.campaign.forecast import QUANTILES, Band
from simulator.channels.earned import EarnedForecast, passed_on
from simulator.forecasting.engine import DRAWS, check_draws
from simulator.model import organic as posts_model
from simulator.model.draws import noisy_count, uniform_points
from simulator.reference.parameters import Parameters, load_parameters

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

    Examples
    --------
    >>> Page(800, posts_per_week=3).replies
    'some'
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


ROLES = (
    *("reach", "level", "post_scatter", "format_reach", "interactions", "split", "fall", "frequency", "momentum"),
    *("momentum_half_life", "crowding", "hashtags", "replies", "hours", "reply_hours", "presence_hours"),
    *("activity_shape", "link_share", "negative", "noise_interactions", "noise_negative"),
)
"""Dimension of the points by role; append, never reorder."""
STREAM = 1
"""Which child of the seed draws the page."""
ANSWERED = {"none": 0.0, "some": 0.5, "all": 1.0}
"""Share of the comments that are answered, by the page's habit."""
MONTH = 30.0
WEEK = 7.0


class _Posts(NamedTuple):
    """What posts do, shape (draw, post): share of followers reached, interactions a person reached."""

    share: Array
    rate: Array
    lead: Array


def organic(
    page: Page, weeks: int = 8, *, seed: int = 0, draws: int = DRAWS, parameters: Parameters | None = None
) -> OrganicForecast:
    """Forecast what a page brings without paying.

    Parameters
    ----------
    page : Page
    weeks : int
        1 to 52.
    seed : int
        Same seed, same numbers.
    draws : int
        Draws behind the bands.
    parameters : Parameters, optional
        The shipped ones where absent.

    Raises
    ------
    InvalidInput
        ``wrong_type`` or ``out_of_range``.
    """
    instance_of("page", page, Page)
    _check_weeks(weeks)
    check_draws(seed, draws)
    parameters = load_parameters() if parameters is None else parameters
    instance_of("parameters", parameters, Parameters)
    rng = np.random.default_rng(seed).spawn(STREAM + 1)[STREAM]
    points = dict(zip(ROLES, rng.permutation(uniform_points(draws, len(ROLES), rng)).T, strict=True))
    count = round(page.posts_per_week * weeks)
    posts = _posts(page, count, parameters, points, rng)
    return _summed(page, weeks, posts, parameters, points, seed)


def _check_weeks(weeks: object) -> None:
    low, high = WEEKS
    whole = isinstance(weeks, (int, np.integer)) and not isinstance(weeks, bool)
    if not whole or not low <= weeks <= high:  # type: ignore[operator]
        allowed = f"a whole number from {low} to {high} weeks"
        limits = {"low": low, "high": high, "unit": "weeks"}
        raise InvalidInput("out_of_range", field="weeks", received=shown(weeks), allowed=allowed, **limits)


def _posts(page: Page, count: int, known: Parameters, points: dict[str, Array], rng: np.random.Generator) -> _Posts:
    """Follow the posts of every draw, one after another."""
    draws = len(points["reach"])
    if count == 0 or page.followers == 0:
        return _Posts(np.zeros((draws, count)), np.zeros((draws, count)), np.ones(draws))

    def drawn(key: str, role: str) -> Array:
        return known[f"organic.{key}"].quantile(points[role])

    scatter = drawn("post_scatter", "post_scatter")
    kept = 1.0 - drawn("fall", "fall")
    gap = WEEK / page.posts_per_week
    carried = drawn("momentum", "momentum") * 0.5 ** (gap / drawn("momentum_half_life", "momentum_half_life"))
    liked = drawn(f"replies.{page.replies}", "replies")
    if page.hashtags:
        liked = liked * drawn(f"hashtags.{page.network}", "hashtags")
    middle = posts_model.centre(_mean_share(page, known, points), scatter)
    luck = posts_model.own_scatter(scatter, carried, kept)[:, None] * ndtri(rng.uniform(size=(draws, count)))
    leads = posts_model.leads(np.log(liked), carried, kept, luck)
    rate = (drawn(f"interactions.{page.format}", "interactions") * liked)[:, None] * np.exp(
        -(1.0 - kept)[:, None] * leads
    )
    share = expit(middle[:, None] + leads)
    return _Posts(share, rate, np.exp(posts_model.steady_lead(np.log(liked), carried, kept)))


def _mean_share(page: Page, known: Parameters, points: dict[str, Array]) -> Array:
    """Return the mean share of followers that an ordinary post reaches, shape (draw,), on the scale of odds."""
    draws = len(points["reach"])
    crowd = max(page.posts_per_week / WEEK, 1.0) ** -known["organic.crowding"].quantile(points["crowding"])
    if page.usual_reach is not None:
        # The page's own statistics know its rhythm, its formats and its day.
        return np.full(draws, page.usual_reach / page.followers)
    table = known.table("organic.reach")
    sizes, shares = np.array([float(size) for size in table]), np.array(list(table.values()))
    entry = known[f"organic.reach.{next(iter(table))}"]
    typical = posts_model.share_by_size(max(page.followers, 1), sizes, shares)
    common = logit(entry.quantile(points["reach"])) - logit(entry.value)
    factor = known[f"organic.level.{page.network}"].quantile(points["level"])
    factor = factor * known[f"organic.format_reach.{page.format}"].quantile(points["format_reach"]) * crowd
    return np.asarray(expit(logit(typical) + common + np.log(factor)))


def _summed(
    page: Page, weeks: int, posts: _Posts, known: Parameters, points: dict[str, Array], seed: int
) -> OrganicForecast:
    """Count people, interactions and hours."""
    reached = posts.share * page.followers
    answered = reached * posts.rate
    shape = known["delivery.activity_shape"].quantile(points["activity_shape"])
    interactions = noisy_count(answered.sum(axis=1), points["noise_interactions"])
    per_month = MONTH / (WEEK * weeks)
    month = _last_month(posts.share, weeks)
    parts = {name: known.value(f"organic.split.{name}") for name in ("reactions", "shares", "comments")}
    frequency = known["organic.frequency"].quantile(points["frequency"])
    clicks = _link_clicks(page, answered.sum(axis=1), known, points)
    negative = known["response.negative_feedback"].quantile(points["negative"]) * reached.sum(axis=1)
    draws = {
        "reach_per_post": reached.mean(axis=1) if reached.shape[1] else np.zeros(len(reached)),
        "reach": posts_model.distinct_share(posts.share, shape) * page.followers,
        "reach_per_month": posts_model.distinct_share(month, shape) * page.followers,
        "impressions_per_month": reached.sum(axis=1) * per_month * frequency,
        "interactions": interactions,
        "interactions_per_month": interactions * per_month,
        **{f"{name}_per_month": interactions * per_month * part for name, part in parts.items()},
        "link_clicks": clicks,
        "negative_reactions": noisy_count(negative, points["noise_negative"]),
        "hours_per_week": _hours(page, answered.sum(axis=1) * parts["comments"] / weeks, known, points),
    }
    one = {
        "reach_per_post": reached.ravel(),
        "reach_share_per_post": posts.share.ravel(),
        "interactions_per_post": answered.ravel(),
    }
    bands = {name: Band.of(values if values.size else np.zeros(1)) for name, values in (draws | one).items()}
    return OrganicForecast(
        **bands,
        earned=passed_on(answered.sum(axis=1) * parts["shares"], seed, known),
        lead=Band.of(posts.lead),
        followers=page.followers,
        weeks=weeks,
        posts=reached.shape[1],
        seed=seed,
        parameter_digest=known.digest,
        draws=draws,
        per_post=reached,
        answered=answered,
    )


def _last_month(share: Array, weeks: int) -> Array:
    """Return the posts of the last 30 days; all of them where there are fewer."""
    count = share.shape[1]
    return share[:, count - min(count, round(count * MONTH / (WEEK * weeks))) :]


def _link_clicks(page: Page, interactions: Array, known: Parameters, points: dict[str, Array]) -> Array:
    """Return clicks on links: only posts that carry one have any.

    All clicks of a post are interactions and link clicks, whose share is known for advertisements.
    """
    if page.format != "link":
        return np.zeros_like(interactions)
    part = known["response.link_share_of_clicks"].quantile(points["link_share"])
    return np.asarray(interactions * part / (1.0 - part))


def _hours(page: Page, comments_per_week: Array, known: Parameters, points: dict[str, Array]) -> Array:
    """Return the hours a week: making, answering, looking."""
    making = page.posts_per_week * known[f"organic.hours.{page.format}"].quantile(points["hours"])
    answering = (
        ANSWERED[page.replies] * comments_per_week * known["organic.reply_hours"].quantile(points["reply_hours"])
    )
    looking = known[f"organic.presence_hours.{page.replies}"].quantile(points["presence_hours"])
    return np.asarray(making + answering + looking)
