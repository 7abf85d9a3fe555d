"""The link that gives the simulation again, and the program that does."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import streamlit as st

from simulator import MODEL_VERSION, Campaign
from simulator.apps.web import active_calibration as past
from simulator.apps.web import address, snippet
from simulator.apps.web.texts import Texts


def link(entries: dict[str, str], texts: Texts) -> None:
    """Draw the link with every value written out."""
    base = (st.context.url or "").split("?")[0].rstrip("/")
    with st.popover(texts("share.link"), key="share"):
        st.markdown(texts("share.link_note" if past.current() is None else "share.link_note_learnt"))
        if only_here(base):
            st.caption(texts("share.only_here"))
        st.code(f"{base}/?{address.link(entries, texts.language, MODEL_VERSION)}", language=None, wrap_lines=True)


def only_here(url: str) -> bool:
    """Say whether an address leads back to the computer that opens it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name, or no address at all


def program(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the Python of the screen and the campaign as JSON, folded; uncoloured, since the colours are too pale."""
    with st.expander(texts("expert.title"), key="program"):
        learnt = past.current()
        st.markdown(texts("expert.python_note" if learnt is None else "expert.python_note_learnt"))
        file = "" if learnt is None else past.file_name(learnt)
        st.code(snippet.python(campaign, seed, file), language=None, wrap_lines=True)
        st.markdown(texts("expert.json"))
        st.code(campaign.to_json(), language=None, wrap_lines=True)
