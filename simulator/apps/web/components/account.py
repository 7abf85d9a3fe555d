"""Who is here, on a server where people sign in: the way in, and the way out. Nothing where nobody has to."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import sign_in
from simulator.apps.web.escape import plain
from simulator.apps.web.library import whole_library
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError

_PERSON = "_person"


def welcome(texts: Texts) -> bool:
    """Say who is here, or ask to sign in; return whether the page may be shown."""
    if not sign_in.is_on():
        return True
    try:
        person = sign_in.person(whole_library())
    except SimulatorError as error:
        _way_in(texts, error)
        return False
    if person is None:
        _way_in(texts, None)
        return False
    _own_memory(person.key)
    with st.container(horizontal=True, vertical_alignment="center", key="account"):
        name = plain(person.name or person.email, 60) or texts("access.somebody")
        st.caption(texts("access.signed_in", name=name, role=texts.choice("access.role", person.role)))
        if st.button(texts("access.sign_out"), key="sign_out", type="tertiary"):
            sign_in.leave(whole_library())
            st.logout()
    return True


def _own_memory(key: str) -> None:
    """What a visit remembers is its person's: whoever else comes into the same one starts with nothing."""
    if st.session_state.setdefault(_PERSON, key) != key:
        st.session_state.clear()
        st.session_state[_PERSON] = key


def _way_in(texts: Texts, error: SimulatorError | None) -> None:
    st.title(texts("access.title"), anchor=False)
    st.markdown(texts("access.why"))
    if error is not None:
        st.warning(sentence(error, texts))
    if error is not None and error.code == "too_many_sessions":
        st.button(texts("access.leave_elsewhere"), key="leave_elsewhere", on_click=_leave_elsewhere)
        return
    if st.button(texts("access.sign_in"), key="sign_in"):
        st.login()


def _leave_elsewhere() -> None:
    sign_in.leave_elsewhere(whole_library())
