"""The table of kept trials: search as you type, tick to compare, open one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st
from babel.dates import format_date

from simulator.apps.web import formats
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.library import record, verdict
from simulator.apps.web.texts import Texts
from simulator.apps.web.trial_words import record as record_words
from simulator.apps.web.trial_words import title
from simulator.base.validation import MAX_TEXT
from simulator.evaluation.compare import COUNT
from simulator.library import Row

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
