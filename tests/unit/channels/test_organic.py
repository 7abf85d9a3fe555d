"""The free page: every choice moves what it should, bands in order, clear errors."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.channels import OrganicForecast, Page, organic
from simulator.channels.organic import FIGURES, LEAST_REACH

SMALL = Page(followers=800)


@pytest.fixture(scope="module")
def small() -> OrganicForecast:
    return organic(SMALL)


def test_bands_are_in_order_and_people_are_followers(small: OrganicForecast) -> None:
    for name in FIGURES:
        band = small.band(name)
        assert 0.0 <= band.p10 <= band.p50 <= band.p90, name
    assert small.reach_per_post.p90 < 800
    assert small.reach_per_post.p50 < small.reach_per_month.p50 < small.reach.p50 < 800
    assert (small.draws["reach"] <= 800.0).all()
    assert small.posts == 16


def test_same_seed_same_figures(small: OrganicForecast) -> None:
    assert organic(SMALL).to_dict() == small.to_dict()
    assert organic(SMALL, seed=1).to_dict() != small.to_dict()
    json.dumps(small.to_dict(), allow_nan=False)


def test_posting_more_reaches_more_but_each_post_not_more_than_before() -> None:
    rare, often, crowded = (organic(SMALL.replace(posts_per_week=count)) for count in (1, 7, 42))
    assert rare.reach_per_month.p50 < often.reach_per_month.p50 < crowded.reach_per_month.p50
    assert crowded.reach_share_per_post.mean < 0.6 * often.reach_share_per_post.mean
    assert rare.hours_per_week.p50 < often.hours_per_week.p50 < crowded.hours_per_week.p50


def test_formats(small: OrganicForecast) -> None:
    link, video, status = (organic(SMALL.replace(format=name)) for name in ("link", "video", "status"))
    assert link.reach_per_post.mean < 0.7 * small.reach_per_post.mean
    assert video.hours_per_week.p50 > 2.0 * status.hours_per_week.p50
    assert small.interactions.p50 > status.interactions.p50 > video.interactions.p50
    assert small.link_clicks.p90 == 0.0
    assert link.link_clicks.mean > 0.0


def test_answering_brings_interactions_and_costs_hours() -> None:
    none, all_ = (organic(SMALL.replace(replies=name, posts_per_week=7)) for name in ("none", "all"))
    assert all_.interactions.p50 > none.interactions.p50
    assert all_.hours_per_week.p50 > none.hours_per_week.p50 + 0.5
    assert all_.lead.p50 > 1.0 > none.lead.p50


@pytest.mark.parametrize("network", ["facebook", "instagram"])
def test_hashtags_make_no_difference_that_could_be_measured(network: str) -> None:
    page = SMALL.replace(network=network)
    without, with_ = organic(page), organic(page.replace(hashtags=True))
    assert with_.interactions.p50 == pytest.approx(without.interactions.p50, rel=0.05)
    assert with_.to_dict() != without.to_dict()


def test_the_pages_own_statistics_replace_our_figure() -> None:
    known = organic(SMALL.replace(usual_reach=160))
    assert known.draws["reach_per_post"].mean() == pytest.approx(160, rel=0.05)
    ours = organic(SMALL).draws["reach_per_post"]
    assert np.std(np.log(known.draws["reach_per_post"])) < 0.8 * np.std(np.log(ours))


def test_nobody_follows_or_nothing_is_posted() -> None:
    nobody, silent = organic(Page(followers=0)), organic(SMALL.replace(posts_per_week=0))
    for found in (nobody, silent):
        assert found.reach.p90 == found.interactions.p90 == found.earned.reach.p90 == 0.0
    assert silent.posts == 0
    assert silent.by_post() == []
    assert nobody.hours_per_week.p50 > 0.0, "making posts takes its hours all the same"


def test_the_longest_and_busiest_page_still_settles() -> None:
    found = organic(Page(followers=2000, posts_per_week=70, replies="all"), 52, draws=64)
    posts = found.by_post()
    assert len(posts) == 3640
    early, late = (np.mean([post["p50"] for post in part]) for part in (posts[200:500], posts[-300:]))
    assert late == pytest.approx(early, rel=0.05)
    assert found.lead.p90 < 2.0


def test_some_hide_a_post(small: OrganicForecast) -> None:
    seen = small.draws["reach_per_post"].mean() * small.posts
    assert 0.0001 < small.negative_reactions.mean / seen < 0.002


@pytest.mark.parametrize(
    ("entries", "field", "allowed"),
    [
        ({"followers": -5}, "followers", "0 to 500,000,000 people"),
        ({"followers": 1.5}, "followers", "a whole one, such as 7"),
        ({"followers": 800, "posts_per_week": 1400}, "posts_per_week", "0 to 70 posts/week"),
        ({"followers": 800, "posts_per_week": -1}, "posts_per_week", "0 to 70 posts/week"),
        ({"followers": 800, "format": "gif"}, "format", "photo, video, link, status"),
        ({"followers": 800, "replies": "never"}, "replies", "none, some, all"),
        ({"followers": 800, "network": "viadeo"}, "network", "facebook, instagram"),
        ({"followers": 800, "usual_reach": 790}, "usual_reach", "0.1 to 720 people of 800 followers"),
        ({"followers": 800, "usual_reach": 0}, "usual_reach", "0.1 to 720 people of 800 followers"),
        ({"followers": 800, "usual_reach": 1e-320}, "usual_reach", "0.1 to 720 people of 800 followers"),
        ({}, "followers", "a value"),
    ],
)
def test_bad_entries_are_refused_by_name(entries: dict[str, object], field: str, allowed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Page(**entries)
    assert (caught.value.data["field"], caught.value.data["allowed"]) == (field, allowed)


def test_the_smallest_usual_reach_is_a_forecast() -> None:
    for followers in (1, 800, 500_000_000):
        found = organic(Page(followers=followers, usual_reach=LEAST_REACH), draws=64)
        assert 0.0 <= found.reach_per_post.p50 < 10.0


@pytest.mark.parametrize("weeks", [0, 53, 2.5, True, "8"])
def test_weeks_have_limits(weeks: object) -> None:
    with pytest.raises(InvalidInput, match="1 to 52 weeks"):
        organic(SMALL, weeks)  # type: ignore[arg-type]


def test_something_else_than_a_page_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a Page"):
        organic({"followers": 800})  # type: ignore[arg-type]
