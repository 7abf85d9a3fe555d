"""FR | EN: plain links, so that the page itself comes again in its language."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from simulator.apps.web import address, session, visit
from simulator.apps.web.texts import LANGUAGES, Texts


def switch(texts: Texts) -> None:
    """Draw the switch; the links keep the choices, which stand in the address, and what a visit holds besides."""
    visit.arrive()
    here = {name: st.query_params.get_all(name) for name in st.query_params if name != address.LANGUAGE}
    rest = here or session.entries()
    if held := visit.pack():
        rest = {**rest, visit.NAME: held}
    links = []
    for language in LANGUAGES:
        query = urlencode({**rest, address.LANGUAGE: language}, doseq=True)
        current = ' aria-current="true"' if language == texts.language else ""
        links.append(f'<a href="?{query}" lang="{language}" hreflang="{language}"{current}>{language.upper()}</a>')
    # The query is percent-encoded: no quotation mark or angle bracket of the address survives in it.
    st.html(f'<nav class="languages" aria-label="{texts("app.language")}">{" | ".join(links)}</nav>')
