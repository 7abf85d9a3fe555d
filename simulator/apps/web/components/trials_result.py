"""The real result of a kept trial beside its forecast: typed in, judged, explained by cause."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import formats, trial_words
from simulator.apps.web.components import trials_export
from simulator.apps.web.components.trials_save import append
from simulator.apps.web.escape import figures
from simulator.apps.web.library import explained
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, InvalidInputs, SimulatorError
from simulator.evaluation import Explanation
from simulator.library import Actual, Kept

if TYPE_CHECKING:
    from simulator.library.database import Store

NUMBERS = ("spend", "impressions", "reach", "link_clicks")
DATES = ("start", "end")


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the result, and the form where it is typed."""
    st.subheader(texts("trials.result.title"), anchor=False)
    actual = kept.scenario.actual
    if actual is None:
        st.markdown(texts("trials.result.none"))
    else:
        _result(kept, texts)
    label = texts("trials.result.correct" if actual else "trials.result.enter")
    with st.expander(label, key="result_form"):
        trials_export.show(store, kept, texts)
        _form(store, kept, texts)


def _result(kept: Kept, texts: Texts) -> None:
    try:
        found = explained(kept.scenario.body())
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    currency = kept.scenario.campaign.currency
    st.markdown(f"**{trial_words.headline(found, texts)}**")
    if not found.ran_as_planned:
        _not_as_planned(found, kept, texts)
    if found.announced:
        st.table(trial_words.checks(found.announced, currency, texts), hide_index=True, border="horizontal")
    lines = trial_words.causes(found, currency, texts)
    if lines:
        st.markdown("\n".join([texts("trials.result.why"), "", *(f"- {line}" for line in lines)]))


def _not_as_planned(found: Explanation, kept: Kept, texts: Texts) -> None:
    """Other money or days than planned: the fair test is the forecast of the campaign as it ran."""
    campaign, actual = kept.scenario.campaign, kept.scenario.actual
    if actual is None:
        return
    said = texts(
        "trials.result.not_as_planned",
        planned=trial_words.money(campaign, texts),
        spent=figures(formats.money(actual.spend, campaign.currency, texts.language)),
    )
    st.info(said)
    if found.as_run:
        st.markdown(texts("trials.result.as_run"))
        st.table(trial_words.checks(found.as_run, campaign.currency, texts), hide_index=True, border="horizontal")
        st.markdown(texts("trials.result.as_planned"))


def _form(store: Store, kept: Kept, texts: Texts) -> None:
    actual = kept.scenario.actual
    suffix = f"{kept.scenario.id}_{kept.version}"
    st.caption(texts("trials.result.form_note"))
    with st.form(f"actual_{suffix}", border=False):
        typed = {}
        for name in NUMBERS:
            before = getattr(actual, name) if actual else None
            typed[name] = st.text_input(
                texts(
                    f"trials.actual.{name}", currency=formats.symbol(kept.scenario.campaign.currency, texts.language)
                ),
                "" if before is None else formats.number(before, texts.language, 2),
                key=f"actual_{name}_{suffix}",
                autocomplete="off",
            )
        dates: dict[str, Any] = {}
        with st.container(horizontal=True):
            for name in DATES:
                dates[name] = st.date_input(
                    texts(f"trials.actual.{name}"),
                    getattr(actual, name) if actual else None,
                    key=f"actual_{name}_{suffix}",
                    format="DD/MM/YYYY",
                    min_value=datetime.date(2010, 1, 1),
                    max_value=datetime.date(2100, 12, 31),
                )
        is_saving = st.form_submit_button(texts("trials.result.save"))
    if not is_saving:
        return
    result = _read(typed, dates, kept, texts)
    if result is not None:
        append(store, kept, {"actual": result}, texts)


def _read(typed: dict[str, str], dates: dict[str, Any], kept: Kept, texts: Texts) -> Actual | None:
    """Return the result that was typed, or say field by field what is wrong with it."""
    entries: dict[str, Any] = {name: day for name, day in dates.items() if day is not None}
    problems: list[InvalidInput] = []
    for name, text in typed.items():
        if text.strip():
            try:
                entries[name] = formats.parse_number(text, name, texts.language)
            except InvalidInput as error:
                problems.append(error)
    if not problems:
        try:
            return Actual.from_dict({**entries, "currency": kept.scenario.campaign.currency})
        except InvalidInput as error:
            problems = list(error.problems) if isinstance(error, InvalidInputs) else [error]
    for problem in problems:
        st.error(sentence(problem, texts))
    return None
