"""The foot of every page: the pages again, since a telephone folds the navigation away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from simulator.apps.web import sign_in
from simulator.apps.web.texts import Texts


def links(pages: Sequence[Any], texts: Texts) -> None:
    """Draw a link to every page, and say where the figures are worked out."""
    st.divider()
    if len(pages) > 1:
        with st.container(horizontal=True, key="foot"):
            for page in pages:
                st.page_link(page)
    st.caption(texts("access.offline" if sign_in.is_on() else "app.offline"))
