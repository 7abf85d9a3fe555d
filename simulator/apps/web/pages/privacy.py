"""Vos données: what is kept, where, for how long, and how to have it erased."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import session, sign_in

PAGE = "privacy"


def main() -> None:
    """Draw the page; a server that several use keeps more than one person's own computer."""
    texts = session.texts()
    session.elsewhere(PAGE)
    kind = "shared" if sign_in.is_on() else "own"
    st.title(texts("privacy.title"), anchor=False)
    st.markdown(texts("privacy.lead"))
    for part in ("what", "where", "long"):
        st.markdown(texts(f"privacy.{kind}.{part}"))
    for part in ("erase", "logs", "cookies"):
        st.markdown(texts(f"privacy.{part}"))


main()
