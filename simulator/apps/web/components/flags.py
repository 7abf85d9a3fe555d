"""What to check before paying: three lines at most, each with what to do, and which month the price is of."""

from __future__ import annotations

import streamlit as st

from simulator import load_parameters
from simulator.apps.web import formats
from simulator.apps.web.messages import flag_sentence
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast

MOST = 3
UNDERSTAND_FILE = "simulator/apps/web/pages/understand.py"
STEADY = ("audience_too_small", "month_dear")
"""Flags that money and days do not move: they stand above those that come and go while a slider moves."""


def show(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the warnings; the style file keeps room for those that money moves, so that nothing below jumps."""
    st.subheader(texts("flag.title"), anchor=False)
    if campaign.start is None:
        st.caption(no_month(texts))
    kept = [flag for flag in forecast.flags if f"flag.{flag.code}" in texts][:MOST]
    steady, moving = ([flag for flag in kept if (flag.code in STEADY) is wanted] for wanted in (True, False))
    if steady:
        st.markdown("\n".join(f"- {flag_sentence(flag, texts)}" for flag in steady))
    with st.container(key="flags"):
        lines = "\n".join(f"- {flag_sentence(flag, texts)}" for flag in moving)
        st.markdown(lines or ("" if steady else texts("flag.none")))
        if not lines:
            # The room kept for warnings is not left blank.
            st.page_link(UNDERSTAND_FILE, label=texts("simulate.checklist"))


def no_month(texts: Texts) -> str:
    """Return that no month was chosen, and what the dearest and the cheapest would change."""
    parameters = load_parameters()
    prices = {number: parameters.value(f"prices.month.{number}") for number in range(1, 13)}
    dear, cheap = max(prices, key=prices.__getitem__), min(prices, key=prices.__getitem__)
    return texts(
        "simulate.no_month",
        dear=formats.month(dear, texts.language),
        more=formats.percent(prices[dear] - 1.0, texts.language),
        cheap=formats.month(cheap, texts.language),
        less=formats.percent(1.0 - prices[cheap], texts.language),
    )
