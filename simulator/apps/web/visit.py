"""What another language takes along: the switch loads the page again, and a new visit would know nothing.

The links of the switch then bear a name, good once and only while the visit they come from is alive. Behind it stand
the export being looked at, what was learnt from it, and what was typed on Mes résultats; the choices of Simuler
travel in the address. Where there is nothing to take along the links bear no name.
"""

from __future__ import annotations

import secrets
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

NAME = "visit"
"""Of the entry in the address."""
_LUGGAGE, _TOKEN = "_visit_luggage", "_visit_token"
WORTH = ("_results_export", "_results_learnt", "_results_job", "_results_mappings", "_past_learnt", "dear_price")
"""Without any of these there is nothing to take along."""
BESIDES = (
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


class _Luggage(dict[str, Any]):
    """What is taken along; it is gone with the visit that holds it."""


_waiting: WeakValueDictionary[str, _Luggage] = WeakValueDictionary()


def arrive() -> None:
    """Take over what a visit in the other language left, and take its name out of the address."""
    name = st.query_params.get(NAME)
    if name is None:
        return
    del st.query_params[NAME]
    for key, value in (_waiting.pop(name, None) or {}).items():
        st.session_state.setdefault(key, value)


def pack() -> str:
    """Return the name under which this visit can be gone on with; empty where nothing would be lost."""
    state = st.session_state
    if not any(state.get(key) for key in WORTH):
        return ""
    luggage = state.setdefault(_LUGGAGE, _Luggage())
    luggage.clear()
    luggage.update({key: state[key] for key in (*WORTH, *BESIDES) if key in state})
    name = str(state.setdefault(_TOKEN, secrets.token_urlsafe(16)))
    _waiting[name] = luggage
    return name
