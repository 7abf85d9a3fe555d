"""One version of one trial, for whoever was given the link: to read, nothing else."""

from __future__ import annotations

import datetime

import streamlit as st

from simulator.errors import InvalidInput, SimulatorError
from simulator.store import Scenario
from simulator.store.scenario import MAX_NOTES
from simulator.ui import formats, session, sign_in, trial_words
from simulator.ui.components.trials_links import LINK
from simulator.ui.components.trials_links import PAGE as PAGE
from simulator.ui.escape import plain
from simulator.ui.library import whole_library
from simulator.ui.messages import sentence
from simulator.ui.texts import Texts
from simulator.ui.words import summary


def main() -> None:
    """Draw the trial, or say that the link leads nowhere."""
    texts = session.texts()
    session.elsewhere(PAGE, (LINK,))
    st.title(texts("access.shared.title"), anchor=False)
    try:
        if not sign_in.is_on():
            raise InvalidInput("unknown_link", field="link")
        shared = sign_in.register(whole_library()).shared(st.query_params.get(LINK, ""))
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    _draw(shared.scenario, texts)
    until = datetime.datetime.fromtimestamp(shared.expires_at, datetime.UTC).date()
    st.caption(texts("access.shared.until", date=formats.date(until, texts.language)))


def _draw(scenario: Scenario, texts: Texts) -> None:
    st.subheader(trial_words.title(scenario.title, texts), anchor=False)
    lines = [
        summary(scenario.campaign.targeting, texts),
        trial_words.money(scenario.campaign, texts),
        texts.choice("objective", scenario.campaign.objective),
    ]
    st.markdown("  \n".join(lines))
    st.markdown(trial_words.announced(scenario, texts))
    if scenario.notes:
        st.markdown("  \n".join(plain(line, MAX_NOTES) for line in scenario.notes.splitlines() if line.strip()))


main()
