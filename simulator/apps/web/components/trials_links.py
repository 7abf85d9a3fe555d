"""Links that show a kept trial to a person without an account: made, listed, revoked. Only where people sign in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from simulator.apps.web import formats, sign_in
from simulator.apps.web.library import attempted, whole_library
from simulator.apps.web.texts import Texts
from simulator.library import Kept

if TYPE_CHECKING:
    from simulator.accounts.register import Link
    from simulator.library.database import Store

PAGE, LINK = "shared", "link"
"""Page and entry of the address that holds the token."""
DAYS = (7, 30, 90)
_MADE = "_trials_link"


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the folded part with the links of a trial."""
    if not sign_in.is_on():
        return
    folded = st.expander(texts("access.links.title"), key="links", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.markdown(texts("access.links.what"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            days = st.selectbox(
                texts("access.links.days"),
                DAYS,
                index=1,
                key="link_days",
                format_func=lambda count: texts("access.links.count", days=count),
                width=160,
            )
            st.button(texts("access.links.make"), key="link_make", on_click=_make, args=(store, kept, days))
        made = st.session_state.get(_MADE)
        if made and made[0] == kept.scenario.id:
            st.markdown(texts("access.links.made"))
            st.code(_address(made[1]), language=None, wrap_lines=True)
        for link in sign_in.register(whole_library()).links(store, kept.scenario.id):
            _link(store, kept, link, texts)


def _link(store: Store, kept: Kept, link: Link, texts: Texts) -> None:
    until = datetime.datetime.fromtimestamp(link.expires_at, datetime.UTC).date()
    said = texts("access.links.one", mark=link.mark[:6], version=link.version, date=formats.date(until, texts.language))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said)
        if link.revoked:
            st.caption(texts("access.links.revoked"))
        else:
            st.button(
                texts("access.links.revoke"),
                key=f"revoke_{link.mark[:12]}",
                on_click=_revoke,
                args=(store, kept, link.mark),
            )


def _make(store: Store, kept: Kept, days: int) -> None:
    token = attempted(lambda: sign_in.register(whole_library()).share(store, kept.scenario.id, days))
    st.session_state[_MADE] = (kept.scenario.id, token) if token else None


def _revoke(store: Store, kept: Kept, mark: str) -> None:
    attempted(lambda: sign_in.register(whole_library()).unshare(store, kept.scenario.id, mark))
    st.session_state.pop(_MADE, None)


def _address(token: str) -> str:
    here = urlsplit(st.context.url or "")
    return urlunsplit((here.scheme, here.netloc, f"/{PAGE}", f"{LINK}={token}", ""))
