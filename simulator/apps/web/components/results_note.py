"""On Simuler: the answer rests on the visitor's own campaigns."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import learnt_words
from simulator.apps.web.texts import Texts


def show(texts: Texts) -> None:
    """Say how many campaigns the answer rests on, if any."""
    learnt = past.current()
    if learnt is not None:
        st.caption(learnt_words.in_use("note", learnt, texts))
