"""The kept trials: searched as you type, compared, opened; ready-made ones to start from; files in and out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from babel.dates import format_date

from simulator.apps.web import formats, trial_words
from simulator.apps.web import session as at_hand
from simulator.apps.web.components import page_frame
from simulator.apps.web.components.trials_sheet import leave_for_simulate
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.library import compared, compared_curves, exported, record, taken_over, templates, verdict
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.trial_words import record as record_words
from simulator.apps.web.trial_words import title
from simulator.apps.web.words import count, summary
from simulator.base.errors import SimulatorError
from simulator.base.validation import MAX_TEXT
from simulator.evaluation import Comparison
from simulator.evaluation.compare import COUNT, LETTERS
from simulator.library import Imported, Row, Scenario
from simulator.library.scenario import MAX_NOTES
from simulator.presentation.charts import Palette
from simulator.presentation.charts.curve import overlaid

if TYPE_CHECKING:
    from simulator.library.database import Store

STEP = 20
"""Rows drawn at once; more on demand."""
TICKED, _SHOWN = "_trials_ticked", "_trials_shown"
# Pixels: on a wide screen the cells stand in columns, on a telephone they flow under the title.
_TITLE, _CLIENT, _DATE, _MONEY, _PEOPLE, _VERDICT = 270, 150, 110, 90, 135, 185
_HEAD = (
    ("title", _TITLE),
    ("client", _CLIENT),
    ("date", _DATE),
    ("money", _MONEY),
    ("people", _PEOPLE),
    ("verdict", _VERDICT),
)
_TICK = 28

Go = Callable[..., None]


def show(store: Store, texts: Texts, go: Go) -> bool:
    """Draw search, ticks and rows; return whether the library holds anything at all."""
    everything = store.search()
    if not everything:
        return False
    _record(store, everything, texts)
    st.text_input(
        texts("trials.search"),
        key="trials_search",
        type="search",
        live=True,
        max_chars=MAX_TEXT,
        placeholder=texts("trials.search_example"),
        autocomplete="off",
        persist_state="session",
    )
    asked = str(st.session_state["trials_search"] or "").strip()
    rows = store.search(asked) if asked else everything
    _compare_bar({row.id for row in everything}, texts, go)
    if not rows:
        st.markdown(texts("trials.nothing_found", text=plain(asked)))
        return True
    if asked:
        st.caption(texts.plural("trials.found", len(rows), count=formats.number(len(rows), texts.language)))
    _table(store, rows, texts, go)
    return True


def _record(store: Store, rows: Sequence[Row], texts: Texts) -> None:
    judged = sorted((row.id, row.version) for row in rows if row.has_actual)
    if not judged:
        return
    said = record_words(record(store, judged), texts)
    if said:
        with st.container(border=True, key="record"):
            st.markdown(said)


def _compare_bar(known: set[str], texts: Texts, go: Go) -> None:
    ticked = [key for key in st.session_state.setdefault(TICKED, []) if key in known]
    st.session_state[TICKED] = ticked
    low, high = COUNT
    with st.container(horizontal=True, vertical_alignment="center", key="compare_bar"):
        st.button(
            texts("trials.compare.button"),
            key="compare",
            disabled=not low <= len(ticked) <= high,
            on_click=go,
            kwargs={"compare": ",".join(ticked)},
        )
        if ticked:
            st.markdown(texts.plural("trials.compare.ticked", len(ticked), count=len(ticked)))
            st.button(texts("trials.compare.untick"), key="untick", type="tertiary", on_click=_untick)
        else:
            st.caption(texts("trials.compare.hint"))


def _table(store: Store, rows: Sequence[Row], texts: Texts, go: Go) -> None:
    count = int(st.session_state.setdefault(_SHOWN, STEP))
    with st.container(key="trials_rows", gap=None):
        with st.container(horizontal=True, key="trials_head"):
            st.markdown("", width=_TICK)
            for name, width in _HEAD:
                st.caption(texts(f"trials.column.{name}"), width=width)
        for row in rows[:count]:
            _row(store, row, texts, go)
    if len(rows) > count:
        rest = formats.number(len(rows) - count, texts.language)
        if st.button(texts("trials.more", count=rest), key="trials_more"):
            st.session_state[_SHOWN] = count + STEP
            st.rerun()


def _row(store: Store, row: Row, texts: Texts, go: Go) -> None:
    language = texts.language
    ticked = st.session_state[TICKED]
    key = f"tick_{row.id}"
    st.session_state[key] = row.id in ticked
    said = title(row.title, texts)
    with st.container(horizontal=True, vertical_alignment="center", key=f"trial_{row.id}", gap="small"):
        st.checkbox(
            texts("trials.tick", title=said),
            key=key,
            label_visibility="collapsed",
            disabled=row.id not in ticked and len(ticked) >= COUNT[1],
            on_change=_tick,
            args=(row.id,),
            width=_TICK,
        )
        with st.container(width=_TITLE):
            st.button(said, key=f"open_{row.id}", type="tertiary", on_click=go, kwargs={"trial": row.id})
        st.markdown(plain(row.client, 40) or "\u00a0", width=_CLIENT)
        st.markdown(_short(row.saved_at, language), width=_DATE)
        st.markdown(figures(formats.money(row.money, row.currency, language)), width=_MONEY)
        people = "–" if row.people is None else texts("trials.people", count=formats.people(row.people, language))
        st.markdown(people, width=_PEOPLE)
        found = verdict(store, row.id, row.version) if row.has_actual else "none"
        st.markdown(texts(f"trials.verdict.{found}"), width=_VERDICT)


def _short(moment: datetime.datetime, language: str) -> str:
    return str(format_date(moment.date(), format="d MMM y", locale=language))


def _tick(key: str) -> None:
    ticked = st.session_state[TICKED]
    if st.session_state[f"tick_{key}"] and key not in ticked:
        st.session_state[TICKED] = [*ticked, key]
    elif not st.session_state[f"tick_{key}"]:
        st.session_state[TICKED] = [other for other in ticked if other != key]


def _untick() -> None:
    st.session_state[TICKED] = []


def show_comparison(
    store: Store, keys: Sequence[str], texts: Texts, palette: Palette, back: Callable[[], None]
) -> None:
    """Draw the comparison of these trials."""
    st.button(texts("trials.back"), key="back", type="tertiary", on_click=back)
    st.subheader(texts("trials.compare.title"), anchor=False)
    try:
        titles = [store.load(key).title for key in keys]
        with st.spinner(texts("trials.compare.working")):
            comparison = compared(store, keys)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    names = [trial_words.variant(place, titles, texts) for place in range(len(keys))]
    st.markdown("  \n".join(names))
    _pairs(comparison, names, texts)
    st.subheader(texts("trials.compare.inputs"), anchor=False)
    rows = trial_words.inputs(comparison, LETTERS[: len(names)], texts)
    if rows:
        st.table(rows, hide_index=True, border="horizontal")
    else:
        st.markdown(texts("trials.compare.no_inputs"))
    st.subheader(texts("trials.compare.figures"), anchor=False)
    st.caption(texts("trials.compare.figures_note"))
    st.table(trial_words.side_by_side(comparison, LETTERS[: len(names)], texts), hide_index=True, border="horizontal")
    _curves(comparison, compared_curves(store, keys), names, texts, palette)


def _pairs(comparison: Comparison, names: Sequence[str], texts: Texts) -> None:
    """Say every difference from the first one; the other pairs are folded."""
    total = len(names)
    for second in range(1, total):
        _pair(comparison, 0, second, texts)
    others = [(a, b) for a in range(1, total) for b in range(a + 1, total)]
    if others:
        with st.expander(texts("trials.compare.other_pairs"), key="other_pairs"):
            for first, second in others:
                _pair(comparison, first, second, texts)


def _pair(comparison: Comparison, first: int, second: int, texts: Texts) -> None:
    letters = LETTERS[first], LETTERS[second]
    st.markdown(texts("trials.compare.pair", first=letters[0], second=letters[1]))
    said = [
        trial_words.pair(comparison.difference(metric, first, second), *letters, comparison.currency, texts)
        for metric in trial_words.PAIRED
    ]
    st.markdown("\n".join(f"- {line}" for line in said))


def _curves(
    comparison: Comparison, points: list[dict[str, Any]], names: Sequence[str], texts: Texts, palette: Palette
) -> None:
    st.subheader(texts("trials.compare.curves"), anchor=False)
    st.caption(" · ".join(names))
    currency = comparison.currency
    chosen = [
        {
            "letter": LETTERS[place],
            "budget": one.spend_per_day(currency),
            "people": comparison.band("reach", place).p50,
        }
        for place, one in enumerate(comparison.variants)
    ]
    labels = {name: texts(f"curve.{name}") for name in ("x", "y", "budget", "median", "low", "high")}
    labels["letter"] = texts("trials.compare.trial")
    around = formats.around_amount(currency, texts.language)
    rows, spec = overlaid(points, chosen, labels, palette, texts.language, money_format=around)
    said = "; ".join(
        texts(
            "trials.compare.curve_alt",
            letter=one["letter"],
            money=formats.money(float(one["budget"]), currency, texts.language),
            count=count(float(one["people"]), texts),
        )
        for one in chosen
    )
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="compared_curves")


WRITTEN_IN = "fr"
"""The language of the ready-made files."""


def show_templates(texts: Texts, *, is_open: bool) -> None:
    """Draw them, folded once the library holds something; what is folded costs nothing."""
    found = templates()
    if not found:
        return
    folded = st.expander(texts("trials.templates.title"), expanded=is_open, key="templates", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("trials.templates.note"))
        for place, template in enumerate(found):
            with st.container(border=True):
                st.markdown(_said(template, texts))
                if st.button(texts("trials.templates.try"), key=f"template_{place}"):
                    at_hand.stop_working_on()
                    leave_for_simulate(template, texts)


def _said(template: Scenario, texts: Texts) -> str:
    """Return a template from its campaign, and the question it asks where that is in the language of the screen."""
    campaign = template.campaign
    name = texts.choice("trade", campaign.trade) if campaign.trade else texts.choice("objective", campaign.objective)
    said = f"**{name}**  \n{summary(campaign.targeting, texts)}  \n{trial_words.money(campaign, texts)}"
    return f"{said}  \n{plain(template.notes, MAX_NOTES)}" if texts.language == WRITTEN_IN else said


_DONE = "_trials_taken"
MOST_REFUSED = 5
MAX_MEGABYTES = 200


def show_files(store: Store, texts: Texts, *, is_empty: bool) -> None:
    """Draw the way in, and the way out where there is something to take."""
    with st.expander(texts("trials.files.title"), key="files"):
        if not is_empty:
            st.markdown(texts("trials.files.out"))
            st.download_button(
                texts("trials.files.library"),
                partial(exported, store),
                file_name=f"{texts('trials.files.library_name')}.zip",
                mime="application/zip",
                key="download_library",
                on_click="ignore",
            )
        sent = page_frame.show(texts("trials.files.in"), ("json", "zip"), MAX_MEGABYTES, texts, key="upload")
        if sent is None:
            st.session_state.pop(_DONE, None)
            return
        if st.session_state.get(_DONE, ("",))[0] != sent.file_id:
            st.session_state[_DONE] = (sent.file_id, _take(store, sent.name, sent.getvalue()))
            st.rerun()
        outcome = st.session_state[_DONE][1]
        if isinstance(outcome, SimulatorError):
            st.error(sentence(outcome, texts))
        else:
            _say(outcome, texts)


def _take(store: Store, name: str, content: bytes) -> Imported | SimulatorError:
    try:
        return taken_over(store, name, content)
    except SimulatorError as error:
        return error


def _say(done: Imported, texts: Texts) -> None:
    parts = [
        texts.plural(f"trials.files.{name}", count, count=formats.number(count, texts.language))
        for name, count in (
            ("added", done.added),
            ("extended", done.extended),
            ("unchanged", done.unchanged),
            ("conflicts", len(done.conflicts)),
        )
        if count
    ]
    if parts:
        st.success("  \n".join(parts))
    if done.refused:
        count = len(done.refused)
        st.error(texts.plural("trials.files.refused", count, count=count))
        for key, problem in done.refused[:MOST_REFUSED]:
            st.error(f"{plain(key)} : {sentence(problem, texts)}")
