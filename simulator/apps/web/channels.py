"""Channels other than paid reach, computed once for the same choices; and what is typed for them."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import cache, formats
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.channels import (
    Alternative,
    Business,
    CustomersForecast,
    NetworkShare,
    OrganicForecast,
    Page,
    alternatives,
    customers,
    networks,
    organic,
)
from simulator.library import Scenario
from simulator.reference.parameters import units_per_euro

if TYPE_CHECKING:
    from simulator.learning import Calibration

_KEPT = 32
WEEKS = 8
"""The free page is shown over two months."""
HUNDRED = 100.0
SHARES = ("margin", "enquiry_rate", "conversion")
"""Entries of a business that people type as a percentage."""
OWN = ("basket", *SHARES, "need_rate", "delay", "memory_half_life")
"""Entries of a business on the screen; the rest by code and command line."""
PAGE_NUMBERS = {"followers": 500, "posts_per_week": 2, "usual_reach": None}
"""Entries of a page that are typed, and the small page to start from: grey until typed."""
PAGE_CHOICES = ("format", "network", "replies", "hashtags")
_OURS = "customers."
_DECIMALS = 6


@st.cache_resource(max_entries=_KEPT, show_spinner=False, hash_funcs=cache.KEYS)
def _customers(campaign: Campaign, seed: int, business: Business, learnt: Calibration | None) -> CustomersForecast:
    return customers(cache.forecast_with(campaign, learnt, seed), business)


@st.cache_resource(max_entries=_KEPT, show_spinner=False, hash_funcs=cache.KEYS)
def _organic(page: Page, seed: int) -> OrganicForecast:
    return organic(page, WEEKS, seed=seed)


@st.cache_data(max_entries=_KEPT, show_spinner=False, hash_funcs=cache.KEYS)
def _alternatives(
    campaign: Campaign, page: Page, business: Business, seed: int, learnt: Calibration | None
) -> tuple[Alternative, ...]:
    return alternatives(campaign, page, business, seed=seed, calibration=learnt)


@st.cache_data(max_entries=_KEPT, show_spinner=False, hash_funcs=cache.KEYS)
def _networks(targeting: Targeting) -> tuple[NetworkShare, ...]:
    return networks(targeting)


def customers_of(campaign: Campaign, seed: int, business: Business) -> CustomersForecast:
    """Return enquiries and sales of a campaign, with what past campaigns have taught."""
    return _customers(campaign, seed, business, past.current())


def organic_of(page: Page, seed: int) -> OrganicForecast:
    """Return what a page brings for free in ``WEEKS`` weeks."""
    return _organic(page, seed)


def alternatives_of(campaign: Campaign, page: Page, business: Business, seed: int) -> tuple[Alternative, ...]:
    """Return boosted post, campaign, followers and nothing, side by side."""
    return _alternatives(campaign, page, business, seed, past.current())


def networks_of(targeting: Targeting) -> tuple[NetworkShare, ...]:
    """Return how many of the people aimed at use each network."""
    return _networks(targeting)


def business_typed(state: Mapping[str, Any], trade: str | None, language: str) -> Business:
    """Return the business as typed: what is empty stays ours.

    Raises
    ------
    InvalidInput
        With the field of the screen.
    """
    typed: dict[str, float] = {}
    for name in OWN:
        text = str(state.get(own_key(name)) or "")
        if text.strip():
            value = formats.parse_number(text, name, language)
            typed[name] = _share(name, value) if name in SHARES else value
    try:
        return Business(trade=trade, **typed)
    except InvalidInput as error:
        raise _in_hundredths(error) from None


def own_key(name: str) -> str:
    """Return the key of the field in which an entry of the business is typed."""
    return f"own_{name}"


def number_typed(state: Mapping[str, Any], key: str, field: str, language: str, usual: float | None) -> float | None:
    """Return a number typed under ``key``; ``usual`` where the field is empty."""
    text = str(state.get(key) or "")
    return formats.parse_number(text, field, language) if text.strip() else usual


def page_typed(state: Mapping[str, Any], language: str) -> Page:
    """Return the page as typed; a small one where nothing is.

    Raises
    ------
    InvalidInput
        With the field of the screen.
    """

    def typed(name: str, usual: float | None) -> float | None:
        return number_typed(state, page_key(name), name, language, usual)

    chosen = {name: state[page_key(name)] for name in PAGE_CHOICES if page_key(name) in state}
    numbers = {name: typed(name, usual) for name, usual in PAGE_NUMBERS.items()}
    return Page(**numbers, **chosen)  # type: ignore[arg-type]


def page_key(name: str) -> str:
    """Return the key of the widget in which an entry of the page is chosen."""
    return f"page_{name}"


def to_keep(state: Mapping[str, Any], campaign: Campaign, before: Scenario | None, language: str) -> dict[str, Any]:
    """Return the entries of a scenario that hold what was typed: ``overrides`` and ``page``.

    Raises
    ------
    InvalidInput
        What was typed cannot be taken; with the field of the screen.
    """
    others = before.to_dict()["overrides"] if before else {}
    others = {key: value for key, value in others.items() if not key.startswith(_OURS)}
    business = business_typed(state, campaign.trade, language)
    followed = str(state.get(page_key("followers")) or "").strip()
    page = page_typed(state, language) if followed else before.page if before else None
    return {"overrides": {**others, **business.overrides(campaign.currency)}, "page": page}


def take(state: MutableMapping[str, Any], scenario: Scenario, language: str) -> None:
    """Fill the fields with what a scenario keeps; a scenario without a page leaves the page as it was."""
    campaign = scenario.campaign
    business = Business(trade=campaign.trade)
    for name in OWN:
        change = scenario.overrides.get(business.key(name))
        value = change.get("value") if isinstance(change, Mapping) else change
        if value is not None and name == "basket":
            value = round(value * units_per_euro(campaign.currency), 2)
        elif value is not None and name in SHARES:
            value = value * HUNDRED
        state[own_key(name)] = "" if value is None else formats.number(value, language, _DECIMALS)
    if scenario.page is None:
        return
    for name in PAGE_NUMBERS:
        value = getattr(scenario.page, name)
        state[page_key(name)] = "" if value is None else formats.number(value, language, _DECIMALS)
    for name in PAGE_CHOICES:
        state[page_key(name)] = getattr(scenario.page, name)


def _in_hundredths(error: InvalidInput) -> InvalidInput:
    """Return what is wrong with a share as it was typed: a percentage."""
    data = error.data
    if type(error) is not InvalidInput or data.get("field") not in SHARES or "high" not in data:
        return error
    low, high = HUNDRED * float(data["low"]), HUNDRED * float(data["high"])
    try:
        received = f"{HUNDRED * float(data['received']):.6g}"
    except ValueError:
        received = data["received"]
    return InvalidInput(error.code, **{**data, "received": received, "low": low, "high": high, "unit": "%"})


def _share(name: str, percent: float) -> float:
    if not 0.0 <= percent <= HUNDRED:
        limits: dict[str, Any] = {"low": 0.0, "high": HUNDRED, "unit": "%"}
        raise InvalidInput("out_of_range", field=name, received=f"{percent:.15g}", allowed="0 to 100 %", **limits)
    return percent / HUNDRED
