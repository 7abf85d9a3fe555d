"""Learning from the export: started, watched, stopped."""

from __future__ import annotations

from typing import Any

import streamlit as st

from simulator import Calibration
from simulator.apps.web import formats
from simulator.apps.web.components import results_clients
from simulator.apps.web.components import results_state as state
from simulator.apps.web.components.results_read import currency_of
from simulator.apps.web.escape import literal
from simulator.apps.web.exports import Export
from simulator.apps.web.jobs import Job
from simulator.apps.web.jobs.learning import EXPORT
from simulator.apps.web.learnt_words import HOMES, country
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.validation import MAX_TEXT
from simulator.reference.places import country_codes

EVERY_S = 0.7
"""Time between two looks at the work."""
TASK = "simulator.apps.web.jobs.learning:run"
FIRST = ("FR", "CA", "BE", "CH")
COUNTRY, _PROPOSED = "export_country", "_results_country_proposed"


def show(export: Export, usual_country: str, texts: Texts) -> None:
    """Draw the button, or how far the work is."""
    if export.frame is None or export.frame.empty:
        return
    _collect(export)
    if state.job() is not None:
        _watch(texts)
        return
    if not results_clients.show(export, texts):
        return
    where = "" if export.told_country() else _country(HOMES.get(currency_of(export), usual_country), texts)
    _say_end(texts)
    again = state.learnt() is not None or state.ended() is not None
    st.button(
        texts("results.fit.again" if again else "results.fit.start"),
        key="learn",
        type="secondary",
        on_click=_start,
        args=(export, where),
    )
    if not again:
        st.caption(texts("results.fit.start_note"))


def _country(usual: str, texts: Texts) -> str:
    codes = sorted(set(country_codes()) - set(FIRST), key=lambda code: formats.sortable(country(code, texts)))
    options = [*FIRST, *codes]
    before = st.session_state.get(_PROPOSED)
    if before not in (None, usual) and st.session_state.get(COUNTRY) == before and usual in options:
        st.session_state[COUNTRY] = usual  # another money, and nobody chose the country
    st.session_state[_PROPOSED] = usual
    chosen = st.selectbox(
        texts("results.country"),
        options,
        index=options.index(usual) if usual in options else 0,
        format_func=lambda code: country(code, texts).replace("\\", ""),
        help=texts("results.country_note"),
        key=COUNTRY,
        persist_state="session",
    )
    return str(chosen or usual)


def _start(export: Export, where: str) -> None:
    arguments = {**_said(export), "country": where}
    arguments["name"] = literal(results_clients.name_of(export), MAX_TEXT)
    attachments = {EXPORT: export.content}
    if export.parts:
        read = [part for part in export.parts if part.frame is not None and not part.frame.empty]
        arguments["parts"] = [_said(part) for part in read]
        arguments["are_clients"] = export.are_clients
        attachments = {f"{EXPORT}-{place}": part.content for place, part in enumerate(read)}
    state.start_job(Job(TASK, arguments, attachments))


def _said(export: Export) -> dict[str, Any]:
    """Return how the user said to read a file."""
    return {"mapping": dict(export.mapping), "day_first": export.day_first, "currency": export.currency}


@st.fragment(run_every=EVERY_S)
def _watch(texts: Texts) -> None:
    """Look at the work again and again, without the rest of the page."""
    work = state.job()
    how = work.state() if work else ""
    if work is None or how not in ("waiting", "running"):
        st.rerun()
        return
    progress = work.progress()
    stage = "start" if how == "running" and progress.stage == "waiting" else progress.stage
    rows = formats.number(float(progress.data.get("rows", 0)), texts.language)
    said = texts(f"results.fit.stage.{stage}", rows=rows)
    st.progress(progress.share, text=texts("results.fit.elapsed", text=said, seconds=round(work.seconds)))
    st.button(texts("results.fit.cancel"), key="cancel", on_click=work.cancel)


def _collect(export: Export) -> None:
    """Take over what the work has brought once it has ended."""
    work = state.job()
    if work is None or (how := work.state()) in ("waiting", "running"):
        return
    found, error = work.result(), work.error()
    state.stop_job()
    if found is not None:
        calibration = Calibration.from_dict(found["calibration"])
        state.keep_learnt(state.Learnt(calibration, found["test"], currency_of(export)))
    if how == "cancelled":
        state.note_end("cancelled_late" if found is not None else "cancelled")
    elif how == "failed":
        state.note_end("failed", error)


def _say_end(texts: Texts) -> None:
    last = state.ended()
    if last is None:
        return
    if last.code == "failed":
        st.error(sentence(last.error, texts) if last.error else texts("results.fit.failed"))
    else:
        st.info(texts(f"results.fit.{last.code}"))
