"""Mes essais: what was kept, found again, compared, and checked against what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web import session
from simulator.apps.web.components import trials_list, trials_sheet
from simulator.apps.web.components.trials_sheet import DELETED
from simulator.apps.web.library import attempted, last_problem, library
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.trial_words import title
from simulator.base.errors import SimulatorError
from simulator.evaluation.compare import COUNT
from simulator.presentation.charts import palette_of

if TYPE_CHECKING:
    from simulator.library.database import Store

PAGE = "trials"
OURS = ("trial", "compare")
"""Entries of the address that say what this page shows."""


def main() -> None:
    """Draw the list, one trial, or a comparison, as the address says."""
    texts = session.texts()
    session.elsewhere(PAGE, OURS)
    st.title(texts("trials.title"), anchor=False)
    try:
        store = library()
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    problem = last_problem()
    if problem is not None:
        st.error(sentence(problem, texts))
    compared = [key for key in st.query_params.get("compare", "").split(",") if key][: COUNT[1]]
    try:
        if "trial" in st.query_params:
            trials_sheet.show(store, st.query_params["trial"], texts, go)
        elif compared:
            trials_list.show_comparison(store, compared, texts, palette_of(st.context.theme.type), go)
        else:
            _list(store, texts)
    except SimulatorError as error:
        # The database may go away at any moment.
        st.error(sentence(error, texts))


def go(**wanted: str) -> None:
    """Show another view of this page: ``trial=…``, ``compare=…``, or the list."""
    kept = {name: st.query_params[name] for name in ("lang",) if name in st.query_params}
    st.query_params.from_dict({**kept, **wanted})
    st.session_state.pop(DELETED, None)


def _list(store: Store, texts: Texts) -> None:
    _deleted(store, texts)
    holds_something = trials_list.show(store, texts, go)
    if not holds_something:
        st.markdown(f"{texts('trials.empty')}\n\n{texts('trials.empty_how')}")
        st.page_link(trials_sheet.SIMULATE, label=texts("trials.empty_go"))
    trials_list.show_templates(texts, is_open=not holds_something)
    trials_list.show_files(store, texts, is_empty=not holds_something)


def _deleted(store: Store, texts: Texts) -> None:
    """Offer to bring back what was deleted a moment ago."""
    if DELETED not in st.session_state:
        return
    key, name = st.session_state[DELETED]
    with st.container(horizontal=True, vertical_alignment="center", key="deleted"):
        st.markdown(texts("trials.deleted", title=title(name, texts)))
        st.button(texts("trials.restore"), key="restore", on_click=_restore, args=(store, key))


def _restore(store: Store, key: str) -> None:
    attempted(lambda: store.restore(key))
    del st.session_state[DELETED]


main()
