"""The same money over fewer or more days, and what the month does to the price."""

from __future__ import annotations

import datetime

import streamlit as st

from simulator import Campaign, load_parameters
from simulator.apps.web import cache, formats, words
from simulator.apps.web.choices import DAYS
from simulator.apps.web.components.answer import sources_of
from simulator.apps.web.escape import figures
from simulator.apps.web.texts import Texts
from simulator.presentation.charts import Palette, months


def show(campaign: Campaign, seed: int, texts: Texts, palette: Palette) -> None:
    """Draw the folded variants; what is folded costs nothing."""
    folded = st.expander(texts("other.title"), key="variants", on_change="rerun")
    if not folded.open:
        return
    with folded:
        _durations(campaign, seed, texts)
        _months(campaign, texts, palette)


def _durations(campaign: Campaign, seed: int, texts: Texts) -> None:
    st.subheader(texts("other.days"), anchor=False)
    st.caption(texts("other.days_note", money=_money(campaign.spend_planned, campaign, texts)))
    days = tuple(sorted({*DAYS, campaign.duration_days}))
    rows = []
    for row in cache.durations(campaign, days, seed):
        count = int(row["days"])
        said = texts.plural("other.days_count", count, count=count)
        rows.append(
            {
                texts("other.duration"): texts("other.here", text=said) if count == campaign.duration_days else said,
                texts("other.per_day"): _money(row["per_day"], campaign, texts),
                texts("other.people"): formats.people(row["people"], texts.language),
                texts("other.times"): words.times(row["frequency"], texts),
            }
        )
    st.table(rows, hide_index=True, border="horizontal")


def _months(campaign: Campaign, texts: Texts, palette: Palette) -> None:
    st.subheader(texts("other.month"), anchor=False)
    st.caption(texts("other.month_note"))
    language = texts.language
    parameters = load_parameters()
    indices = [100 * parameters.value(f"prices.month.{number}") for number in range(1, 13)]
    labels = {"x": texts("other.month_axis"), "y": texts("other.index_axis")}
    names = [formats.month(number, language) for number in range(1, 13)]
    rows, spec = months(indices, names, _month_of(campaign), labels, palette, language)
    summary = ", ".join(
        texts("other.month_bar", month=formats.month(number, language), index=round(index))
        for number, index in enumerate(indices, start=1)
    )
    said = texts("other.month_alt", summary=summary)
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="months")
    dear, cheap = indices.index(max(indices)) + 1, indices.index(min(indices)) + 1
    source = parameters["prices.month.1"].sources[0]
    st.markdown(
        texts(
            "other.month_words",
            dear=formats.month(dear, language),
            dear_index=round(max(indices)),
            cheap=formats.month(cheap, language),
            cheap_index=round(min(indices)),
        )
    )
    with st.popover(texts("answer.where_from"), type="tertiary", key="months_from"):
        st.markdown(sources_of([source.title]))


def _month_of(campaign: Campaign) -> int | None:
    """Return the month in whose price the campaign is reckoned: that of its middle day."""
    if campaign.start is None:
        return None
    ahead = min(campaign.duration_days // 2, (datetime.date.max - campaign.start).days)
    return (campaign.start + datetime.timedelta(days=ahead)).month


def _money(amount: float, campaign: Campaign, texts: Texts) -> str:
    return figures(formats.money(amount, campaign.currency, texts.language))
