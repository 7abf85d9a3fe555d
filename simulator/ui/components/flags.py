"""What to check before paying: three lines at most, each with what to do."""

from __future__ import annotations

import streamlit as st

from simulator.forecast import Forecast
from simulator.ui.messages import flag_sentence
from simulator.ui.texts import Texts

MOST = 3


def show(forecast: Forecast, texts: Texts) -> None:
    """Draw the warnings, the gravest first."""
    st.subheader(texts("flag.title"), anchor=False)
    said = [sentence for flag in forecast.flags if (sentence := flag_sentence(flag, texts))]
    lines = "\n".join(f"- {sentence}" for sentence in said[:MOST])
    with st.container(key="flags"):
        st.markdown(lines or texts("flag.none"))
