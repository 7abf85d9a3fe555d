"""One version of one trial, read-only, for the holder of a link."""

from __future__ import annotations

import datetime

import streamlit as st

from simulator.apps.web import formats, session, sign_in, trial_words
from simulator.apps.web.components.trials_sheet import LINK
from simulator.apps.web.components.trials_sheet import PAGE as PAGE
from simulator.apps.web.formats import plain
from simulator.apps.web.library import whole_library
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.base.errors import InvalidInput, SimulatorError
from simulator.library import Scenario
from simulator.library.scenario import MAX_NOTES


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
