"""What a campaign is bought for: the goals known here, the platform's own names for them, and what each is like.

Only the price relative to link clicks is a goal's own (``prices.objective``). How it is delivered and answered is
known for a few goals only; the others take after the nearest of these.
"""

from __future__ import annotations

from typing import Literal, get_args

from simulator.base.errors import InvalidInput, shown

Objective = Literal[
    "reach",
    "impressions",
    "link_clicks",
    "engagement",
    "leads",
    "boosted_post",
    "sales",
    "messages",
    "calls",
    "video_views",
    "profile_visits",
    "page_likes",
    "landing_page_views",
    "app_installs",
    "unknown",
]
"""``unknown`` is a mixture: a goal that nobody has named."""
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)

PLATFORM_NAMES: dict[str, Objective] = {
    "OUTCOME_AWARENESS": "reach",
    "OUTCOME_TRAFFIC": "link_clicks",
    "OUTCOME_ENGAGEMENT": "engagement",
    "OUTCOME_LEADS": "leads",
    "OUTCOME_SALES": "sales",
    "OUTCOME_APP_PROMOTION": "app_installs",
    "REACH": "reach",
    "BRAND_AWARENESS": "reach",
    "IMPRESSIONS": "impressions",
    "LINK_CLICKS": "link_clicks",
    "POST_ENGAGEMENT": "engagement",
    "LEAD_GENERATION": "leads",
    "CONVERSIONS": "sales",
    "OFFSITE_CONVERSIONS": "sales",
    "PRODUCT_CATALOG_SALES": "sales",
    "MESSAGES": "messages",
    "CONVERSATIONS": "messages",
    "QUALITY_CALL": "calls",
    "VIDEO_VIEWS": "video_views",
    "THRUPLAY": "video_views",
    "VISIT_INSTAGRAM_PROFILE": "profile_visits",
    "PAGE_LIKES": "page_likes",
    "LANDING_PAGE_VIEWS": "landing_page_views",
    "APP_INSTALLS": "app_installs",
}
"""The platform's objectives and optimisation goals, as its interface and exports write them."""

_LIKE: dict[str, Objective] = {
    "sales": "leads",
    "app_installs": "leads",
    "landing_page_views": "link_clicks",
    "messages": "link_clicks",
    "calls": "leads",
    "profile_visits": "link_clicks",
    "page_likes": "engagement",
    "video_views": "engagement",
    "unknown": "link_clicks",
}
"""Assumption: the goal with figures of its own whose delivery and answers each of the others shares."""


CAPPED: tuple[Objective, ...] = ("reach", "video_views")
"""The only goals with which a frequency cap is sold (the platform's REACH and THRUPLAY), read on 2026-11-29."""


def objective_named(name: object) -> Objective:
    """Return the goal of a name of ours or of the platform's.

    Raises
    ------
    InvalidInput
        ``unknown_choice``.
    """
    if isinstance(name, str):
        if name in OBJECTIVES:
            return name
        if name in PLATFORM_NAMES:
            return PLATFORM_NAMES[name]
    raise InvalidInput("unknown_choice", field="", received=shown(name), allowed=", ".join(OBJECTIVES))


def nearest_known(objective: str) -> str:
    """Return the goal whose slots a day, persistence, dispersion and rates of answers are taken."""
    return _LIKE.get(objective, objective)
