"""Am I paying too much? A price typed in, beside the band of its country and month."""

from __future__ import annotations

import datetime

import streamlit as st

from simulator.campaign import OBJECTIVES
from simulator.errors import InvalidInput, SimulatorError
from simulator.parameters import currencies
from simulator.places import country_codes
from simulator.ui import formats, learnt_words, price_check
from simulator.ui.components.results_fit import FIRST
from simulator.ui.escape import figures
from simulator.ui.messages import sentence
from simulator.ui.texts import Texts

FIRST_CURRENCIES = ("EUR", "CAD", "CHF", "USD")


def show(usual_country: str, usual_currency: str, texts: Texts) -> None:
    """Draw the question and the answer."""
    st.header(texts("results.dear.title"), anchor=False)
    st.markdown(texts("results.dear.lead"))
    left, right = st.columns([1, 2], gap="medium")
    with left:
        kind, typed, currency = _price(usual_currency, texts)
        country, month, goal = _where(usual_country, texts)
    with right, st.container(border=True, key="dear_answer"):
        if not typed.strip():
            st.markdown(texts("results.dear.empty"))
            return
        try:
            price = _read(typed, texts)
            found = price_check.compare(price, kind, country, month, goal, currency)
        except SimulatorError as error:
            st.error(sentence(error, texts))
            return
        st.markdown(_said(found, price, kind, country, month, goal, currency, texts))


def _price(usual_currency: str, texts: Texts) -> tuple[str, str, str]:
    kind = st.radio(
        texts("results.dear.kind"),
        list(price_check.KINDS),
        format_func=lambda code: texts(f"results.dear.{code}"),
        key="dear_kind",
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            texts("results.dear.price"), key="dear_price", autocomplete="off", persist_state="session", width=110
        )
        codes = [*FIRST_CURRENCIES, *(code for code in currencies() if code not in FIRST_CURRENCIES)]
        currency = st.selectbox(
            texts("results.dear.currency"),
            codes,
            index=codes.index(usual_currency) if usual_currency in codes else 0,
            format_func=lambda code: formats.currency_label(code, texts.language),
            key="dear_currency",
            persist_state="session",
        )
    return str(kind), typed or "", str(currency)


def _where(usual_country: str, texts: Texts) -> tuple[str, datetime.date, str]:
    codes = sorted(
        set(country_codes()) - set(FIRST), key=lambda code: formats.sortable(learnt_words.country(code, texts))
    )
    options = [*FIRST, *codes]
    country = st.selectbox(
        texts("results.dear.country"),
        options,
        index=options.index(usual_country) if usual_country in options else 0,
        format_func=lambda code: learnt_words.country(code, texts).replace("\\", ""),
        key="dear_country",
        persist_state="session",
    )
    months = [day.isoformat() for day in price_check.months(datetime.date.today())]
    month = st.selectbox(
        texts("results.dear.month"),
        months,
        format_func=lambda day: formats.month_of(datetime.date.fromisoformat(day), texts.language),
        key="dear_month",
        persist_state="session",
    )
    goal = st.selectbox(
        texts("results.dear.goal"),
        OBJECTIVES,
        index=OBJECTIVES.index("link_clicks"),
        format_func=lambda code: texts.choice("objective", code),
        key="dear_goal",
        persist_state="session",
    )
    return str(country), datetime.date.fromisoformat(str(month)), str(goal)


def _read(typed: str, texts: Texts) -> float:
    """Return the price typed in, above 0."""
    price = formats.parse_number(typed, "price", texts.language)
    if not 0 < price <= price_check.MOST:
        high = price_check.MOST
        raise InvalidInput(
            "out_of_range", field="price", received=typed, allowed=f"above 0, up to {high}", low=0, high=high
        )
    return price


def _said(
    found: price_check.Comparison,
    price: float,
    kind: str,
    country: str,
    month: datetime.date,
    goal: str,
    currency: str,
    texts: Texts,
) -> str:
    def money(amount: float) -> str:
        return figures(formats.fine_money(amount, currency, texts.language))

    band = texts(
        f"results.dear.band_{kind}",
        country=learnt_words.country(country, texts),
        month=formats.month_of(month, texts.language),
        goal=learnt_words.goals([goal], texts),
        low=money(found.band.p10),
        middle=money(found.band.p50),
        high=money(found.band.p90),
    )
    source = texts(f"results.dear.source{'_assumed' if found.is_assumption else ''}", year=found.price_year)
    verdict = texts(f"results.dear.{found.place}", price=money(price))
    advice = texts(f"results.dear.advice.{found.place}")
    return "\n\n".join((verdict, band, advice, source))
