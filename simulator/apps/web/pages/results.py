"""Mes résultats: what past campaigns teach, and whether one pays too much."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import address, session
from simulator.apps.web.choices import DEFAULTS, Attempt, attempt
from simulator.apps.web.components import results_file, results_learnt, results_price, results_read
from simulator.apps.web.components import results_state as state
from simulator.apps.web.texts import Texts

PAGE = "results"


def main() -> None:
    """Draw the page."""
    texts = session.texts()
    session.elsewhere(PAGE)
    st.title(texts("results.title"), anchor=False)
    st.markdown(texts("results.lead"))
    trial = _trial(texts)
    country = _country(trial)
    left, right = st.columns([1, 2], gap="medium")
    with left:
        results_file.choose(texts)
        results_learnt.reopen(texts)
    with right:
        _right(trial, country, texts)
    session.hand_over_visit()  # what was read in this very run too
    results_price.show(trial.campaign, country, results_read.currency_of(state.export()), texts)


def _right(trial: Attempt, country: str, texts: Texts) -> None:
    export = state.export()
    if export is not None:
        results_file.refusal(export, texts)
        results_read.show(export, texts)
        results_file.doubts(export, texts)
        results_read.diagnosis(export, texts)
        results_learnt.show_learning(export, country, texts)
    learnt = state.learnt()
    if learnt is not None:
        results_learnt.show(learnt, trial.campaign, texts)


def _trial(texts: Texts) -> Attempt:
    """Return the simulation as left on Simuler, or that of a first visit."""
    reading = address.read({name: [value] for name, value in session.entries().items()})
    return attempt({**DEFAULTS, **reading.values}, texts.language)


def _country(trial: Attempt) -> str:
    return trial.targeting.places[0].country_code if trial.targeting else str(DEFAULTS["country_code"])


main()
