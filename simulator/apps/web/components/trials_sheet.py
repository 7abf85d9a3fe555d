"""One kept trial: its name, what it announced, what it rests on, its versions, and all that can be done with it."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from babel.dates import format_datetime

from simulator.apps.web import active_calibration as past
from simulator.apps.web import channels as beside
from simulator.apps.web import formats, trial_words
from simulator.apps.web import session as at_hand
from simulator.apps.web.address import LANGUAGE, entries_for
from simulator.apps.web.components import report, trials_links, trials_result
from simulator.apps.web.components.trials_result import append_version
from simulator.apps.web.formats import plain
from simulator.apps.web.library import attempted, reopened
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import LANGUAGES, Texts
from simulator.apps.web.words import summary
from simulator.base.errors import SimulatorError
from simulator.base.validation import MAX_TEXT
from simulator.library import Kept, Scenario, Version
from simulator.library.scenario import MAX_NOTES

if TYPE_CHECKING:
    from simulator.learning import Calibration
    from simulator.library.database import Store


def show_name(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the form; saving it makes a new version."""
    scenario, key = kept.scenario, f"{kept.scenario.id}_{kept.version}"
    with st.form(f"rename_{key}", border=False):
        written: dict[str, str | tuple[str, ...]] = {
            name: st.text_input(
                texts(f"trials.field.{name}"),
                getattr(scenario, name),
                key=f"{name}_{key}",
                autocomplete="off",
            )
            for name in ("title", "client", "author")
        }
        tags = st.text_input(
            texts("trials.field.tags"),
            ", ".join(scenario.tags),
            key=f"tags_{key}",
            placeholder=texts("trials.field.tags_example"),
            autocomplete="off",
        )
        written["notes"] = st.text_area(texts("trials.field.notes"), scenario.notes, key=f"notes_{key}", height=80)
        if not st.form_submit_button(texts("trials.rename_save")):
            return
    # A word twice, or nothing between two commas, is a slip of the finger.
    written["tags"] = tuple(dict.fromkeys(word.strip() for word in tags.split(",") if word.strip()))
    append_version(store, kept, written, texts)


def show_calibration(store: Store, kept: Kept, texts: Texts) -> None:
    """Say on how many past campaigns the trial rests; offer those in use, or to do without.

    Once a result is entered nothing is offered: figures fitted with the result in sight would prove nothing.
    """
    learnt = kept.scenario.calibration
    if learnt is not None:
        date = formats.date(learnt.created, texts.language)
        said = texts.plural("trials.learnt.rests", learnt.rows, count=learnt.rows, date=date)
        st.caption(f"{said} {texts('clients.named', name=plain(learnt.name, 60))}" if learnt.name else said)
    if kept.scenario.actual is not None:
        return
    current = past.current()
    if current is not None and not _same_calibration(current, learnt):
        label = texts.plural("trials.learnt.use", current.rows, count=current.rows)
        if st.button(label, key="learnt_use"):
            _change_calibration(store, kept, current, texts)
    if learnt is not None and st.button(texts("trials.learnt.leave"), key="learnt_leave"):
        _change_calibration(store, kept, None, texts)


def _change_calibration(store: Store, kept: Kept, learnt: Calibration | None, texts: Texts) -> None:
    """Keep a next version that announces what the model says with, or without, the past campaigns."""
    changed = kept.scenario.replace(calibration=learnt).with_figures()
    names = ("calibration", "figures", "model_version", "parameter_digest")
    append_version(store, kept, {name: getattr(changed, name) for name in names}, texts)


def _same_calibration(one: Calibration, other: Calibration | None) -> bool:
    """Say whether both learnt the same; the list of rows left out stays with the export."""
    if other is None:
        return False
    first, second = (dataclasses.replace(each, dropped=()).to_dict() for each in (one, other))
    return first == second


MOST_VERSIONS = 50
"""Versions drawn; older ones stay in the library."""


def show_history(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the folded history; what is folded costs nothing."""
    folded = st.expander(texts("trials.history.title"), key="history", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("trials.history.note"))
        for version in reversed(store.versions(kept.scenario.id)[-MOST_VERSIONS:]):
            _version(store, kept, version, texts)


def _version(store: Store, kept: Kept, version: Version, texts: Texts) -> None:
    said = [
        texts("trials.history.version", version=version.version),
        _when(version.saved_at, texts),
        trial_words.title(version.title, texts),
    ]
    if version.owner:
        said.append(plain(version.owner, 40))
    if version.deleted:
        said.append(texts("trials.history.deleted"))
    if version.has_actual:
        said.append(texts("trials.history.has_actual"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" · ".join(said))
        if version.version != kept.version and not version.deleted:
            st.button(
                texts("trials.history.take"),
                key=f"take_{version.version}",
                help=texts("trials.history.take_help", version=version.version),
                on_click=_take_version,
                args=(store, kept, version.version),
            )
        elif version.version == kept.version:
            st.caption(texts("trials.history.latest"))


def _when(moment: datetime.datetime, texts: Texts) -> str:
    """Return a moment by the visitor's own clock."""
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(st.context.timezone or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = datetime.UTC
    return str(format_datetime(moment.astimezone(zone), format="d MMM y, HH:mm", locale=texts.language))


def _take_version(store: Store, kept: Kept, version: int) -> None:
    """Append an earlier version again, as the latest."""
    attempted(lambda: store.save(store.load(kept.scenario.id, version), kept.version))


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
    show_calibration(store, kept, texts)
    _actions(store, kept, texts, go)
    _today(scenario, texts)
    trials_result.show(store, kept, texts)
    with st.expander(texts("trials.rename"), key="rename"):
        show_name(store, kept, texts)
    trials_links.show(store, kept, texts)
    show_history(store, kept, texts)


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
        at_hand.work_on(scenario, kept.version)
        past.follow(scenario.calibration)
        beside.take(st.session_state, scenario, texts.language)
        leave_for_simulate(scenario, texts)


def _today(scenario: Scenario, texts: Texts) -> None:
    """Where something has changed since it was saved: both figures, and what came between."""
    if scenario.left_out:
        st.warning(texts("trials.left_out_cap"))
    again = reopened(scenario.body())
    for moved in again.moved:
        distance = formats.number(moved.distance_km, texts.language, 0)
        st.warning(texts("trials.moved", place=plain(moved.name), distance=distance, button=texts("trials.open")))
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
    held = at_hand.current_scenario()
    if held is not None and held.id == kept.scenario.id:
        at_hand.stop_working_on()
    go()
    st.session_state[DELETED] = (kept.scenario.id, kept.scenario.title)


def _restore(store: Store, key: str) -> None:
    attempted(lambda: store.restore(key))
