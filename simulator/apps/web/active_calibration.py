"""What the visitor's own campaigns have taught, kept for the visit and used by Simuler."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from simulator import load_parameters
from simulator.base.errors import InvalidInput, SimulatorError, shown

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


def follow(calibration: Calibration | None) -> None:
    """Use what a kept trial rests on, or the shipped figures, so that it gives its own figures again."""
    if calibration is None:
        forget()
    else:
        use(calibration)


def file_name(calibration: Calibration) -> str:
    """Return the name under which it is downloaded."""
    return f"adsim-{calibration.created.isoformat()}-{calibration.rows}.json"


@lru_cache(maxsize=16)
def digest(calibration: Calibration) -> str:
    """Return what tells one calibration from another, by all that was learnt."""
    return hashlib.sha256(calibration.to_json().encode()).hexdigest()


def opened(content: bytes) -> Calibration:
    """Return a calibration from a file that somebody kept, or made up.

    Raises
    ------
    InvalidInput
        ``broken_calibration`` or ``future_version``, also where it speaks of goals or countries that do not exist.
    """
    from simulator import Calibration

    learnt = Calibration.from_json(content)
    try:
        learnt.before_after(load_parameters())
        for entry in learnt.dropped:
            int(entry["row"]), str(entry["reason"])
    except (SimulatorError, KeyError, ValueError, TypeError, OverflowError) as error:
        raise InvalidInput("broken_calibration", field="calibration", received=shown(str(error))) from None
    return learnt
