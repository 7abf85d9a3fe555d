"""What people are interested in, as the platform offers it for targeting, and how many that makes."""

from simulator.reference.interests.table import (
    Interest,
    all_interests,
    find_interest,
    search_interests,
    shares_by_segment,
    tilt,
    union_share,
)

__all__ = [
    "Interest",
    "all_interests",
    "find_interest",
    "search_interests",
    "shares_by_segment",
    "tilt",
    "union_share",
]
