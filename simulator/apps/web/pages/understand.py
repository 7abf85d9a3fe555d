"""Comprendre: the method in words, the words themselves, every starting figure with its source."""

from __future__ import annotations

import datetime

import streamlit as st

from simulator.apps.web import parameter_tables, session
from simulator.apps.web.components import audience_panel, tested
from simulator.apps.web.formats import plain
from simulator.apps.web.texts import Texts
from simulator.reference.parameters import load_parameters
from simulator.reference.places import all_sources

PAGE = "understand"
STEPS = 6
UNKNOWNS = 4
_LONG = 400


def main() -> None:
    """Draw the page."""
    texts = session.texts()
    session.elsewhere(PAGE)
    st.title(texts("understand.title"), anchor=False)
    st.markdown(texts("understand.lead"))
    _method(texts)
    tested.show(texts)
    _words(texts)
    audience_panel.show_networks(texts)
    _parameters(texts)


def _method(texts: Texts) -> None:
    st.header(texts("understand.method"), anchor=False)
    steps = (texts(f"understand.steps.{number}") for number in range(1, STEPS + 1))
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
    st.subheader(texts("understand.limits"), anchor=False)
    unknowns = (texts(f"understand.limits_list.{number}") for number in range(1, UNKNOWNS + 1))
    st.markdown("\n".join(f"- {unknown}" for unknown in unknowns))


def _words(texts: Texts) -> None:
    st.header(texts("understand.words"), anchor=False)
    st.caption(texts("understand.words_note"))
    st.table(parameter_tables.glossary(texts), hide_index=True, border="horizontal")


def _parameters(texts: Texts) -> None:
    parameters = load_parameters()
    st.header(texts("understand.parameters"), anchor=False)
    assumptions = sum(parameter.origin == "assumption" for parameter in parameters.values())
    st.markdown(texts("understand.parameters_note", count=len(parameters), assumptions=assumptions))
    for group, entries in parameter_tables.by_group(parameters).items():
        name = texts(f"understand.group.{group}")
        label = texts("understand.group_count", group=name, count=sum(map(len, entries)))
        folded = st.expander(label, key=f"group_{group}", on_change="rerun")
        if folded.open:
            with folded:
                if group == "rule" and (due := parameter_tables.to_recheck(parameters, datetime.date.today(), texts)):
                    st.warning(due)
                st.markdown("\n".join(f"- {line}" for line in parameter_tables.lines(entries, texts)))
                st.subheader(texts("understand.sources"), anchor=False)
                st.markdown("\n".join(f"- {line}" for line in parameter_tables.sources(entries, texts)))
    folded = st.expander(texts("controls.title"), key="group_controls", on_change="rerun")
    if folded.open:
        with folded:
            st.table(parameter_tables.controls(texts), hide_index=True, border="horizontal")
            st.markdown(texts("controls.note"))
            st.markdown("\n".join(f"- {line}" for line in parameter_tables.control_sources(texts)))
    folded = st.expander(texts("understand.tables"), key="group_tables", on_change="rerun")
    if folded.open:
        with folded:
            st.markdown(
                "\n".join(f"- {plain(source, _LONG)}. {plain(source.locator, _LONG)}" for source in all_sources())
            )


main()
