"""Invented tables of campaigns for the estimator's tests."""

from __future__ import annotations

import numpy as np
import pandas as pd


def table(count: int = 12, *, seed: int = 0, cpm: float = 8.0, spread: float = 0.15, **columns: object) -> pd.DataFrame:
    """Campaigns in France for link clicks: prices around ``cpm`` EUR, budgets over a factor of thirty."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2025-01-06") + np.sort(rng.integers(0, 500, count))
    days = rng.integers(3, 22, count)
    spend = np.exp(rng.uniform(np.log(15.0), np.log(500.0), count)).round(2)
    impressions = np.round(1000.0 * spend / (cpm * np.exp(spread * rng.standard_normal(count))))
    reach = np.round(impressions / np.exp(np.abs(0.35 + 0.05 * rng.standard_normal(count))))
    clicks = rng.poisson(0.01 * impressions * np.exp(0.4 * rng.standard_normal(count)))
    return pd.DataFrame(
        {
            "start": start,
            "end": start + days - 1,
            "spend": spend,
            "impressions": impressions,
            "reach": reach,
            "link_clicks": clicks.astype(float),
            "country": "FR",
            "objective": "link_clicks",
            "currency": "EUR",
            "audience_size": 300_000.0,
            "campaign": [f"campaign {number}" for number in range(count)],
            **columns,
        }
    )


def one(**columns: object) -> pd.DataFrame:
    """One sound campaign, changed."""
    return table(1, seed=3).assign(**columns)
