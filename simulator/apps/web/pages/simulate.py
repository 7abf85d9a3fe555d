"""Simuler: one question, three answers to give, one sentence back."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator.apps.web import address, cache, messages, session
from simulator.apps.web.choices import Attempt, attempt
from simulator.apps.web.components import (
    answer,
    audience_panel,
    budget,
    customers,
    free_page,
    keep,
    modify,
    report,
    what_if,
)
from simulator.apps.web.formats import plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.presentation.charts import palette_of


def main() -> None:
    """Draw the page."""
    texts = session.texts()
    reading = session.begin()
    st.title(texts("simulate.title"), anchor=False)
    _notes(reading, texts)
    found = budget.follow_goal(texts)
    trial = attempt(st.session_state, texts.language)
    if found is not None and found.problem is not None:
        # The amount still stands where an earlier goal had put it: it answers nothing that was asked.
        trial = replace(trial, campaign=None, problems={**trial.problems, "goal_count": found.problem})
    left, right = st.columns([1, 2], gap="medium")
    with left:
        with st.container(gap="xsmall"):  # so that the answer still fits the first screen of a telephone
            modify.show(texts, trial)
            budget.show_goal(found, texts)
        budget.show(texts, trial, follows=found is not None)
    with right:
        _right(trial, texts)
    if trial.campaign:
        session.keep(address.write(st.session_state, trial.campaign, trial.seed))


def _right(trial: Attempt, texts: Texts) -> None:
    palette = palette_of(st.context.theme.type)
    if trial.campaign is None:
        with st.container(border=True, key="answer"):
            messages.instead_of_answer(trial, texts)
        budget.show_leaves(texts, trial)
        return
    try:
        forecast = cache.forecast(trial.campaign, trial.seed)
    except SimulatorError as error:
        with st.container(border=True, key="answer"):
            messages.failed(error, texts)
        budget.show_leaves(texts, trial)
        return
    with st.container(border=True, key="answer"):
        answer.show(forecast, trial.campaign, texts, palette)
        answer.show_own_campaigns(texts)
    budget.show_leaves(texts, trial)  # below the card: on a telephone the whole answer fits the first screen
    expert = bool(st.session_state["expert"])
    if forecast.reach.p90 > 0:
        what_if.show_more_money(forecast, trial.campaign, texts, palette)
        answer.show_flags(forecast, trial.campaign, texts)
        audience_panel.show(trial, texts, palette)
        answer.show_details(forecast, trial.campaign, texts, palette, expert=expert)
        what_if.show_first_change(trial.campaign, trial.seed, texts)
        what_if.show_days_and_months(trial.campaign, trial.seed, texts, palette)
        customers.show(forecast, trial.campaign, texts)
        free_page.show(forecast, trial.campaign, texts)
    if expert:
        keep.show_program(trial.campaign, trial.seed, texts)
    keep.show_keep(forecast, trial.campaign, texts)
    with st.container(horizontal=True, key="hand_over"):
        keep.show_link(address.write(st.session_state, trial.campaign, trial.seed), texts)
        report.of_choices(trial.campaign, trial.seed, texts)


def _notes(reading: address.Reading, texts: Texts) -> None:
    if reading.rejected:
        names = ", ".join(texts.entries.get(f"field.{name}") or plain(name, 30) for name in reading.rejected[:6])
        st.warning(texts("simulate.note", fields=names))
    version = session.old_version(reading)
    if version:
        st.warning(texts("simulate.note_version", version=plain(version, 20)))


main()
