"""The export: dropped, or an example taken instead; what a column holds, where the file does not say it plainly."""

from __future__ import annotations

from importlib.resources import files

import streamlit as st

from simulator.ui import exports
from simulator.ui.components import file_box
from simulator.ui.components import results_state as state
from simulator.ui.escape import literal
from simulator.ui.texts import Texts

MOST_MB = 100
EXAMPLES = {"fr": "EXEMPLE-chiffres-inventes-fr.csv", "en": "EXEMPLE-invented-figures-en.csv"}


def choose(texts: Texts) -> None:
    """Draw the place to drop a file, where to find one, and the examples."""
    kinds = ("csv", "xlsx", "tsv", "txt")
    file_box.show(texts("results.drop"), kinds, MOST_MB, texts, key="export_file", on_change=_dropped)
    st.caption(texts("results.private"))
    with st.container(horizontal=True):
        st.button(texts("results.try_example"), key="try_example", on_click=_example, args=(texts.language,))
        if state.export() is not None:
            st.button(texts("results.other_file"), key="other_file", on_click=state.forget_export)
    with st.expander(texts("results.how.title"), key="how"):
        st.markdown(texts("results.how.steps"))
        st.caption(texts("results.example_note"))
        for language, name in EXAMPLES.items():
            st.download_button(
                texts(f"results.example.{language}"),
                _content(name),
                file_name=name,
                mime="text/csv",
                key=f"example_{language}",
                on_click="ignore",
            )


def pending(texts: Texts) -> None:
    """Read what was just dropped."""
    dropped = state.take_pending()
    if dropped is None:
        return
    name, content = dropped
    with st.spinner(texts("results.reading")):
        found = exports.opened(name, content, {})
        if found.refusal is not None and found.refusal.code == "missing_columns":
            mapping = state.mapping_for(exports.headers_of(found.refusal))
            found = exports.opened(name, content, mapping) if mapping else found
    state.keep_export(found)


def refusal(export: exports.Export, texts: Texts) -> None:
    """Say why the file could not be read, and ask for what would help."""
    error = export.refusal
    if error is None:
        return
    st.error(f"**{texts('results.refused.title')}.** {exports.refused(error, texts)}")
    if error.code == "missing_columns" and exports.headers_of(error):
        _ask_columns(export, texts)
    elif error.code == "ambiguous_dates":
        _ask_dates(export, texts)


def _ask_columns(export: exports.Export, texts: Texts) -> None:
    """Ask which column holds what is missing; the nearest header is proposed."""
    error = export.refusal
    if error is None:
        return
    headers = exports.headers_of(error)
    nearest = error.data.get("nearest", {})
    st.subheader(texts("results.map.title"), anchor=False)
    with st.form("mapping", border=False):
        chosen = {}
        for name in error.data["missing"]:
            near = next((header for header in nearest.get(name, ()) if header in headers), None)
            chosen[name] = st.selectbox(
                exports.field(name, texts).capitalize(),
                headers,
                index=None if near is None else headers.index(near),
                format_func=literal,
                placeholder=texts("results.map.none"),
                key=f"map_{name}",
            )
        sent = st.form_submit_button(texts("results.map.apply"))
    st.caption(texts("results.map.note"))
    if not sent:
        return
    if not all(chosen.values()):
        st.warning(texts("results.map.incomplete"))
        return
    mapping = {**export.mapping, **chosen}
    state.remember_mapping(headers, mapping)
    state.keep_export(exports.opened(export.name, export.content, mapping, export.day_first))
    st.rerun()


def _ask_dates(export: exports.Export, texts: Texts) -> None:
    options = {"day": True, "month": False}
    chosen = st.radio(
        texts("results.dates.ask"),
        list(options),
        index=None,
        format_func=lambda code: texts(f"results.dates.{code}"),
        key="dates_order",
    )
    if chosen:
        state.keep_export(exports.opened(export.name, export.content, export.mapping, options[chosen]))
        st.rerun()


def _dropped() -> None:
    uploaded = st.session_state["export_file"]
    if uploaded is None:
        state.forget_export()
    else:
        state.put_pending(uploaded.name, uploaded.getvalue())


def _example(language: str) -> None:
    name = EXAMPLES[language]
    state.put_pending(name, _content(name))


def _content(name: str) -> bytes:
    return files("simulator.calibration").joinpath("examples", name).read_bytes()
