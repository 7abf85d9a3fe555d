"""What a visit remembers: its language, and the choices on Simuler while another page is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from simulator.ui import address
from simulator.ui.choices import DEFAULTS
from simulator.ui.texts import LANGUAGES, Texts, texts_of
from simulator.version import MODEL_VERSION

_LANGUAGE, _KEPT, _WRITTEN, _TOUCHED, _READING = "_language", "_kept", "_written", "_touched", "_reading"
BOUND = ("daily_budget", "radius_km")
"""Choices that Streamlit itself writes into the address, without an entry in the browser's history."""


def language() -> str:
    """Return the language of this visit; the address may change it."""
    asked = st.query_params.get(address.LANGUAGE, "")
    if asked in LANGUAGES:
        st.session_state[_LANGUAGE] = asked
    return str(st.session_state.setdefault(_LANGUAGE, LANGUAGES[0]))


def texts() -> Texts:
    """Return the catalogue of this visit."""
    return texts_of(language())


def touched() -> None:
    """Note that somebody moved a widget: the choices, not the address, are the latest word."""
    st.session_state[_TOUCHED] = True


def begin() -> address.Reading:
    """Fill the choices when Simuler opens: from the address, else as they were, else as at the start.

    An address that changes by itself is the browser's back or forward button, and is read again.
    """
    state = st.session_state
    given = {name: st.query_params.get_all(name) for name in st.query_params}
    opened = "days" not in state
    moved = not state.pop(_TOUCHED, False) and _unbound(given) != state.get(_WRITTEN, {})
    if not opened and not moved:
        return state[_READING]
    chosen = {name: values for name, values in given.items() if name != address.LANGUAGE}
    reading = address.read(given)
    kept = {} if chosen else state.get(_KEPT, {})
    for key, value in {**DEFAULTS, **kept, **reading.values}.items():
        state[key] = value
    state[_WRITTEN] = _unbound(given)
    state[_READING] = reading
    return reading


def keep(entries: dict[str, str]) -> None:
    """Write the choices into the address and remember them for a return from another page."""
    state = st.session_state
    state[_KEPT] = {key: state[key] for key in DEFAULTS}
    wanted = {name: value for name, value in address.without_defaults(entries).items() if name not in BOUND}
    if language() != LANGUAGES[0]:
        wanted[address.LANGUAGE] = language()
    for name in [name for name in st.query_params if name not in wanted and name not in BOUND]:
        del st.query_params[name]
    changed = {name: value for name, value in wanted.items() if st.query_params.get(name) != value}
    if changed:
        st.query_params.update(changed)
    state[_WRITTEN] = _unbound({name: st.query_params.get_all(name) for name in st.query_params})


def old_version(reading: address.Reading) -> str:
    """Return the model version of the link, if it is not this one."""
    return reading.model_version if reading.model_version not in ("", MODEL_VERSION) else ""


def _unbound(given: dict[str, Any]) -> dict[str, Sequence[str]]:
    return {name: values for name, values in given.items() if name not in BOUND}
