"""Learning from the export: started, watched, stopped; then a verdict, before and after, and what to do with it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from simulator.apps.web import active_calibration, cache, exports, formats
from simulator.apps.web import active_calibration as past
from simulator.apps.web.active_calibration import HOMES, country
from simulator.apps.web.components import page_frame, results_read
from simulator.apps.web.components import results_state as state
from simulator.apps.web.components.results_read import currency_of
from simulator.apps.web.exports import Export
from simulator.apps.web.formats import literal
from simulator.apps.web.jobs import Job
from simulator.apps.web.jobs.learning import EXPORT
from simulator.apps.web.messages import sentence
from simulator.apps.web.session import SIMULATE_FILE
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.base.validation import MAX_TEXT
from simulator.campaign.campaign import Campaign
from simulator.learning import Calibration
from simulator.reference.places import country_codes

EVERY_S = 0.7
"""Time between two looks at the work."""
TASK = "simulator.apps.web.jobs.learning:run"
FIRST = ("FR", "CA", "BE", "CH")
COUNTRY, _PROPOSED = "export_country", "_results_country_proposed"


def show_learning(export: Export, usual_country: str, texts: Texts) -> None:
    """Draw the button, or how far the work is."""
    if export.frame is None or export.frame.empty:
        return
    _collect(export)
    if state.job() is not None:
        _watch(texts)
        return
    if not results_read.show_clients(export, texts):
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
    arguments = {**export.said(), "country": where}
    arguments["name"] = literal(results_read.name_of(export), MAX_TEXT)
    attachments = {EXPORT: export.content}
    if export.parts:
        read = [part for part in export.parts if part.frame is not None and not part.frame.empty]
        arguments["parts"] = [part.said() for part in read]
        arguments["are_clients"] = export.are_clients
        attachments = {f"{EXPORT}-{place}": part.content for place, part in enumerate(read)}
    state.start_job(Job(TASK, arguments, attachments))


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


MOST_JSON_MB = 20
MOST_NOTES = 30


def show(found: state.Learnt, campaign: Campaign | None, texts: Texts) -> None:
    """Draw what was learnt."""
    learnt = found.calibration
    st.header(texts("clients.learnt" if learnt.accounts else "results.learnt.title"), anchor=False)
    with st.container(border=True, key="verdict"):
        st.markdown(f"**{active_calibration.learnt_verdict(learnt, texts)}**")
        if learnt.rows and campaign is not None:
            _band(learnt, campaign, texts)
    if not learnt.rows:
        _left_out(learnt, texts)
        return
    st.markdown("\n".join(f"- {line}" for line in active_calibration.learnt_lines(learnt, found.currency, texts)))
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
        dropped = page_frame.show(texts("results.save.upload"), ("json",), MOST_JSON_MB, texts, key="calibration_file")
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
        state.keep_learnt(state.Learnt(learnt, None, active_calibration.money_of(learnt), is_opened=True))
        st.rerun()


def _band(learnt: Calibration, campaign: Campaign, texts: Texts) -> None:
    before, after = cache.forecast_with(campaign, None), cache.forecast_with(campaign, learnt)
    if before.reach.p90 > 0:
        st.markdown(active_calibration.narrower(before, after, texts))


def _use(learnt: Calibration, texts: Texts) -> None:
    used = past.current()
    if used is not None and past.digest(used) == past.digest(learnt):
        st.success(active_calibration.in_use("used", learnt, texts))
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
        st.markdown("\n\n".join(active_calibration.tested_words(found.test, texts)))


def _table(found: state.Learnt, texts: Texts) -> None:
    folded = st.expander(texts("results.learnt.table"), key="before_after", on_change="rerun")
    if folded.open:
        with folded:
            st.markdown(texts("results.learnt.table_note"))
            rows = active_calibration.learnt_table(found.calibration, found.currency, texts)
            st.table(rows, hide_index=True, border="horizontal")


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
