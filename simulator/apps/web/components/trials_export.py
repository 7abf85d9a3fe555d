"""The result of a kept trial, taken from the export that is open on Mes résultats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import exports, formats
from simulator.apps.web.components import results_state
from simulator.apps.web.components.trials_save import append
from simulator.apps.web.escape import literal, plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInputs, SimulatorError
from simulator.library import Actual, Kept

if TYPE_CHECKING:
    import pandas as pd

    from simulator.library.database import Store

MOST = 500
"""Rows offered, the first of the export."""
_NAME = 60
"""Letters of a name in the list."""


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Draw the list of campaigns of the open export; without one, say where to open it."""
    export = results_state.export()
    frame = export.frame if export is not None else None
    if frame is None or frame.empty:
        st.caption(texts("trials.export.none"))
        return
    currency = kept.scenario.campaign.currency
    suffix = f"{kept.scenario.id}_{kept.version}"
    chosen = st.selectbox(
        texts("trials.export.which", name=plain(export.name, _NAME)),
        range(min(len(frame), MOST)),
        index=None,
        format_func=lambda place: _said(frame.iloc[place], currency, texts),
        placeholder=texts("trials.export.choose"),
        key=f"export_row_{suffix}",
    )
    taken = st.button(texts("trials.export.take"), key=f"export_take_{suffix}", disabled=chosen is None)
    if not taken or chosen is None:
        return
    try:
        result = Actual.from_export(frame.iloc[[chosen]], source=literal(export.name))
    except SimulatorError as error:
        for one in error.problems if isinstance(error, InvalidInputs) else (error,):
            st.error(sentence(one, texts))
    else:
        append(store, kept, {"actual": result}, texts)


def _said(row: pd.Series[Any], usual: str, texts: Texts) -> str:
    """Return a row as one line: its names, its first day, its money."""
    names = (row.get(name) for name in ("campaign", "ad_set", "ad"))
    said = [literal(name, _NAME) for name in names if isinstance(name, str) and name.strip()]
    if row["start"] == row["start"]:  # not a missing date
        said.append(exports.day(row["start"].date(), texts))
    currency = row["currency"] if isinstance(row["currency"], str) else usual
    said.append(formats.money(float(row["spend"]), currency, texts.language))
    return " · ".join(said)
