"""What the visitor's own campaigns have taught, kept for the visit and used by Simuler."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from simulator import Calibration

_LEARNT = "_past_learnt"


def current() -> Calibration | None:
    """Return the calibration in use, if any."""
    return st.session_state.get(_LEARNT)


def use(calibration: Calibration) -> None:
    """Use a calibration from now on."""
    st.session_state[_LEARNT] = calibration


def forget() -> None:
    """Go back to the shipped figures."""
    st.session_state.pop(_LEARNT, None)


@lru_cache(maxsize=256)
def digest(calibration: Calibration) -> str:
    """Return what tells one calibration from another, by all that was learnt."""
    return hashlib.sha256(calibration.to_json().encode()).hexdigest()
