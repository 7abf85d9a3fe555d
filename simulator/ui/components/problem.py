"""What is wrong, beside the field it concerns."""

from __future__ import annotations

import streamlit as st

from simulator.errors import SimulatorError
from simulator.ui.choices import Attempt
from simulator.ui.messages import sentence
from simulator.ui.texts import Texts


def beside(field: str, trial: Attempt, texts: Texts) -> None:
    """Say what is wrong with one field, if anything is."""
    if field in trial.problems:
        st.error(sentence(trial.problems[field], texts))


def instead_of_answer(trial: Attempt, texts: Texts) -> None:
    """Say, where the answer would stand, what has to be corrected first."""
    fields = ", ".join(texts.entries.get(f"field.{field}", field) for field in trial.problems)
    st.markdown(f"### {texts('answer.blocked')}", anchors=False)
    st.markdown(texts("answer.blocked_why", fields=fields))


def failed(error: SimulatorError, texts: Texts) -> None:
    """Say that the calculation could not be done, and why."""
    st.markdown(f"### {texts('answer.failed')}", anchors=False)
    st.markdown(sentence(error, texts))
    st.markdown(texts("answer.failed_why"))
