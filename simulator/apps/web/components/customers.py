"""Et les clients ? Enquiries and sales of the campaign, what pays it back, and other media beside it."""

from __future__ import annotations

import streamlit as st

from simulator import Campaign, Forecast, load_parameters
from simulator.apps.web import channels as beside
from simulator.apps.web import formats
from simulator.apps.web.components import other_media
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.campaign.forecast import Band
from simulator.channels import Business, CustomersForecast
from simulator.channels.customers import FIGURES

AMOUNTS = ("cost_per_enquiry", "earned_year")
_COLUMNS = 2


def show(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the folded part; what is folded costs nothing."""
    folded = st.expander(texts("customers.title"), key="customers", on_change="rerun")
    if not folded.open:
        return
    with folded:
        trade = texts("customers.no_trade")
        if campaign.trade:
            trade = texts("customers.trade", trade=texts.choice("trade", campaign.trade))
        st.markdown(f"{texts('customers.lead')} {trade}")
        answer = st.container(key="customers_answer")
        _own(campaign, texts)
        with answer:
            _answer(forecast, campaign, texts)
        other_media.show(forecast, texts)


def _answer(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    try:
        business = beside.business_typed(st.session_state, campaign.trade, texts.language)
        found = beside.customers_of(campaign, forecast.seed, business)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.markdown("\n\n".join(said(found, texts)))
    st.table(rows(found, texts), hide_index=True, border="horizontal")
    if found.assumed:
        st.caption(texts("customers.assumed"))


def said(found: CustomersForecast, texts: Texts) -> list[str]:
    """Return what a campaign brings, in sentences of Markdown."""
    if found.enquiries_year.mean <= 0.0:
        return [texts("customers.nobody")]
    language = texts.language
    sold = span(found.sales_year, texts)
    chances = {name: _in_hundred(chance) for name, chance in found.chances.items()}
    kept = texts("customers.left", left=_money(found.basket * found.margin, found, texts))
    return [
        texts("customers.answer", asked=span(found.enquiries_year, texts), sold=sold),
        texts("customers.chance", now=chances["enquiry_campaign"], year=chances["enquiry_year"]),
        texts.plural(
            "customers.break_even",
            found.break_even_orders,
            count=formats.number(found.break_even_orders, language),
            basket=_money(found.basket, found, texts),
            left=kept if found.margin < 1.0 else "",
            sold=sold,
        ),
        texts("customers.paid_back", chance=chances["paid_back"]),
        texts("customers.memory", share=formats.percent(found.from_memory, language, 1)),
        texts("customers.negative", count=span(found.negative_reactions, texts)),
    ]


def rows(found: CustomersForecast, texts: Texts) -> list[dict[str, str]]:
    """Return the table of figures."""
    table = []
    for name in FIGURES:
        band = found.band(name)
        values = (band.p10, band.p50, band.p90)
        written = [_amount(value, name, found, texts) for value in values]
        heads = [texts(f"customers.table.{head}") for head in ("what", "low", "middle", "high")]
        table.append(dict(zip(heads, (texts(f"customers.figure.{name}"), *written), strict=True)))
    return table


def span(band: Band, texts: Texts) -> str:
    """Return a range of counts as people say it: 3, or 0 à 12."""
    low, high = (formats.people(value, texts.language) for value in (band.p10, band.p90))
    return low if low == high else texts("customers.span", low=low, high=high)


def _in_hundred(chance: float) -> int:
    """Return so many in 100; certainty is never claimed."""
    return min(round(100.0 * chance), 99)


def _amount(value: float, name: str, found: CustomersForecast, texts: Texts) -> str:
    if name == "earned_year":
        return _money(formats.rounded(round(value), 2), found, texts)
    if name in AMOUNTS:
        return figures(formats.fine_money(value, found.currency, texts.language))
    return formats.people(value, texts.language)


def _money(amount: float, found: CustomersForecast, texts: Texts) -> str:
    return figures(formats.money(amount, found.currency, texts.language))


def _own(campaign: Campaign, texts: Texts) -> None:
    """Draw the fields for what somebody knows better; ours in grey."""
    st.subheader(texts("customers.own"), anchor=False)
    st.caption(texts("customers.own_note"))
    business = Business(trade=campaign.trade)
    columns = st.columns(_COLUMNS)
    for place, name in enumerate(beside.OWN):
        with columns[place % _COLUMNS]:
            st.text_input(
                _label(name, campaign, texts),
                key=beside.own_key(name),
                placeholder=_ours(name, business, campaign, texts),
                autocomplete="off",
                persist_state="session",
            )


def _label(name: str, campaign: Campaign, texts: Texts) -> str:
    label = texts(f"field.{name}")
    if name == "basket":
        return plain(texts("customers.money", label=label, sign=formats.symbol(campaign.currency, texts.language)))
    return texts("customers.percent", label=label) if name == "margin" else label


def _ours(name: str, business: Business, campaign: Campaign, texts: Texts) -> str:
    known = load_parameters()
    if name == "basket":
        value = business.amount(known, campaign.currency)
    else:
        value = known.value(business.key(name)) * (beside.HUNDRED if name in beside.SHARES else 1.0)
    return formats.number(value, texts.language, 2)
