"""Sans payer: what the page brings for free, the hours it takes, and the same money four ways."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import channels as beside
from simulator.apps.web import formats
from simulator.apps.web.components.customers import span
from simulator.apps.web.formats import figures
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.campaign.campaign import CREATIVE_FORMATS, Campaign
from simulator.campaign.forecast import Forecast
from simulator.channels import Alternative, OrganicForecast, Page
from simulator.channels.organic import NETWORKS, REPLIES

CLEAR = 0.8
"""From this chance on one says which of two brings more."""
RARE = 0.01
WHOLE = 0.995
"""From this share of the money on, all of it counts as spent."""


def show(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the folded part; what is folded costs nothing."""
    folded = st.expander(texts("free.title"), key="free", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.markdown(texts("free.lead"))
        _fields(texts)
        try:
            page = beside.page_typed(st.session_state, texts.language)
            found = beside.organic_of(page, forecast.seed)
        except SimulatorError as error:
            st.error(sentence(error, texts))
            return
        with st.container(key="free_answer"):
            st.markdown("\n\n".join(said(found, page, texts)))
        _compared(forecast, campaign, page, texts)


def _fields(texts: Texts) -> None:
    left, right = st.columns(2)
    with left:
        _number("followers", texts)
        st.selectbox(
            texts("free.format"),
            CREATIVE_FORMATS,
            format_func=lambda code: texts(f"creative_format.{code}"),
            key="page_format",
            persist_state="session",
        )
        st.selectbox(
            texts("free.network"),
            NETWORKS,
            format_func=lambda code: texts(f"platform.{code}"),
            key="page_network",
            persist_state="session",
        )
    with right:
        _number("posts_per_week", texts)
        st.selectbox(
            texts("free.replies"),
            REPLIES,
            index=REPLIES.index("some"),
            format_func=lambda code: texts(f"free.reply.{code}"),
            key="page_replies",
            persist_state="session",
        )
        st.text_input(
            texts("field.usual_reach"),
            key="page_usual_reach",
            help=texts("free.usual_help"),
            autocomplete="off",
            persist_state="session",
        )
    st.toggle(texts("free.hashtags"), key="page_hashtags", persist_state="session")


def _number(name: str, texts: Texts) -> None:
    st.text_input(
        texts(f"field.{name}"),
        key=beside.page_key(name),
        placeholder=formats.number(beside.PAGE_NUMBERS[name] or 0, texts.language),
        autocomplete="off",
        persist_state="session",
    )


def said(found: OrganicForecast, page: Page, texts: Texts) -> list[str]:
    """Return what the page brings, in sentences of Markdown."""
    language = texts.language
    hours = {"low": _hours(found.hours_per_week.p10, texts), "high": _hours(found.hours_per_week.p90, texts)}
    if found.reach.p90 <= 0.0:
        return [texts("free.nothing"), texts("free.hours", **hours)]
    post, month, earned = found.reach_per_post, found.reach_per_month, found.earned
    lines = [
        texts(
            "free.post",
            low=formats.people(post.p10, language),
            high=formats.people(post.p90, language),
            middle=formats.people(post.p50, language),
            followers=formats.number(page.followers, language),
        ),
        texts(
            "free.month",
            low=formats.people(month.p10, language),
            high=formats.people(month.p90, language),
            interactions=span(found.interactions_per_month, texts),
        ),
        texts("free.hours", **hours),
        texts("free.settles"),
        texts(
            "free.earned",
            low=formats.people(earned.reach.p10, language),
            high=formats.people(earned.reach.p90, language),
        ),
        texts("free.buzz", chance=_chance(earned.chance_of_buzz, texts)),
        texts("free.negative", count=span(found.negative_reactions, texts)),
    ]
    return [*lines, texts("free.hashtags_said")] if page.hashtags else lines


def _compared(forecast: Forecast, campaign: Campaign, page: Page, texts: Texts) -> None:
    """Compare the money four ways, when asked: two more campaigns have to be worked out."""
    st.subheader(texts("free.compare"), anchor=False)
    st.caption(texts("free.compare_note"))
    if not st.toggle(texts("free.compare_ask"), key="free_compare", persist_state="session"):
        return
    try:
        business = beside.business_typed(st.session_state, campaign.trade, texts.language)
        found = beside.alternatives_of(campaign, page, business, forecast.seed)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.table([_row(row, campaign, texts) for row in found], hide_index=True, border="horizontal")
    campaign_row = next(row for row in found if row.name == "campaign")
    chance = campaign_row.better["boosted_post"]
    clear = "better" if chance >= CLEAR else "same"
    st.markdown(texts(f"free.{clear}", chance=round(100.0 * chance)))
    earned = campaign_row.earned_reach
    low, high = (formats.people(value, texts.language) for value in (earned.p10, earned.p90))
    st.markdown(texts("free.earned_paid", low=low, high=high))
    if page.followers:
        st.caption(texts("free.known"))


def _row(row: Alternative, campaign: Campaign, texts: Texts) -> dict[str, str]:
    name = "nothing_row" if row.name == "nothing" else row.name
    price = figures(_spent(row.spend, campaign, texts))
    return {
        texts("free.way"): texts(f"free.{name}", price=price),
        texts("free.people"): span(row.reach, texts),
        texts("free.clicks"): span(row.link_clicks, texts),
        texts("free.asked"): span(row.enquiries_year, texts),
    }


def _spent(spend: float, campaign: Campaign, texts: Texts) -> str:
    """Return the money of one way: what was planned, or about what could be spent where the people run out."""
    if spend >= WHOLE * campaign.spend_planned:
        return formats.money(campaign.spend_planned, campaign.currency, texts.language)
    money = formats.money(formats.rounded(spend), campaign.currency, texts.language)
    return texts("free.spent", money=money)


def _hours(value: float, texts: Texts) -> str:
    return texts(
        "free.hours_count", count=formats.number(formats.rounded(value, 1 if value < 1 else 2), texts.language, 1)
    )


def _chance(value: float, texts: Texts) -> str:
    if value >= RARE:
        return texts("free.chance", count=round(100.0 * value))
    times = formats.rounded(1.0 / max(value, 1e-4), 1)
    return texts("free.chance_rare", count=formats.number(times, texts.language))
