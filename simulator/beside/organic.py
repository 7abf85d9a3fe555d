"""The free page forecast: joins a page, the parameters and the model of posts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from simulator.beside.earned import passed_on
from simulator.beside.organic_forecast import OrganicForecast
from simulator.beside.page import WEEKS, Page
from simulator.errors import InvalidInput, shown
from simulator.forecast import Band
from simulator.forecasting import DRAWS, check_draws
from simulator.model import organic as posts_model
from simulator.model.draws import noisy_count, uniform_points
from simulator.parameters import Parameters, load_parameters
from simulator.validated import instance_of

Array = NDArray[np.float64]

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
