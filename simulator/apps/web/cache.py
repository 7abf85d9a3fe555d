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
from simulator.forecasting.engine import Engine
from simulator.model.interpolation import KnotTables
from simulator.planning import Change, ClicksGoal, EnquiriesGoal, Plan, ReachGoal, what_to_change
from simulator.planning import plan as plan_for
from simulator.reference.parameters import load_parameters
from simulator.reference.places import Found, dots_within, towns_within
from simulator.reference.places.place import Place

if TYPE_CHECKING:
    from simulator.learning import Calibration

_FORECASTS = 48
"""A forecast keeps its draws: about 80 kB."""
_SETTINGS = 48
"""Kinds of people times days times goals whose exposure is kept: about 1.4 MB each."""
_CURVES = 128
_LOOKUPS = 1024
_UNIT_BUDGET = 1.0
"""Stands in the key of a curve, which belongs to every budget."""
KEYS = {
    "simulator.campaign.campaign.Campaign": hash,
    "simulator.campaign.campaign.Targeting": hash,
    "simulator.reference.places.place.Place": hash,
    "simulator.channels.customers.Business": hash,
    "simulator.channels.organic.Page": hash,
    "simulator.learning.calibration.Calibration": past.digest,
}
"""How what is frozen stands in a key: nothing is written as text and read again for a look-up."""


@st.cache_resource(show_spinner=False)
def tables() -> KnotTables:
    """Return what forecasts of other places, ages and money have worked out already."""
    return KnotTables(_SETTINGS)


def _engine(seed: int, learnt: Calibration | None) -> Engine:
    return Engine(calibration=learnt, seed=seed, tables=tables())


@st.cache_resource(max_entries=_FORECASTS, show_spinner=False, hash_funcs=KEYS)
def _forecast(campaign: Campaign, seed: int, learnt: Calibration | None) -> Forecast:
    return _engine(seed, learnt).forecast(campaign)


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _curve(campaign: Campaign, seed: int, top: float, learnt: Calibration | None) -> list[dict[str, float]]:
    # Steps of the slider, stretched to the axis: the values people compare lie exactly on the curve.
    scale = max(top / choices.STEPS[-1], 1.0)
    budgets = [0.0, *(step * scale for step in choices.STEPS if step * scale <= top)]
    frame = _engine(seed, learnt).curve(campaign, budgets)
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90", "frequency": "frequency_p50"}
    return [
        {"budget": float(budget), **{name: float(row[column]) for name, column in columns.items()}}
        for budget, row in frame.iterrows()
    ]


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _by_day(campaign: Campaign, seed: int, learnt: Calibration | None) -> list[dict[str, float]]:
    frame = _forecast(campaign, seed, learnt).by_day()
    columns = {"people": "reach_p50", "low": "reach_p10", "high": "reach_p90"}
    return [
        {"day": float(day), **{name: float(row[column]) for name, column in columns.items()}}
        for day, row in frame.iterrows()
    ]


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _durations(
    campaign: Campaign, seed: int, days: tuple[int, ...], learnt: Calibration | None
) -> list[dict[str, float]]:
    engine, rows = _engine(seed, learnt), []
    for count in days:
        try:
            other = campaign.replace(duration_days=count, daily_budget=campaign.spend_planned / count)
        except InvalidInput:
            continue  # so much a day is not allowed
        forecast = engine.forecast(other)
        reach = forecast.reach
        figures = {"people": reach.p50, "low": reach.p10, "high": reach.p90, "frequency": forecast.frequency.p50}
        rows.append({"days": count, "per_day": other.spend_per_day, **figures})
    return rows


@st.cache_resource(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _plan(
    campaign: Campaign, kind: str, count: float, confidence: float, seed: int, learnt: Calibration | None
) -> Plan:
    goal = {"people": ReachGoal, "clicks": ClicksGoal, "enquiries": EnquiriesGoal}[kind](count)
    return plan_for(campaign, goal, confidence=confidence, engine=_engine(seed, learnt))


def plan(campaign: Campaign, kind: str, count: float, confidence: float, seed: int = 0) -> Plan:
    """Return the cheapest budget for so many people, clicks or enquiries."""
    return _plan(campaign.with_daily_budget(_UNIT_BUDGET), kind, count, confidence, seed, past.current())


@st.cache_resource(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _changes(campaign: Campaign, seed: int, learnt: Calibration | None) -> tuple[Change, ...]:
    return what_to_change(campaign, seed=seed, calibration=learnt)


def changes(campaign: Campaign, seed: int = 0) -> tuple[Change, ...]:
    """Return what to change first, for more people."""
    return _changes(campaign, seed, past.current())


def forecast(campaign: Campaign, seed: int = 0) -> Forecast:
    """Return the forecast of a campaign."""
    return _forecast(campaign, seed, past.current())


def forecast_with(campaign: Campaign, learnt: Calibration | None, seed: int = 0) -> Forecast:
    """Return the forecast with a calibration, or none, whatever is in use."""
    return _forecast(campaign, seed, learnt)


def curve(campaign: Campaign, top: float, seed: int = 0) -> list[dict[str, float]]:
    """Return points from 0 to ``top`` a day: budget, people, low, high, frequency."""
    return _curve(campaign.with_daily_budget(_UNIT_BUDGET), seed, top, past.current())


def by_day(campaign: Campaign, seed: int = 0) -> list[dict[str, float]]:
    """Return people reached so far, day by day: day, people, low, high."""
    return _by_day(campaign, seed, past.current())


def durations(campaign: Campaign, days: tuple[int, ...], seed: int = 0) -> list[dict[str, float]]:
    """Return the same money spread over other numbers of days: days, per_day, people, low, high, frequency."""
    return _durations(campaign, seed, days, past.current())


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def lookup(text: str, country: str) -> which_town.Lookup:
    """Return the towns that fit what was typed."""
    return which_town.look_up(text, country)


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def lookup_anywhere(text: str, country: str) -> Found | None:
    """Return the town that was typed, of the country or of another one."""
    return which_town.look_up_anywhere(text, country)


@st.cache_resource(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _audience(targeting: Targeting, platforms: tuple[str, ...]) -> Audience:
    return estimate_audience(targeting, load_parameters(), platforms)


def audience(campaign: Campaign) -> Audience:
    """Return whom a campaign aims at."""
    return _audience(campaign.targeting, tuple(campaign.platforms))


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def _towns(place: Place) -> list[tuple[str, float, float, float]]:
    found = towns_within(place)
    return [(town.name, people, town.latitude, town.longitude) for town, people in found]


def towns(place: Place) -> list[tuple[str, float, float, float]]:
    """Return the towns inside a circle, the largest first: name, people inside, latitude, longitude."""
    return _towns(place)


@st.cache_data(max_entries=_CURVES, show_spinner=False, hash_funcs=KEYS)
def dots(place: Place) -> list[tuple[str, float, float, float]]:
    """Return where the people of a circle live, as ``towns``, without names."""
    return [("", people, latitude, longitude) for latitude, longitude, people in dots_within(place).tolist()]


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def town(code: str, country: str | None) -> Found | None:
    """Return the town with this code."""
    return which_town.town(code, country)


@st.cache_data(max_entries=_LOOKUPS, show_spinner=False)
def place_meant(key: str | None, text: str, country: str) -> str | None:
    """Return the key of the town that fits what is typed."""
    return which_town.place_meant(key, text, country)
