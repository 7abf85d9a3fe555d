"""The one cache: forecasts by campaign, curves by campaign without its budget, and what forecasts have in common.

Both are frozen or plain, so every session may share them. Where the visitor's own campaigns are in use
(``past``), their digest is part of the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import choices
from simulator.apps.web import choices as which_town
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Forecast
from simulator.forecasting.audience import Audience, estimate_audience
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.model.interpolation import KnotTables
from simulator.planning import Change, ClicksGoal, EnquiriesGoal, Plan, ReachGoal, what_to_change
from simulator.planning import plan as plan_for
from simulator.reference.parameters import load_parameters
from simulator.reference.places import Found, towns_within
from simulator.reference.places.place import Place

if TYPE_CHECKING:
    from simulator.learning import Calibration

_FORECASTS = 48
"""A forecast keeps its draws: about 1.4 MB."""
_SETTINGS = 48
"""Kinds of people times days times goals whose exposure is kept: about 1.4 MB each."""
_CURVES = 128
_LOOKUPS = 1024
_UNIT_BUDGET = 1.0
"""Stands in the key of a curve, which belongs to every budget."""
_LEARNT = {"simulator.learning.calibration.Calibration": past.digest}


@st.cache_resource(show_spinner=False)
def tables() -> KnotTables:
    """Return what forecasts of other places, ages and money have worked out already."""
    return KnotTables(_SETTINGS)


@st.cache_resource(max_entries=_FORECASTS, show_spinner=False, hash_funcs=_LEARNT)
def _forecast(campaign: str, seed: int, learnt: Calibration | None) -> Forecast:
    return simulate(Campaign.from_json(campaign), seed=seed, calibration=learnt, tables=tables())


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=_LEARNT)
def _curve(campaign: str, seed: int, top: float, learnt: Calibration | None) -> list[dict[str, float]]:
    # Steps of the slider, stretched to the axis: the values people compare lie exactly on the curve.
    scale = max(top / choices.STEPS[-1], 1.0)
    budgets = [0.0, *(step * scale for step in choices.STEPS if step * scale <= top)]
    frame = budget_curve(Campaign.from_json(campaign), budgets, seed=seed, calibration=learnt, tables=tables())
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90", "frequency": "frequency_p50"}
    return [
        {"budget": float(budget), **{name: float(row[column]) for name, column in columns.items()}}
        for budget, row in frame.iterrows()
    ]


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=_LEARNT)
def _by_day(campaign: str, seed: int, learnt: Calibration | None) -> list[dict[str, float]]:
    frame = _forecast(campaign, seed, learnt).by_day()
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90"}
    return [
        {"day": float(day), **{name: float(row[column]) for name, column in columns.items()}}
        for day, row in frame.iterrows()
    ]


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=_LEARNT)
def _durations(campaign: str, seed: int, days: tuple[int, ...], learnt: Calibration | None) -> list[dict[str, float]]:
    whole = Campaign.from_json(campaign)
    rows = []
    for count in days:
        try:
            other = whole.replace(duration_days=count, daily_budget=whole.spend_planned / count)
        except InvalidInput:
            continue  # so much a day is not allowed
        forecast = simulate(other, seed=seed, calibration=learnt, tables=tables())
        reach = forecast.reach
        figures = {"people": reach.p50, "low": reach.p10, "high": reach.p90, "frequency": forecast.frequency.p50}
        rows.append({"days": count, "per_day": other.spend_per_day, **figures})
    return rows


@st.cache_resource(max_entries=_CURVES, show_spinner=False, hash_funcs=_LEARNT)
def _plan(campaign: str, kind: str, count: float, confidence: float, seed: int, learnt: Calibration | None) -> Plan:
    goal = {"people": ReachGoal, "clicks": ClicksGoal, "enquiries": EnquiriesGoal}[kind](count)
    whole = Campaign.from_json(campaign)
    return plan_for(whole, goal, confidence=confidence, seed=seed, calibration=learnt, tables=tables())


def plan(campaign: Campaign, kind: str, count: float, confidence: float, seed: int = 0) -> Plan:
    """Return the cheapest budget for so many people, clicks or enquiries."""
    bare = campaign.with_daily_budget(_UNIT_BUDGET).to_json()
    return _plan(bare, kind, count, confidence, seed, past.current())


@st.cache_resource(max_entries=_CURVES, show_spinner=False, hash_funcs=_LEARNT)
def _changes(campaign: str, seed: int, learnt: Calibration | None) -> tuple[Change, ...]:
    return what_to_change(Campaign.from_json(campaign), seed=seed, calibration=learnt)


def changes(campaign: Campaign, seed: int = 0) -> tuple[Change, ...]:
    """Return what to change first, for more people."""
    return _changes(campaign.to_json(), seed, past.current())


def forecast(campaign: Campaign, seed: int = 0) -> Forecast:
    """Return the forecast of a campaign."""
    return _forecast(campaign.to_json(), seed, past.current())


def forecast_with(campaign: Campaign, learnt: Calibration | None, seed: int = 0) -> Forecast:
    """Return the forecast with a calibration, or none, whatever is in use."""
    return _forecast(campaign.to_json(), seed, learnt)


def curve(campaign: Campaign, top: float, seed: int = 0) -> list[dict[str, float]]:
    """Return points from 0 to ``top`` a day: budget, people, low, high, frequency."""
    return _curve(campaign.with_daily_budget(_UNIT_BUDGET).to_json(), seed, top, past.current())


def by_day(campaign: Campaign, seed: int = 0) -> list[dict[str, float]]:
    """Return people reached so far, day by day: day, people, low, high."""
    return _by_day(campaign.to_json(), seed, past.current())


def durations(campaign: Campaign, days: tuple[int, ...], seed: int = 0) -> list[dict[str, float]]:
    """Return the same money spread over other numbers of days: days, per_day, people, low, high, frequency."""
    return _durations(campaign.to_json(), seed, days, past.current())


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def lookup(text: str, country: str) -> which_town.Lookup:
    """Return the towns that fit what was typed."""
    return which_town.look_up(text, country)


@st.cache_resource(max_entries=_CURVES, show_spinner=False)
def _audience(targeting: str, platforms: tuple[str, ...]) -> Audience:
    return estimate_audience(Targeting.from_json(targeting), load_parameters(), platforms)


def audience(campaign: Campaign) -> Audience:
    """Return whom a campaign aims at."""
    return _audience(campaign.targeting.to_json(), campaign.platforms)


@st.cache_data(max_entries=_CURVES, show_spinner=False)
def _towns(place: str) -> list[tuple[str, float, float, float]]:
    found = towns_within(Place.from_json(place))
    return [(town.name, people, town.latitude, town.longitude) for town, people in found]


def towns(place: Place) -> list[tuple[str, float, float, float]]:
    """Return the towns inside a circle, the largest first: name, people inside, latitude, longitude."""
    return _towns(place.to_json())


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def town(code: str, country: str) -> Found | None:
    """Return the town with this code."""
    return which_town.town(code, country)


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def place_meant(key: str | None, text: str, country: str) -> str | None:
    """Return the key of the town that fits what is typed."""
    return which_town.place_meant(key, text, country)
