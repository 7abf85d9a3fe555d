"""What a user's own campaigns can and cannot teach, as codes with data that the screen says in words.

The limits are rules of thumb of ours, no measurements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

FEW = 3
"""Campaigns below which little can be learnt."""
SAME_BUDGET = 1.5
"""Largest spend a day over smallest that is still one budget."""
OFTEN = ((3, 2.0), (7, 4.0))
"""Days and times a person: so many times in so few days looks like people chosen from a list."""
OFTEN_SHARE = 0.5
"""Share of campaigns from which it is said."""
MOST_SHARE = 0.5
"""Share of rows without a figure from which the file is said to lack it."""
TIMES = ("day", "week", "month")

Diagnosis = tuple[str, dict[str, Any]]


def diagnose(frame: pd.DataFrame) -> list[Diagnosis]:
    """Return what to know about the campaigns of an export, the gravest first."""
    found: list[Diagnosis] = []
    parts = tuple(frame.attrs.get("breakdowns", ()))
    count = _campaigns(frame)
    currencies = sorted(frame["currency"].dropna().unique())
    if len(currencies) > 1:
        found.append(("mixed_currencies", {"currencies": currencies}))
    if count < FEW:
        found.append(("few_rows", {"count": count}))
    if not parts and frame["start_is_reporting"].mean() >= MOST_SHARE:
        found.append(("no_dates", {"days": int(frame["days"].median())}))
    if not parts and frame["reach"].isna().mean() >= MOST_SHARE:
        found.append(("no_reach", {}))
    if set(parts) & set(TIMES):
        found.append(("days_rows", {}))
    elif parts:
        found.append(("parts_rows", {"parts": parts}))
    a_day = (frame["spend"] / frame["days"]).to_numpy(dtype=float)
    a_day = a_day[a_day > 0]
    if count >= 2 and len(a_day) > 1 and a_day.max() <= SAME_BUDGET * a_day.min():
        found.append(
            ("one_budget", {"amount": float(np.median(a_day)), "currency": currencies[0] if currencies else "EUR"})
        )
    often = _often(frame)
    if len(often) and often.mean() >= OFTEN_SHARE:
        found.append(("retargeting", {"count": int(often.sum())}))
    goals = sorted(frame["objective"].dropna().unique())
    if len(goals) > 1:
        found.append(("several_goals", {"goals": goals}))
    elif not goals:
        found.append(("no_goal", {}))
    return found


def _campaigns(frame: pd.DataFrame) -> int:
    """Return campaigns (or ad sets, ads): rows of one name are parts of one."""
    if not frame.attrs.get("breakdowns"):
        return len(frame)
    names = [name for name in ("campaign", "ad_set", "ad") if frame[name].notna().any()]
    return len(frame[names].drop_duplicates()) if names else len(frame)


def _often(frame: pd.DataFrame) -> np.ndarray:
    frequency, days = frame["frequency"].to_numpy(dtype=float), frame["days"].to_numpy(dtype=float)
    found = np.zeros(len(frame), dtype=bool)
    for most_days, times in OFTEN:
        found |= (days <= most_days) & (frequency >= times)
    return found
