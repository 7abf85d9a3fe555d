"""Sign-in by OpenID Connect, off unless a provider is configured: then who you are decides what the library holds.

Streamlit checks the token when it comes and keeps what it says in a signed cookie for a month. Here every run, and
everything a page does with the library, asks whether that sign-in is still open: see ``simulator.accounts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit import config
from streamlit.auth_util import get_secrets_auth_section

from simulator.accounts import open_access, settings
from simulator.accounts.people import Claims
from simulator.accounts.settings import limits
from simulator.base.errors import InvalidInput

if TYPE_CHECKING:
    from simulator.accounts import Person
    from simulator.accounts.register import Access
    from simulator.library.database import Store


def is_on() -> bool:
    """Whether people have to sign in here."""
    return bool(get_secrets_auth_section())


def secrets() -> dict[str, Any] | None:
    """Return what Streamlit must know of the provider that the environment names.

    The secret that signs cookies is also Streamlit's own, so that several servers take each other's.
    """
    found = settings.provider()
    if found is None:
        return None
    config.set_option("server.cookieSecret", found.cookie_secret.get_secret_value())
    return found.as_secrets()


def claims() -> Claims | None:
    """Return the claims of the provider about this visit; None where no one is signed in.

    Raises
    ------
    InvalidInput
        ``missing``: the provider's token lacks what a session needs.
    """
    given = st.user.to_dict()
    if not given.get("is_logged_in"):
        return None
    return Claims.of(given, settings.setting("ADSIM_ROLE_CLAIM"), settings.setting("ADSIM_TEAM_CLAIM"))


def person(store: Store) -> Person | None:
    """Return who is signed in, if the sign-in is still open.

    Raises
    ------
    InvalidInput
        ``session_ended``, ``session_expired``, ``too_many_sessions``.
    """
    found = claims()
    return None if found is None else register(store).enter(found, limits().sessions)


def view(store: Store) -> Store:
    """Return the library as this visit may see it: all of it where no sign-in is needed.

    Raises
    ------
    InvalidInput
        As ``person``; ``session_ended`` also for who is not signed in.
    """
    if not is_on():
        return store
    found = claims()
    if found is None:
        raise InvalidInput("session_ended", field="session")
    return register(store).live_view(found, limits().sessions)


@st.cache_resource(show_spinner=False)
def _register(_store: Store, place: str) -> Access:  # noqa: ARG001 — part of the key
    return open_access(_store)


def register(store: Store) -> Access:
    """Return who may use a library; its tables are looked at once."""
    return _register(store, store.place)


def leave(store: Store) -> None:
    """End this visit's session for good, here and wherever its cookie was copied to."""
    found = claims()
    if found is not None:
        register(store).leave(found)


def leave_elsewhere(store: Store) -> None:
    """End all sessions of the person signed in here."""
    found = claims()
    if found is not None:
        register(store).leave_everywhere(found.person)
