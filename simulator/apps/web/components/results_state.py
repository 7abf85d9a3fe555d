"""What Mes résultats remembers while other pages are shown: the export, the work under way, what was learnt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from simulator.apps.web.exports import Export
from simulator.apps.web.jobs import Job
from simulator.base.errors import SimulatorError
from simulator.learning import Calibration

_EXPORT, _PENDING, _MAPPINGS = "_results_export", "_results_pending", "_results_mappings"
_JOB, _LEARNT, _ENDED, _TURN = "_results_job", "_results_learnt", "_results_ended", "_results_turn"


@dataclass(frozen=True, eq=False)
class Learnt:
    """A calibration, its back-test (None: not done), and the currency of its prices."""

    calibration: Calibration
    test: Mapping[str, Any] | None
    currency: str
    is_opened: bool = False


@dataclass(frozen=True, eq=False)
class Ended:
    """How the last work ended when it did not end well."""

    code: str
    error: SimulatorError | None = None


def export() -> Export | None:
    """Return the export being looked at."""
    return st.session_state.get(_EXPORT)


def keep_export(found: Export) -> None:
    """Look at another export; work on the one before it ends."""
    stop_job()
    st.session_state[_EXPORT] = found
    for name in (_LEARNT, _ENDED):
        st.session_state.pop(name, None)


def forget_export() -> None:
    """Look at no export."""
    stop_job()
    for name in (_EXPORT, _PENDING, _LEARNT, _ENDED):
        st.session_state.pop(name, None)


def put_pending(files: list[tuple[str, bytes]]) -> None:
    """Note files to be read, by name and content."""
    st.session_state[_PENDING] = files


def take_pending() -> list[tuple[str, bytes]]:
    """Return the files to be read, once."""
    return list(st.session_state.pop(_PENDING, ()))


def turn() -> int:
    """Return how often the box for files was emptied."""
    return int(st.session_state.get(_TURN, 0))


def empty_box() -> None:
    """Let the box for files show none: only a new box does."""
    st.session_state[_TURN] = turn() + 1


def remember_mapping(headers: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    """Remember which column holds what in files with these headers."""
    st.session_state.setdefault(_MAPPINGS, {})[headers] = dict(mapping)


def mapping_for(headers: tuple[str, ...]) -> dict[str, str]:
    """Return the columns chosen before for files with these headers."""
    return st.session_state.get(_MAPPINGS, {}).get(headers, {})


def job() -> Job | None:
    """Return the work under way."""
    return st.session_state.get(_JOB)


def start_job(work: Job) -> None:
    """Note work under way."""
    stop_job()
    st.session_state[_JOB] = work
    st.session_state.pop(_ENDED, None)


def stop_job() -> None:
    """End the work under way, if any, and forget it."""
    work = st.session_state.pop(_JOB, None)
    if work is not None:
        work.close()


def learnt() -> Learnt | None:
    """Return what was learnt last."""
    return st.session_state.get(_LEARNT)


def keep_learnt(found: Learnt) -> None:
    """Show what was learnt."""
    st.session_state[_LEARNT] = found
    st.session_state.pop(_ENDED, None)


def ended() -> Ended | None:
    """Return how the last work ended when it did not end well."""
    return st.session_state.get(_ENDED)


def note_end(code: str, error: SimulatorError | None = None) -> None:
    """Note that the work did not end well."""
    st.session_state[_ENDED] = Ended(code, error)
