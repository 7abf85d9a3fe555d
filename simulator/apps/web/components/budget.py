"""How much a day, for how long."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import formats
from simulator.apps.web import stale_events as late
from simulator.apps.web.choices import DAYS, DEFAULTS, OTHER, STEPS, Attempt
from simulator.apps.web.components.problem import beside
from simulator.apps.web.session import touched
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import DAILY_BUDGET_EUR
from simulator.reference.parameters import units_per_euro

_WIDTH_OTHER = 96
"""Pixels for another amount."""
_ONE_AMOUNT = ("daily_budget", "amount")
"""The slider and the field beside it: each sets the other."""
_THUMB = '.st-key-daily_budget [data-testid="stSliderThumbValue"] p'


def show(texts: Texts, trial: Attempt, *, follows: bool = False) -> None:
    """Draw the slider of amounts, the field for another one, and the days; ``follows``: a goal sets the amount."""
    state = st.session_state
    before, after = formats.around_amount(state["currency"], texts.language)
    # The address must hold the bare number, so the sign of the currency is drawn beside it.
    st.html(f"<style>{_THUMB}::before {{content: '{before}'}} {_THUMB}::after {{content: '{after}'}}</style>")
    with st.container(horizontal=True, vertical_alignment="bottom", key="money"):
        st.select_slider(
            texts("budget.per_day"),
            options=sorted({*STEPS, state["daily_budget"]}),
            format_func=_as_code,
            value=DEFAULTS["daily_budget"],
            key="daily_budget",
            on_change=_slid,
            args=(texts.language,),
            bind="query-params",
            disabled=follows,
        )
        st.text_input(
            texts("budget.other"),
            key="amount",
            disabled=follows,
            on_change=_typed_amount,
            args=(texts.language,),
            width=_WIDTH_OTHER,
            autocomplete="off",
            placeholder=formats.symbol(state["currency"], texts.language),
        )
    beside("daily_budget", trial, texts)
    st.pills(
        texts("budget.days"),
        options=(*DAYS, OTHER),
        format_func=lambda days: texts("budget.other") if days == OTHER else texts("budget.day_short", count=days),
        key="days",
        required=True,
        on_change=_chose_days,
        persist_state="session",
    )
    if state["days"] == OTHER:
        st.text_input(
            texts("budget.days_typed"),
            key="duration_days",
            on_change=touched,
            autocomplete="off",
            persist_state="session",
        )
        beside("duration_days", trial, texts)


def _as_code(amount: float) -> str:
    return f"{amount:.12g}"


def _slid(language: str) -> None:
    """Take the slider's amount, and empty the field for another one."""
    touched()
    state = st.session_state
    if late.is_echo("daily_budget", _ONE_AMOUNT) and _typed(language):
        _typed_amount(language)
    elif state["amount"]:
        late.replaces("amount")
        state["amount"] = ""


def _typed_amount(language: str) -> None:
    """Move the slider to what was typed, if that is an amount; else leave both, to be explained."""
    touched()
    state = st.session_state
    if late.is_echo("amount", _ONE_AMOUNT):
        state["amount"] = ""
        return
    amount = _typed(language)
    if amount is not None:
        late.replaces("daily_budget")
        state["daily_budget"] = amount


def _typed(language: str) -> float | None:
    """Return what was typed, if it is an amount that may be spent."""
    state = st.session_state
    try:
        amount = formats.parse_number(state["amount"], "daily_budget", language)
    except InvalidInput:
        return None
    if not 0 < amount <= DAILY_BUDGET_EUR[1] * units_per_euro(state["currency"]):
        return None
    return int(amount) if amount.is_integer() else amount


def _chose_days() -> None:
    """Offer the days so far as the start of what is typed."""
    touched()
    state = st.session_state
    if state["days"] == OTHER and not state["duration_days"]:
        state["duration_days"] = str(DEFAULTS["days"])
