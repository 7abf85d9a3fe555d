"""On Comprendre: how many real campaigns, never seen before, fell inside the range."""

from __future__ import annotations

import streamlit as st

from simulator import formats
from simulator.calibration import validation
from simulator.calibration.tested import DEFAULTS, Coverage
from simulator.ui.texts import Texts

METRICS = ("reach", "impressions", "cpm", "link_clicks")


def show(texts: Texts) -> None:
    """Draw the table, good or bad, and say what it does not show."""
    measured = validation()
    language = texts.language
    st.header(texts("tested.title"), anchor=False)
    st.markdown(texts("tested.lead"))
    rows = [one for one in measured.coverage if one.method == DEFAULTS and one.metric in METRICS]
    rows.sort(key=lambda one: METRICS.index(one.metric))
    st.table([_row(one, texts) for one in rows], hide_index=True, border="horizontal")
    if measured.recovery is not None:
        found = measured.recovery
        share = formats.percent(found.coverage, language)
        st.markdown(texts("tested.recovery", accounts=formats.number(found.accounts, language), share=share))
    st.caption(texts("tested.date", date=formats.date(measured.date, language)))
    if not measured.is_current:
        st.caption(texts("tested.older"))


def _row(one: Coverage, texts: Texts) -> dict[str, str]:
    language = texts.language
    between = {"low": formats.percent(one.low, language), "high": formats.percent(one.high, language)}
    return {
        texts("tested.figure"): texts(f"metric.{one.metric}.word"),
        texts("tested.campaigns"): texts.choice("tested.source", one.source),
        texts("tested.inside"): texts("tested.count", inside=one.inside, n=one.n),
        texts("tested.rate"): texts("tested.between", **between),
    }
