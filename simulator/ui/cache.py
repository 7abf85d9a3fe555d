"""The one cache: forecasts by campaign, curves by campaign without its budget.

Both are frozen or plain, so every session may share them.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from simulator.campaign import Campaign
from simulator.forecast import Forecast
from simulator.forecasting import budget_curve, simulate
from simulator.places import Found
from simulator.ui import choices

_FORECASTS = 48
"""A forecast keeps its draws: about 1.4 MB."""
_CURVES = 128
_UNIT_BUDGET = 1.0
"""Stands in the key of a curve, which belongs to every budget."""


@st.cache_resource(max_entries=_FORECASTS, show_spinner=False)
def _forecast(campaign: str) -> Forecast:
    return simulate(Campaign.from_json(campaign))


@st.cache_data(max_entries=_CURVES, show_spinner=False)
def _curve(campaign: str, top: float) -> list[dict[str, float]]:
    # Steps of the slider, stretched to the axis: the values people compare lie exactly on the curve.
    scale = max(top / choices.STEPS[-1], 1.0)
    budgets = [0.0, *(step * scale for step in choices.STEPS if step * scale <= top)]
    frame = budget_curve(Campaign.from_json(campaign), budgets)
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90", "frequency": "frequency_p50"}
    return [
        {"budget": float(budget), **{name: float(row[column]) for name, column in columns.items()}}
        for budget, row in frame.iterrows()
    ]


@st.cache_data(max_entries=_CURVES, show_spinner=False)
def _by_day(campaign: str) -> list[dict[str, float]]:
    frame = _forecast(campaign).by_day()
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90"}
    return [
        {"day": float(day), **{name: float(row[column]) for name, column in columns.items()}}
        for day, row in frame.iterrows()
    ]


@st.cache_data(max_entries=1024, show_spinner=False)
def _lookup(text: str, country: str) -> choices.Lookup:
    return choices.look_up(text, country)


def forecast(campaign: Campaign) -> Forecast:
    """Return the forecast of a campaign."""
    return _forecast(campaign.to_json())


def curve(campaign: Campaign, top: float) -> list[dict[str, float]]:
    """Return points from 0 to ``top`` a day: budget, people, low, high, frequency."""
    return _curve(campaign.with_daily_budget(_UNIT_BUDGET).to_json(), top)


def by_day(campaign: Campaign) -> list[dict[str, float]]:
    """Return people reached so far, day by day: day, people, low, high."""
    return _by_day(campaign.to_json())


def lookup(text: str, country: str) -> choices.Lookup:
    """Return the towns that fit what was typed."""
    return _lookup(text, country)


@st.cache_data(max_entries=1024, show_spinner=False)
def town(code: str, country: str) -> Found | None:
    """Return the town with this code."""
    return choices.town(code, country)


def warm_up() -> dict[str, Any]:
    """Compute the first answer before the first visitor asks for it."""
    campaign = choices.attempt(choices.DEFAULTS, "fr").campaign
    if campaign is None:
        return {}
    return {"forecast": forecast(campaign), "curve": curve(campaign, 50.0)}
