"""What the campaigns have taught: a verdict, before and after, the check, and what to do with it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator import Calibration, Campaign
from simulator.apps.web import active_calibration as past
from simulator.apps.web import cache, exports, formats, learnt_words
from simulator.apps.web.components import file_box
from simulator.apps.web.components import results_state as state
from simulator.apps.web.escape import literal
from simulator.apps.web.messages import sentence
from simulator.apps.web.session import SIMULATE_FILE
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.base.validation import MAX_TEXT

MOST_JSON_MB = 20
MOST_NOTES = 30


def show(found: state.Learnt, campaign: Campaign | None, texts: Texts) -> None:
    """Draw what was learnt."""
    learnt = found.calibration
    st.header(texts("clients.learnt" if learnt.accounts else "results.learnt.title"), anchor=False)
    with st.container(border=True, key="verdict"):
        st.markdown(f"**{learnt_words.verdict(learnt, texts)}**")
        if learnt.rows and campaign is not None:
            _band(learnt, campaign, texts)
    if not learnt.rows:
        _left_out(learnt, texts)
        return
    st.markdown("\n".join(f"- {line}" for line in learnt_words.lines(learnt, found.currency, texts)))
    # Whether it would have been right comes before the button that uses it.
    _check(found, texts)
    _use(learnt, texts)
    _table(found, texts)
    _left_out(learnt, texts)
    _save(learnt, texts)


def reopen(texts: Texts) -> None:
    """Draw the place to drop a calibration that was kept."""
    folded = st.expander(texts("results.save.upload_title"), key="reopen")
    with folded:
        dropped = file_box.show(texts("results.save.upload"), ("json",), MOST_JSON_MB, texts, key="calibration_file")
        if dropped is None:
            return
        # The same upload comes again at every run of the page: taken over once.
        if st.session_state.get("_results_opened") == dropped.file_id:
            return
        try:
            learnt = past.opened(dropped.getvalue())
        except SimulatorError as error:
            is_none = error.code == "broken_calibration"
            st.error(texts("clients.no_setting") if is_none else sentence(error, texts))
            return
        st.session_state["_results_opened"] = dropped.file_id
        state.forget_export()
        state.keep_learnt(state.Learnt(learnt, None, learnt_words.money_of(learnt), is_opened=True))
        st.rerun()


def _band(learnt: Calibration, campaign: Campaign, texts: Texts) -> None:
    before, after = cache.forecast_with(campaign, None), cache.forecast_with(campaign, learnt)
    if before.reach.p90 > 0:
        st.markdown(learnt_words.narrower(before, after, texts))


def _use(learnt: Calibration, texts: Texts) -> None:
    used = past.current()
    if used is not None and past.digest(used) == past.digest(learnt):
        st.success(learnt_words.in_use("used", learnt, texts))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(SIMULATE_FILE, label=texts("page.simulate"))
            st.button(texts("results.use.off"), key="use_off", on_click=past.forget)
    else:
        st.button(texts("results.use.on"), key="use_on", on_click=past.use, args=(learnt,))


def _check(found: state.Learnt, texts: Texts) -> None:
    if found.is_opened:
        return
    st.subheader(texts("clients.tested" if found.calibration.accounts else "results.test.title"), anchor=False)
    if found.test is None:
        st.markdown(texts("results.test.not_done"))
    else:
        st.markdown("\n\n".join(learnt_words.tested(found.test, texts)))


def _table(found: state.Learnt, texts: Texts) -> None:
    folded = st.expander(texts("results.learnt.table"), key="before_after", on_change="rerun")
    if folded.open:
        with folded:
            st.markdown(texts("results.learnt.table_note"))
            st.table(learnt_words.table(found.calibration, found.currency, texts), hide_index=True, border="horizontal")


def _left_out(learnt: Calibration, texts: Texts) -> None:
    count = len(learnt.dropped)
    if not count:
        return
    folded = st.expander(texts.plural("results.learnt.left_out", count, count=count), key="left_out", on_change="rerun")
    if folded.open:
        with folded:
            lines = [exports.reason(str(entry["reason"]), {}, texts) for entry in learnt.dropped[:MOST_NOTES]]
            rows = [texts("results.use_row", row=int(entry["row"]) + 1) for entry in learnt.dropped[:MOST_NOTES]]
            said = (texts("results.line", done=row, why=line) for row, line in zip(rows, lines, strict=True))
            st.markdown("\n".join(f"- {line}" for line in said))


def _save(learnt: Calibration, texts: Texts) -> None:
    st.text_input(
        texts("clients.name"),
        value=learnt.name,
        max_chars=MAX_TEXT,
        key=f"learnt_name_{learnt.created}_{learnt.file_hash[:8]}_{learnt.rows}",
        autocomplete="off",
        on_change=_rename,
        args=(f"learnt_name_{learnt.created}_{learnt.file_hash[:8]}_{learnt.rows}",),
    )
    st.download_button(
        texts("results.save.download"),
        learnt.to_json(),
        file_name=past.file_name(learnt),
        mime="application/json",
        key="save_calibration",
        on_click="ignore",
    )
    st.caption(texts("results.save.note"))
    found = state.learnt()
    if found is not None and found.is_opened:
        date = formats.date(learnt.created, texts.language)
        st.caption(texts.plural("results.save.opened", learnt.rows, date=date, count=learnt.rows))


def _rename(key: str) -> None:
    """Keep what was learnt under another name; where it is in use, under that name too."""
    found = state.learnt()
    if found is None:
        return
    used = past.current()
    named = replace(found.calibration, name=literal(st.session_state[key] or "", MAX_TEXT))
    if used is not None and past.digest(used) == past.digest(found.calibration):
        past.use(named)
    state.keep_learnt(replace(found, calibration=named))
