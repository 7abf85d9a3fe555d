"""Ready-made campaigns to start from."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import current_scenario as at_hand
from simulator.apps.web import trial_words
from simulator.apps.web.components.trials_sheet import leave_for_simulate
from simulator.apps.web.escape import plain
from simulator.apps.web.library import templates
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.library import Scenario
from simulator.library.scenario import MAX_NOTES

WRITTEN_IN = "fr"
"""The language of the ready-made files."""


def show(texts: Texts, *, is_open: bool) -> None:
    """Draw them, folded once the library holds something; what is folded costs nothing."""
    found = templates()
    if not found:
        return
    folded = st.expander(texts("trials.templates.title"), expanded=is_open, key="templates", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("trials.templates.note"))
        for place, template in enumerate(found):
            with st.container(border=True):
                st.markdown(_said(template, texts))
                if st.button(texts("trials.templates.try"), key=f"template_{place}"):
                    at_hand.drop()
                    leave_for_simulate(template, texts)


def _said(template: Scenario, texts: Texts) -> str:
    """Return a template from its campaign, and the question it asks where that is in the language of the screen."""
    campaign = template.campaign
    name = texts.choice("trade", campaign.trade) if campaign.trade else texts.choice("objective", campaign.objective)
    said = f"**{name}**  \n{summary(campaign.targeting, texts)}  \n{trial_words.money(campaign, texts)}"
    return f"{said}  \n{plain(template.notes, MAX_NOTES)}" if texts.language == WRITTEN_IN else said
