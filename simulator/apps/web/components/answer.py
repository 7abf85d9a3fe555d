"""The answer: one sentence, a hundred dots, clicks in words, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from simulator import load_parameters
from simulator.apps.web import formats, words
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.messages import reason_sentence
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.learning import validation
from simulator.presentation.charts import Palette, strip
from simulator.presentation.reports.assumptions import references_of


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
    inside, n = measured.tested("reach")
    if not n or not measured.is_current:
        return texts("source.range")
    sources = len({one.source for one in measured.coverage if one.metric == "reach"})
    return texts("source.range_tested", n=n, inside=inside, sources=sources)
