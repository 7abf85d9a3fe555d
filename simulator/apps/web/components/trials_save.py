"""Append a changed version of a kept trial, or say what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInputs, SimulatorError
from simulator.library import Kept

if TYPE_CHECKING:
    from simulator.library.database import Store


def append(store: Store, kept: Kept, changes: Mapping[str, Any], texts: Texts) -> None:
    """Save the trial with these changes and draw the page again; what somebody else saved meanwhile stays."""
    try:
        store.save(kept.scenario.replace(**changes), kept.version)
    except SimulatorError as error:
        for one in error.problems if isinstance(error, InvalidInputs) else (error,):
            st.error(sentence(one, texts))
        return
    st.rerun()
