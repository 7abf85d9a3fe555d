"""The versions of a kept trial: none is ever lost, and an earlier one can be taken up again."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING

import streamlit as st
from babel.dates import format_datetime

from simulator.apps.web import trial_words
from simulator.apps.web.escape import plain
from simulator.apps.web.library import attempted
from simulator.apps.web.texts import Texts
from simulator.library import Kept, Version

if TYPE_CHECKING:
    from simulator.library.database import Store

MOST = 50
"""Versions drawn; older ones stay in the library."""


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the folded history; what is folded costs nothing."""
    folded = st.expander(texts("trials.history.title"), key="history", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("trials.history.note"))
        for version in reversed(store.versions(kept.scenario.id)[-MOST:]):
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
                on_click=_take,
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


def _take(store: Store, kept: Kept, version: int) -> None:
    """Append an earlier version again, as the latest."""
    attempted(lambda: store.save(store.load(kept.scenario.id, version), kept.version))
