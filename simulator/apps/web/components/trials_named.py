"""What a kept trial is called: title, client, tags, who made it, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web.components.trials_save import append
from simulator.apps.web.texts import Texts
from simulator.library import Kept

if TYPE_CHECKING:
    from simulator.library.database import Store


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the form; saving it makes a new version."""
    scenario, key = kept.scenario, f"{kept.scenario.id}_{kept.version}"
    with st.form(f"rename_{key}", border=False):
        written: dict[str, str | tuple[str, ...]] = {
            name: st.text_input(
                texts(f"trials.field.{name}"),
                getattr(scenario, name),
                key=f"{name}_{key}",
                autocomplete="off",
            )
            for name in ("title", "client", "author")
        }
        tags = st.text_input(
            texts("trials.field.tags"),
            ", ".join(scenario.tags),
            key=f"tags_{key}",
            placeholder=texts("trials.field.tags_example"),
            autocomplete="off",
        )
        written["notes"] = st.text_area(texts("trials.field.notes"), scenario.notes, key=f"notes_{key}", height=80)
        if not st.form_submit_button(texts("trials.rename_save")):
            return
    # A word twice, or nothing between two commas, is a slip of the finger.
    written["tags"] = tuple(dict.fromkeys(word.strip() for word in tags.split(",") if word.strip()))
    append(store, kept, written, texts)
