"""What a visit remembers: its language, and the choices on Simuler while another page is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from simulator.apps.web import address, cache
from simulator.apps.web import stale_events as late
from simulator.apps.web.choices import DEFAULTS
from simulator.apps.web.texts import LANGUAGES, Texts, texts_of
from simulator.base.version import MODEL_VERSION

_LANGUAGE, _PAGE, _KEPT, _ENTRIES = "_language", "_page", "_kept", "_entries"
_WRITTEN, _TOUCHED, _READING = "_written", "_touched", "_reading"
SIMULATE = "simulate"
SIMULATE_FILE = "simulator/apps/web/pages/simulate.py"
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
    given = _given()
    opened = state.get(_PAGE) != SIMULATE
    moved = not state.pop(_TOUCHED, False) and _unbound(given) != state.get(_WRITTEN, {})
    if not opened and not moved:
        _complete()
        return state[_READING]
    bare = not given.keys() - {address.LANGUAGE}
    if opened and bare and entries() and _PAGE in state:
        # Back from another page: one entry in the history, with the choices in it.
        st.switch_page(SIMULATE_FILE, query_params=_with_language(entries()))
    state[_PAGE] = SIMULATE
    reading = address.read(given)
    as_left = bare or {name: values[-1] for name, values in given.items()} == _with_language(entries())
    kept = state.get(_KEPT, {}) if opened and as_left else {}
    for key, value in {**DEFAULTS, **kept, **reading.values}.items():
        state[key] = value
    state[_WRITTEN] = _unbound(given)
    state[_READING] = reading
    _complete()
    return reading


def _complete() -> None:
    """Fill in what a message left out, as it was last, and let the town follow what is typed."""
    state = st.session_state
    for key, value in {**DEFAULTS, **state.get(_KEPT, {})}.items():
        if key not in state:
            state[key] = value
    if state["place_kind"] == "circle":
        place = cache.place_meant(state["place"], state["place_text"], state["country_code"])
        if place != state["place"]:
            state["place"] = place
    late.look()
    state[_KEPT] = {key: state[key] for key in DEFAULTS}  # bad entries too: nothing typed is lost


def elsewhere(page: str, ours: Sequence[str] = ()) -> None:
    """Note that another page is shown; choices that came by its address are kept for Simuler, ``ours`` are its own."""
    state = st.session_state
    given = {name: values for name, values in _given().items() if name not in ours}
    if _KEPT not in state and given.keys() - {address.LANGUAGE}:
        state[_KEPT] = {**DEFAULTS, **address.read(given).values}
        state[_ENTRIES] = {name: values[-1] for name, values in given.items() if name != address.LANGUAGE}
    state[_PAGE] = page
    if language() != LANGUAGES[0] and st.query_params.get(address.LANGUAGE) != language():
        st.query_params[address.LANGUAGE] = language()


def entries() -> dict[str, str]:
    """Return the choices as last written into the address, to carry them from page to page."""
    return dict(st.session_state.get(_ENTRIES, {}))


def keep(written: dict[str, str]) -> None:
    """Write the choices into the address, and remember it for a return from another page."""
    state = st.session_state
    state[_ENTRIES] = address.without_defaults(written)
    wanted = {name: value for name, value in state[_ENTRIES].items() if name not in BOUND}
    wanted = _with_language(wanted)
    for name in [name for name in st.query_params if name not in wanted and name not in BOUND]:
        del st.query_params[name]
    changed = {name: value for name, value in wanted.items() if st.query_params.get(name) != value}
    if changed:
        st.query_params.update(changed)
    state[_WRITTEN] = _unbound(_given())


def old_version(reading: address.Reading) -> str:
    """Return the model version of the link, if it is not this one."""
    return reading.model_version if reading.model_version not in ("", MODEL_VERSION) else ""


def _with_language(written: dict[str, str]) -> dict[str, str]:
    return written if language() == LANGUAGES[0] else {**written, address.LANGUAGE: language()}


def _given() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _unbound(given: dict[str, Any]) -> dict[str, Sequence[str]]:
    return {name: values for name, values in given.items() if name not in BOUND}
