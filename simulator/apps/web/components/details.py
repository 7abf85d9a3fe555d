"""The exact figures, one tap away."""

from __future__ import annotations

import streamlit as st

from simulator import Campaign, Forecast
from simulator.apps.web import cache, tables
from simulator.apps.web.texts import Texts
from simulator.presentation.charts import Palette, bars, build_up


def show(forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette, *, expert: bool) -> None:
    """Draw the folded detail; what is folded costs nothing."""
    folded = st.expander(texts("detail.title"), key="detail", on_change="rerun")
    if not folded.open:
        return
    with folded:
        _metrics(forecast, texts, expert)
        _frequency(forecast, texts, palette)
        _days(campaign, forecast.seed, texts, palette)
        _who(forecast, texts)
        _uncertainty(forecast, texts)


def _metrics(forecast: Forecast, texts: Texts, expert: bool) -> None:
    st.subheader(texts("detail.metrics"), anchor=False)
    st.caption(texts("detail.metrics_note"))
    st.table(tables.metrics(forecast, texts, with_mean=expert), hide_index=True, border="horizontal")


def _frequency(forecast: Forecast, texts: Texts, palette: Palette) -> None:
    st.subheader(texts("detail.frequency"), anchor=False)
    st.caption(texts("detail.frequency_note"))
    counts = forecast.exposure_counts()
    labels = {"x": texts("detail.frequency_axis"), "y": texts("curve.y")}
    rows, spec = bars(counts, labels, palette, texts.language)
    said = texts("detail.frequency_alt", summary=tables.frequency_in_words(counts, texts))
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="frequency")


def _days(campaign: Campaign, seed: int, texts: Texts, palette: Palette) -> None:
    if campaign.duration_days < 2:
        return
    st.subheader(texts("detail.days"), anchor=False)
    st.caption(texts("detail.days_note"))
    points = cache.by_day(campaign, seed)
    names = {"x": "detail.day", "y": "curve.y", "median": "curve.median", "low": "curve.low", "high": "curve.high"}
    labels = {name: texts(key) for name, key in names.items()}
    rows, spec = build_up(points, labels, palette, texts.language)
    said = texts(
        "detail.days_alt",
        first=tables.count(points[0]["people"], texts),
        last=tables.count(points[-1]["people"], texts),
    )
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="days_chart")


def _who(forecast: Forecast, texts: Texts) -> None:
    rows = tables.who(forecast, texts)
    if not rows:
        return
    st.subheader(texts("detail.who"), anchor=False)
    st.table(rows, hide_index=True, border="horizontal")
    st.markdown(tables.platforms(forecast, texts))


def _uncertainty(forecast: Forecast, texts: Texts) -> None:
    rows = tables.causes(forecast, texts)
    if not rows:
        return
    st.subheader(texts("detail.uncertainty"), anchor=False)
    st.caption(texts("detail.uncertainty_note"))
    st.table(rows, hide_index=True, border="horizontal")
