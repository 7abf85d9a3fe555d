"""Goals of a campaign: how a goal without figures of its own is delivered and answered.

Only the price relative to link clicks differs (``prices.objective``); slots, persistence and answers are those of the
nearest goal that has figures.
"""

from __future__ import annotations

DELIVERED_LIKE = {
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


def delivered_like(objective: str) -> str:
    """Return the goal whose slots a day, persistence and dispersion are taken."""
    return DELIVERED_LIKE.get(objective, objective)


def answered_like(objective: str) -> str:
    """Return the goal whose rates of answers are taken."""
    return DELIVERED_LIKE.get(objective, objective)
