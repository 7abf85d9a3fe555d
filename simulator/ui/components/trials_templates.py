"""Ready-made campaigns to start from."""

from __future__ import annotations

import streamlit as st

from simulator.store import Scenario
from simulator.ui import at_hand, trial_words
from simulator.ui.components.trials_sheet import leave_for_simulate
from simulator.ui.library import templates
from simulator.ui.texts import Texts
from simulator.ui.words import summary


def show(texts: Texts, *, is_open: bool) -> None:
    """Draw them, folded once the library holds something."""
    found = templates()
    if not found:
        return
    with st.expander(texts("trials.templates.title"), expanded=is_open, key="templates"):
        st.caption(texts("trials.templates.note"))
        for place, template in enumerate(found):
            with st.container(border=True):
                st.markdown(_said(template, texts))
                if st.button(texts("trials.templates.try"), key=f"template_{place}"):
                    at_hand.drop()
                    leave_for_simulate(template, texts)


def _said(template: Scenario, texts: Texts) -> str:
    """Return a template in the language of the screen, from its campaign alone."""
    campaign = template.campaign
    name = texts.choice("trade", campaign.trade) if campaign.trade else texts.choice("objective", campaign.objective)
    return f"**{name}**  \n{summary(campaign.targeting, texts)}  \n{trial_words.money(campaign, texts)}"
