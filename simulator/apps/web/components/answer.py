"""The answer: one sentence, a hundred dots, clicks in words, what to check before paying, the exact figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from simulator.apps.web import active_calibration, cache, formats, words
from simulator.apps.web import active_calibration as past
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.messages import flag_sentence, reason_sentence
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.learning import validation
from simulator.presentation.charts import Palette, bars, build_up, strip
from simulator.presentation.reports.blocks import references_of
from simulator.reference.parameters import load_parameters


def show(forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette) -> None:
    """Draw the answer's card."""
    st.markdown(words.answer(forecast, campaign, texts), anchors=False)
    for reason in forecast.reasons:
        said = reason_sentence(reason, texts)
        if said:
            st.markdown(said)
    rows, spec = strip(words.share(forecast), palette, texts.language)
    in_hundred = words.in_hundred(forecast, texts)
    st.vega_lite_chart(rows, spec, width="content", theme=None, alt=in_hundred.replace("**", ""), key="dots")
    st.markdown(f"{in_hundred}  \n{words.clicks(forecast.link_clicks.p50, texts)}")
    with st.popover(texts("answer.where_from"), type="tertiary", key="where_from"):
        _sources(forecast, campaign, texts)


def _sources(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Say, in one tap, what the figure rests on and what it does not."""
    language = texts.language
    size = campaign.targeting.audience_size
    if size is None:
        st.markdown(texts("source.people", count=formats.people(forecast.audience_size.p50, language)))
    else:
        st.markdown(texts("source.typed", count=formats.number(size, language)))
    price = {
        name: figures(formats.fine_money(getattr(forecast.cpm, level), campaign.currency, language))
        for name, level in (("cpm", "p50"), ("low", "p10"), ("high", "p90"))
    }
    st.markdown(texts("source.price", **price))
    if campaign.start is None:
        st.markdown(texts("source.no_month"))
    st.markdown(_range(texts))
    st.markdown(texts("source.tables"))
    st.markdown(sources_of(forecast.sources))
    st.caption(
        texts(
            "source.version",
            version=plain(forecast.model_version),
            digest=plain(forecast.parameter_digest[:8]),
            seed=forecast.seed,
        )
    )


def sources_of(titles: Sequence[str]) -> str:
    """Return the sources as a list in Markdown: who published it, what, and when it was read or holds for."""
    found = references_of(titles, load_parameters())
    lines = (", ".join(part for part in (one.publisher, one.title, one.date) if part) for one in found)
    return "\n".join(f"- {plain(line, 400)}" for line in lines)


def _range(texts: Texts) -> str:
    """Say how far the range was tested: only what was measured, with the parameters of today."""
    measured = validation()
    prices = measured.prices
    if prices is not None and prices.is_current:
        off = formats.percent(math.expm1(prices.error), texts.language)
        share = formats.percent(prices.single, texts.language)
        n = formats.number(prices.accounts, texts.language)
        return texts("source.range_prices", accounts=n, sources=len(prices.sources), share=share, off=off)
    inside, n = measured.tested("reach")
    if not n or not measured.is_current:
        return texts("source.range")
    sources = len({one.source for one in measured.coverage if one.metric == "reach"})
    return texts("source.range_tested", n=n, inside=inside, sources=sources)


MOST_FLAGS = 3
UNDERSTAND_FILE = "simulator/apps/web/pages/understand.py"
STEADY_FLAGS = ("audience_too_small", "counted_roughly", "month_dear", "price_year_passed")
"""Flags that money and days do not move: they stand above those that come and go while a slider moves."""


def show_flags(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the warnings; the style file keeps room for those that money moves, so that nothing below jumps."""
    st.subheader(texts("flag.title"), anchor=False)
    if campaign.start is None:
        st.caption(no_month(texts))
    kept = [flag for flag in forecast.flags if f"flag.{flag.code}" in texts][:MOST_FLAGS]
    steady, moving = ([flag for flag in kept if (flag.code in STEADY_FLAGS) is wanted] for wanted in (True, False))
    if steady:
        st.markdown("\n".join(f"- {flag_sentence(flag, texts)}" for flag in steady))
    with st.container(key="flags"):
        lines = "\n".join(f"- {flag_sentence(flag, texts)}" for flag in moving)
        st.markdown(lines or ("" if steady else texts("flag.none")))
        if not lines:
            # The room kept for warnings is not left blank.
            st.page_link(UNDERSTAND_FILE, label=texts("simulate.checklist"))


def no_month(texts: Texts) -> str:
    """Return that no month was chosen, and what the dearest and the cheapest would change."""
    parameters = load_parameters()
    prices = {number: parameters.value(f"prices.month.{number}") for number in range(1, 13)}
    dear, cheap = max(prices, key=prices.__getitem__), min(prices, key=prices.__getitem__)
    return texts(
        "simulate.no_month",
        dear=formats.month(dear, texts.language),
        more=formats.percent(prices[dear] - 1.0, texts.language),
        cheap=formats.month(cheap, texts.language),
        less=formats.percent(1.0 - prices[cheap], texts.language),
    )


def show_own_campaigns(texts: Texts) -> None:
    """Say how many campaigns the answer rests on, if any."""
    learnt = past.current()
    if learnt is not None:
        st.caption(active_calibration.in_use("note", learnt, texts))


def show_details(forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette, *, expert: bool) -> None:
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
    st.table(words.metrics(forecast, texts, with_mean=expert), hide_index=True, border="horizontal")


def _frequency(forecast: Forecast, texts: Texts, palette: Palette) -> None:
    st.subheader(texts("detail.frequency"), anchor=False)
    st.caption(texts("detail.frequency_note"))
    counts = forecast.exposure_counts()
    labels = {"x": texts("detail.frequency_axis"), "y": texts("curve.y")}
    rows, spec = bars(counts, labels, palette, texts.language)
    said = texts("detail.frequency_alt", summary=words.frequency_in_words(counts, texts))
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
        first=words.count(points[0]["people"], texts),
        last=words.count(points[-1]["people"], texts),
    )
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="days_chart")


def _who(forecast: Forecast, texts: Texts) -> None:
    rows = words.who(forecast, texts)
    if not rows:
        return
    st.subheader(texts("detail.who"), anchor=False)
    st.table(rows, hide_index=True, border="horizontal")
    st.markdown(words.platforms(forecast, texts))


def _uncertainty(forecast: Forecast, texts: Texts) -> None:
    rows = words.causes(forecast, texts)
    if not rows:
        return
    st.subheader(texts("detail.uncertainty"), anchor=False)
    st.caption(texts("detail.uncertainty_note"))
    st.table(rows, hide_index=True, border="horizontal")
