"""« Imprimer »: a trial as PDF, Excel or CSV, made only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import channels as beside
from simulator.apps.web import session as at_hand
from simulator.apps.web.components import page_frame
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.trial_words import usual_title
from simulator.base.errors import SimulatorError
from simulator.campaign.campaign import Campaign
from simulator.library import Scenario
from simulator.presentation import reports
from simulator.presentation.reports.pdf_report import MOST_BYTES, printable_letterhead

FORMATS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_LETTERHEAD, _REFUSED = "_report_letterhead", "_report_refused"

Made = Callable[[], Scenario]


def of_trial(scenario: Scenario, texts: Texts) -> None:
    """Draw the button for a kept trial, with a place for the letterhead of a chamber."""
    with st.popover(texts("reports.button"), key="report"):
        st.markdown(texts("reports.note"))
        _downloads(lambda: scenario, f"{texts('reports.file_name')}-{scenario.id[:8]}", texts)
        _letterhead(texts)


def of_choices(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the button for the choices on Simuler, kept or not."""
    known = at_hand.current_scenario()
    names = {"title": known.title, "client": known.client} if known else {"title": usual_title(campaign, texts)}
    with st.popover(texts("reports.button"), key="report"):
        st.markdown(texts("reports.note"))
        try:
            own = beside.to_keep(st.session_state, campaign, None, texts.language)
        except SimulatorError as error:
            st.error(sentence(error, texts))
            return
        made = partial(Scenario, campaign=campaign, seed=seed, calibration=past.current(), **own, **names)
        _downloads(made, texts("reports.file_name"), texts)


def _downloads(made: Made, name: str, texts: Texts) -> None:
    head = st.session_state.get(_LETTERHEAD)
    with st.container(horizontal=True, key="report_formats"):
        for kind, mime in FORMATS.items():
            st.download_button(
                texts(f"reports.{kind}"),
                partial(_content, kind, made, texts.language, head),
                file_name=f"{name}.{kind}",
                mime=mime,
                key=f"report_{kind}",
                on_click="ignore",
            )


def _content(kind: str, made: Made, language: str, head: bytes | None) -> bytes:
    """Return the file; called when the button is pressed, outside the page."""
    scenario = made()
    if kind == "pdf":
        return reports.pdf(scenario, language=language, letterhead=head)
    return {"xlsx": reports.excel, "csv": reports.csv}[kind](scenario, language=language)


def _letterhead(texts: Texts) -> None:
    """Draw the place for a picture; it is kept for the visit, whichever page is shown."""
    kinds, most = ("png", "jpg", "jpeg"), MOST_BYTES // 1_000_000
    page_frame.show(texts("reports.letterhead"), kinds, most, texts, key="report_letterhead", on_change=_take)
    refused = st.session_state.get(_REFUSED)
    if isinstance(refused, SimulatorError):
        st.error(sentence(refused, texts))
    elif _LETTERHEAD in st.session_state:
        st.caption(texts("reports.letterhead_used"))
        st.button(texts("reports.letterhead_off"), key="report_letterhead_off", on_click=_forget)


def _take() -> None:
    sent: Any = st.session_state["report_letterhead"]
    _forget()
    if sent is None:
        return
    content = sent.getvalue()
    try:
        printable_letterhead(content)
    except SimulatorError as error:
        st.session_state[_REFUSED] = error
    else:
        st.session_state[_LETTERHEAD] = content


def _forget() -> None:
    for name in (_LETTERHEAD, _REFUSED):
        st.session_state.pop(name, None)
