"""What is wrong, beside the field it concerns."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from simulator.apps.web import session
from simulator.apps.web.choices import Attempt
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError


def beside(field: str, trial: Attempt, texts: Texts) -> None:
    """Say what is wrong with one field, if anything is."""
    if field in trial.problems:
        st.error(sentence(trial.problems[field], texts))


def instead_of_answer(trial: Attempt, texts: Texts) -> None:
    """Say, where the answer would stand, what has to be corrected first."""
    fields = ", ".join(texts.entries.get(f"field.{field}", field) for field in trial.problems)
    with st.container(key="blocked"):
        st.markdown(f"## {texts('answer.blocked')}\n\n{texts('answer.blocked_why', fields=fields)}", anchors=False)


def failed(error: SimulatorError, texts: Texts) -> None:
    """Say that the calculation could not be done, and why."""
    lines = (f"## {texts('answer.failed')}", sentence(error, texts), texts("answer.failed_why"))
    with st.container(key="blocked"):
        st.markdown("\n\n".join(lines), anchors=False)


def unexpected(error: Exception) -> bool:
    """Say, in the visitor's language, that the page failed; the log has the rest. True: nothing more is shown.

    Both have the same mark, so that whoever looks after the server finds what a visitor speaks of.
    """
    incident = secrets.token_hex(4)
    logging.getLogger(__name__).error("the page failed, %s", incident, exc_info=error, extra={"incident": incident})
    texts = session.texts()
    st.error(f"{texts('answer.failed')}. {texts('answer.failed_why')} {texts('access.incident', mark=incident)}")
    return True
