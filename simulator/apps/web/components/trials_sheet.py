"""One kept trial: what it announced, and all that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import channels as beside
from simulator.apps.web import current_scenario as at_hand
from simulator.apps.web import formats, trial_words
from simulator.apps.web.address import LANGUAGE
from simulator.apps.web.components import (
    report,
    trials_history,
    trials_learnt,
    trials_links,
    trials_named,
    trials_result,
)
from simulator.apps.web.escape import plain
from simulator.apps.web.library import attempted, reopened
from simulator.apps.web.messages import sentence
from simulator.apps.web.query_params import entries_for
from simulator.apps.web.texts import LANGUAGES, Texts
from simulator.apps.web.words import summary
from simulator.base.errors import SimulatorError
from simulator.base.validation import MAX_TEXT
from simulator.library import Kept, Scenario
from simulator.library.scenario import MAX_NOTES

if TYPE_CHECKING:
    from simulator.library.database import Store

DELETED = "_trials_deleted"
"""Id and title of what was deleted a moment ago."""
SIMULATE = Path(__file__).resolve().parent.parent / "pages" / "simulate.py"

Go = Callable[..., None]


def show(store: Store, key: str, texts: Texts, go: Go) -> None:
    """Draw the sheet of one trial."""
    st.button(texts("trials.back"), key="back", type="tertiary", on_click=go)
    try:
        kept = store.fetch(key)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    scenario = kept.scenario
    st.subheader(trial_words.title(scenario.title, texts), anchor=False)
    if kept.deleted:
        st.warning(texts("trials.is_deleted"))
        st.button(texts("trials.restore"), key="restore", on_click=_restore, args=(store, key))
        return
    _facts(kept, texts)
    trials_learnt.show(store, kept, texts)
    _actions(store, kept, texts, go)
    _today(scenario, texts)
    trials_result.show(store, kept, texts)
    with st.expander(texts("trials.rename"), key="rename"):
        trials_named.show(store, kept, texts)
    trials_links.show(store, kept, texts)
    trials_history.show(store, kept, texts)


def leave_for_simulate(scenario: Scenario, texts: Texts) -> None:
    """Go to Simuler with the choices of a trial, or say why that page cannot hold them."""
    entries = entries_for(scenario.campaign, scenario.seed)
    if entries is None:
        st.info(texts("trials.cannot_open"))
        return
    language = {} if texts.language == LANGUAGES[0] else {LANGUAGE: texts.language}
    st.switch_page(SIMULATE, query_params={**entries, **language})


def _facts(kept: Kept, texts: Texts) -> None:
    scenario = kept.scenario
    saved = texts("trials.saved_at", date=formats.date(kept.saved_at.date(), texts.language), version=kept.version)
    st.caption(" · ".join(plain(part) for part in (scenario.client, *scenario.tags, scenario.author) if part) or saved)
    if scenario.client or scenario.tags or scenario.author:
        st.caption(saved)
    lines = [
        summary(scenario.campaign.targeting, texts),
        trial_words.money(scenario.campaign, texts),
        texts.choice("objective", scenario.campaign.objective),
    ]
    st.markdown("  \n".join(lines))
    st.markdown(trial_words.announced(scenario, texts))
    if scenario.notes:
        st.markdown("  \n".join(plain(line, MAX_NOTES) for line in scenario.notes.splitlines() if line.strip()))
    if scenario.overrides:
        st.caption(texts("trials.own_settings"))


def _actions(store: Store, kept: Kept, texts: Texts, go: Go) -> None:
    scenario = kept.scenario
    with st.container(horizontal=True, key="sheet_actions"):
        is_opening = st.button(texts("trials.open"), key="open")
        st.button(texts("trials.duplicate"), key="duplicate", on_click=_duplicate, args=(store, kept, texts, go))
        st.download_button(
            texts("trials.download"),
            scenario.to_json().encode(),
            file_name=f"{texts('trials.file_name')}-{scenario.id[:8]}.json",
            mime="application/json",
            key="download",
            on_click="ignore",
        )
        if reopened(scenario.body()).problem is None:
            report.of_trial(scenario, texts)
        st.button(texts("trials.delete"), key="delete", on_click=_delete, args=(store, kept, go))
    if is_opening:
        at_hand.take(scenario, kept.version)
        past.follow(scenario.calibration)
        beside.take(st.session_state, scenario, texts.language)
        leave_for_simulate(scenario, texts)


def _today(scenario: Scenario, texts: Texts) -> None:
    """Where something has changed since it was saved: both figures, and what came between."""
    again = reopened(scenario.body())
    if again.problem is not None:
        st.warning(f"{texts('trials.today_cannot')} {sentence(again.problem, texts)}")
        return
    if again.is_up_to_date or again.today is None or "reach" not in again.as_saved:
        return
    told, now = (
        {
            "count": formats.people(band.p50, texts.language),
            "low": formats.people(band.p10, texts.language),
            "high": formats.people(band.p90, texts.language),
        }
        for band in (again.as_saved["reach"], again.today.reach)
    )
    st.info(
        texts("trials.as_saved", **told)
        + "  \n"
        + texts("trials.as_today", **now)
        + "".join(
            f"  \n{plain(change.version)} ({plain(change.date)}) : {plain(getattr(change, texts.language), 300)}"
            for change in again.changes
        )
    )


def _duplicate(store: Store, kept: Kept, texts: Texts, go: Go) -> None:
    name = texts("trials.copy_of", title=kept.scenario.title or texts("trials.untitled"))[:MAX_TEXT]
    saved = attempted(lambda: store.save(kept.scenario.copy_as_new(title=name), 0))
    if saved is not None:
        go(trial=saved.id)


def _delete(store: Store, kept: Kept, go: Go) -> None:
    if attempted(lambda: store.delete(kept.scenario.id)) is None:
        return
    held = at_hand.current()
    if held is not None and held.id == kept.scenario.id:
        at_hand.drop()
    go()
    st.session_state[DELETED] = (kept.scenario.id, kept.scenario.title)


def _restore(store: Store, key: str) -> None:
    attempted(lambda: store.restore(key))
