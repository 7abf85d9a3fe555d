"""Published figures of free posts, reproduced within the bands.

Sources: Moro, Rita and Vala 2016 (UCI "Facebook metrics", 500 posts of one page in 2014); vendors' shares of
followers reached by size of page, 2015; Instagram 2022.
"""

from __future__ import annotations

import numpy as np
import pytest

from simulator.channels import Page, organic
from simulator.reference.parameters import load_parameters

IN_2015 = load_parameters({"organic.level.facebook": {"value": 1.0, "range": {"family": "fixed"}}})
BRAND = 139_000
"""Followers of the page whose posts were published."""


def fifths(page: Page) -> float:
    """Return how much oftener the least reached fifth of posts is reacted to than the most reached, median draw."""
    found = organic(page, 52, draws=256)
    ranked = np.argsort(found.per_post, axis=1)
    rate = np.take_along_axis(found.answered / found.per_post, ranked, axis=1)
    fifth = rate.shape[1] // 5
    return float(np.median(np.median(rate[:, :fifth], axis=1) / np.median(rate[:, -fifth:], axis=1)))


@pytest.mark.parametrize(("followers", "published"), [(500, 0.228), (3000, 0.128), (70_000, 0.096), (2_000_000, 0.023)])
def test_vendor_2015_reach_per_follower_by_size_of_page(followers: int, published: float) -> None:
    found = organic(Page(followers=followers), 26, parameters=IN_2015)
    mean = found.per_post.mean(axis=1) / followers
    low, high = np.quantile(mean, (0.1, 0.9))
    assert low < published < high
    assert mean.mean() == pytest.approx(published, rel=0.25)


def test_four_small_firms_reach_27_percent_and_with_a_link_12() -> None:
    for form, published in (("photo", 0.27), ("link", 0.12)):
        found = organic(Page(followers=1300, format=form), 12, draws=512)
        low, high = np.quantile(found.per_post.mean(axis=1) / 1300, (0.05, 0.95))
        assert low < published < high


def test_moro_2016_median_reach_and_scatter_of_one_page() -> None:
    found = organic(Page(followers=BRAND), 26, parameters=IN_2015)
    medians = np.median(found.per_post, axis=1) / BRAND
    low, high = np.quantile(medians, (0.1, 0.9))
    assert low < 0.049 < high
    spreads = np.log(found.per_post).std(axis=1)
    low, high = np.quantile(spreads, (0.1, 0.9))
    assert low < 1.14 < high


def test_moro_2016_showings_a_person_reached() -> None:
    found = organic(Page(followers=BRAND), 8, draws=2048)
    frequency = found.draws["impressions_per_month"] / (found.per_post.sum(axis=1) * 30 / 56)
    assert np.quantile(frequency, (0.05, 0.5, 0.95)) == pytest.approx([1.40, 1.76, 2.40], rel=0.02)


@pytest.mark.parametrize(("form", "per_thousand"), [("photo", 24.5), ("status", 15.3), ("link", 6.8), ("video", 5.5)])
def test_moro_2016_interactions_by_format(form: str, per_thousand: float) -> None:
    found = organic(Page(followers=BRAND, format=form), 26)
    rates = 1000.0 * found.draws["interactions"] / found.per_post.sum(axis=1)
    low, high = np.quantile(rates, (0.1, 0.9))
    assert low < per_thousand < high


def test_moro_2016_formats_stand_in_their_order() -> None:
    found = [organic(Page(followers=BRAND, format=form)).interactions_per_month.p50 for form in
             ("photo", "status", "video")]  # fmt: skip
    assert found == sorted(found, reverse=True)
    assert found[0] / found[1] == pytest.approx(24.5 / 15.3, rel=0.15)
    assert found[0] / found[2] == pytest.approx(24.5 / 5.5, rel=0.15)


def test_moro_2016_engagement_falls_with_reach_from_16_7_to_3_6_percent() -> None:
    assert fifths(Page(followers=BRAND)) == pytest.approx(16.7 / 3.6, rel=0.15)


def test_moro_2016_likes_shares_and_comments() -> None:
    found = organic(Page(followers=BRAND))
    parts = [getattr(found, f"{name}_per_month").p50 for name in ("reactions", "shares", "comments")]
    assert np.array(parts) / sum(parts) == pytest.approx([0.837, 0.128, 0.035], rel=0.01)


def test_vendor_2022_instagram_below_5000_followers() -> None:
    found = organic(Page(followers=2000, network="instagram"), 26)
    low, high = np.quantile(found.per_post.mean(axis=1) / 2000, (0.1, 0.9))
    assert low < 0.169 < high
