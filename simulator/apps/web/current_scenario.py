"""The kept trial somebody is working on: opened from the library, to be saved as its next version."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from simulator.apps.web.texts import LANGUAGES, texts_of
from simulator.apps.web.trial_words import usual_title
from simulator.library import Scenario

_KEY = "_at_hand"


@dataclass(frozen=True)
class AtHand:
    """What Simuler must know of it: which version the changes start from, and what to call it.

    ``typed_title`` is empty where the title was made of the choices: other choices make another one.
    """

    id: str
    version: int
    title: str
    typed_title: str
    client: str
    notes: str


def take(scenario: Scenario, version: int) -> None:
    """Note that this trial is being worked on."""
    title = scenario.title
    is_usual = any(usual_title(scenario.campaign, texts_of(language)) == title for language in LANGUAGES)
    typed = "" if is_usual else title
    st.session_state[_KEY] = AtHand(scenario.id, version, title, typed, scenario.client, scenario.notes)


def drop() -> None:
    """Work on nothing kept any more."""
    st.session_state.pop(_KEY, None)


def current() -> AtHand | None:
    """Return the trial being worked on, if any."""
    found = st.session_state.get(_KEY)
    return found if isinstance(found, AtHand) else None
