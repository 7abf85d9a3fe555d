"""Où sont mes clients ? The networks of those aimed at; and what to check before paying."""

from __future__ import annotations

import streamlit as st

from simulator import Targeting, load_parameters
from simulator.apps.web import address, formats, session
from simulator.apps.web import channels as beside
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.escape import plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.base.errors import SimulatorError
from simulator.channels import NetworkShare

CHECKS = 7
_PEOPLE = 10_000
_LONG = 400


def show(texts: Texts) -> None:
    """Draw the folded table for the choices as left on Simuler, and the checklist; what is folded costs nothing."""
    _checklist(texts)
    folded = st.expander(texts("networks.title"), key="networks", on_change="rerun")
    if folded.open:
        with folded:
            _table(_targeting(texts), texts)


def _targeting(texts: Texts) -> Targeting | None:
    reading = address.read({name: [value] for name, value in session.entries().items()})
    return attempt({**DEFAULTS, **reading.values}, texts.language).targeting


def _table(targeting: Targeting | None, texts: Texts) -> None:
    if targeting is None:
        st.markdown(texts("summary.to_correct"))
        return
    try:
        found = beside.networks_of(targeting)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.markdown(texts("networks.lead", whom=summary(targeting, texts)))
    if not any(row.people for row in found):
        st.markdown(texts("networks.nobody"))
        return
    ordered = sorted(found, key=lambda row: (not row.is_open, -row.share))
    st.table([_row(row, texts) for row in ordered], hide_index=True, border="horizontal")
    st.caption(texts("networks.assumed") if any(row.is_assumption for row in found) else texts("networks.old"))
    with st.popover(texts("networks.sources"), type="tertiary", key="networks_from"):
        named = dict.fromkeys(source for row in found for source in row.sources)
        st.markdown("\n".join(f"- {plain(f'{source.publisher}: {source.title}', _LONG)}" for source in named))


def _checklist(texts: Texts) -> None:
    """Draw what to check before paying."""
    st.header(texts("checklist.title"), anchor=False)
    st.markdown(texts("checklist.lead"))
    items = (texts(f"checklist.item.{number}") for number in range(1, CHECKS + 1))
    st.markdown("\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1)))
    rate = load_parameters()["response.negative_feedback"]
    low, high = (formats.people(_PEOPLE * share, texts.language) for share in (rate.low, rate.high))
    st.markdown(texts("checklist.negative", low=low, high=high))


def _row(row: NetworkShare, texts: Texts) -> dict[str, str]:
    if row.is_open:
        share = texts("networks.span", low=round(100 * row.low), high=round(100 * row.high), year=row.year)
        good_for = ", ".join(texts(f"networks.good_for.{code}") for code in row.good_for)
    else:
        share, good_for = texts("networks.closed", year=row.year), "–"
    return {
        texts("networks.network"): texts(f"networks.name.{row.network}"),
        texts("networks.share"): share,
        texts("networks.for"): good_for,
    }
