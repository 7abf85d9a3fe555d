"""Messages that come late: sent before the browser heard of a value that the program has just set.

Somebody types an amount and at once chooses the days. The browser sends both, the second while the first is being
answered, and every message carries all fields: in the second the slider still stands where it stood before the typed
amount moved it. Taken at its word, it would undo what was typed. A value equal to the one just replaced is therefore
such an echo and no choice, if it comes within a few seconds and with a change of another field: one gesture changes
one field.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import streamlit as st

PATIENCE_S = 3.0
"""How long a message may be under way, seconds."""
_SEEN = "_seen_fields"


def look() -> None:
    """Note how the fields stand in this run, to tell later which of them a message changes."""
    st.session_state[_SEEN] = _fields()


def replaces(key: str) -> None:
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
