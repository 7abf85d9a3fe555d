"""What a visit remembers: language, choices while another page is shown, the scenario worked on, stale events."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from simulator.apps.web import address, cache
from simulator.apps.web.choices import DEFAULTS, followed
from simulator.apps.web.texts import LANGUAGES, Texts, texts_of
from simulator.apps.web.trial_words import usual_title
from simulator.base.version import MODEL_VERSION
from simulator.library import Scenario

PATIENCE_S = 3.0
"""How long a message may be under way, seconds."""
_SEEN = "_seen_fields"


def note_fields() -> None:
    """Note how the fields stand in this run, to tell later which of them a message changes."""
    st.session_state[_SEEN] = _fields()


def note_replacement(key: str) -> None:
    """Note what a field holds, before the program sets another value."""
    st.session_state[_mark(key)] = (st.session_state[key], time.monotonic())


def is_echo(key: str, set_together: Collection[str]) -> bool:
    """Tell whether what a field holds now is only what it held before the program set it.

    Parameters
    ----------
    key : str
        The field.
    set_together : collection of str
        Fields that set one another; a change of these is no gesture of its own.
    """
    before, when = st.session_state.get(_mark(key), (None, -PATIENCE_S))
    if st.session_state[key] != before or time.monotonic() - when >= PATIENCE_S:
        return False
    seen, now = st.session_state.get(_SEEN, {}), _fields()
    return any(seen[name] != now[name] for name in seen.keys() & now.keys() - set(set_together))


def _fields() -> dict[str, Any]:
    plain = (str, int, float, list, type(None))
    return {
        str(name): value
        for name, value in st.session_state.items()
        if not str(name).startswith("_") and isinstance(value, plain)
    }


def _mark(key: str) -> str:
    return f"_replaced_{key}"


VISIT_ENTRY = "visit"
"""Of the entry in the address."""
_LUGGAGE, _TOKEN = "_visit_luggage", "_visit_token"
WORTH_KEEPING = (
    "_results_export",
    "_results_learnt",
    "_results_job",
    "_results_mappings",
    "_past_learnt",
    "dear_price",
)
"""Without any of these there is nothing to take along."""
ALSO_KEPT = (
    "_results_ended",
    "_person",  # whoever arrives as somebody else finds nothing
    "several_files",
    "are_clients",
    "clients_trade",
    "clients_zone",
    "export_country",
    "dear_kind",
    "dear_currency",
    "dear_with",
    "dear_month_own",
    "dear_country",
    "dear_month",
    "dear_goal",
)


class _HandedOver(dict[str, Any]):
    """What is taken along; it is gone with the visit that holds it."""


_waiting: WeakValueDictionary[str, _HandedOver] = WeakValueDictionary()


def resume_visit() -> None:
    """Take over what a visit in the other language left, and take its name out of the address."""
    name = st.query_params.get(VISIT_ENTRY)
    if name is None:
        return
    del st.query_params[VISIT_ENTRY]
    for key, value in (_waiting.pop(name, None) or {}).items():
        st.session_state.setdefault(key, value)


def hand_over_visit() -> str:
    """Return the name under which this visit can be gone on with; empty where nothing would be lost."""
    state = st.session_state
    if not any(state.get(key) for key in WORTH_KEEPING):
        return ""
    luggage = state.setdefault(_LUGGAGE, _HandedOver())
    luggage.clear()
    luggage.update({key: state[key] for key in (*WORTH_KEEPING, *ALSO_KEPT) if key in state})
    name = str(state.setdefault(_TOKEN, secrets.token_urlsafe(16)))
    _waiting[name] = luggage
    return name


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
    return str(st.session_state.setdefault(_LANGUAGE, usual_language()))


def usual_language() -> str:
    """Return the language of an address that names none: the browser's where we speak it, else the first one."""
    told = str(st.context.locale or "")[:2].lower()
    return told if told in LANGUAGES else LANGUAGES[0]


def texts() -> Texts:
    """Return the catalogue of this visit."""
    return texts_of(language())


def touched() -> None:
    """Note that a widget was moved: the choices, not the address, are the latest word."""
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
        _complete(state[_KEPT])
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
    _complete(None)
    return reading


def _complete(before: dict[str, Any] | None) -> None:
    """Fill in what a message left out, as it was last; let the town follow what is typed, the money the country.

    Parameters
    ----------
    before : dict, optional
        The choices of the last run, if these are the same page's and go on from them.
    """
    state = st.session_state
    for key, value in {**DEFAULTS, **state.get(_KEPT, {})}.items():
        if key not in state:
            state[key] = value
    if state["place_kind"] == "circle":
        place = cache.place_meant(state["place"], state["place_text"], state["country_code"])
        if place != state["place"]:
            state["place"] = place
    if before is not None:
        state.update(followed(before, state))
    note_fields()
    state[_KEPT] = {key: state[key] for key in DEFAULTS}  # bad entries too: nothing typed is lost


def elsewhere(page: str, ours: Sequence[str] = ()) -> None:
    """Note that another page is shown; choices that came by its address are kept for Simuler, ``ours`` are its own."""
    state = st.session_state
    given = {name: values for name, values in _given().items() if name not in ours}
    if _KEPT not in state and given.keys() - {address.LANGUAGE}:
        state[_KEPT] = {**DEFAULTS, **address.read(given).values}
        state[_ENTRIES] = {name: values[-1] for name, values in given.items() if name != address.LANGUAGE}
    state[_PAGE] = page
    if language() != usual_language() and st.query_params.get(address.LANGUAGE) != language():
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
    return written if language() == usual_language() else {**written, address.LANGUAGE: language()}


def _given() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _unbound(given: dict[str, Any]) -> dict[str, Sequence[str]]:
    return {name: values for name, values in given.items() if name not in BOUND}


_CURRENT = "_at_hand"


@dataclass(frozen=True)
class CurrentScenario:
    """What Simuler must know of it: which version the changes start from, and what to call it.

    ``typed_title`` is empty where the title was made of the choices: other choices make another one.
    """

    id: str
    version: int
    title: str
    typed_title: str
    client: str
    notes: str


def work_on(scenario: Scenario, version: int) -> None:
    """Note that this trial is being worked on."""
    title = scenario.title
    is_usual = any(usual_title(scenario.campaign, texts_of(language)) == title for language in LANGUAGES)
    typed = "" if is_usual else title
    st.session_state[_CURRENT] = CurrentScenario(scenario.id, version, title, typed, scenario.client, scenario.notes)


def stop_working_on() -> None:
    """Work on nothing kept any more."""
    st.session_state.pop(_CURRENT, None)


def current_scenario() -> CurrentScenario | None:
    """Return the trial being worked on, if any."""
    found = st.session_state.get(_CURRENT)
    return found if isinstance(found, CurrentScenario) else None
