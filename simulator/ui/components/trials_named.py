"""What a kept trial is called: title, client, tags, who made it, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.store import Kept
from simulator.store.scenario import MAX_NOTES
from simulator.ui.components.trials_save import append
from simulator.ui.texts import Texts
from simulator.validated import MAX_TEXT

if TYPE_CHECKING:
    from simulator.store.database import Store

MOST_TYPED = 800
"""Characters of all tags together."""


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the form; saving it makes a new version."""
    scenario, key = kept.scenario, f"{kept.scenario.id}_{kept.version}"
    with st.form(f"rename_{key}", border=False):
        written: dict[str, str | tuple[str, ...]] = {
            name: st.text_input(
                texts(f"trials.field.{name}"),
                getattr(scenario, name),
                max_chars=MAX_TEXT,
                key=f"{name}_{key}",
                autocomplete="off",
            )
            for name in ("title", "client", "author")
        }
        tags = st.text_input(
            texts("trials.field.tags"),
            ", ".join(scenario.tags),
            max_chars=MOST_TYPED,
            key=f"tags_{key}",
            placeholder=texts("trials.field.tags_example"),
            autocomplete="off",
        )
        written["notes"] = st.text_area(
            texts("trials.field.notes"), scenario.notes, max_chars=MAX_NOTES, key=f"notes_{key}", height=80
        )
        if not st.form_submit_button(texts("trials.rename_save")):
            return
    # A word twice, or nothing between two commas, is a slip of the finger.
    written["tags"] = tuple(dict.fromkeys(word.strip() for word in tags.split(",") if word.strip()))
    append(store, kept, written, texts)
