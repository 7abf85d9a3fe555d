"""The real result of a kept trial: typed in or taken from the open export, judged, explained by cause."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import exports, formats, trial_words
from simulator.apps.web.components import results_state
from simulator.apps.web.formats import figures, literal, plain
from simulator.apps.web.library import explained
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, InvalidInputs, SimulatorError
from simulator.evaluation import Explanation
from simulator.library import Actual, Kept

if TYPE_CHECKING:
    import pandas as pd

    from simulator.library.database import Store


def append_version(store: Store, kept: Kept, changes: Mapping[str, Any], texts: Texts) -> None:
    """Save the trial with these changes and draw the page again; what another person saved meanwhile stays."""
    try:
        store.save(kept.scenario.replace(**changes), kept.version)
    except SimulatorError as error:
        for one in error.problems if isinstance(error, InvalidInputs) else (error,):
            st.error(sentence(one, texts))
        return
    st.rerun()


MOST_CAMPAIGNS = 500
"""Rows offered, the first of the export."""
_NAME = 60
"""Letters of a name in the list."""


def show_export(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the list of campaigns of the open export; without one, say where to open it."""
    export = results_state.export()
    frame = export.frame if export is not None else None
    if frame is None or frame.empty:
        st.caption(texts("trials.export.none"))
        return
    currency = kept.scenario.campaign.currency
    suffix = f"{kept.scenario.id}_{kept.version}"
    chosen = st.selectbox(
        texts("trials.export.which", name=plain(export.name, _NAME)),
        range(min(len(frame), MOST_CAMPAIGNS)),
        index=None,
        format_func=lambda place: _said(frame.iloc[place], currency, texts),
        placeholder=texts("trials.export.choose"),
        key=f"export_row_{suffix}",
    )
    taken = st.button(texts("trials.export.take"), key=f"export_take_{suffix}", disabled=chosen is None)
    if not taken or chosen is None:
        return
    try:
        result = Actual.from_export(frame.iloc[[chosen]], source=literal(export.name))
    except SimulatorError as error:
        for one in error.problems if isinstance(error, InvalidInputs) else (error,):
            st.error(sentence(one, texts))
    else:
        append_version(store, kept, {"actual": result}, texts)


def _said(row: pd.Series[Any], usual: str, texts: Texts) -> str:
    """Return a row as one line: its names, its first day, its money."""
    names = (row.get(name) for name in ("campaign", "ad_set", "ad"))
    said = [literal(name, _NAME) for name in names if isinstance(name, str) and name.strip()]
    if row["start"] == row["start"]:  # not a missing date
        said.append(exports.day(row["start"].date(), texts))
    currency = row["currency"] if isinstance(row["currency"], str) else usual
    said.append(formats.money(float(row["spend"]), currency, texts.language))
    return " · ".join(said)


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
        show_export(store, kept, texts)
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
        append_version(store, kept, {"actual": result}, texts)


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
