"""Files in and out: one trial as JSON, the whole library as a zip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web import formats
from simulator.apps.web.components import file_box
from simulator.apps.web.escape import plain
from simulator.apps.web.library import exported, taken_over
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.library import Imported

if TYPE_CHECKING:
    from simulator.library.database import Store

_DONE = "_trials_taken"
MOST_REFUSED = 5
MAX_MEGABYTES = 200


def show(store: Store, texts: Texts, *, is_empty: bool) -> None:
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
        sent = file_box.show(texts("trials.files.in"), ("json", "zip"), MAX_MEGABYTES, texts, key="upload")
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
