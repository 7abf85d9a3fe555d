"""The vocabulary: every metric's name, unit, formula and meaning, said once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes
    ----------
    name : str
        Field of ``Forecast`` and column of every table.
    unit : str
        ``people``, ``count``, ``times``, ``fraction``, ``money`` or ``money per 1,000 impressions``.
    formula : str
        How it follows from others; empty for those the model gives.
    definition : str
        The meaning, in one sentence.
    """

    name: str
    unit: str
    formula: str
    definition: str


_ALL = (
    Metric("audience_size", "people", "", "People who could be shown the advertisement."),
    Metric("spend", "money", "", "Money used, never above the budget."),
    Metric("impressions", "count", "", "Times the advertisement is shown."),
    Metric("reach", "people", "", "Distinct people shown it at least once over the whole campaign."),
    Metric("frequency", "times", "impressions / reach", "Mean number of showings to a person reached."),
    Metric("cpm", "money", "1000 * spend / impressions", "Cost of a thousand impressions."),
    Metric("link_clicks", "count", "", "Clicks on the link of the advertisement."),
    Metric("clicks_all", "count", "", "All clicks: link, reactions, comments, shares, page, picture."),
    Metric("ctr_link", "fraction", "link_clicks / impressions", "Share of impressions followed by a link click."),
    Metric("cpc_link", "money", "spend / link_clicks", "Cost of a link click."),
    Metric("reactions", "count", "", "Likes and other reactions to the advertisement."),
    Metric("comments", "count", "", "Comments under the advertisement."),
    Metric("shares", "count", "", "Times somebody passes the advertisement on."),
    Metric(
        "engagements",
        "count",
        "link_clicks + reactions + comments + shares",
        "Interactions that leave a trace: link clicks, reactions, comments, shares; never more than clicks_all.",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
"""Metric by name, in the order of display."""

WHOLE = ("link_clicks", "clicks_all", "reactions", "comments", "shares", "engagements")
"""Metrics that are whole numbers in every draw, and in every band."""

K_MAX = 10
"""Entries of ``reach_kplus``: people shown at least 1, 2, … 10 times."""

REACH_KPLUS = tuple(f"reach_{k}plus" for k in range(1, K_MAX + 1))
"""Names of those entries as columns and draws."""

AGE_BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
"""The platform's age bands."""
SEXES = ("women", "men")
PRESENCES = ("facebook", "instagram", "both")
"""Disjoint people: only on Facebook, only on Instagram, on both."""
